# %% [markdown]
# # Vanilla GAN
#
# A forger paints, an appraiser judges. At first the forger knows nothing and the appraiser hardly more. The appraiser
# sees true paintings and forged ones and learns to tell them apart; the forger never sees a true painting, only *how*
# the appraiser could have been fooled, and paints again. Each one is the other's teacher. If all goes well, the
# forgeries end up so good that the appraiser can only toss a coin.
#
# That is a **generative adversarial network** (Goodfellow et al. 2014, [arXiv
# 1406.2661](https://arxiv.org/abs/1406.2661)). The forger is the *generator* $G$: it turns a vector of noise $z$ into
# a picture $G(z)$. The appraiser is the *discriminator* $D$: it turns a picture $x$ into the probability $D(x)$ that
# it is real.
#
# In this notebook you build one from nothing but linear layers, train it on handwritten digits (in $[-1, 1]$, as you
# learned in `data_loading`), and find out
#
# * why the loss that the theory suggests for the generator hardly trains it at first, and which one does;
# * how to update one network while the other holds still;
# * why a falling loss does not mean better pictures.
#
# **How to work.** Write between the lines where a cell says `YOUR CODE HERE`, run it, then run the check below it.
# Checks show what was expected and what your code gave. They are a friend's quick look, not the whole examination:
# your work is graded with other inputs and more questions. Leave names and arguments of functions as they are, the
# grader calls them.

# %% setup="imports"
import os
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parameters_to_vector

if not Path("course.py").exists() and "google.colab" in sys.modules:
    from google.colab import drive

    drive.mount("/content/drive")  # the whole folder vanilla_gan belongs into your Google Drive
    for found in Path("/content/drive/MyDrive").glob("**/vanilla_gan/course.py"):
        os.chdir(found.parent)
if not Path("course.py").exists():
    raise FileNotFoundError(
        f"course.py: expected beside this notebook, not in {Path.cwd()}; copy the whole folder vanilla_gan"
    )

import course

run = course.set_up()

# %% [markdown]
# ## 1 Noise
#
# The generator needs something to start from: a vector $z$ of `noise_dim` independent numbers, each from the standard
# normal distribution. Different $z$, different pictures.
#
# Two things make it dependable. If the caller gives a random number generator `rng`, every number must come from it,
# so that the same seed gives the same pictures. And a generator of random numbers lives on one device: numbers from a
# CPU `rng` that are needed on the GPU are drawn on the CPU first and then moved.


# %% exercise="sample_noise"
def sample_noise(batch_size, noise_dim, *, rng=None, device=None):
    """Draw standard normal noise.

    rng: a torch.Generator to draw all numbers from, or None for PyTorch's own; device: where the result shall be.
    Shapes: -> (batch_size, noise_dim), float32.
    """
    ### BEGIN SOLUTION
    drawn_on = device if rng is None else rng.device  # a random number generator draws on its own device only
    noise = torch.randn(batch_size, noise_dim, generator=rng, device=drawn_on)  # (batch_size, noise_dim)
    return noise if device is None else noise.to(device)
    ### END SOLUTION


# %% check="sample_noise"
@course.run_check
def check_sample_noise(check):
    noise = sample_noise(64, 100)
    check.equal("shape", got=tuple(noise.shape), want=(64, 100))
    check.equal("type", got=noise.dtype, want=torch.float32)
    many = sample_noise(1000, 200)
    check.close("mean of many numbers", got=many.mean(), want=0.0, tolerance=0.02)
    check.close("standard deviation of many numbers", got=many.std(), want=1.0, tolerance=0.02)
    once, again = (sample_noise(2, 3, rng=torch.Generator().manual_seed(1)) for _ in range(2))
    check.true("the same seed gives the same noise", torch.equal(once, again))


# %% [markdown]
# ## 2 Generator
#
# The network of the lab this notebook grew out of:
#
# $$z \;\xrightarrow{\text{Linear}}\; h \;\xrightarrow{\text{LeakyReLU}(0.01)}\; \xrightarrow{\text{Linear}}\; 784
# \;\xrightarrow{\tanh}\; \xrightarrow{\text{reshape}}\; 1 \times 28 \times 28$$
#
# Tanh ends in $[-1, 1]$, and so do our pictures: black is $-1$, white is $+1$.
#
# Two traps. The original reshapes by `view(self.batchsize, 1, 28, 28)`, with the batch size as part of the network:
# the last batch of an epoch is usually smaller, and there it breaks. Let the reshape find the batch size itself. The
# original also fed $D$ with pictures in $[0, 1]$ while $G$ draws in $[-1, 1]$: then $D$ need only look for negative
# pixels.


# %% exercise="generator"
class Generator(nn.Module):
    """Turn noise into pictures: Linear, LeakyReLU(0.01), Linear, Tanh.

    Shapes: (n, noise_dim) -> (n, 1, 28, 28) in [-1, 1].
    """

    def __init__(self, noise_dim=100, hidden_dim=128):
        ### BEGIN SOLUTION
        super().__init__()
        self.hidden = nn.Linear(noise_dim, hidden_dim)
        self.activation = nn.LeakyReLU(0.01)
        self.pixels = nn.Linear(hidden_dim, 28 * 28)
        ### END SOLUTION

    def forward(self, noise):
        ### BEGIN SOLUTION
        x = self.activation(self.hidden(noise))  # (n, noise_dim) -> (n, hidden_dim)
        x = torch.tanh(self.pixels(x))  # (n, 784)
        return x.view(-1, 1, 28, 28)  # (n, 1, 28, 28)
        ### END SOLUTION


# %% check="generator"
@course.run_check
def check_generator(check):
    generator = Generator(noise_dim=100, hidden_dim=128)
    with torch.no_grad():
        images = generator(torch.randn(5, 100))
        strong = generator(50 * torch.randn(5, 100))
        single = generator(torch.randn(1, 100))
    check.equal("shape of five pictures", got=tuple(images.shape), want=(5, 1, 28, 28))
    check.equal("shape of a single picture", got=tuple(single.shape), want=(1, 1, 28, 28))
    check.equal("number of parameters", got=parameters_to_vector(generator.parameters()).numel(), want=114_064)
    check.close("largest brightness for very strong noise", got=strong.max(), want=1.0, tolerance=1e-3)
    check.close("smallest brightness for very strong noise", got=strong.min(), want=-1.0, tolerance=1e-3)


# %% [markdown]
# ## 3 Discriminator
#
# The same idea backwards: flatten the picture, one hidden layer with LeakyReLU(0.01), one number out.
#
# That number is a **logit** $s$, not a probability: $D(x) = \sigma(s) = 1/(1 + e^{-s})$. The source documents put the
# sigmoid at the end of the network. We leave it off and let the loss take care of it, for a reason you will meet in
# section 4.
#
# The result has one number per picture and no further dimension: `(n,)`, not `(n, 1)`. Mind the batch of one: a plain
# `.squeeze()` removes *every* dimension of size one.


# %% exercise="discriminator"
class Discriminator(nn.Module):
    """Judge pictures: Linear, LeakyReLU(0.01), Linear.

    Shapes: (n, 1, 28, 28) -> logits (n,); sigmoid(logit) is the probability that the picture is real.
    """

    def __init__(self, hidden_dim=128):
        ### BEGIN SOLUTION
        super().__init__()
        self.hidden = nn.Linear(28 * 28, hidden_dim)
        self.activation = nn.LeakyReLU(0.01)
        self.logit = nn.Linear(hidden_dim, 1)
        ### END SOLUTION

    def forward(self, images):
        ### BEGIN SOLUTION
        x = images.flatten(1)  # (n, 1, 28, 28) -> (n, 784)
        x = self.activation(self.hidden(x))  # (n, hidden_dim)
        return self.logit(x).squeeze(1)  # (n, 1) -> (n,)
        ### END SOLUTION


# %% check="discriminator"
@course.run_check
def check_discriminator(check):
    discriminator = Discriminator(hidden_dim=128)
    with torch.no_grad():
        logits = discriminator(torch.randn(5, 1, 28, 28))
        single = discriminator(torch.randn(1, 1, 28, 28))
        strong = discriminator(100 * torch.randn(200, 1, 28, 28))
    check.equal("shape for five pictures", got=tuple(logits.shape), want=(5,))
    check.equal("shape for a single picture", got=tuple(single.shape), want=(1,))
    check.equal("number of parameters", got=parameters_to_vector(discriminator.parameters()).numel(), want=100_609)
    check.true("logits below 0 and above 1 occur", strong.min() < 0 and strong.max() > 1)


# %% [markdown]
# ## 4 Binary cross-entropy from logits
#
# All losses of this notebook are made of one brick. For a logit $s$ and a target $t$ (1 real, 0 fake)
#
# $$\mathrm{BCE}(s, t) = -\,t \log \sigma(s) - (1 - t) \log (1 - \sigma(s)),$$
#
# averaged over the batch. Written down just like that, it fails when $D$ is sure of itself: in float32, $\sigma(17)$
# rounds to exactly 1, $\log(1 - 1)$ is $-\infty$ and its gradient NaN. (`nn.BCELoss` hides this by stopping at 100,
# and then its gradient is 0: nothing left to learn from.) Find an equal expression in which no exponential can
# overflow and no logarithm meets a zero. Start from $\log \sigma(s) = -\log(1 + e^{-s})$ and ask yourself what
# happens for a large negative $s$; `torch.log1p` helps.
#
# By hand, please: `F.binary_cross_entropy_with_logits` is for comparing. Values *and gradients* must be right up to
# $|s| = 10^4$.


# %% exercise="bce_with_logits"
def bce_with_logits(logits, targets):
    """Binary cross-entropy of logits against targets in [0, 1], averaged over the batch.

    Shapes: logits (n,), targets (n,) -> (). Stable for any |logit| up to 1e4, in values and gradients.
    """
    ### BEGIN SOLUTION
    positive = logits.clamp(min=0)  # (n,)
    # exp only ever sees numbers up to zero, so it cannot overflow
    remainder = torch.log1p(torch.exp(-logits.abs()))  # (n,)
    losses = positive - logits * targets + remainder  # (n,)
    return losses.mean()  # (n,) -> ()
    ### END SOLUTION


# %% check="bce_with_logits"
@course.run_check
def check_bce_with_logits(check):
    undecided = bce_with_logits(torch.zeros(4), torch.tensor([0.0, 1.0, 0.0, 1.0]))
    check.equal("shape", got=tuple(undecided.shape), want=())
    check.close("all logits 0", got=undecided, want=0.693147, tolerance=1e-5)
    logits, targets = 3 * torch.randn(64), torch.rand(64).round()
    expected = F.binary_cross_entropy_with_logits(logits, targets)
    check.close("64 random logits", got=bce_with_logits(logits, targets), want=expected, tolerance=1e-5)
    check.close(
        "sure and wrong: logit 100, target 0",
        got=bce_with_logits(torch.tensor([100.0]), torch.zeros(1)),
        want=100.0,
        tolerance=1e-3,
    )


# %% [markdown]
# ## 5 Discriminator loss
#
# $D$ shall say *real* (1) to the batch of real pictures and *fake* (0) to the batch of fakes:
#
# $$J_D = -\tfrac12\, \mathbb{E}_{x \sim p_\text{data}} \log D(x)
# \;-\; \tfrac12\, \mathbb{E}_{z \sim p_z} \log\left(1 - D(G(z))\right)$$
#
# **Average or sum?** The paper writes a sum of two terms to be maximised, and the lab adds its two BCEs. Lecture
# notes and this notebook take the *average* ($\tfrac12$ each). For the updates, a factor of two is only another
# learning rate (and Adam hardly sees even that), but numbers in plots differ: a discriminator that can do no better
# than guess has loss $\log 2 \approx 0.693$ here and $2 \log 2 \approx 1.386$ there.
#
# Two slips in the slides, so that you are not misled: they draw $z$ from $p_\text{model}$ (noise comes from $p_z$),
# and in one place they minimise the expression *without* its minus signs, which would train $D$ to be wrong.
#
# The two batches need not have the same size: average each by itself first.


# %% exercise="discriminator_loss"
def discriminator_loss(real_logits, fake_logits):
    """Average of the BCE of real logits against 1 and of fake logits against 0.

    Shapes: real_logits (n,), fake_logits (m,) -> ().
    Source: Goodfellow et al. 2014, with 1/2 for each term.
    """
    ### BEGIN SOLUTION
    real_loss = bce_with_logits(real_logits, torch.ones_like(real_logits))  # (n,) -> ()
    fake_loss = bce_with_logits(fake_logits, torch.zeros_like(fake_logits))  # (m,) -> ()
    return (real_loss + fake_loss) / 2
    ### END SOLUTION


# %% check="discriminator_loss"
@course.run_check
def check_discriminator_loss(check):
    undecided = discriminator_loss(torch.zeros(8), torch.zeros(8))
    check.equal("shape", got=tuple(undecided.shape), want=())
    check.close("D undecided", got=undecided, want=0.693147, tolerance=1e-5)
    check.close(
        "D sure and right",
        got=discriminator_loss(torch.full((8,), 20.0), torch.full((8,), -20.0)),
        want=0.0,
        tolerance=1e-5,
    )
    check.close(
        "D sure and wrong",
        got=discriminator_loss(torch.full((8,), -20.0), torch.full((8,), 20.0)),
        want=20.0,
        tolerance=1e-4,
    )
    check.close(
        "eight real, three fake", got=discriminator_loss(torch.zeros(8), torch.zeros(3)), want=0.693147, tolerance=1e-5
    )


# %% [markdown]
# ## 6 Two losses for the generator
#
# In the game of the paper, both play for the same stake: $D$ maximises, $G$ minimises. Only the second term depends
# on $G$:
#
# $$\text{minimax:}\qquad J_G = \mathbb{E}_{z \sim p_z} \log\left(1 - D(G(z))\right)$$
#
# To be *minimised*, so no minus sign and no one half here. (The slides put $-\tfrac12$ before it and still minimise:
# such a generator learns to be caught.) It is a negative number, and the more $D$ is fooled, the further it falls.
# Give it a stable form, too: `bce_with_logits` has all you need.


# %% exercise="minimax_generator_loss"
def minimax_generator_loss(fake_logits):
    """E log(1 - D(G(z))), the generator's loss in the minimax game; it saturates.

    Shapes: fake_logits (n,) -> ().
    Source: Goodfellow et al. 2014, Algorithm 1.
    """
    ### BEGIN SOLUTION
    targets = torch.zeros_like(fake_logits)  # (n,)
    return -bce_with_logits(fake_logits, targets)  # (n,) -> ()
    ### END SOLUTION


# %% check="minimax_generator_loss"
@course.run_check
def check_minimax_generator_loss(check):
    undecided = minimax_generator_loss(torch.zeros(8))
    check.equal("shape", got=tuple(undecided.shape), want=())
    check.close("D undecided", got=undecided, want=-0.693147, tolerance=1e-5)
    check.close(
        "D sees through every fake", got=minimax_generator_loss(torch.full((8,), -20.0)), want=0.0, tolerance=1e-5
    )


# %% [markdown]
# The other one turns the question round. Not "make $D$ say *fake* less often" but "make $D$ say *real*":
#
# $$\text{non-saturating:}\qquad J_G = -\,\mathbb{E}_{z \sim p_z} \log D(G(z))$$
#
# Same direction, same fixed point, much better gradients, as you will see in a minute. In code it is the BCE of fakes
# against the target *real*. This is the loss we train with, hence its plain name.


# %% exercise="generator_loss"
def generator_loss(fake_logits):
    """-E log D(G(z)), the non-saturating generator loss.

    Shapes: fake_logits (n,) -> ().
    Source: Goodfellow et al. 2014, section 3.
    """
    ### BEGIN SOLUTION
    targets = torch.ones_like(fake_logits)  # (n,), the generator wants its fakes to be taken for real
    return bce_with_logits(fake_logits, targets)  # (n,) -> ()
    ### END SOLUTION


# %% check="generator_loss"
@course.run_check
def check_generator_loss(check):
    undecided = generator_loss(torch.zeros(8))
    check.equal("shape", got=tuple(undecided.shape), want=())
    check.close("D undecided", got=undecided, want=0.693147, tolerance=1e-5)
    check.close("D sees through every fake", got=generator_loss(torch.full((8,), -20.0)), want=20.0, tolerance=1e-4)


# %% [markdown]
# ## 7 Why the first one saturates
#
# The first fakes are noise, and $D$ knows it: $D(G(z)) \approx 0$, a very negative logit $s$. How hard do the two
# losses then pull? The lecture notes draw $\log(1 - D)$ against $D$ and call it flat at $D = 0$. Look closely: its
# slope there is $-1$, not 0. What vanishes is the gradient with respect to the **logit**, and the logit is what the
# network puts out and is trained by. Between the two stands the factor
# $\mathrm{d}D/\mathrm{d}s = \sigma(s)(1 - \sigma(s))$, and that is tiny when $D$ is sure.
#
# Give both gradients for each logit as if it were alone (no average over the batch):
#
# $$\frac{\partial}{\partial s} \log(1 - \sigma(s))
# \qquad\text{and}\qquad \frac{\partial}{\partial s} \left(-\log \sigma(s)\right)$$
#
# Work them out on paper (each is a single sigmoid) or ask autograd, and mind precision: at $s = -20$ the first must
# not come out as exactly 0.


# %% exercise="saturation"
def saturation(logits):
    """Gradients of both generator losses with respect to each logit, each sample by itself.

    Shapes: logits (n,) -> (minimax gradients (n,), non-saturating gradients (n,)).
    """
    ### BEGIN SOLUTION
    minimax_gradients = -torch.sigmoid(logits)  # (n,)
    non_saturating_gradients = -torch.sigmoid(-logits)  # (n,), more exact than sigmoid(logits) - 1
    return minimax_gradients, non_saturating_gradients
    ### END SOLUTION


# %% check="saturation"
@course.run_check
def check_saturation(check):
    minimax_gradients, non_saturating_gradients = saturation(torch.tensor([0.0, -4.59512]))
    check.equal("shape", got=tuple(minimax_gradients.shape), want=(2,))
    check.close("minimax where D(G(z)) = 0.5", got=minimax_gradients[0], want=-0.5, tolerance=1e-5)
    check.close("non-saturating where D(G(z)) = 0.5", got=non_saturating_gradients[0], want=-0.5, tolerance=1e-5)
    check.close("minimax where D(G(z)) = 0.01", got=minimax_gradients[1], want=-0.01, tolerance=1e-5)
    check.close("non-saturating where D(G(z)) = 0.01", got=non_saturating_gradients[1], want=-0.99, tolerance=1e-5)


# %% [markdown]
# Here is the drawing of the lecture notes as a real plot: the two losses on the left, the pull on the logit on the
# right.

# %%
logits = torch.linspace(-14, 14, 400)
fooled = torch.sigmoid(logits)  # D(G(z))
minimax_gradients, non_saturating_gradients = saturation(logits.clone())
_, (losses_axes, pull_axes) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
losses_axes.plot(fooled, F.logsigmoid(-logits), label="minimax: log(1 − D)")
losses_axes.plot(fooled, -F.logsigmoid(logits), label="non-saturating: −log D")
losses_axes.set(title="Loss of one sample", xlabel="D(G(z))", ylabel="loss", ylim=(-6, 6))
pull_axes.plot(fooled, minimax_gradients.abs(), label="minimax")
pull_axes.plot(fooled, non_saturating_gradients.abs(), label="non-saturating")
pull_axes.set(title="Size of its gradient in the logit", xlabel="D(G(z))", xscale="logit", yscale="log", ylim=(1e-6, 2))
pull_axes.annotate("early training", (2e-6, 3e-2))
for axes in (losses_axes, pull_axes):
    axes.legend(loc="lower center" if axes is pull_axes else "upper center")
    axes.grid(alpha=0.3)
plt.show()

# %% [markdown]
# Read the right plot from its left end, where training starts. At $D(G(z)) = 10^{-4}$ the minimax loss pulls with
# $10^{-4}$, the non-saturating loss with $0.9999$. Where $D$ is fooled ($D(G(z)) \to 1$) it is the other way round,
# and that is where the generator has nothing left to learn.

# %% [markdown]
# ## 8 One step of the discriminator
#
# Now the game itself. To teach $D$ once:
#
# 1. paint fakes from the noise,
# 2. let $D$ judge the real pictures, and then, in a second call, the fakes,
# 3. compute the loss, clear old gradients, go backward, let the optimizer step.
#
# Only $D$ may learn here. The `optimizer` holds only $D$'s parameters, so $G$ cannot move; but gradients would still
# flow back into $G$ and be left there. Cut the fakes off from the graph with `.detach()`. (The lecture notes keep the
# graph by `retain_graph=True` instead: not wrong, because $G$'s gradients are cleared before its own step, but every
# step of $D$ then goes backward through $G$ for nothing. Another course's algorithm forgets `detach` and `zero_grad`
# both, and there the gradients of the wrong game pile up.)
#
# Why two calls and not one of a batch glued together? Here it makes no difference, but from the next notebook on
# there is batch normalisation, and it would mix the statistics of real and fake.
#
# Return the loss detached from its graph: whoever collects it should not collect the graph as well.


# %% exercise="discriminator_step"
def discriminator_step(generator, discriminator, optimizer, real, noise):
    """Update the discriminator once; the generator gets no gradient.

    Shapes: real (n, 1, 28, 28), noise (m, noise_dim) -> the detached loss ().
    """
    ### BEGIN SOLUTION
    fake = generator(noise).detach()  # (m, noise_dim) -> (m, 1, 28, 28); this step must not reach the generator
    real_logits = discriminator(real)  # (n, 1, 28, 28) -> (n,)
    fake_logits = discriminator(fake)  # (m, 1, 28, 28) -> (m,)
    loss = discriminator_loss(real_logits, fake_logits)  # (n,), (m,) -> ()
    optimizer.zero_grad()  # the generator's last step may have left gradients here
    loss.backward()
    optimizer.step()
    return loss.detach()
    ### END SOLUTION


# %% check="discriminator_step"
@course.run_check
def check_discriminator_step(check):
    generator, discriminator = Generator(noise_dim=10), Discriminator()
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    generator_before = parameters_to_vector(generator.parameters())  # a copy
    discriminator_before = parameters_to_vector(discriminator.parameters())
    real, noise = torch.rand(6, 1, 28, 28), torch.randn(6, 10)
    losses = [discriminator_step(generator, discriminator, optimizer, real, noise) for _ in range(3)]
    check.equal("shape of the loss", got=tuple(losses[0].shape), want=())
    check.true("the loss is detached from its graph", not losses[0].requires_grad)
    changed = not torch.equal(parameters_to_vector(discriminator.parameters()), discriminator_before)
    check.true("the discriminator has learned something", changed)
    unchanged = torch.equal(parameters_to_vector(generator.parameters()), generator_before)
    check.true("the generator is as it was", unchanged)
    check.true("steps on the same batch lower the loss", losses[2] < losses[0])


# %% [markdown]
# ### Data, and a first experiment
#
# Now that a discriminator can be taught, let us see saturation happen. First the pictures: handwritten digits, or
# clothes if you change the switch. The course ships 2,000 of each; the profile `full` takes all 60,000 (from your
# disk or the network). Bytes 0 to 255 become numbers in $[-1, 1]$, as Tanh draws them; torchvision's
# `Normalize(0.5, 0.5)` behind `ToTensor()` does the same, and the lab leaves it out.

# %%
DATA_SET = "digits"  # or "fashion"
NOISE_DIM, HIDDEN_DIM, BATCH_SIZE, SEED = 100, 128, 64, 1

images, labels = course.load_images(DATA_SET, run)
course.show_grid(images[:30], title=f"real: {DATA_SET}")

# %% [markdown]
# Next we teach a fresh discriminator, and only that, to tell these pictures from an untrained generator's. After each
# step we ask how hard each of the two losses *would* pull at the generator.

# %% training="confident_discriminator"
torch.manual_seed(SEED)
generator = Generator(NOISE_DIM, HIDDEN_DIM).to(run.device)
discriminator = Discriminator(HIDDEN_DIM).to(run.device)
optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
rng = torch.Generator().manual_seed(SEED)
pulls = {"minimax": [], "non-saturating": []}
for _ in range(run.choose(smoke=5, quick=100, full=100)):
    real = images[torch.randint(len(images), (BATCH_SIZE,), generator=rng)].to(run.device)  # (64, 1, 28, 28)
    noise = sample_noise(BATCH_SIZE, NOISE_DIM, rng=rng, device=run.device)  # (64, 100)
    discriminator_step(generator, discriminator, optimizer, real, noise)
    with torch.no_grad():
        logits = discriminator(generator(noise))  # (64,)
    gradients = saturation(logits)  # (64,), (64,)
    for name, gradient in zip(pulls, gradients, strict=True):
        pulls[name].append(gradient.abs().mean().item())

# %%
_, axes = plt.subplots(figsize=(9, 3.2), layout="constrained")
for name, values in pulls.items():
    axes.plot(range(1, len(values) + 1), values, label=name)
axes.set(
    title="Pull at an untrained generator",
    xlabel="steps of the discriminator alone",
    ylabel="mean |gradient|",
    yscale="log",
)
axes.legend()
axes.grid(alpha=0.3)
plt.show()

# %% [markdown]
# ## 9 One step of the generator
#
# To teach $G$ once: paint fakes, let $D$ judge them, compute `generator_loss`, go backward *through* $D$ into $G$,
# and step with $G$'s optimizer. No `detach` this time, the gradient has to get through.
#
# $D$ must come out exactly as it went in: its parameters, their `requires_grad` flags, and whatever stood in their
# `.grad` before (perhaps nothing, `None`). Backward would drop gradients into $D$'s parameters in passing. Freeze
# them for the moment, and give each one *its own* flag back: somebody may have frozen a layer on purpose. (A frozen
# parameter still lets gradients through to what lies before it.)


# %% exercise="generator_step"
def generator_step(generator, discriminator, optimizer, noise):
    """Update the generator once; the discriminator's parameters, flags and gradients stay as they are.

    Shapes: noise (n, noise_dim) -> the detached loss ().
    """
    ### BEGIN SOLUTION
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)  # gradients pass through the discriminator, none stays in it
    fake = generator(noise)  # (n, noise_dim) -> (n, 1, 28, 28)
    fake_logits = discriminator(fake)  # (n, 1, 28, 28) -> (n,)
    loss = generator_loss(fake_logits)  # (n,) -> ()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.detach()
    ### END SOLUTION


# %% check="generator_step"
@course.run_check
def check_generator_step(check):
    generator, discriminator = Generator(noise_dim=10), Discriminator()
    optimizer = torch.optim.SGD(generator.parameters(), lr=0.1)
    generator_before = parameters_to_vector(generator.parameters())  # a copy
    discriminator_before = parameters_to_vector(discriminator.parameters())
    noise = torch.randn(6, 10)
    losses = [generator_step(generator, discriminator, optimizer, noise) for _ in range(3)]
    check.equal("shape of the loss", got=tuple(losses[0].shape), want=())
    check.true("the loss is detached from its graph", not losses[0].requires_grad)
    changed = not torch.equal(parameters_to_vector(generator.parameters()), generator_before)
    check.true("the generator has learned something", changed)
    unchanged = torch.equal(parameters_to_vector(discriminator.parameters()), discriminator_before)
    check.true("the discriminator is as it was", unchanged)
    check.true("the discriminator can learn again", all(p.requires_grad for p in discriminator.parameters()))
    check.true("steps on the same noise lower the loss", losses[2] < losses[0])


# %% [markdown]
# ## 10 Training
#
# The algorithm of the paper (its Algorithm 1), with the non-saturating loss:
#
# **for** each epoch, **for** each batch of $n$ real pictures:
#
# 1. $k$ times: draw fresh noise, one step of $D$ with these pictures;
# 2. once: draw fresh noise, one step of $G$.
#
# Alternate within every batch. (The slides show two separate loops, first all epochs of $D$, then all of $G$. The
# forger would meet a finished expert: see section 7 for what he learns from him.)
#
# Details that the grader looks at, too:
#
# * Two Adam optimizers, one for each network, both with `weight_decay=1e-5`; both networks in training mode.
# * Pictures move to the device where the generator is. (In the lab, `else: torch.device("cpu")` assigns nothing.)
# * A loader may give pictures or (pictures, labels). Every batch has the size it has, the last one too.
# * One Python float for each batch and each network; for $D$ the loss of the last of the $k$ steps. (The lab adds up
#   loss *tensors*, each of which keeps its graph in memory. A float keeps nothing.)
# * If `on_step` is given, call `on_step(step, generator_loss, discriminator_loss)` after each batch. Steps count from
#   1 and go on counting through the epochs.
# * All noise comes from `rng`, by your `sample_noise`.


# %% exercise="train"
def train(
    generator,
    discriminator,
    loader,
    *,
    noise_dim,
    epochs,
    discriminator_steps=1,
    learning_rate=1e-3,
    betas=(0.5, 0.999),
    rng=None,
    on_step=None,
):
    """Train both networks in turn with Adam (weight decay 1e-5).

    loader: batches of images (n, 1, 28, 28) or pairs (images, labels), of any size; discriminator_steps: the paper's k;
    on_step: called as on_step(step, generator_loss, discriminator_loss) after each batch, step from 1, losses floats.
    Returns {"generator": [...], "discriminator": [...]}, one float for each batch.
    Source: Goodfellow et al. 2014, Algorithm 1, with the non-saturating generator loss.
    """
    ### BEGIN SOLUTION
    device = next(generator.parameters()).device
    settings = {"lr": learning_rate, "betas": betas, "weight_decay": 1e-5}
    generator_optimizer = torch.optim.Adam(generator.parameters(), **settings)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), **settings)
    generator.train()
    discriminator.train()
    losses = {"generator": [], "discriminator": []}
    for _ in range(epochs):
        for batch in loader:
            images = batch[0] if isinstance(batch, (list, tuple)) else batch  # labels play no part here
            real = images.to(device)  # (n, 1, 28, 28)
            for _ in range(discriminator_steps):
                noise = sample_noise(len(real), noise_dim, rng=rng, device=device)  # (n, noise_dim)
                real_or_fake = discriminator_step(generator, discriminator, discriminator_optimizer, real, noise)
            noise = sample_noise(len(real), noise_dim, rng=rng, device=device)  # (n, noise_dim)
            fooled = generator_step(generator, discriminator, generator_optimizer, noise)
            losses["generator"].append(fooled.item())  # .item(): a tensor would be kept alive for each batch
            losses["discriminator"].append(real_or_fake.item())
            if on_step is not None:
                on_step(len(losses["generator"]), losses["generator"][-1], losses["discriminator"][-1])
    return losses
    ### END SOLUTION


# %% check="train"
@course.run_check
def check_train(check):
    rng = torch.Generator().manual_seed(0)
    batches = [torch.rand(8, 1, 28, 28), torch.rand(3, 1, 28, 28)]
    steps = []
    losses = train(
        Generator(noise_dim=10),
        Discriminator(),
        batches,
        noise_dim=10,
        epochs=2,
        rng=rng,
        on_step=lambda step, *_: steps.append(step),
    )
    check.equal("keys", got=sorted(losses), want=["discriminator", "generator"])
    check.equal("losses of the generator, two epochs of two batches", got=len(losses["generator"]), want=4)
    check.equal("losses of the discriminator", got=len(losses["discriminator"]), want=4)
    check.equal("type of a loss", got=type(losses["generator"][0]).__name__, want="float")
    check.equal("steps reported by on_step", got=steps, want=[1, 2, 3, 4])


# %% [markdown]
# ### The real thing
#
# Time to train. Settings follow the lab this notebook grew out of, except where that did not work well:
#
# | | lab and notes | here | why |
# |---|---|---|---|
# | range of the pictures | $[0, 1]$ (lab) | $[-1, 1]$ | Tanh's range; otherwise $D$ only looks for negative pixels |
# | Adam's $\beta_1$ | 0.9 | 0.5 | momentum remembers, but the opponent has moved on (Radford et al. 2015) |
# | order of the pictures | fixed (lab) | shuffled | batches should differ from epoch to epoch |
# | discriminator's loss | sum (lab), average (notes) | average | see section 5 |
# | learning rate | 1e-3 (lab), 3e-4 (notes) | 1e-3 | fast enough for a coffee break |
# | batch size, steps | 128, 2,340 (lab) | 64, some 9,000 | this small network needs more steps, not larger batches |
#
# How long it takes depends on the profile that the first cell printed: `quick` trains for about a minute on a laptop.
# Set the environment variable `GAN_COURSE_PROFILE` to `smoke`, `quick` or `full` before you start Jupyter, or write
# `run = course.Run("full", torch.device("cpu"))` into a cell of your own.

# %% training="train_networks"
torch.manual_seed(SEED)
generator = Generator(NOISE_DIM, HIDDEN_DIM).to(run.device)
discriminator = Discriminator(HIDDEN_DIM).to(run.device)
rng = torch.Generator().manual_seed(SEED)
loader = course.load_batches(images, labels, batch_size=BATCH_SIZE, rng=rng)
epochs = run.choose(smoke=2, quick=282, full=30)
total = epochs * len(loader)
print(
    f"profile {run.profile}: {total:,} steps, batches of {BATCH_SIZE} from {len(images):,} {DATA_SET}, on {run.device}"
)

fixed_noise = sample_noise(50, NOISE_DIM, rng=rng, device=run.device)  # (50, 100)
with torch.no_grad():
    before = generator(fixed_noise)  # (50, 1, 28, 28)
growth = {}  # step -> what ten of these noise vectors look like then
show_step = course.show_progress(total, "training")


def watch(step, generator_loss, discriminator_loss):
    show_step(step, generator_loss, discriminator_loss)
    if step in (10, 100, 300, 1000, 3000, total):
        with torch.no_grad():
            growth[step] = generator(fixed_noise[:10])  # (10, 1, 28, 28)


losses = train(generator, discriminator, loader, noise_dim=NOISE_DIM, epochs=epochs, rng=rng, on_step=watch)

# %% [markdown]
# Before and after, ten pictures in a row. (Beware of `make_grid(fake, 10, 5)` in the slides: the third argument is
# not the number of rows, it is the padding.)

# %%
with torch.no_grad():
    after = generator(fixed_noise)  # (50, 1, 28, 28)
course.show_grid(before, title="before training")
course.show_grid(after, title=f"after {len(losses['generator']):,} steps, from the same noise")

# %% [markdown]
# How the forger learned, each column from one and the same noise vector:

# %%
course.show_grid(torch.cat(list(growth.values())), row_labels=[f"step {step:,}" for step in growth])

# %% [markdown]
# And both losses. The faint lines are single batches, the strong ones running means.

# %%
course.plot_losses(losses, title="two players, two losses")

# %% [markdown]
# ## 11 The best samples
#
# Whoever exhibits shows the best. Of all pictures painted from `noise`, pick the `count` that the discriminator
# believes most, the most believable first.
#
# Both networks are asked, not trained: evaluation mode, no gradient, and afterwards each network back in the mode it
# came in. (These networks do the same in both modes. Those with batch normalisation or dropout do not, and you will
# want to use this function again.)


# %% exercise="best_samples"
def best_samples(generator, discriminator, noise, count):
    """The count generated images with the highest logits, best first, without gradient.

    Shapes: noise (n, noise_dim) -> (count, 1, 28, 28). Both networks keep the mode they were in.
    """
    ### BEGIN SOLUTION
    modules = [*generator.modules(), *discriminator.modules()]
    modes = [module.training for module in modules]
    generator.eval()
    discriminator.eval()
    with torch.no_grad():
        images = generator(noise)  # (n, noise_dim) -> (n, 1, 28, 28)
        logits = discriminator(images)  # (n, 1, 28, 28) -> (n,)
    for module, mode in zip(modules, modes, strict=True):
        module.training = mode
    best = logits.argsort(descending=True)[:count]  # (n,) -> (count,)
    return images[best]  # (n, 1, 28, 28) -> (count, 1, 28, 28)
    ### END SOLUTION


# %% check="best_samples"
@course.run_check
def check_best_samples(check):
    generator, discriminator = Generator(noise_dim=10), Discriminator()
    best = best_samples(generator, discriminator, torch.randn(40, 10), 6)
    check.equal("shape", got=tuple(best.shape), want=(6, 1, 28, 28))
    check.true("the pictures carry no graph", not best.requires_grad)
    with torch.no_grad():
        logits = discriminator(best)
    check.true("logits fall from the first to the last", (logits.diff() <= 0).all())
    check.true("the generator is in training mode again", generator.training)


# %%
noise = sample_noise(500, NOISE_DIM, rng=torch.Generator().manual_seed(SEED), device=run.device)  # (500, 100)
best = best_samples(generator, discriminator, noise, 50)  # (50, 1, 28, 28)
course.show_grid(best, title="the 50 of 500 that the discriminator believes most")

# %% [markdown]
# ## 12 Things to try
#
# The lecture notes leave some homework: a larger network, batch normalisation, other learning rates. Here they are as
# switches. Each line is one short training run from the same seed; comment lines out, or add your own
# (`discriminator_steps=2`, say). The last suggestion of the notes, convolutions, is the next notebook.
#
# Compare with care. After so few steps you see who learns *fast*: all of them begin with one and the same cloud,
# whatever the noise, and at some point break away from it. And one seed is one seed.

# %% training="things_to_try"
VARIANT_SEED = 7
VARIANTS = {
    "as above": {},
    "twice as wide": {"hidden_dim": 2 * HIDDEN_DIM},
    "batch norm in G": {"batch_norm": True},
    "rate 3e-4": {"learning_rate": 3e-4},
    "β1 = 0.9": {"betas": (0.9, 0.999)},
}


def add_batch_norm(network):
    """Put batch normalisation behind the first linear layer, wherever the network keeps it."""
    for name, layer in network.named_modules():
        if isinstance(layer, nn.Linear):
            owner, _, attribute = name.rpartition(".")
            normalised = nn.Sequential(layer, nn.BatchNorm1d(layer.out_features))
            setattr(network.get_submodule(owner), attribute, normalised)
            return


def try_variant(name, *, hidden_dim=HIDDEN_DIM, batch_norm=False, **settings):
    """Ten pictures of a generator after a short training; settings go to train."""
    torch.manual_seed(VARIANT_SEED)
    generator, discriminator = Generator(NOISE_DIM, hidden_dim), Discriminator(hidden_dim)
    if batch_norm:
        add_batch_norm(generator)
    for network in (generator, discriminator):
        network.to(run.device)
    rng = torch.Generator().manual_seed(VARIANT_SEED)
    loader = course.load_batches(images, labels, batch_size=BATCH_SIZE, rng=rng)
    epochs = run.choose(smoke=1, quick=47, full=5)
    on_step = course.show_progress(epochs * len(loader), name)
    train(generator, discriminator, loader, noise_dim=NOISE_DIM, epochs=epochs, rng=rng, on_step=on_step, **settings)
    generator.eval()  # batch normalisation now uses what it has gathered
    with torch.no_grad():
        return generator(fixed_noise[:10])  # (10, 1, 28, 28)


tried = {name: try_variant(name, **settings) for name, settings in VARIANTS.items()}

# %%
course.show_grid(torch.cat(list(tried.values())), row_labels=list(tried), title="after a short training")

# %% [markdown]
# In our runs the wide network was among the first to leave the cloud, and $\beta_1 = 0.9$ was the last. The others
# changed places from seed to seed. What do you see, and does it hold for another `VARIANT_SEED`?

# %% [markdown] question="comparison"
# ## 13 What do pictures and losses tell?
#
# Look at your pictures from before and after training and at the two loss curves, and answer in about ten sentences:
#
# 1. What has the generator learned, and what is still wrong with its pictures?
# 2. What do the two curves do, and how do they relate to $\log 2$? Pictures at the end are better than in the middle:
#    could you tell from the curves?
# 3. Why is the generator's loss no measure of the quality of its pictures? What would you look at instead?
#
# ### BEGIN SOLUTION
# **Model answer.** (1) Before training all pictures are the same grey noise. Afterwards most show strokes on a black
# ground that read as digits, and all or most classes occur. Wrong: loose white pixels (every pixel is computed by
# itself, nothing in the network knows what neighbours are), frayed strokes, mixtures of two digits, and some classes
# more often than others.
#
# (2) The discriminator's loss drops in the first steps, while fakes are easy to tell, then comes up towards
# $\log 2 \approx 0.69$ and stays a little below it; the generator's stays above $\log 2$, with jumps. Neither goes
# steadily down as in ordinary training. From step 1,000 to the end the pictures improve a lot while the curves hardly
# change: no, one could not tell.
#
# (3) The loss is measured by an opponent that changes. It says how well *this* generator fools *this* discriminator;
# if both improve alike, it stays where it is, and a low value may come from a weak discriminator. For the same reason
# losses of two runs cannot be compared. Nor does it ask for variety: a few good forgeries painted over and over may
# score well for a while. Better: look at many samples from fixed noise; use a judge that does not change, such as a
# classifier trained on real pictures (which classes occur, how sure it is, how far its features of generated pictures
# are from those of real ones: inception score, FID); compare with the nearest training pictures to rule out copies.
#
# **Rubric (4 points).** 1: describes before and after, with at least one fault that remains. 1: describes both
# curves, compares with $\log 2$ or says that neither falls steadily. 1.5: the loss is relative to the current
# discriminator, so a level or a fall means nothing by itself. 0.5: names a sensible other measure.
# ### END SOLUTION

# %% [markdown]
# ## Hand in
#
# Save the notebook (Ctrl+S), then run this cell: it reads the file as the grader will and says what it finds. The
# next notebook is `dcgan`: the same game with convolutions.

# %%
course.check_submission("vanilla_gan.ipynb")
