# %% [markdown]
# # More stable GANs
#
# Since [`vanilla_gan`](../vanilla_gan/vanilla_gan.ipynb) the forger and the appraiser have grown: convolutions, U-Nets,
# patches. What they say to each other has hardly changed. The loss of 2014 (with the twist that keeps it from
# saturating) trained every network up to [`pix2pix`](../pix2pix/pix2pix.ipynb), and it is a nervous teacher: it may
# stop teaching, swing to and fro, or let the forger get away with painting one and the same picture for ever.
#
# Around 2017 a new loss came out every few months, each with a theory of what had been wrong. Lucic, Kurach and others
# put seven of them into one table and one large experiment (*Are GANs created equal?* 2018, [arXiv
# 1711.10337](https://arxiv.org/abs/1711.10337)). Here is that table, for a real sample $x$ and a fake $\hat x = G(z)$.
# Everything is minimised, each by its own network:
#
# | loss | discriminator | generator |
# |---|---|---|
# | minimax | $-\mathbb{E} \log D(x) - \mathbb{E} \log(1 - D(\hat x))$ | $\mathbb{E} \log(1 - D(\hat x))$ |
# | non-saturating | the same | $-\mathbb{E} \log D(\hat x)$ |
# | WGAN | $-\mathbb{E} D(x) + \mathbb{E} D(\hat x)$, weights clipped | $-\mathbb{E} D(\hat x)$ |
# | WGAN-GP | WGAN's, unclipped, $+\lambda\,\mathbb{E}(\lVert\nabla D(\tilde x)\rVert_2-1)^2$ | the same |
# | LSGAN | $\tfrac12\mathbb{E}(D(x)-1)^2 + \tfrac12\mathbb{E} D(\hat x)^2$ | $\tfrac12\mathbb{E}(D(\hat x)-1)^2$ |
# | DRAGAN | minimax's $+ \lambda\,\mathbb{E}(\lVert\nabla D(x+\delta)\rVert_2-1)^2$ | $-\mathbb{E} \log D(\hat x)$ |
# | BEGAN | $L(x) - k\, L(\hat x)$ with $L(v) = \lvert v - \mathrm{AE}(v) \rvert$ | $L(\hat x)$ |
#
# with $\tilde x = \alpha x + (1 - \alpha) \hat x$ somewhere between real and fake, and a little noise $\delta$.
#
# In the first two and in DRAGAN, $D$ is a probability: the sigmoid of the logit that your network gives (the gradient
# in DRAGAN's penalty is that of the logit). In WGAN, WGAN-GP and LSGAN it is a *score*, any number at all; WGAN's judge
# is called a *critic* because it does not decide, it only gives marks. BEGAN's is an autoencoder: it gives a picture.
#
# The table is printed in many lecture notes, and on the way it has suffered. In the ones this course grew out of, the
# bars of both norms are gone, $\alpha x + (1 - \alpha \hat x)$ has its bracket in the wrong place, LSGAN's
# discriminator *maximises* its errors and its generator has $D(\hat x - 1)$, DRAGAN's generator got the minimax loss,
# and nothing says how BEGAN's $k$ moves. Whoever types that in, trains something else. In this notebook you
#
# * write all seven pairs, the gradient penalties and BEGAN's balance, each checked against numbers that can be worked
#   out by hand;
# * *see* what a well-trained judge of each kind has to say to a forger who is far off;
# * let all seven race on a ring of eight Gaussians, where nobody can hide behind pretty pictures: either a mode is
#   covered, or it is not.
#
# **How to work.** As before: write between the lines where a cell says `YOUR CODE HERE`, run it, then run the check
# below it. Checks are a friend's quick look, your work is graded with other inputs and more questions. Leave names and
# arguments of functions as they are.
#
# For all of it: a loss is one number, shape `()`, of its arguments' type (float32 in, float32 out); expectations are
# averages over the batch; a batch of real samples and a batch of fakes need not have the same size, so average each by
# itself.

# %% setup="imports"
import math
import os
import sys
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parameters_to_vector
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

if not Path("course.py").exists() and "google.colab" in sys.modules:
    from google.colab import drive

    drive.mount("/content/drive")  # the whole folder gan_losses belongs into your Google Drive
    for found in Path("/content/drive/MyDrive").glob("**/gan_losses/course.py"):
        os.chdir(found.parent)
if not Path("course.py").exists():
    raise FileNotFoundError(
        f"course.py: expected beside this notebook, not in {Path.cwd()}; copy the whole folder gan_losses"
    )

import course

run = course.set_up()

# %% [markdown]
# ## 1 Minimax
#
# Both play for the same stake (Goodfellow et al. 2014, Algorithm 1), $D$ against the sign:
#
# $$L_D = -\,\mathbb{E} \log D(x) - \mathbb{E} \log\left(1 - D(\hat x)\right)
# \qquad L_G = \mathbb{E} \log\left(1 - D(\hat x)\right)$$
#
# **What it estimates.** For the best possible $D$, $L_D = 2 \log 2 - 2\,\mathrm{JS}(p_\text{data}, p_G)$: the generator
# lowers the *Jensen–Shannon divergence* of real and fake. There lies the trouble, too. If the two do not overlap, the
# divergence is $\log 2$, no matter how far they are apart. A distance that does not tell far from near does not tell
# which way to go (Arjovsky and Bottou 2017, [arXiv 1701.04862](https://arxiv.org/abs/1701.04862)).
#
# **Sums, no halves.** In `vanilla_gan` and `pix2pix` the discriminator's loss was the average of its two terms, here it
# is their sum, as in the table. A discriminator that can only guess has $2 \log 2 \approx 1.386$.
#
# You get logits, and $D = \sigma(\text{logit})$. Stay stable for sure discriminators: logits of $\pm 200$, and even of
# $\pm 10\,000$, must give right values and gradients, here as in all losses on logits below. `F.logsigmoid` takes its
# logarithm safely; and what is $1 - \sigma(s)$?


# %% exercise="minimax"
def minimax_discriminator_loss(real_logits, fake_logits):
    """-E log D(x) - E log(1 - D(G(z))), where D is the sigmoid of the logit.

    Shapes: real_logits (n,), fake_logits (m,) -> ().
    Source: Goodfellow et al. 2014, Algorithm 1, with its sign turned; the sum of both terms, no halves.
    """
    ### BEGIN SOLUTION
    real_loss = -F.logsigmoid(real_logits).mean()  # (n,) -> ()
    fake_loss = -F.logsigmoid(-fake_logits).mean()  # (m,) -> (), because 1 - sigmoid(s) = sigmoid(-s)
    return real_loss + fake_loss
    ### END SOLUTION


def minimax_generator_loss(fake_logits):
    """E log(1 - D(G(z))), the saturating one.

    Shapes: fake_logits (n,) -> ().
    Source: Goodfellow et al. 2014, Algorithm 1.
    """
    ### BEGIN SOLUTION
    return F.logsigmoid(-fake_logits).mean()  # (n,) -> ()
    ### END SOLUTION


# %% check="minimax"
@course.run_check
def check_minimax(check):
    undecided = minimax_discriminator_loss(torch.zeros(8), torch.zeros(3))
    check.equal("shape of the discriminator's loss", got=tuple(undecided.shape), want=())
    check.close("D undecided: discriminator", got=undecided, want=1.386294, tolerance=1e-5)
    check.close("D undecided: generator", got=minimax_generator_loss(torch.zeros(8)), want=-0.693147, tolerance=1e-5)
    wrong = minimax_discriminator_loss(torch.full((4,), -200.0), torch.full((4,), 200.0))
    check.close("D sure and wrong: discriminator", got=wrong, want=400.0, tolerance=1e-2)
    fooled = minimax_generator_loss(torch.full((4,), 200.0))
    check.close("D sure and wrong: generator", got=fooled, want=-200.0, tolerance=1e-2)


# %% [markdown]
# ## 2 Non-saturating
#
# The discriminator's game stays as it is. The generator no longer makes *fake* less likely but *real* more likely
# (same paper, section 3):
#
# $$L_G = -\,\mathbb{E} \log D(\hat x)$$


# %% exercise="non_saturating"
def non_saturating_discriminator_loss(real_logits, fake_logits):
    """-E log D(x) - E log(1 - D(G(z))): the discriminator's game does not change.

    Shapes: real_logits (n,), fake_logits (m,) -> ().
    Source: Goodfellow et al. 2014, section 3.
    """
    ### BEGIN SOLUTION
    return minimax_discriminator_loss(real_logits, fake_logits)  # (n,), (m,) -> ()
    ### END SOLUTION


def non_saturating_generator_loss(fake_logits):
    """-E log D(G(z)).

    Shapes: fake_logits (n,) -> ().
    Source: Goodfellow et al. 2014, section 3.
    """
    ### BEGIN SOLUTION
    return -F.logsigmoid(fake_logits).mean()  # (n,) -> ()
    ### END SOLUTION


# %% check="non_saturating"
@course.run_check
def check_non_saturating(check):
    undecided = non_saturating_discriminator_loss(torch.zeros(8), torch.zeros(3))
    check.equal("shape of the discriminator's loss", got=tuple(undecided.shape), want=())
    check.close("D undecided: discriminator", got=undecided, want=1.386294, tolerance=1e-5)
    generator_undecided = non_saturating_generator_loss(torch.zeros(8))
    check.close("D undecided: generator", got=generator_undecided, want=0.693147, tolerance=1e-5)
    caught = non_saturating_generator_loss(torch.full((4,), -200.0))
    check.close("D sees through every fake: generator", got=caught, want=200.0, tolerance=1e-2)


# %% [markdown]
# ### Where exactly the gradient vanishes
#
# Lecture notes draw $\log(1 - D)$ against $D$ and say that it is flat at $D = 0$, where training starts. It is not: its
# slope there is $-1$. A network, however, does not move $D$. It moves the logit $s$, and on the way from $s$ to
# $D = \sigma(s)$ stands the factor $\sigma'(s) = D(1 - D)$, which is next to nothing when $D$ is sure. The cell below
# asks autograd for both, from your losses.


# %%
def pull(loss, scores):
    """Gradient of a generator's loss in each score as if it were alone. Shapes: scores (n,) -> (n,)."""
    scores = scores.detach().clone().requires_grad_()
    (gradients,) = torch.autograd.grad(loss(scores) * len(scores), scores)  # times n undoes the average
    return gradients


probs = torch.tensor([0.5, 1e-2, 1e-4, 1e-6], dtype=torch.float64)
in_logit = {"MM": pull(minimax_generator_loss, probs.logit()), "NS": pull(non_saturating_generator_loss, probs.logit())}
print("   D(G(z))      dMM/dD      dNS/dD      dMM/ds      dNS/ds")
for row, prob in enumerate(probs.tolist()):
    slope = prob * (1 - prob)  # dD/ds
    in_prob = [in_logit[name][row].item() / slope for name in ("MM", "NS")]
    in_score = [gradients[row].item() for gradients in in_logit.values()]
    print(f"{prob:10.0e}" + "".join(f"{value:12.7g}" for value in in_prob + in_score))

logits = torch.linspace(-14, 14, 281, dtype=torch.float64)
fooled = torch.sigmoid(logits)  # D(G(z))
_, (prob_axes, logit_axes) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained", sharey=True)
for name, loss in (("minimax", minimax_generator_loss), ("non-saturating", non_saturating_generator_loss)):
    size = pull(loss, logits).abs()
    prob_axes.plot(fooled, size / (fooled * (1 - fooled)), label=name)
    logit_axes.plot(logits, size, label=name)
prob_axes.set(title="in the probability", xlabel="D(G(z))", xscale="logit", yscale="log", ylabel="size of the gradient")
logit_axes.set(title="in the logit: what the network is trained by", xlabel="logit of G(z)")
for axes in (prob_axes, logit_axes):
    axes.grid(alpha=0.3)
    axes.legend()
plt.show()

# %% [markdown]
# Left: in $D$, minimax pulls with at least 1 everywhere, also at $D = 10^{-6}$. Right: in the logit it fades like
# $e^s$. The discriminator need only be sure, and a generator that is told off by minimax stops learning; non-saturating
# pulls with full strength just there. (Where $D$ is fooled it is the other way round, and there is nothing left to
# learn.)
#
# Does that make non-saturating the better estimate of something? Not quite. For the best $D$, its gradient is that of
# $\mathrm{KL}(p_G \Vert p_\text{data}) - 2\,\mathrm{JS}$: a divergence that punishes bad fakes hard and forgotten modes
# hardly at all, minus one that it ought to make small (Arjovsky and Bottou 2017, theorem 2.5).

# %% [markdown]
# ## 3 Wasserstein
#
# A better distance: how much earth must be moved how far to turn the heap $p_G$ into the heap $p_\text{data}$? This
# *earth mover's* or *Wasserstein distance* falls steadily as the heaps come nearer, overlap or not. It cannot be
# computed by looking at all ways of moving earth, but a theorem (Kantorovich and Rubinstein) turns the question round:
#
# $$W(p_\text{data}, p_G) = \max_{f\ \text{1-Lipschitz}} \mathbb{E}\, f(x) - \mathbb{E}\, f(\hat x)$$
#
# *1-Lipschitz* means $\lvert f(a) - f(b) \rvert \le \lVert a - b \rVert$: nowhere steeper than 1. So let a network look
# for that $f$ (Arjovsky, Chintala and Bottou 2017, [arXiv 1701.07875](https://arxiv.org/abs/1701.07875), Algorithm 1):
#
# $$L_D = -\,\mathbb{E} D(x) + \mathbb{E} D(\hat x) \qquad L_G = -\,\mathbb{E} D(\hat x)$$
#
# No sigmoid, no logarithm: nothing saturates. And $-L_D$ now *estimates a distance*: it is the first loss curve of this
# course that falls when pictures improve. The two terms are plain averages of scores. Mind the signs.


# %% exercise="wgan"
def wgan_discriminator_loss(real_scores, fake_scores):
    """-E D(x) + E D(G(z)): the critic's scores of real samples shall be high, those of fakes low.

    Shapes: real_scores (n,), fake_scores (m,) -> ().
    Source: Arjovsky et al. 2017 (arXiv 1701.07875), Algorithm 1.
    """
    ### BEGIN SOLUTION
    return fake_scores.mean() - real_scores.mean()  # (n,), (m,) -> ()
    ### END SOLUTION


def wgan_generator_loss(fake_scores):
    """-E D(G(z)).

    Shapes: fake_scores (n,) -> ().
    Source: Arjovsky et al. 2017, Algorithm 1.
    """
    ### BEGIN SOLUTION
    return -fake_scores.mean()  # (n,) -> ()
    ### END SOLUTION


# %% check="wgan"
@course.run_check
def check_wgan(check):
    undecided = wgan_discriminator_loss(torch.full((8,), 0.5), torch.full((3,), 0.5))
    check.equal("shape of the critic's loss", got=tuple(undecided.shape), want=())
    check.close("all scores 0.5: critic", got=undecided, want=0.0, tolerance=1e-6)
    check.close("all scores 0.5: generator", got=wgan_generator_loss(torch.full((8,), 0.5)), want=-0.5, tolerance=1e-6)
    apart = wgan_discriminator_loss(torch.tensor([2.0, 4.0]), torch.tensor([-1.0, -1.0, -1.0]))
    check.close("real scores 2 and 4, fake scores -1: critic", got=apart, want=-4.0, tolerance=1e-6)


# %% [markdown]
# ## 4 Clipping
#
# Without a limit on its slope, the critic just grows: twice the weights, twice the difference. The paper's way to a
# limit is to press every parameter back into $[-c, c]$ after each of the critic's steps, $c = 0.01$. (Its authors: "a
# clearly terrible way to enforce a Lipschitz constraint".)
#
# Change the parameters *in place*, all of them, biases too, without autograd taking notes. A new tensor in place of the
# parameter would be one the optimizer has never heard of.


# %% exercise="clip_weights"
def clip_weights(module, limit=0.01):
    """Press every parameter into [-limit, limit], in place, recording no gradient.

    Source: Arjovsky et al. 2017, Algorithm 1, line 7.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.clamp_(-limit, limit)
    ### END SOLUTION


# %% check="clip_weights"
@course.run_check
def check_clip_weights(check):
    critic = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    with torch.no_grad():
        critic[0].weight[0] = torch.tensor([0.25, -3.0])
        critic[2].bias.fill_(5.0)
    first, last = critic[0].weight, critic[2].bias
    clip_weights(critic, 0.5)
    check.close("a weight of 0.25", got=critic[0].weight[0, 0], want=0.25, tolerance=1e-6)
    check.close("a weight of -3, limit 0.5", got=critic[0].weight[0, 1], want=-0.5, tolerance=1e-6)
    check.close("a bias of 5, limit 0.5", got=critic[2].bias, want=0.5, tolerance=1e-6)
    check.true("they are the same parameters as before", critic[0].weight is first and critic[2].bias is last)
    check.true("they can still be trained", all(p.requires_grad and p.is_leaf for p in critic.parameters()))
    clip_weights(critic)
    largest = parameters_to_vector(critic.parameters()).abs().max()
    check.close("largest of all, limit not given", got=largest, want=0.01, tolerance=1e-6)


# %% [markdown]
# Why terrible? A limit on each weight is no limit on the slope, only on what the slope can possibly be, and that
# depends on the network's shape. With inputs of 2 numbers, two hidden layers of 64 and one output, all weights at $c$,
# the slope is at most $\sqrt 2\, c \cdot 64 c \cdot 64 c$: 0.006 for $c = 0.01$, and 5.8 for $c = 0.1$. A little too
# small and the gradients fade from layer to layer, a little too large and they explode. You will see in section 6 what
# it does to the weights.

# %% [markdown]
# ## 5 The gradient penalty
#
# If the slope shall be limited, why not look at the slope (Gulrajani et al. 2017, [arXiv
# 1704.00028](https://arxiv.org/abs/1704.00028), equation 3)? The best $f$ has slope 1 along the way from a fake to the
# real sample that it is moved to. So walk a random part of a way from real to fake, and penalise a slope that is not 1:
#
# $$P = \mathbb{E}\left(\lVert \nabla_{\tilde x} D(\tilde x) \rVert_2 - 1\right)^2
# \qquad \tilde x = \alpha x + (1 - \alpha)\, \hat x, \quad \alpha \sim U(0, 1)$$
#
# With `target` in place of the 1, and without $\lambda$: that comes in the next section. Five traps, each of which can
# be found in public code:
#
# * **One $\alpha$ for each sample.** One for the whole batch looks at one place only; one for each *pixel* leaves the
#   straight way between the two pictures.
# * **The norm runs over everything but the batch.** Flatten `(n, c, h, w)` to `(n, c * h * w)` and take one norm for
#   each sample. `norm(dim=1)` on pictures takes it over the channels alone, `norm()` makes one of the whole batch.
# * **First the distance from the target, then the square, then the average.**
# * **`create_graph=True`.** The penalty is made of a gradient, and it must itself have a gradient in the critic's
#   weights. Without the flag it is a number without consequences.
# * **Only the critic learns from it.** No gradient has to go on through $\hat x$ into the generator.
#
# It must work for `(n, d)` as for pictures, for critics that return `(n,)` or `(n, 1)`, and also for one that gives the
# same everywhere (slope 0, penalty $\text{target}^2$). Ask for the gradient of the *sum* of scores: each score depends
# on its own sample only, so each sample gets its own gradient. All random numbers come from `rng`, if given; it may
# live on another device than the pictures (`vanilla_gan`, section 1).


# %% exercise="gradient_penalty"
def gradient_penalty(critic, real, fake, *, rng=None, target=1.0):
    """E (|gradient of the critic| - target)^2 at random points between real and fake samples.

    critic: (n, ...) -> scores (n,) or (n, 1); rng: a torch.Generator, or None for PyTorch's own.
    Shapes: real, fake (n, ...) -> (), differentiable in the critic's parameters.
    Source: Gulrajani et al. 2017 (arXiv 1704.00028), equation 3, without lambda.
    """
    ### BEGIN SOLUTION
    drawn_on = real.device if rng is None else rng.device  # a random number generator draws on its own device only
    alpha = torch.rand(len(real), generator=rng, device=drawn_on).to(real)  # (n,), one for each sample
    alpha = alpha.view(-1, *[1] * (real.dim() - 1))  # (n,) -> (n, 1, ...)
    between = alpha * real + (1 - alpha) * fake  # (n, ...)
    between = between.detach().requires_grad_()
    scores = critic(between)  # (n, ...) -> (n,) or (n, 1)
    (gradients,) = torch.autograd.grad(scores.sum(), between, create_graph=True)  # (n, ...)
    norms = gradients.flatten(1).norm(dim=1)  # (n, ...) -> (n,)
    return ((norms - target) ** 2).mean()  # (n,) -> ()
    ### END SOLUTION


# %% check="gradient_penalty"
@course.run_check
def check_gradient_penalty(check):
    real, fake = torch.rand(5, 1, 28, 28), torch.rand(5, 1, 28, 28)
    direction = torch.full((1, 28, 28), 1 / 28)  # its norm is 1
    for slope, want in ((1.0, 0.0), (3.0, 4.0)):
        penalty = gradient_penalty(lambda x, slope=slope: slope * (x * direction).flatten(1).sum(1), real, fake)
        check.close(f"pictures, a critic of slope {slope:.0f} everywhere", got=penalty, want=want, tolerance=1e-3)
    check.equal("shape", got=tuple(penalty.shape), want=())
    flat = gradient_penalty(lambda x: x.sum() * 0, real, fake, target=2.0)
    check.close("a critic that says the same everywhere, target 2", got=flat, want=4.0, tolerance=1e-5)
    critic = nn.Linear(3, 1, bias=False)
    points = torch.randn(6, 3)
    gradient_penalty(critic, points, -points).backward()
    check.true("its gradient reaches the critic's weights", critic.weight.grad is not None)
    once, again = (
        gradient_penalty(lambda x: (x**2).sum(1), points, -points, rng=torch.Generator().manual_seed(1))
        for _ in range(2)
    )
    check.true("the same seed gives the same penalty", once == again)


# %% [markdown]
# Work it out for once: a critic $D(x) = w \cdot x$ has slope $\lVert w \rVert$ everywhere. For 0, 1, 2 and 3 the
# penalty is 1, 0, 1 and 4.

# %% [markdown]
# ## 6 Wasserstein with a penalty
#
# $$L_D = -\,\mathbb{E} D(x) + \mathbb{E} D(\hat x) + \lambda P \qquad L_G = -\,\mathbb{E} D(\hat x)$$
#
# with $\lambda$ = `weight`, 10 in the paper. The penalty is computed already and comes as an argument. (Batch
# normalisation has no place in such a critic: it makes each score depend on the whole batch, and the gradient of one
# sample's score is no longer what the penalty takes it for.)


# %% exercise="wgan_gp"
def wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=10.0):
    """-E D(x) + E D(G(z)) + weight * penalty.

    Shapes: real_scores (n,), fake_scores (m,), penalty () -> ().
    Source: Gulrajani et al. 2017, equation 3.
    """
    ### BEGIN SOLUTION
    return wgan_discriminator_loss(real_scores, fake_scores) + weight * penalty  # ()
    ### END SOLUTION


def wgan_gp_generator_loss(fake_scores):
    """-E D(G(z)): the penalty is the critic's affair.

    Shapes: fake_scores (n,) -> ().
    Source: Gulrajani et al. 2017, Algorithm 1.
    """
    ### BEGIN SOLUTION
    return wgan_generator_loss(fake_scores)  # (n,) -> ()
    ### END SOLUTION


# %% check="wgan_gp"
@course.run_check
def check_wgan_gp(check):
    scores, penalty = torch.full((4,), 0.5), torch.tensor(1.0)
    loss = wgan_gp_discriminator_loss(scores, scores, penalty)
    check.equal("shape of the critic's loss", got=tuple(loss.shape), want=())
    check.close("a constant critic", got=loss, want=10.0, tolerance=1e-5)
    apart = wgan_gp_discriminator_loss(scores + 1, scores, penalty, weight=2.0)
    check.close("real scores higher by 1, penalty 1, weight 2", got=apart, want=1.0, tolerance=1e-5)
    check.close("all scores 0.5: generator", got=wgan_gp_generator_loss(scores), want=-0.5, tolerance=1e-6)


# %% [markdown]
# ### A critic clipped, a critic penalised
#
# Figure 1 of the WGAN-GP paper, on your functions: real samples lie around eight points on a ring; the fakes are the
# same with a lot of noise added, and no generator learns. Only the critic does, once with clipped weights, once with
# the penalty. (`CENTERS` and `sample_ring` from the first of these cells are yours to use later on.)

# %% setup="ring"
RADIUS, SIGMA = 2.0, 0.05
angles = 2 * math.pi * torch.arange(8) / 8
CENTERS = RADIUS * torch.stack([angles.cos(), angles.sin()], dim=1)  # (8, 2)


def sample_ring(centers, count, *, sigma=SIGMA, rng=None):
    """Draw from Gaussians of width sigma around equally likely centers. Shapes: centers (m, 2) -> (count, 2)."""
    chosen = torch.randint(len(centers), (count,), generator=rng)
    return centers[chosen] + sigma * torch.randn(count, 2, generator=rng)


# %% training="critics"
SEED = 1
CRITIC_STEPS = run.choose(smoke=10, quick=1000, full=3000)


def build_network(inputs, outputs, *, width=64):
    """Two hidden layers with ReLU. Shapes: (n, inputs) -> (n, outputs)."""
    return nn.Sequential(
        nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, outputs)
    )


def train_critic(*, limit=None):
    """A critic of the ring against the ring with noise: clipped to the limit, or penalised if there is none."""
    torch.manual_seed(SEED)
    rng = torch.Generator().manual_seed(SEED)
    critic = build_network(2, 1)
    optimizer = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.9))
    for _ in range(CRITIC_STEPS):
        real = sample_ring(CENTERS, 128, rng=rng)  # (128, 2)
        fake = sample_ring(CENTERS, 128, rng=rng) + torch.randn(128, 2, generator=rng)  # (128, 2)
        real_scores, fake_scores = critic(real), critic(fake)  # (128, 1), (128, 1)
        if limit is None:
            penalty = gradient_penalty(critic, real, fake, rng=rng)
            loss = wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=1.0)
        else:
            loss = wgan_discriminator_loss(real_scores, fake_scores)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if limit is not None:
            clip_weights(critic, limit)
    return critic


print(f"profile {run.profile}: three critics, {CRITIC_STEPS:,} steps each, batches of 128, on the CPU")
critics = {
    "clipped to ±0.01": train_critic(limit=0.01),
    "clipped to ±0.1": train_critic(limit=0.1),
    "gradient penalty": train_critic(),
}

# %%
side = torch.linspace(-2.8, 2.8, 120)
plane = torch.cartesian_prod(side, side)  # (14400, 2)
figure, axes = plt.subplots(2, 3, figsize=(11, 7), layout="constrained", height_ratios=(3, 1.6))
for (name, critic), surface_axes, weight_axes in zip(critics.items(), *axes, strict=True):
    points = plane.clone().requires_grad_()
    scores = critic(points)  # (14400, 1)
    (slopes,) = torch.autograd.grad(scores.sum(), points)  # (14400, 2)
    surface = scores.detach().view(120, 120).T  # the first coordinate to the right
    contours = surface_axes.contourf(side, side, surface, levels=14, cmap="viridis")
    figure.colorbar(contours, ax=surface_axes, shrink=0.8)
    surface_axes.scatter(*CENTERS.T, color="white", edgecolor="black", s=28)
    slope = slopes[plane.norm(dim=1) <= RADIUS].norm(dim=1).mean()
    surface_axes.set(title=f"{name}\nmean slope inside {slope:.2g}", aspect="equal", xticks=[], yticks=[])
    weights = parameters_to_vector(p for p in critic.parameters() if p.dim() == 2).detach()
    weight_axes.hist(weights.numpy(), bins=61, color="tab:blue")
    at_limit = (weights.abs() > 0.99 * weights.abs().max()).float().mean()
    title = f"its weights, {at_limit:.0%} of them at the limit" if "clipped" in name else "its weights"
    weight_axes.set(title=title, yticks=[])
plt.show()

# %% [markdown]
# Clipped, most weights end up at one limit or the other, and such a critic is hardly more than a tent over the middle:
# it cannot tell the eight points apart, and its slope is whatever the limit happens to allow (almost none, for the
# paper's 0.01 on this network). The penalised critic has a hill on each of the eight points, a hollow in between, and a
# slope near the 1 it was asked for.

# %% [markdown]
# ## 7 Least squares
#
# Another way out of saturation is to leave out the sigmoid and treat it all as regression: real samples shall get the
# score 1, fakes the score 0 (Mao et al. 2017, [arXiv 1611.04076](https://arxiv.org/abs/1611.04076), equation 9):
#
# $$L_D = \tfrac12\, \mathbb{E} \left(D(x) - 1\right)^2 + \tfrac12\, \mathbb{E}\, D(\hat x)^2
# \qquad L_G = \tfrac12\, \mathbb{E} \left(D(\hat x) - 1\right)^2$$
#
# Both are squares, so both are positive. (In the lecture notes the discriminator's got minus signs, and the generator's
# is $D(\hat x - 1)$: the judge of a shifted picture.) A fake that is taken for real by a wide margin, with a score of
# 3, is pulled *back* to 1, to where the real ones are. For targets of $\pm 1$ and 0 for the generator, the best $D$
# makes this a Pearson $\chi^2$ divergence; the 0–1 coding here is the paper's own choice for its experiments.


# %% exercise="lsgan"
def lsgan_discriminator_loss(real_scores, fake_scores):
    """E (D(x) - 1)^2 / 2 + E D(G(z))^2 / 2.

    Shapes: real_scores (n,), fake_scores (m,) -> ().
    Source: Mao et al. 2017 (arXiv 1611.04076), equation 9.
    """
    ### BEGIN SOLUTION
    real_loss = ((real_scores - 1) ** 2).mean() / 2  # (n,) -> ()
    fake_loss = (fake_scores**2).mean() / 2  # (m,) -> ()
    return real_loss + fake_loss
    ### END SOLUTION


def lsgan_generator_loss(fake_scores):
    """E (D(G(z)) - 1)^2 / 2.

    Shapes: fake_scores (n,) -> ().
    Source: Mao et al. 2017, equation 9.
    """
    ### BEGIN SOLUTION
    return ((fake_scores - 1) ** 2).mean() / 2  # (n,) -> ()
    ### END SOLUTION


# %% check="lsgan"
@course.run_check
def check_lsgan(check):
    scores = torch.full((4,), 0.5)
    loss = lsgan_discriminator_loss(scores, torch.full((3,), 0.5))
    check.equal("shape of the discriminator's loss", got=tuple(loss.shape), want=())
    check.close("all scores 0.5: discriminator", got=loss, want=0.25, tolerance=1e-6)
    check.close("all scores 0.5: generator", got=lsgan_generator_loss(scores), want=0.125, tolerance=1e-6)
    spread = lsgan_discriminator_loss(torch.tensor([1.0, 3.0]), torch.tensor([2.0, 0.0]))
    check.close("real scores 1 and 3, fake scores 2 and 0", got=spread, want=2.0, tolerance=1e-6)


# %% [markdown]
# ### How hard each of them pulls
#
# One picture for the losses so far: a fake gets the score (or the logit) on the horizontal axis. How hard does each
# generator loss pull at it, and which way? Negative is upwards, towards *real*.

# %%
scores = torch.linspace(-6, 6, 241)
_, axes = plt.subplots(figsize=(9, 3.6), layout="constrained")
for name, loss, style in (
    ("minimax", minimax_generator_loss, "-"),
    ("non-saturating, DRAGAN", non_saturating_generator_loss, "-"),
    ("WGAN, WGAN-GP", wgan_generator_loss, "--"),
    ("LSGAN", lsgan_generator_loss, "-"),
):
    axes.plot(scores, pull(loss, scores), style, label=name)
axes.axhline(0, color="grey", linewidth=0.8)
axes.set(title="Gradient of a generator's loss", xlabel="score or logit of one fake", ylabel="gradient", ylim=(-4, 2))
axes.legend(loc="lower right")
axes.grid(alpha=0.3)
plt.show()

# %% [markdown]
# LSGAN pulls the harder the further a fake is from 1. WGAN always pulls alike: it cannot saturate, but it cannot say
# "that will do" either. That is only half of the story, though. The score has to tell near from far first, and that is
# the judge's part: the slope of $D$ between where the fakes are and where the data are. Hence the penalties.

# %% [markdown]
# ## 8 A penalty around the data
#
# DRAGAN (Kodali et al. 2017, [arXiv 1705.07215](https://arxiv.org/abs/1705.07215)) keeps the old game and borrows the
# idea of the penalty. Its authors saw that runs fail where $D$ is very steep close to real samples: the generator is
# thrown about. So they ask for slope 1 *around the data*, wherever the fakes may be:
#
# $$P = \mathbb{E}\left(\lVert \nabla D(x + \delta) \rVert_2 - 1\right)^2
# \qquad \delta = \texttt{scale} \cdot \mathrm{std}(x) \cdot U(0, 1)$$
#
# $\mathrm{std}(x)$ is one number, the standard deviation over *all* elements of the batch of real samples
# (`real.std()`). The uniform numbers are fresh ones for every *element*: this is noise, not a walk between two points.
# (The table's $\mathcal{N}(0, c)$ is another version, and the authors' code mixes in a second random number; we take
# the formula above. Noise from $[0, 1)$ only ever makes pixels brighter. Nobody seems to mind.) All else is as in
# section 5: norm over everything but the batch, `create_graph`, nothing that goes back into `real`.


# %% exercise="dragan_penalty"
def dragan_penalty(discriminator, real, *, rng=None, scale=0.5):
    """E (|gradient of the discriminator| - 1)^2 at real samples with noise: real + scale * std(real) * U(0, 1).

    discriminator: (n, ...) -> logits (n,) or (n, 1); rng: a torch.Generator, or None for PyTorch's own.
    Shapes: real (n, ...) -> (), differentiable in the discriminator's parameters.
    Source: Kodali et al. 2017 (arXiv 1705.07215), without lambda.
    """
    ### BEGIN SOLUTION
    drawn_on = real.device if rng is None else rng.device
    noise = torch.rand(real.shape, generator=rng, device=drawn_on).to(real)  # (n, ...), one for each element
    nearby = real + scale * real.std() * noise  # (n, ...)
    nearby = nearby.detach().requires_grad_()
    logits = discriminator(nearby)  # (n, ...) -> (n,) or (n, 1)
    (gradients,) = torch.autograd.grad(logits.sum(), nearby, create_graph=True)  # (n, ...)
    norms = gradients.flatten(1).norm(dim=1)  # (n, ...) -> (n,)
    return ((norms - 1) ** 2).mean()  # (n,) -> ()
    ### END SOLUTION


# %% check="dragan_penalty"
@course.run_check
def check_dragan_penalty(check):
    real = torch.randn(5, 1, 28, 28)
    direction = torch.full((1, 28, 28), 1 / 28)  # its norm is 1
    penalty = dragan_penalty(lambda x: 3 * (x * direction).flatten(1).sum(1), real)
    check.equal("shape", got=tuple(penalty.shape), want=())
    check.close("a discriminator of slope 3 everywhere", got=penalty, want=4.0, tolerance=1e-3)
    flat = dragan_penalty(lambda x: x.sum() * 0, real)
    check.close("a discriminator that says the same everywhere", got=flat, want=1.0, tolerance=1e-5)
    points = torch.tensor([[2.0], [2.0], [6.0], [6.0]])
    exact = dragan_penalty(lambda x: (x**2).sum(1) / 2, points, scale=0.0)
    check.close("no noise, slopes 2, 2, 6 and 6", got=exact, want=13.0, tolerance=1e-4)
    discriminator = nn.Linear(1, 1, bias=False)
    dragan_penalty(discriminator, points).backward()
    check.true("its gradient reaches the discriminator's weights", discriminator.weight.grad is not None)


# %% [markdown]
# ## 9 DRAGAN
#
# $$L_D = -\,\mathbb{E} \log D(x) - \mathbb{E} \log\left(1 - D(\hat x)\right) + \lambda P
# \qquad L_G = -\,\mathbb{E} \log D(\hat x)$$
#
# The generator's loss is the non-saturating one. (The table in the lecture notes gives it the minimax loss.)


# %% exercise="dragan"
def dragan_discriminator_loss(real_logits, fake_logits, penalty, weight=10.0):
    """-E log D(x) - E log(1 - D(G(z))) + weight * penalty.

    Shapes: real_logits (n,), fake_logits (m,), penalty () -> ().
    Source: Kodali et al. 2017 (arXiv 1705.07215).
    """
    ### BEGIN SOLUTION
    return non_saturating_discriminator_loss(real_logits, fake_logits) + weight * penalty  # ()
    ### END SOLUTION


def dragan_generator_loss(fake_logits):
    """-E log D(G(z)), the non-saturating one.

    Shapes: fake_logits (n,) -> ().
    Source: Kodali et al. 2017.
    """
    ### BEGIN SOLUTION
    return non_saturating_generator_loss(fake_logits)  # (n,) -> ()
    ### END SOLUTION


# %% check="dragan"
@course.run_check
def check_dragan(check):
    logits, penalty = torch.zeros(4), torch.tensor(1.0)
    loss = dragan_discriminator_loss(logits, torch.zeros(3), penalty)
    check.equal("shape of the discriminator's loss", got=tuple(loss.shape), want=())
    check.close("a constant discriminator", got=loss, want=11.386294, tolerance=1e-5)
    light = dragan_discriminator_loss(logits, logits, penalty, weight=0.5)
    check.close("a constant discriminator, weight 0.5", got=light, want=1.886294, tolerance=1e-5)
    check.close("D undecided: generator", got=dragan_generator_loss(logits), want=0.693147, tolerance=1e-5)


# %% [markdown]
# ### What a trained judge tells the generator
#
# Now both halves together. Numbers on a line: real ones lie around $+1.5$, fakes around $-1.5$, and they do not
# overlap. A judge of each kind is trained to the end while the fakes stay where they are. Then we ask: if a fake stood
# at $x$, what would the *generator's* loss be? It is the landscape in which the fakes are going to roll downhill.

# %% training="judges"
JUDGE_STEPS = run.choose(smoke=10, quick=500, full=2000)
LANDSCAPES = {
    "minimax": "minimax",
    "non_saturating": "non-saturating",
    "lsgan": "LSGAN",
    "wgan": "WGAN, clipped to ±0.01",
    "wgan_gp": "WGAN-GP",
    "dragan": "DRAGAN",
}


def find_loss(name, role):
    """Your function of that name, such as lsgan_generator_loss."""
    return globals()[f"{name}_{role}_loss"]


def train_judge(name):
    """A judge of real numbers around 1.5 and fakes around -1.5, trained by the loss of that name."""
    torch.manual_seed(SEED)
    rng = torch.Generator().manual_seed(SEED)
    judge = build_network(1, 1)
    optimizer = torch.optim.Adam(judge.parameters(), lr=2e-3, betas=(0.5, 0.9))
    discriminator_loss = find_loss(name, "discriminator")
    for _ in range(JUDGE_STEPS):
        real = 1.5 + 0.3 * torch.randn(128, 1, generator=rng)
        fake = -1.5 + 0.3 * torch.randn(128, 1, generator=rng)
        penalties = {}
        if name == "wgan_gp":
            penalties["penalty"] = gradient_penalty(judge, real, fake, rng=rng)
        if name == "dragan":
            penalties["penalty"] = dragan_penalty(judge, real, rng=rng)
        loss = discriminator_loss(judge(real), judge(fake), **penalties)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if LANDSCAPES[name].startswith("WGAN, clipped"):
            clip_weights(judge, 0.01)
    return judge


print(f"profile {run.profile}: six judges, {JUDGE_STEPS:,} steps each, batches of 128, on the CPU")
judges = {name: train_judge(name) for name in LANDSCAPES}

# %%
line = torch.linspace(-3, 3, 301)
_, axes = plt.subplots(2, 3, figsize=(11, 5.5), layout="constrained", sharex=True)
for (name, judge), panel in zip(judges.items(), axes.flat, strict=True):
    generator_loss = find_loss(name, "generator")
    places = line[:, None].clone().requires_grad_()  # (301, 1)
    losses = torch.stack([generator_loss(score) for score in judge(places)])  # (301,), each place by itself
    (slopes,) = torch.autograd.grad(losses.sum(), places)  # (301, 1)
    at_fakes = slopes[(line + 1.5).abs() < 0.3].abs().mean()
    panel.plot(line, losses.detach(), color="black")
    panel.axvspan(-2.1, -0.9, color="tab:red", alpha=0.2, label="fakes are here")
    panel.axvspan(0.9, 2.1, color="tab:green", alpha=0.2, label="real ones here")
    panel.set_title(f"{LANDSCAPES[name]}\nslope at the fakes {at_fakes:.2g}")
axes[0, 0].legend(loc="lower left")
plt.show()

# %% [markdown]
# Mind the scales on the left of each. Under *minimax* the fakes stand on a plain: nothing rolls. *Non-saturating* turns
# the same judge into a steep slope, and it gets steeper the longer the judge is trained, for nothing holds it. Under
# *LSGAN* the judge has learned to say 0 where fakes are and 1 where real samples are, and to go from one to the other
# somewhere in between: the fakes stand on a plateau, and its little slope need not even point the right way. *Clipped*,
# there is a way down from everywhere, but hardly any slope. (Adam does not mind a small slope, it divides by its size,
# down to about $10^{-8}$; minimax is below that.) With the *penalty* of section 5 it is a straight road with slope 1
# from the fakes to the data. *DRAGAN* asks for that only near the data, and far away the road is as steep as without.

# %% [markdown]
# ## 10 BEGAN
#
# The odd one out (Berthelot, Schumm and Metz 2017, [arXiv 1703.10717](https://arxiv.org/abs/1703.10717)): the judge is
# an *autoencoder*, which squeezes a picture through a narrow place and tries to get it out again. Its reconstruction
# error
#
# $$L(v) = \lvert v - \mathrm{AE}(v) \rvert$$
#
# is low for what it knows well. So the autoencoder learns to reconstruct real pictures and, $k$ times as eagerly, to
# *fail* on fakes, while the generator makes pictures that are easy to reconstruct:
#
# $$L_D = L(x) - k\, L(\hat x) \qquad L_G = L(\hat x)$$
#
# No logit, no score: what is compared is the *average error* of real and fake (a bound of the Wasserstein distance of
# the two errors, says the paper). Take the error as the mean absolute difference over all elements, shape `()`; sums
# would make $\gamma$ below depend on the size of the picture.


# %% exercise="began"
def reconstruction_error(images, reconstructed):
    """Mean absolute difference between images and what an autoencoder made of them, over all of their elements.

    Shapes: images, reconstructed (n, ...) -> ().
    Source: Berthelot et al. 2017 (arXiv 1703.10717), section 3.1, with an average for the norm.
    """
    ### BEGIN SOLUTION
    return (images - reconstructed).abs().mean()  # (n, ...) -> ()
    ### END SOLUTION


def began_discriminator_loss(real_error, fake_error, k):
    """L(x) - k L(G(z)): reconstruct real samples well and, as far as k asks for it, fakes badly.

    Shapes: real_error (), fake_error () -> ().
    Source: Berthelot et al. 2017, section 3.4.
    """
    ### BEGIN SOLUTION
    return real_error - k * fake_error
    ### END SOLUTION


def began_generator_loss(fake_error):
    """L(G(z)): fakes shall be easy to reconstruct.

    Shapes: fake_error () -> ().
    Source: Berthelot et al. 2017, section 3.4.
    """
    ### BEGIN SOLUTION
    return fake_error
    ### END SOLUTION


# %% check="began"
@course.run_check
def check_began(check):
    images = torch.ones(4, 1, 8, 8)
    error = reconstruction_error(images, torch.zeros(4, 1, 8, 8))
    check.equal("shape of the error", got=tuple(error.shape), want=())
    check.close("error of an autoencoder that gives zeros for ones", got=error, want=1.0, tolerance=1e-6)
    real_error, fake_error = torch.tensor(1.0), torch.tensor(0.5)
    start = began_discriminator_loss(real_error, fake_error, 0.0)
    check.close("discriminator, errors 1 and 0.5, k = 0", got=start, want=1.0, tolerance=1e-6)
    later = began_discriminator_loss(real_error, fake_error, 0.5)
    check.close("discriminator, errors 1 and 0.5, k = 0.5", got=later, want=0.75, tolerance=1e-6)
    check.close("generator, error 0.5", got=began_generator_loss(fake_error), want=0.5, tolerance=1e-6)


# %% [markdown]
# ## 11 BEGAN's balance
#
# How eagerly? If fakes are reconstructed much worse than real pictures, the autoencoder has won already, and it should
# care for real pictures alone: $k$ small. If fakes are reconstructed too well, it should look at them: $k$ large. The
# paper's controller aims at $L(\hat x) = \gamma\, L(x)$ and moves $k$ a little after each step:
#
# $$k \leftarrow k + \lambda_k \left(\gamma L(x) - L(\hat x)\right), \qquad \text{kept in } [0, 1]$$
#
# with $\lambda_k$ = `rate`, starting from $k = 0$. The lecture notes have $k_t$ in the table and say nothing of this;
# with a $k$ that stays 0, the autoencoder never learns to tell anything. A small $\gamma$ asks for few but good
# pictures.
#
# Errors may come as floats or as tensors with a graph, also one of each. Return a plain Python float: $k$ is a setting
# that changes from step to step, no gradient goes through it.


# %% exercise="update_k"
def update_k(k, real_error, fake_error, *, gamma=0.5, rate=0.001):
    """The next k: k + rate * (gamma * real_error - fake_error), kept within [0, 1].

    k: a float; real_error, fake_error: floats or tensors of shape (). Returns a float.
    Source: Berthelot et al. 2017, section 3.4, where rate is called lambda_k.
    """
    ### BEGIN SOLUTION
    balance = torch.as_tensor(gamma * real_error - fake_error).item()  # a float: k must keep no graph
    return min(max(k + rate * balance, 0.0), 1.0)
    ### END SOLUTION


# %% check="update_k"
@course.run_check
def check_update_k(check):
    k = update_k(0.3, torch.tensor(1.0, requires_grad=True), torch.tensor(0.25))
    check.equal("type", got=type(k).__name__, want="float")
    check.close("fakes better than the balance: k rises", got=k, want=0.30025, tolerance=1e-6)
    check.close("fakes worse: k falls", got=update_k(0.3, 1.0, 0.75, rate=0.1), want=0.275, tolerance=1e-6)
    check.close("but never below 0", got=update_k(0.0, 1.0, 3.0), want=0.0, tolerance=1e-9)
    check.close("and never above 1", got=update_k(0.9, 3.0, 0.0, gamma=0.7, rate=1.0), want=1.0, tolerance=1e-9)


# %% [markdown]
# ## 12 Counting modes
#
# Whether a picture of a shoe is good is a matter of taste. On a ring of eight small Gaussians one can count. Two
# numbers, in the spirit of *recall* and *precision*:
#
# * how many of the centers have at least one sample within `radius`: an `int`;
# * which share of the samples is within `radius` of any center: a `float` from 0 to 1.
#
# A generator that paints one perfect mode gets 1 and 1.0; one that scatters over the whole plane may get all eight and
# 0.1. Neither number is enough by itself. Samples and centers may have any dimension, and any number of centers; a
# distance of exactly `radius` counts as within.


# %% exercise="mode_coverage"
def mode_coverage(samples, centers, radius):
    """How many centers have at least one sample within radius, and which share of samples is within radius of any.

    Shapes: samples (n, d), centers (m, d) -> (int from 0 to m, float from 0 to 1). A distance of exactly radius counts.
    """
    ### BEGIN SOLUTION
    distances = (samples[:, None] - centers[None]).norm(dim=2)  # (n, 1, d), (1, m, d) -> (n, m)
    near = distances <= radius  # (n, m)
    covered = near.any(dim=0).sum().item()  # a center is covered if any sample is near
    good = near.any(dim=1).float().mean().item()  # a sample is good if any center is near
    return covered, good
    ### END SOLUTION


# %% check="mode_coverage"
@course.run_check
def check_mode_coverage(check):
    samples = torch.tensor([[2.0, 0.1], [2.0, -0.1], [0.0, 1.9], [0.0, 0.0]])
    covered, good = mode_coverage(samples, CENTERS, 0.15)
    check.equal("type of the count", got=type(covered).__name__, want="int")
    check.equal("two samples at one center, one at another", got=covered, want=2)
    check.close("share of good samples, one of four is lost", got=good, want=0.75, tolerance=1e-6)
    check.equal("real samples, modes", got=mode_coverage(sample_ring(CENTERS, 2000), CENTERS, 0.15)[0], want=8)
    check.equal("nothing near", got=mode_coverage(samples + 10, CENTERS, 0.15), want=(0, 0.0))


# %% [markdown]
# ## 13 Training on the ring
#
# Now put all of it together: one function that trains a small GAN on Gaussians around `centers` by any of the seven
# losses and returns 2,000 samples of its generator. Networks, optimizers, learning rates are your own design. The names
# are those of the exercises: `minimax`, `non_saturating`, `wgan`, `wgan_gp`, `lsgan`, `dragan`, `began`; any other name
# is a `ValueError`.
#
# What the grader looks at:
#
# * `steps` counts steps of the generator. Samples are float32 on the CPU, `(2000, 2)`, and carry no graph.
# * Everything random comes from `rng`, if given: same state, same samples. The trap: layers draw their first weights
#   from PyTorch's *own* random numbers. Seed those from `rng` inside `torch.random.fork_rng(devices=[])`, then the rest
#   of the notebook does not notice; or fill the weights by `nn.init` with `generator=rng`.
# * The ring moves. It may be turned, stand elsewhere, or be of another size, with another `sigma`, and the samples must
#   follow. Networks like numbers of about 1 around 0: shift and scale what they see by the centers' mean and radius,
#   and undo it in the end.
# * A call with 600 steps has 5 seconds of CPU time, on one thread. That is generous for one step of the judge to each
#   of the generator, and not enough for five.
# * Modes are asked for only with losses that find them reliably: `non_saturating`, `lsgan`, `wgan_gp` and `dragan`.
#
# A recipe that worked for us with six of the seven, seed after seed (BEGAN is a case of its own, you will see):
#
# | | |
# |---|---|
# | generator | 4 numbers of noise, two hidden layers of 64 with ReLU, 2 numbers, no Tanh |
# | judge | 2 numbers, two hidden layers of 64 with ReLU, 1 number; BEGAN's: 2, 64, 1, 64, 2, no ReLU at the 1 |
# | scale | the ring has radius 2 around zero |
# | batch | 128 real, 128 fake, fresh ones for each step of either network |
# | Adam | betas $(0, 0.9)$; rate 3e-3 for the generator and *twice that* for the judge, in place of more judge steps |
# | penalties | `weight=0.1`: with 10 the judge is too smooth to tell neighbours on a ring apart |
# | clipping | to ±0.1 after each step of the critic (section 4 says why not 0.01) |
# | BEGAN | `rate=0.05`: the default is meant for far more steps than we have |
# | samples | by the *moving average* of the generator's weights (decay 0.98) |
#
# The last line makes a large difference. Two players chase each other round the solution, and the average of where the
# generator has been is nearer to it than where it is: in one of our trials, the share of samples near a mode rose from
# about 0.3 to nearly 0.5 by it alone. `torch.optim.swa_utils.AveragedModel` keeps such an average:
# `AveragedModel(generator, multi_avg_fn=get_ema_multi_avg_fn(0.98))`, then `update_parameters(generator)` after each
# step. (`fused=True` makes Adam's steps cheaper.)


# %% exercise="train_ring"
def train_ring(name, centers, *, steps, sigma=0.05, rng=None):
    """Train a small GAN on Gaussians of width sigma around the centers, by the loss of that name.

    name: minimax, non_saturating, wgan, wgan_gp, lsgan, dragan or began, else ValueError; steps: of the generator.
    Shapes: centers (8, 2) -> samples of the trained generator (2000, 2), float32 on the CPU, without graph.
    """
    ### BEGIN SOLUTION
    if name not in ("minimax", "non_saturating", "wgan", "wgan_gp", "lsgan", "dragan", "began"):
        raise ValueError(f"train_ring: unknown loss {name!r}")
    offset = centers.mean(dim=0)  # (2,), the networks see the ring around zero
    scale = (centers - offset).norm(dim=1).mean() / 2  # and with a radius of 2, wherever and however large it is
    with torch.random.fork_rng(devices=[]):  # layers draw their weights from PyTorch's own random numbers
        torch.manual_seed(torch.randint(2**31, (), generator=rng).item())
        generator = make_layers(NOISE_DIM, 64, 64, 2)
        judge = make_layers(2, 64, 64, 1)
        if name == "began":  # an autoencoder, and no ReLU where it is narrow
            judge = nn.Sequential(make_layers(2, 64, 1), make_layers(1, 64, 2))
    average = AveragedModel(generator, multi_avg_fn=get_ema_multi_avg_fn(0.98))  # of the last fifty steps or so
    generator_optimizer = torch.optim.Adam(generator.parameters(), lr=3e-3, betas=(0.0, 0.9), fused=True)
    judge_optimizer = torch.optim.Adam(judge.parameters(), lr=6e-3, betas=(0.0, 0.9), fused=True)
    k = 0.0
    for _ in range(steps):
        real = (sample_ring(centers, 128, sigma=sigma, rng=rng) - offset) / scale  # (128, 2)
        fake = generator(torch.randn(128, NOISE_DIM, generator=rng)).detach()  # (128, 2)
        loss, k = judge_loss(name, judge, real, fake, k, rng)
        judge_optimizer.zero_grad()
        loss.backward()
        judge_optimizer.step()
        if name == "wgan":
            clip_weights(judge, 0.1)
        fake = generator(torch.randn(128, NOISE_DIM, generator=rng))  # (128, 2)
        loss = forger_loss(name, judge, fake)
        generator_optimizer.zero_grad()
        loss.backward()
        generator_optimizer.step()
        average.update_parameters(generator)
    with torch.no_grad():
        return average(torch.randn(2000, NOISE_DIM, generator=rng)) * scale + offset  # (2000, 2)


NOISE_DIM = 4


def make_layers(*widths):
    """Linear layers of these widths with ReLU between them."""
    layers = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def judge_loss(name, judge, real, fake, k, rng):
    """Loss of the discriminator, critic or autoencoder, and the next k. Shapes: real, fake (n, 2) -> (), float."""
    if name == "began":
        real_error = reconstruction_error(real, judge(real))
        fake_error = reconstruction_error(fake, judge(fake))
        return began_discriminator_loss(real_error, fake_error, k), update_k(k, real_error, fake_error, rate=0.05)
    real_scores, fake_scores = judge(real).squeeze(1), judge(fake).squeeze(1)  # (n, 2) -> (n,)
    if name == "minimax":
        return minimax_discriminator_loss(real_scores, fake_scores), k
    if name == "non_saturating":
        return non_saturating_discriminator_loss(real_scores, fake_scores), k
    if name == "wgan":
        return wgan_discriminator_loss(real_scores, fake_scores), k
    if name == "wgan_gp":
        penalty = gradient_penalty(judge, real, fake, rng=rng)
        return wgan_gp_discriminator_loss(real_scores, fake_scores, penalty, weight=0.1), k
    if name == "lsgan":
        return lsgan_discriminator_loss(real_scores, fake_scores), k
    penalty = dragan_penalty(judge, real, rng=rng)
    return dragan_discriminator_loss(real_scores, fake_scores, penalty, weight=0.1), k


def forger_loss(name, judge, fake):
    """Loss of the generator. Shapes: fake (n, 2) -> ()."""
    if name == "began":
        return began_generator_loss(reconstruction_error(fake, judge(fake)))
    losses = {
        "minimax": minimax_generator_loss,
        "non_saturating": non_saturating_generator_loss,
        "wgan": wgan_generator_loss,
        "wgan_gp": wgan_gp_generator_loss,
        "lsgan": lsgan_generator_loss,
        "dragan": dragan_generator_loss,
    }
    return losses[name](judge(fake).squeeze(1))
    ### END SOLUTION


# %% check="train_ring"
@course.run_check
def check_train_ring(check):
    far = CENTERS / 2 + torch.tensor([30.0, -10.0])
    samples, again = (train_ring("lsgan", far, steps=60, rng=torch.Generator().manual_seed(1)) for _ in range(2))
    check.equal("shape", got=tuple(samples.shape), want=(2000, 2))
    check.equal("type", got=samples.dtype, want=torch.float32)
    check.true("the samples carry no graph", not samples.requires_grad)
    check.true("the same seed gives the same samples", torch.equal(samples, again))
    check.close("middle of a ring around (30, -10): across", got=samples[:, 0].mean(), want=30.0, tolerance=1.5)
    check.close("middle of a ring around (30, -10): upwards", got=samples[:, 1].mean(), want=-10.0, tolerance=1.5)
    for name in ("minimax", "non_saturating", "wgan", "wgan_gp", "dragan", "began"):
        quick = train_ring(name, CENTERS, steps=2, rng=torch.Generator().manual_seed(1))
        check.equal(f"shape after two steps, {name}", got=tuple(quick.shape), want=(2000, 2))
    try:
        train_ring("gan", CENTERS, steps=1)
        raised = False
    except ValueError:
        raised = True
    check.true("an unknown name is a ValueError", raised)


# %% [markdown]
# ## 14 The race
#
# Seven losses, one ring, the same seed and networks of the same size. Each picture is 2,000 samples of a generator
# after so many steps. What stands above it is what `mode_coverage` says with a radius of three $\sigma$: modes found of
# eight, and the share of samples that are near one. (A training of 400 steps begins with the same 100 steps as one of
# 100, if all random numbers come from `rng` and your settings do not depend on `steps`.) While the longest training
# runs, what your loss functions return is noted as well.

# %% training="race"
NAMES = ["minimax", "non_saturating", "wgan", "wgan_gp", "lsgan", "dragan", "began"]
RACE_STEPS = run.choose(smoke=(2, 4), quick=(50, 100, 200, 400, 800), full=(100, 200, 400, 800, 1600, 3200))
RACE_SEEDS = run.choose(smoke=(1,), quick=(1, 2, 3), full=range(1, 11))


@contextmanager
def noted_losses(name):
    """While it lasts, what both losses of that name return is noted: gives {"generator": [], "discriminator": []}."""
    losses = {"generator": [], "discriminator": []}
    originals = {role: find_loss(name, role) for role in losses}

    def note(role):
        def loss_function(*arguments, **settings):
            loss = originals[role](*arguments, **settings)
            losses[role].append(float(loss.detach()))
            return loss

        return loss_function

    globals().update({f"{name}_{role}_loss": note(role) for role in losses})
    try:
        yield losses
    finally:
        globals().update({f"{name}_{role}_loss": original for role, original in originals.items()})


print(f"profile {run.profile}: {RACE_STEPS[-1]:,} steps and fewer, {len(RACE_SEEDS)} seed(s), on the CPU")
race, curves, finals = {}, {}, {}
jobs = [(name, steps, RACE_SEEDS[0]) for name in NAMES for steps in RACE_STEPS]
jobs += [(name, RACE_STEPS[-1], seed) for name in NAMES for seed in RACE_SEEDS[1:]]
for name, steps, seed in tqdm(jobs, desc="racing", file=sys.stdout, mininterval=1, ncols=100):
    with noted_losses(name) as losses:
        samples = train_ring(name, CENTERS, steps=steps, rng=torch.Generator().manual_seed(seed))  # (2000, 2)
    if seed == RACE_SEEDS[0]:
        race[name, steps] = samples
        curves[name] = losses  # in the end those of the longest
    if steps == RACE_STEPS[-1]:
        finals.setdefault(name, []).append(mode_coverage(samples, CENTERS, 3 * SIGMA))

# %%
size = (1.75 * len(RACE_STEPS) + 1.2, 1.85 * len(NAMES))
_, axes = plt.subplots(len(NAMES), len(RACE_STEPS), figsize=size, layout="constrained")
for panel, (name, steps) in zip(axes.flat, race, strict=True):
    modes, good = mode_coverage(race[name, steps], CENTERS, 3 * SIGMA)
    panel.scatter(*CENTERS.T, s=60, facecolor="none", edgecolor="tab:orange", linewidth=0.8)
    panel.scatter(*race[name, steps].T, s=1, alpha=0.25, color="tab:blue", linewidth=0)
    panel.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", xticks=[], yticks=[])
    panel.set_title(f"{modes} of 8, {good:.0%}", fontsize=9)
    if name == NAMES[-1]:
        panel.set_xlabel(f"{steps:,} steps")
    if steps == RACE_STEPS[0]:
        panel.set_ylabel(name)
plt.show()

# %% [markdown]
# Read the counts with care: a shapeless cloud after 100 steps already scores 6 to 8 modes of 8, since one of 2,000
# samples is enough. The share tells it from a ring: 2 % against more than 50 %. Both are needed.
#
# In our race, six of seven first spread out, then find the ring, then its eight points. Those that compare logits
# (minimax, non-saturating, DRAGAN) and LSGAN are quickest; both WGANs take twice as long to find the ring, because
# their slopes are limited, and the clipped one is still smearing in the end. Look for LSGAN's points that have gone
# faint. BEGAN gathers all its samples in one place
# and takes them to one of the eight points, or to none.
#
# Why does minimax not saturate here? Because this judge is never sure of itself: it has one step for each of the
# generator's, and the clouds overlap from the start. In the landscapes above it had five hundred steps of lead.
#
# One seed is one seed. The longest race again, with others:

# %%
print(f"after {RACE_STEPS[-1]:,} steps, {len(RACE_SEEDS)} seeds: modes of 8, share of samples near a mode")
for name in NAMES:
    print(f"{name:15s}" + "".join(f"   {modes} {good:4.0%}" for modes, good in finals[name]))

# %% [markdown]
# And what the losses said meanwhile:


# %%
def smooth(values):
    """Running means over a fortieth of the values, and the steps they belong to."""
    window = max(1, len(values) // 40)
    means = torch.tensor(values).unfold(0, window, 1).mean(dim=1) if values else torch.tensor([])
    return range(window, window + len(means)), means


_, axes = plt.subplots(2, 4, figsize=(12, 5), layout="constrained")
for panel, name in zip(axes.flat, NAMES, strict=False):
    for role, values in curves[name].items():
        panel.plot(*smooth(values), label=role, linewidth=1)
    panel.set_title(name if curves[name]["generator"] else f"{name}: not noted")
    panel.axhline(0, color="grey", linewidth=0.6)
axes[0, 0].legend(loc="center right")
axes[1, 0].set_xlabel("step")
for name in ("wgan", "wgan_gp"):
    estimates = torch.tensor(curves[name]["discriminator"]).neg()
    axes[1, 3].plot(*smooth(estimates.tolist()), label=name, linewidth=1)
axes[1, 3].set_title("−L of both critics")
axes[1, 3].legend()
plt.show()

# %% [markdown]
# From most of these curves one could not tell whether training has gone well: compare them with the pictures. The
# generator's curve of a WGAN is no measure at all, since a critic may add any number to all of its scores. But its
# *own* loss is a difference, in which that number cancels: with the sign turned (bottom right) it estimates how far the
# fakes are from the data, and for WGAN-GP it falls from step 200 on,
# while the pictures get better. (The clipped critic's estimate is in
# units of whatever slope its clipping allows.) A true minimum it is not either: the critic has only one step before the
# generator moves on.
#
# ### Take the recipe apart
#
# All of this was with settings that suit the ring, and they were found by trying. Stability is just that: how far one
# may go from such settings before it breaks. Some that broke, after 800 steps:
#
# | change | modes found |
# |---|---|
# | non-saturating, ring scaled to radius 1, rates 1e-3, betas (0.5, 0.999), no average | 1, 1, 1, 1 (four seeds) |
# | DRAGAN with the paper's `weight=10`, rates 3e-3, betas (0.5, 0.9), batch 256 | 3, 1, 0 (three seeds) |
#
# Try others: the same rate for both, $\beta_1 = 0.9$, no moving average, `weight=10`, clipping at 0.01. (Your
# `train_ring` has all of them in one place. Set them back before you hand in.) That is also the answer of the study
# which the table comes from: with enough search for settings, no loss was better than the others throughout, and the
# settings mattered more than the loss.

# %% [markdown] question="stability"
# ## 15 Which losses drop modes?
#
# Look at your race, its table and its curves, and at the landscapes before section 10, and answer in about ten
# sentences:
#
# 1. Which losses lost modes or thinned some out in your runs, and which found all eight? Give both numbers, and say why
#    one of them is not enough.
# 2. Choose one loss that dropped modes (or the change of settings that made one do it) and explain it by what the loss
#    asks of the generator.
# 3. What do the gradient penalties change about what the judge tells the generator, and what do they cost? Why is
#    clipping a poor replacement?
#
# ### BEGIN SOLUTION
# **Model answer.** (1) After 800 steps minimax, non-saturating, WGAN, WGAN-GP and DRAGAN had samples at all eight
# centers on each seed, LSGAN at seven or eight, with some of them nearly empty. The share of samples near a center was
# about 0.7 for non-saturating and DRAGAN, 0.65 to 0.7 for LSGAN, 0.5 to 0.6 for minimax, 0.5 for WGAN-GP and 0.2 to 0.3
# for the clipped WGAN, which finds the ring but smears between its points. BEGAN put everything in one
# place: one mode, or none. The count
# alone cannot tell a cloud from a ring (eight of eight with 2 % near a center, after 100 steps); the share alone cannot
# tell one perfect mode from eight.
#
# (2) BEGAN: its generator only asks for samples that are easy to reconstruct, and its balance compares two *averages*
# of errors. One point that is reconstructed with $\gamma$ times the error of real samples satisfies all of it; nothing
# in either loss says that fakes should differ from each other. LSGAN and non-saturating: the generator's loss judges
# each fake by itself, so a mode without samples costs it nothing; where $D$ says *real* at one point, all samples near
# run there, and only the judge, a step later, drives them away again. (For the best $D$ the non-saturating gradient
# contains $\mathrm{KL}(p_G \Vert p_\text{data})$, which hardly punishes missing modes.) With momentum and without
# averaging they overshoot from mode to mode together. Minimax would add saturation: if $D$ is sure, there is no
# gradient at all.
#
# (3) They hold the judge's slope near 1, on the way from fake to real (WGAN-GP) or around the data (DRAGAN): fakes far
# away are told the direction, at moderate strength, and are not thrown about near the data. Costs: a second backward
# pass through the gradient for each of the judge's steps, a further setting (the weight: with 10 on this ring the judge
# is too smooth to separate neighbours), slower progress than with the steep judges. Clipping limits weights, not
# slopes: the slope that results depends on depth and width (0.006 at most for 0.01 here, 5.8 for 0.1), weights pile up
# at the limits, and the critic is too simple to show eight separate hills.
#
# **Rubric (10 points).** 4: results of their own runs with both numbers, losses that drop or thin modes named (2), and
# why count and share are both needed (2). 3: one case explained by the loss: what the generator is asked for, and why
# missing modes cost it little (BEGAN, non-saturating, LSGAN, or a change of settings with its mechanism). 3: penalties
# give a usable slope where the fakes are or around the data (1), cost time or another setting (1), clipping limits
# weights and not the slope (1). Other observations that fit the student's own pictures count as well.
# ### END SOLUTION

# %% [markdown]
# ## Hand in
#
# Save the notebook (Ctrl+S), then run this cell: it reads the file as the grader will and says what it finds. The next
# notebook is `conditional_gan`: a forger who paints what he is asked for.

# %%
course.check_submission("gan_losses.ipynb")
