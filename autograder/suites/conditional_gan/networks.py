"""Networks of the student's own design, judged by what they do: what tells whether a label or an input matters."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.compare import expect, hinting
from autograder.sandbox.proxy import RemoteModule, Submission, WrongAnswer
from autograder.suites.conditional_gan import follow_through

GENERATOR, DISCRIMINATOR = "ConditionalGenerator", "ConditionalDiscriminator"
SHAPES = {GENERATOR: (1, 28, 28), DISCRIMINATOR: ()}  # of what they give for one sample
NOTICED = 3e-6  # of a picture's size: rounding is ten times smaller
NOTICED_LOGIT = 1e-5  # of the largest logit, at the end of long sums
SIZE_HINT = "Does any batch size work, in evaluation mode a batch of one, too? A plain squeeze() removes the one."
FROZEN_HINT = "Is requires_grad switched off somewhere in __init__?"
LIST_HINT = "Does parameters() list every layer? In a plain Python list they are hidden, in nn.ModuleList they are not."
GRADIENT_HINT = "Did you detach something in forward?"


@dataclass(frozen=True)
class Network:
    """A network of the student's, in the numbers that it works in: float64 where their own one_hot asks for that.

    tail: the shape of what it gives for one sample; another one than the text's is one mistake, not one in each test.
    company: where their own one_hot needs some, each label is asked for all inputs, and in that company.
    """

    name: str
    module: RemoteModule
    dtype: torch.dtype
    tail: tuple[int, ...]
    company: follow_through.Company | None = None

    def __call__(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Pictures (n, 1, 28, 28) or logits (n,). WrongAnswer for another number of them, or another type."""
        if self.company is None or not self.company.plays_a_part(labels):
            return self.ask(inputs, labels)
        found = torch.empty(len(inputs), *SHAPES[self.name], dtype=self.dtype)
        for label in labels.unique().tolist():
            told = torch.tensor([label] * len(inputs) + [self.company.partner(label)])
            found[labels == label] = self.ask(torch.cat([inputs, inputs[:1]]), told)[:-1][labels == label]
        return found

    def ask(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """The same in a single call."""
        answer = self.module(inputs.to(self.dtype), labels)
        with hinting(SIZE_HINT):
            return answer.tensor((len(inputs), *self.tail), self.dtype).reshape(len(inputs), *SHAPES[self.name])

    def set_mode(self, *, training: bool) -> "Network":
        """The network itself, in that mode."""
        self.module.train() if training else self.module.eval()
        return self

    def expect_shape(self, hint: str) -> None:
        """WrongAnswer unless what it gives for one sample has the shape of the text."""
        want = SHAPES[self.name]
        expect(self.tail == want, f"{self.name}: expected (n, *{want}), got (n, *{self.tail[:5]})", hint)


def build(submission: Submission, name: str, inputs: Tensor, labels: Tensor, *args: int, **options: Any) -> Network:
    """The student's network, run once in training mode: lazy layers get their parameters then."""
    company = follow_through.find_company(submission, options["classes"] if options else args[-1] if args else 10)
    labels = join(labels, company)
    module = submission.build(name, *args, **options)
    try:
        answer = module(inputs, labels)
        answer.tensor()
    except WrongAnswer:  # StudentRaised is one, too
        if not follow_through.gives_double(submission):
            raise
        module.method("double")
        answer = module(inputs.double(), labels)
    found = answer.tensor(dtype=None)
    tail = tuple(found.shape[1:])
    if len(found.shape) == 0 or len(found) != len(inputs) or math.prod(tail) != math.prod(SHAPES[name]):
        answer.tensor((len(inputs), *SHAPES[name]), None)
    return Network(name, module, found.dtype, tail, company)


def join(labels: Tensor, company: follow_through.Company | None) -> Tensor:
    """The labels; where they need company, the first one and its company instead."""
    if company is None or not company.plays_a_part(labels):
        return labels
    first = int(labels[0])
    return torch.tensor([first] * (len(labels) - 1) + [company.partner(first)])


def draw_noise(rng: torch.Generator, batch_size: int, noise_dim: int = 100) -> Tensor:
    """Noise (n, noise_dim)."""
    return torch.randn(batch_size, noise_dim, generator=rng)


def draw_pictures(rng: torch.Generator, batch_size: int) -> Tensor:
    """Pictures (n, 1, 28, 28) in [-1, 1], coarse and fine ones by turns."""
    fine = torch.rand(batch_size, 1, 28, 28, generator=rng) * 2 - 1
    coarse = (torch.rand(batch_size, 1, 4, 4, generator=rng) * 2 - 1).repeat_interleave(7, 2).repeat_interleave(7, 3)
    return torch.where(torch.arange(batch_size)[:, None, None, None] % 2 == 0, fine, coarse)


def draw_labels(rng: torch.Generator, known: Tensor, batch_size: int) -> Tensor:
    """Labels (n,) out of those known; more than one of them where there is room."""
    while True:
        labels = known[torch.randint(len(known), (batch_size,), generator=rng)]
        if batch_size == 1 or len(labels.unique()) > 1:
            return labels


def are_apart(pictures: Tensor) -> bool:
    """Is each picture visibly another one than each of the others? Rounding is not visible."""
    rows = pictures.flatten(1).double()
    if not rows.isfinite().all():
        return False
    return float(torch.pdist(rows).min()) > NOTICED * float(rows.norm(dim=1).max())


def differ(one: Tensor, other: Tensor, share: float = NOTICED) -> bool:
    """Did each sample change by more than this share of the largest?"""
    one, other = one.double().reshape(len(one), -1), other.double().reshape(len(other), -1)
    if not (one.isfinite().all() and other.isfinite().all()):
        return False
    size = torch.cat([one, other]).norm(dim=1).max()
    return float((one - other).norm(dim=1).min()) > share * float(size)


def weakest_pair(changes: Tensor) -> float:
    """The size of the smallest column difference: (rows, labels) -> a number."""
    return float(torch.pdist(changes.T).min()) / math.sqrt(len(changes))


def labels_matter(logits: Tensor) -> bool:
    """Does each label give other logits than each other label, (pictures, labels)?"""
    return bool(logits.isfinite().all()) and weakest_pair(logits) > NOTICED_LOGIT * float(logits.abs().max())


def labels_meet_pictures(logits: Tensor) -> bool:
    """Do the differences between pictures change with each label: more than what is constant over pictures?"""
    apart = weakest_pair(logits - logits.mean(0))
    return bool(logits.isfinite().all()) and apart > NOTICED_LOGIT * float(logits.abs().max())


def expect_gradients(network: Network, what: str, inputs: Tensor, labels: Tensor, rng: torch.Generator) -> None:
    """WrongAnswer unless gradients reach each sample of the input, and every parameter of a layer that is used."""
    if network.dtype != torch.float32:  # only their own one_hot asks for that, and it has cost its points already
        return
    flags = network.module.requires_grad_flags()
    expect(
        any(flags.values()), f"{network.name} has no parameter that can learn", LIST_HINT if not flags else FROZEN_HINT
    )
    labels = join(labels, network.company)
    network.module.freeze()
    hidden = network.module(inputs, labels).requires_grad  # with all that parameters() lists frozen
    expect(not hidden, f"{network.name} has weights that parameters() does not list", LIST_HINT)
    used = {name for leaf in network.module.leaves(inputs, labels) for name in leaf.parameters}
    # not a table of one-hot vectors that stays as it is, say; a shared weight is listed under its first name only
    used = {name for name in used & flags.keys() if flags[name]}
    network.module.freeze(False)
    reached: set[str] = set()
    for training in (True, False):  # what a batch norm takes away in one mode is there in the other
        cotangent = torch.randn(len(inputs), *network.tail, generator=rng)
        network.set_mode(training=training)
        _, (slope,), slopes = network.module.vjp(inputs, labels, wrt=(0,), cotangent=cotangent)
        each = slope.flatten(1).any(1)
        expect(bool(slope.isfinite().all() and each.all()), f"no gradient reaches {what}", GRADIENT_HINT)
        reached |= {name for name, value in slopes.items() if value.any()}
    for name in sorted(used - reached):
        expect(False, f"{network.name}: no gradient reaches {name[:60]}", GRADIENT_HINT)
