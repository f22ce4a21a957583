"""Critics whose gradients are known, and what can be read from how a student's penalty used them.

Where a penalty asks is the student's draw: the points are read from what the critic was called with, and the right
penalty then follows on paper.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from autograder.compare import Own, expect, expect_close, hinting, is_close
from autograder.sandbox.proxy import RemoteModule, Submission
from autograder.suites.gan_losses import reference

SCALAR_HINT = "Is the penalty one number of shape (), averaged over the samples?"
POINTS_HINT = "Is the critic asked once for each sample, at one point of the samples' shape?"
GRAPH_HINT = "Is the penalty differentiable again? Mind what torch.autograd.grad keeps, and what you detach."
VALUE_HINT = "Is the penalty itself right? What it teaches the critic follows from that."
RNG_HINT = "Do all draws come from rng, if there is one, and from nothing else? Do not seed it."
SPREAD = 2.8  # sqrt(n) times the largest gap between a uniform sample's steps and the line: beyond it once in 3 million


def quadratic_critic(submission: Submission, rng: torch.Generator, column: bool) -> tuple[RemoteModule, Tensor]:
    """A critic (n, ...) -> (n,) or (n, 1) whose gradient at x is scale * x, and the scale."""
    scale = 0.4 + 0.8 * torch.rand((), generator=rng)
    return submission.probe("QuadraticCritic", scale, column), scale


def draw_direction(rng: torch.Generator, shape: tuple[int, ...]) -> Tensor:
    """A random vector of norm 1 with as many numbers as a sample of that shape has, spread over all of them."""
    numbers = torch.randn(shape, generator=rng, dtype=torch.float64).flatten()
    numbers += 0.3 * numbers.sign()
    direction: Tensor = numbers / numbers.norm()
    return direction.float()


def draw_pair(rng: torch.Generator, *shape: int) -> tuple[Tensor, Tensor]:
    """Real and fake samples that are far apart in every element."""
    fake = torch.randn(shape, generator=rng)
    gap = 1 + 2 * torch.rand(shape, generator=rng)
    return fake + gap * torch.where(torch.rand(shape, generator=rng) < 0.5, -1.0, 1.0), fake


def draw_seed(rng: torch.Generator) -> int:
    """A seed for a generator in the worker."""
    return int(torch.randint(1 << 30, (), generator=rng))


def read_points(critic: RemoteModule, samples: Tensor) -> Tensor:
    """The points at which a critic was asked, one for each sample, in order; once, if it was asked there again."""
    shape = samples.shape[1:]
    with hinting(POINTS_HINT):
        asked = [call.inputs[0].tensor() for call in critic.calls()]
        if asked and asked[0].numel() == samples.numel() and all(torch.equal(points, asked[0]) for points in asked):
            asked = asked[:1]
        fits = all(points.shape[-len(shape) :] == shape for points in asked)
        expect(fits, f"a critic of samples of shape {tuple(shape)} was asked at points of another shape")
        points = torch.cat([points.reshape(-1, *shape) for points in asked]) if asked else samples[:0]
        expect(
            points.shape == samples.shape,
            f"a penalty of {len(samples)} samples asked the critic at points of shape {tuple(points.shape)}",
        )
    expect(
        bool(points.isfinite().all()),
        f"a penalty of {len(samples)} samples asked the critic at points that are NaN or infinite",
        "Which numbers went into the points? A single one has no standard deviation.",
    )
    return points


def expect_uniform(numbers: Tensor, what: str, hint: str) -> None:
    """WrongAnswer unless these numbers lie in [0, 1] as independent uniform ones do (Kolmogorov and Smirnov)."""
    ordered = numbers.double().sort().values
    expect(bool((ordered > -1e-3).all() and (ordered < 1 + 1e-3).all()), f"some {what} lie outside their range", hint)
    steps = torch.arange(1, len(ordered) + 1, dtype=torch.float64) / len(ordered)
    gap = float((steps - ordered).abs().max())
    expect(gap < SPREAD / len(ordered) ** 0.5, f"{what} are not spread evenly over their range", hint)


def norm_mistakes(gradients: Tensor, target: float) -> dict[str, Tensor]:
    """What mistakes in the norm or around it give, for a critic's gradients at the points, (n, ...)."""
    g = gradients.double()
    norms = g.flatten(1).norm(dim=1)
    want = reference.penalty(norms, target)
    known = {
        "Is it one norm for each sample, or one for the batch?": (g.norm() - target).square(),
        "Are the norms averaged before the target is subtracted?": (norms.mean() - target).square(),
        "Did you sum over the samples instead of averaging?": want * len(g),
        "Is the distance from the target squared?": (norms - target).abs().mean(),
        "Is the distance from the target squared? It has a sign.": (norms - target).mean(),
        "Are norms below the target penalised, too?": (norms - target).clamp(min=0).square().mean(),
        "Is the target subtracted?": norms.square().mean(),
        "Is the norm of the gradient compared, or its square?": (norms.square() - target).square().mean(),
        "Are norms above the target penalised, too?": (norms - target).clamp(max=0).square().mean(),
        "Is the norm the Euclidean one?": reference.penalty(g.flatten(1).abs().sum(1), target),
        "Is the norm the Euclidean one, not the largest entry?": reference.penalty(g.flatten(1).abs().amax(1), target),
        "Are squares added up, or averaged, in the norm?": reference.penalty(
            g.flatten(1).square().mean(1).sqrt(), target
        ),
        "Does the weight belong here? The loss multiplies the penalty by it.": reference.WEIGHT * want,
        "Is the target used that is given?": reference.penalty(norms),
        "Is the sign right?": -want,
        "Is there a factor 1/2 that the text does not have?": want / 2,
        "Is the gradient that of the critic's sum, or of its mean? Samples must not share.": reference.penalty(
            norms / len(g), target
        ),
    }
    if g.dim() > 2:
        known["Over which dimensions is the norm? Over all but the batch."] = reference.penalty(g.norm(dim=1), target)
        known["Over which dimensions is the norm? Over all but the batch, not the last one."] = reference.penalty(
            g.norm(dim=-1), target
        )
        known["Over which dimensions is the norm? Channels belong to a sample."] = reference.penalty(
            g.norm(dim=(-2, -1)), target
        )
    return known


def expect_penalty(
    got: Tensor,
    gradients: Tensor,
    what: str,
    target: float = reference.TARGET,
    known: Mapping[str, Tensor] | None = None,
) -> None:
    """WrongAnswer unless this is the penalty of a critic that has these gradients at the points.

    known: what further mistakes give, by the hint that names them.
    """
    norms = gradients.double().flatten(1).norm(dim=1)
    mistakes = {**norm_mistakes(gradients, target), **(known or {})}
    # as wide as for gradients: a small number under the root keeps its slope finite where the norm is zero
    expect_close(got, reference.penalty(norms, target), what, forward=False, mistakes=mistakes)


def expect_slope(got: Tensor, want: Tensor, value: Tensor, right: Tensor, what: str, own: Own | tuple[()] = ()) -> None:
    """WrongAnswer unless a penalty's own gradient is right; `value` is the penalty, which should be `right`."""
    mistakes = {"Does the penalty keep the graph of the critic's gradient? Its own is zero.": 0 * want}
    hint = GRAPH_HINT if is_close(value, right, forward=False) else VALUE_HINT
    expect_close(got, want, f"gradient of the penalty in {what}", mistakes=mistakes, forward=False, hint=hint, own=own)


def expect_left_alone(submission: Submission, rng: torch.Generator, name: str, samples: list[Tensor]) -> None:
    """WrongAnswer if a penalty leaves traces: in the critic's gradients, flags or mode, or in the samples it got."""
    kept = submission.layer("ParameterList", samples).freeze()
    critic, _ = quadratic_critic(submission, rng, column=False)
    critic.fill_gradients(0.5)
    with hinting(SCALAR_HINT):
        submission.call(name, critic, *(kept.part(index) for index in range(len(samples)))).tensor(())
    gradients = list(critic.gradients().values())
    expect(
        all(gradient is not None and bool((gradient == 0.5).all()) for gradient in gradients),
        "the penalty changed the gradients of the critic's parameters",
        "Did you call backward? torch.autograd.grad returns a gradient and leaves .grad alone.",
    )
    expect(
        critic.training() and all(critic.requires_grad_flags().values()),
        "the penalty changed the critic: its mode, or whether its parameters can learn",
        "Is anything switched off for the critic?",
    )
    left = list(kept.parameters().values())
    expect(
        len(left) == len(samples) and all(map(torch.equal, left, samples)),
        "the penalty changed the samples it was given",
        "Is anything written into them?",
    )
    expect(
        not any(kept.requires_grad_flags().values()),
        "the samples handed over ask for gradients afterwards",
        "On which tensor is requires_grad switched on? Take a new one.",
    )


def ask_points(
    submission: Submission, critic: RemoteModule, name: str, samples: list[Tensor], **options: object
) -> Tensor:
    """Call a penalty with a new critic and read the points at which it asked."""
    with hinting(SCALAR_HINT):
        submission.call(name, critic, *samples, **options).tensor(())
    return read_points(critic, samples[0])


def expect_drawn_from_rng(submission: Submission, rng: torch.Generator, name: str, samples: list[Tensor]) -> None:
    """WrongAnswer unless a penalty's points depend on the state of rng, on all of it and on nothing else.

    Without one they are drawn anew in each call.
    """
    seed = draw_seed(rng)
    drawn = []
    for elsewhere, own in ((1, seed), (2, seed), (3, seed + 1)):
        submission.seed(elsewhere)
        critic, generator = quadratic_critic(submission, rng, column=False)[0], submission.rng(own)
        drawn.append(ask_points(submission, critic, name, samples, rng=generator))
    critic, _ = quadratic_critic(submission, rng, column=False)
    following = ask_points(submission, critic, name, samples, rng=generator)
    first, again, other = drawn
    expect(torch.equal(first, again), "the same state of rng gave different points", RNG_HINT)
    expect(not torch.equal(first, other), "differently seeded generators gave the same points", RNG_HINT)
    expect(not torch.equal(other, following), "two calls with one rng gave the same points", RNG_HINT)
    free = [ask_points(submission, quadratic_critic(submission, rng, column=False)[0], name, samples) for _ in range(2)]
    expect(
        not torch.equal(*free),
        "two calls without rng gave the same points",
        "Where there is no rng, do the draws come from PyTorch's own random numbers, which go on?",
    )
