# %% [markdown]
# # CycleGAN
#
# In `pix2pix` the customer brought a sketch, and there was a true photo to compare with, a thousand times over. Such
# pairs are rare. Nobody has a photo of the same horse as a zebra.
#
# What one *can* have is two heaps of pictures: horses here, zebras there; summer and winter; sneakers and boots. Zhu et
# al. 2017 ([arXiv 1703.10593](https://arxiv.org/abs/1703.10593)) translate between two such heaps without a single
# pair. Two generators, one there and one back; two discriminators, one at each heap; and one idea that ties them: **who
# goes there and back again must arrive where he started**.
#
# In this notebook you build all of it, teach it to turn sneakers into boots and boots into sneakers, and find out
#
# * how a generator of residual blocks works, and what instance normalisation, reflection padding and `output_padding`
#   do in it;
# * why the cycle alone is not enough, nor the discriminators alone: by leaving terms out and looking;
# * where a network hides what it needs for the way back;
# * what all this has to do with rain, blur and holes in pictures.
#
# It is the last notebook of the course, and puts to use what came before: the steps from `vanilla_gan`, transposed
# convolutions from `dcgan`, the PatchGAN from `pix2pix`, the least-squares loss from `gan_losses`. The notebook before
# it is [`conditional_gan`](../conditional_gan/conditional_gan.ipynb), where a label said what to paint.
#
# **How to work.** Write between the lines where a cell says `YOUR CODE HERE`, run it, then run the check below it.
# Checks show what was expected and what your code gave. They are a friend's quick look, not the whole examination:
# your work is graded with other inputs and more questions. Leave names and arguments of functions as they are, the
# grader calls them.

# %% setup="imports"
import copy
import itertools
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: a thread that waits shall not burn processor time

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parameters_to_vector
from tqdm import tqdm

if not Path("course.py").exists() and "google.colab" in sys.modules:
    from google.colab import drive

    drive.mount("/content/drive")  # the whole folder cyclegan belongs into your Google Drive
    for found in Path("/content/drive/MyDrive").glob("**/cyclegan/course.py"):
        os.chdir(found.parent)
if not Path("course.py").exists():
    raise FileNotFoundError(
        f"course.py: expected beside this notebook, not in {Path.cwd()}; copy the whole folder cyclegan"
    )

import course

run = course.set_up()

# %% [markdown]
# ## 1 Two heaps
#
# Domain A is sneakers, domain B ankle boots, both from Fashion-MNIST: 28×28, grey, in $[-1, 1]$, turned to dark on
# white. There are 333 of each for training and 33 for validation. Which boot would belong to which sneaker? Nobody
# knows, and nothing below will ever ask.

# %%
SEED, BATCH_SIZE = 1, 8

shoes, val_shoes = course.load_shoes(run)
sneakers, boots = shoes["sneaker"], shoes["boot"]  # (n, 1, 28, 28) each
val_sneakers, val_boots = val_shoes["sneaker"], val_shoes["boot"]
rows = torch.cat([sneakers[:24], boots[:24]])
course.show_grid(rows, columns=12, row_labels=["A", "A", "B", "B"], title="two heaps, no pairs")

# %% [markdown]
# ## 2 A residual block
#
# The generator of `pix2pix`, a U-Net, squeezed a picture to next to nothing and needed skip connections to remember
# where the lines were. CycleGAN's hardly squeezes at all. It makes the picture four times smaller and then works on it
# in small steps:
#
# $$\text{block}(x) = x + f(x)$$
#
# A **residual block** (He et al. 2016, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385)) does not compute a new
# picture, it computes what to *change*. With $f = 0$ everything passes through untouched, which for a translator is a
# good start. $f$ is, in this order:
#
# 1. reflection padding by 1, convolution 3×3, instance normalisation, ReLU;
# 2. reflection padding by 1, convolution 3×3, instance normalisation. **No** ReLU here, and none after the sum: a
#    change must be able to go down as well as up.
#
# `channels` come in and as many go out; height and width stay. The convolutions have a bias, as in the authors' code.
#
# **Instance normalisation** (Ulyanov et al. 2016, [arXiv 1607.08022](https://arxiv.org/abs/1607.08022)) subtracts the
# mean and divides by the standard deviation, as batch normalisation does, but over the pixels of *one channel of one
# picture*. Batches of one are then as good as any, there are no running averages, and training and evaluation mode are
# the same. Take `nn.InstanceNorm2d` as it comes: it has no parameters of its own (the authors' choice, too).
#
# **Reflection padding** continues a picture beyond its edge by its own mirror image, `nn.ReflectionPad2d(1)` by one
# pixel. Padding with zeros would paint a frame: 0 is no "nothing", it is the grey between black and white.

# %%
frames = torch.cat([F.pad(sneakers[2:3], (5, 5, 5, 5), mode=mode) for mode in ("constant", "reflect")])
course.show_grid(frames, columns=2, title="padding: zeros, reflection", scale=1.6)

# %% [markdown]
# Build all networks here from PyTorch's own layers: the grader looks for their weights, to fill in known ones. Names
# and arrangement are yours.


# %% exercise="residual_block"
class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in.

    Reflection padding, convolution 3×3, instance normalisation, ReLU; the same again without ReLU; plus the input.
    Shapes: (n, channels, h, w) -> (n, channels, h, w).
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 7.2, after Johnson et al. 2016 (arXiv 1603.08155).
    """

    def __init__(self, channels):
        ### BEGIN SOLUTION
        super().__init__()
        self.change = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
            nn.ReLU(),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return x + self.change(x)  # (n, channels, h, w)
        ### END SOLUTION


# %% check="residual_block"
@course.run_check
def check_residual_block(check):
    block = ResidualBlock(4)
    x = torch.randn(2, 4, 8, 12)
    with torch.no_grad():
        change = block(x) - x
    check.equal("shape", got=tuple(change.shape), want=(2, 4, 8, 12))
    check.equal("number of parameters", got=sum(p.numel() for p in block.parameters()), want=296)
    check.true("the change goes up and down: no ReLU at the end", change.min() < 0 < change.max())
    means, variances = change.mean((2, 3)), change.var((2, 3), correction=0)  # (2, 4) each
    check.close("its largest mean in a channel of a picture", got=means.abs().max(), want=0.0, tolerance=1e-4)
    check.close("its smallest variance there", got=variances.min(), want=1.0, tolerance=1e-2)
    check.close("its largest variance there", got=variances.max(), want=1.0, tolerance=1e-2)
    with torch.no_grad():
        even = block(torch.full((1, 4, 8, 8), 0.5))
    check.close("an even surface stays even up to its edge", got=(even - 0.5).abs().max(), want=0.0, tolerance=1e-3)


# %% [markdown]
# ## 3 The generator
#
# The network is that of Johnson et al. 2016 ([arXiv 1603.08155](https://arxiv.org/abs/1603.08155)), made for painting
# photos in the style of an artist. For `image_channels=3`, `base_channels=64` and nine blocks:
#
# | layer | result, for 256×256 | parameters |
# |---|---|---|
# | reflection padding 3, convolution 7×7 | 64 × 256 × 256 | 9,472 |
# | convolution 3×3, stride 2, padding 1 | 128 × 128 × 128 | 73,856 |
# | convolution 3×3, stride 2, padding 1 | 256 × 64 × 64 | 295,168 |
# | nine residual blocks, two convolutions each | 256 × 64 × 64 | 18 · 590,080 |
# | transposed convolution 3×3, stride 2, padding 1, output padding 1 | 128 × 128 × 128 | 295,040 |
# | transposed convolution 3×3, stride 2, padding 1, output padding 1 | 64 × 256 × 256 | 73,792 |
# | reflection padding 3, convolution 7×7, **Tanh** | 3 × 256 × 256 | 9,411 |
# | in all | | **11,378,179** |
#
# * Instance normalisation and ReLU follow each of the first three and of the two transposed convolutions. After the
#   last layer there is only Tanh.
# * Every convolution has a bias. (Before instance normalisation it has no effect, because the mean is subtracted again.
#   The authors' code keeps it, and so do we: the table counts it.)
# * The layers with stride 2 pad with zeros, by their own `padding=1`. Only the 7×7 layers and the blocks reflect.
# * Other numbers of channels and blocks follow the same plan: $c$, $2c$, $4c$ channels, and back. Pictures may be of
#   any height and width that are multiples of 4, from 8 on, and need not be square.
#
# **Output padding.** In `dcgan` you computed what a transposed convolution gives:
# $(n - 1)\,s - 2p + k + \text{output padding}$. With $k = 3$, $s = 2$, $p = 1$ and no output padding, 7 becomes 13. But
# a convolution with stride 2 makes 7 of 13 *and* of 14; on the way back one has to say which was meant.
# `output_padding=1` says 14. (It appends no zeros: it computes one row and one column more.)


# %% exercise="generator"
class ResNetGenerator(nn.Module):
    """Translate a picture: two layers down, residual blocks, two layers up.

    base_channels: of the layers at full size (ngf in the authors' code); in the middle there are four times as many.
    Height and width are multiples of 4. Shapes: (n, image_channels, h, w) -> the same, in [-1, 1].
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 7.2.
    """

    def __init__(self, image_channels=3, base_channels=64, blocks=9):
        ### BEGIN SOLUTION
        super().__init__()
        narrow, middle, wide = base_channels, 2 * base_channels, 4 * base_channels
        self.first = nn.Sequential(
            nn.ReflectionPad2d(3), nn.Conv2d(image_channels, narrow, 7), nn.InstanceNorm2d(narrow), nn.ReLU()
        )
        self.down = nn.Sequential(
            nn.Conv2d(narrow, middle, 3, stride=2, padding=1),
            nn.InstanceNorm2d(middle),
            nn.ReLU(),
            nn.Conv2d(middle, wide, 3, stride=2, padding=1),
            nn.InstanceNorm2d(wide),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(*[ResidualBlock(wide) for _ in range(blocks)])
        self.up = nn.Sequential(
            nn.ConvTranspose2d(wide, middle, 3, stride=2, padding=1, output_padding=1),
            nn.InstanceNorm2d(middle),
            nn.ReLU(),
            nn.ConvTranspose2d(middle, narrow, 3, stride=2, padding=1, output_padding=1),
            nn.InstanceNorm2d(narrow),
            nn.ReLU(),
        )
        self.last = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(narrow, image_channels, 7), nn.Tanh())
        ### END SOLUTION

    def forward(self, images):
        ### BEGIN SOLUTION
        x = self.first(images)  # (n, base_channels, h, w)
        x = self.down(x)  # (n, 4 * base_channels, h / 4, w / 4)
        x = self.blocks(x)  # (n, 4 * base_channels, h / 4, w / 4)
        x = self.up(x)  # (n, base_channels, h, w)
        return self.last(x)  # (n, image_channels, h, w)
        ### END SOLUTION


# %% check="generator"
@course.run_check
def check_generator(check):
    with torch.device("meta"):  # shapes without numbers
        paper, six = ResNetGenerator(), ResNetGenerator(blocks=6)
    check.equal("parameters in the paper's size", got=sum(p.numel() for p in paper.parameters()), want=11_378_179)
    check.equal("parameters with 6 blocks", got=sum(p.numel() for p in six.parameters()), want=7_837_699)
    generator = ResNetGenerator(image_channels=1, base_channels=4, blocks=2)
    images = torch.rand(2, 1, 28, 20) * 2 - 1
    with torch.no_grad():
        fake = generator(images)
        alone = generator(images[:1])
        brighter = generator(0.5 * images + 0.3)
    check.equal("shape of two grey pictures of 28×20", got=tuple(fake.shape), want=(2, 1, 28, 20))
    check.true("all values in [-1, 1]", (fake.abs() <= 1).all())
    difference = (alone - fake[:1]).abs().max()
    check.close("a picture alone comes out as in company; difference", got=difference, want=0.0, tolerance=1e-4)
    difference = (brighter - fake).abs().max()
    check.close("half the contrast, brighter: the same picture; difference", got=difference, want=0.0, tolerance=1e-2)


# %% [markdown]
# What instance normalisation throws away you have just checked, in the last line: give a picture half the contrast and
# more brightness, and the *same* picture comes out. Keep this in mind for section 12.
#
# ## 4 The adversarial loss
#
# Each discriminator gives a **score** for each patch, and asks of it to be near 1 on real images and near 0 on
# generated ones; the generators want theirs to be near 1. Distance is measured by **least squares** (Mao et al. 2017,
# LSGAN in `gan_losses`): a score of 3 for a fake that should have 1 costs something as well, so scores stay small, and
# a fake that is far from fooling anybody still gets a large gradient. The authors found it more stable than
# logarithms.
#
# $$\ell(s, \text{real}) = \mathbb{E}\,(s - 1)^2, \qquad \ell(s, \text{fake}) = \mathbb{E}\, s^2$$
#
# The average goes over everything: patches and images. There is no $\frac12$ here (in `gan_losses` there was); the
# halves come in section 8. Scores may have any shape. `is_real` is `True` or `False`: what the scores *should* say,
# not where the images came from.


# %% exercise="adversarial_loss"
def adversarial_loss(scores, is_real):
    """Mean squared distance of the scores to 1 if they are to be those of real images, else to 0.

    Shapes: scores of any shape -> ().
    Source: Zhu et al. 2017, section 4; least squares after Mao et al. 2017 (arXiv 1611.04076), without its 1/2.
    """
    ### BEGIN SOLUTION
    target = torch.ones_like(scores) if is_real else torch.zeros_like(scores)
    return F.mse_loss(scores, target)
    ### END SOLUTION


# %% check="adversarial_loss"
@course.run_check
def check_adversarial_loss(check):
    scores = torch.full((2, 1, 6, 6), 0.5)
    check.equal("shape", got=tuple(adversarial_loss(scores, True).shape), want=())
    check.close("score 0.5, to be real", got=adversarial_loss(scores, True), want=0.25, tolerance=1e-6)
    check.close("score 0.5, to be fake", got=adversarial_loss(scores, False), want=0.25, tolerance=1e-6)
    check.close("score 1, to be real", got=adversarial_loss(2 * scores, True), want=0.0, tolerance=1e-6)
    check.close("score 1, to be fake", got=adversarial_loss(2 * scores, False), want=1.0, tolerance=1e-6)
    check.close("score 3, to be real", got=adversarial_loss(6 * scores, True), want=4.0, tolerance=1e-5)


# %% [markdown]
# ## 5 The cycle loss
#
# A sneaker that became a boot and then a sneaker again should be the sneaker it was, $G_{BA}(G_{AB}(a)) \approx a$;
# and the same for a boot, $G_{AB}(G_{BA}(b)) \approx b$. For each of the two the loss is the absolute difference,
# averaged over all numbers. (The paper writes $\lVert \cdot \rVert_1$. As in `pix2pix`, $\lambda$ assumes the mean,
# not the sum.)


# %% exercise="cycle_loss"
def cycle_loss(reconstructed, original):
    """Mean absolute difference between what came back and what was sent.

    Shapes: both (n, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 3.2, one of its two terms.
    """
    ### BEGIN SOLUTION
    return F.l1_loss(reconstructed, original)
    ### END SOLUTION


# %% check="cycle_loss"
@course.run_check
def check_cycle_loss(check):
    original = torch.rand(2, 1, 28, 28) - 0.5
    check.equal("shape", got=tuple(cycle_loss(original, original).shape), want=())
    check.close("back unchanged", got=cycle_loss(original.clone(), original), want=0.0, tolerance=1e-6)
    check.close("every value lower by 0.2", got=cycle_loss(original - 0.2, original), want=0.2, tolerance=1e-5)
    half = torch.cat([original[:1], original[1:] + 0.2])
    check.close("one picture of two higher by 0.2", got=cycle_loss(half, original), want=0.1, tolerance=1e-5)


# %% [markdown]
# ### What has no cycle loss?
#
# Before going on, think: which pairs of translators have a cycle loss of exactly zero? Good ones, one would hope. But
# so has every map that can be undone:

# %%
shuffled = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(SEED))


def shuffle_pixels(images):
    return images.flatten(1)[:, shuffled].view_as(images)  # (n, 784) -> (n, 1, 28, 28)


def sort_pixels(images):
    return images.flatten(1)[:, shuffled.argsort()].view_as(images)


ways = {
    "change nothing": (lambda images: images, lambda images: images),
    "swap black and white": (lambda images: -images, lambda images: -images),
    "turn upside down": (lambda images: images.flip(2), lambda images: images.flip(2)),
    "shuffle all pixels": (shuffle_pixels, sort_pixels),
}
originals = val_sneakers[:10]
for name, (there, back) in ways.items():
    print(f"{name:<22} cycle loss {cycle_loss(back(there(originals)), originals):.3f}")
course.show_grid(
    torch.cat([originals, *(there(originals) for there, _ in ways.values())]),
    row_labels=["sneaker", *ways],
    title="“boots” that lead back exactly",
)

# %% [markdown]
# The cycle asks that nothing gets *lost*. It does not ask for boots. Nor does it ask that a boot stands the right way
# up: if all boots were shown upside down, no cycle would mind.
#
# ## 6 The identity loss
#
# The third term: a network that makes boots, when it is given a boot, should leave it alone,
# $G_{AB}(b) \approx b$. In the paper it keeps colours from drifting (afternoons became sunsets for no reason). It
# is optional there; we use it.
#
# `target_domain_images` are of the domain that `generator` **produces**. Mixing this up is the classic mistake of this
# exercise and of the next: `identity_loss(g_ab, real_a)` would ask a sneaker to *stay* a sneaker, and the
# discriminator would ask for the opposite.


# %% exercise="identity_loss"
def identity_loss(generator, target_domain_images):
    """Mean absolute difference between images of the domain that the generator produces and what it makes of them.

    Shapes: target_domain_images (n, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 5.2.
    """
    ### BEGIN SOLUTION
    return F.l1_loss(generator(target_domain_images), target_domain_images)
    ### END SOLUTION


# %% check="identity_loss"
@course.run_check
def check_identity_loss(check):
    images = torch.rand(2, 1, 8, 8)
    check.equal("shape", got=tuple(identity_loss(nn.Identity(), images).shape), want=())
    check.close("a generator that changes nothing", got=identity_loss(nn.Identity(), images), want=0.0, tolerance=1e-6)
    darker = identity_loss(lambda images: images - 0.3, images)
    check.close("a generator that takes 0.3 from every value", got=darker, want=0.3, tolerance=1e-5)


# %% [markdown]
# ## 7 What both generators minimise
#
# All three terms, in both directions:
#
# $$\begin{aligned}
# J_G ={}& \ell\big(D_B(G_{AB}(a)), \text{real}\big) + \ell\big(D_A(G_{BA}(b)), \text{real}\big) \\
# &+ \lambda \,\big( \lvert G_{BA}(G_{AB}(a)) - a \rvert + \lvert G_{AB}(G_{BA}(b)) - b \rvert \big) \\
# &+ \lambda \, \lambda_\text{id} \,\big( \lvert G_{AB}(b) - b \rvert + \lvert G_{BA}(a) - a \rvert \big),
# \qquad \lambda = 10, \quad \lambda_\text{id} = \tfrac12
# \end{aligned}$$
#
# $\lambda$ is `cycle_weight`, $\lambda_\text{id}$ is `identity_weight`; mind that the identity losses are multiplied by
# **both**. The paper calls $G_{AB}$, $G_{BA}$, $D_A$, $D_B$ by the letters $G$, $F$, $D_X$, $D_Y$.
#
# Nothing is detached: gradients go through the discriminators, and twice through the generators. The two batches may
# differ in size. Translate `real_a` and `real_b` once and use each fake twice, for its discriminator and for the way
# back; it saves time. This function updates nothing: it leaves parameters, `.grad`, `requires_grad` and modes alone.


# %% exercise="generator_objective"
def generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b, *, cycle_weight=10.0, identity_weight=0.5):
    """Both adversarial losses + cycle_weight * (both cycle losses + identity_weight * both identity losses).

    g_ab makes B of A, g_ba makes A of B; d_a and d_b score images of A and of B.
    Shapes: real_a (n, channels, h, w), real_b (m, channels, h, w) -> (), with gradients.
    Source: Zhu et al. 2017 (arXiv 1703.10593), sections 3.3 and 5.2; cycle_weight is the paper's lambda.
    """
    ### BEGIN SOLUTION
    fake_b = g_ab(real_a)  # (n, channels, h, w)
    fake_a = g_ba(real_b)  # (m, channels, h, w)
    fooling = adversarial_loss(d_b(fake_b), True) + adversarial_loss(d_a(fake_a), True)
    cycles = cycle_loss(g_ba(fake_b), real_a) + cycle_loss(g_ab(fake_a), real_b)
    identities = identity_loss(g_ab, real_b) + identity_loss(g_ba, real_a)
    return fooling + cycle_weight * cycles + cycle_weight * identity_weight * identities
    ### END SOLUTION


# %% check="generator_objective"
@course.run_check
def check_generator_objective(check):
    real_a, real_b = torch.rand(2, 1, 8, 8), torch.rand(3, 1, 8, 8)
    networks = nn.Identity(), nn.Identity(), torch.ones_like, torch.ones_like
    loss = generator_objective(*networks, real_a, real_b)
    check.equal("shape", got=tuple(loss.shape), want=())
    check.close("nothing changed, both discriminators fooled", got=loss, want=0.0, tolerance=1e-5)
    sharp = nn.Identity(), nn.Identity(), torch.zeros_like, lambda images: images * 0 - 1
    check.close("d_a says 0, d_b says -1", got=generator_objective(*sharp, real_a, real_b), want=5.0, tolerance=1e-5)

    def lift(images):
        return images + 0.1

    there = generator_objective(lift, nn.Identity(), *networks[2:], real_a, real_b, identity_weight=0)
    check.close("g_ab adds 0.1, g_ba nothing; cycles alone", got=there, want=2.0, tolerance=1e-4)
    there = generator_objective(lift, nn.Identity(), *networks[2:], real_a, real_b)
    check.close("the same with the identity losses", got=there, want=2.5, tolerance=1e-4)
    there = generator_objective(lift, nn.Identity(), *networks[2:], real_a, real_b, cycle_weight=4, identity_weight=1)
    check.close("the same with other weights", got=there, want=1.2, tolerance=1e-4)


# %% [markdown]
# ## 8 What a discriminator minimises
#
# $$J_D = \tfrac12\, \ell\big(D(\text{real}), \text{real}\big) + \tfrac12\, \ell\big(D(\text{fake}), \text{fake}\big)$$
#
# The $\frac12$ slows the discriminator down a little (section 7.1 of the paper). One function serves both: $D_A$ with
# `real_a` and fakes of A, $D_B$ with `real_b` and fakes of B. Fakes may arrive still attached to the generator that
# made them: cut them off here. The batches may differ in size, and the discriminator is called on each by itself. This
# function updates nothing either.


# %% exercise="discriminator_objective"
def discriminator_objective(discriminator, real, fake):
    """Half the sum of both adversarial losses: real images towards 1, fake ones towards 0.

    The discriminator is called twice. No gradient reaches whatever made the fakes.
    Shapes: real (n, channels, h, w), fake (m, channels, h, w) -> ().
    Source: Zhu et al. 2017 (arXiv 1703.10593), sections 4 and 7.1.
    """
    ### BEGIN SOLUTION
    real_loss = adversarial_loss(discriminator(real), True)
    fake_loss = adversarial_loss(discriminator(fake.detach()), False)  # this must not reach a generator
    return (real_loss + fake_loss) / 2
    ### END SOLUTION


# %% check="discriminator_objective"
@course.run_check
def check_discriminator_objective(check):
    discriminator = nn.Flatten()  # its scores are the pixels
    real, fake = torch.full((2, 1, 4, 4), 0.9), torch.full((3, 1, 4, 4), 0.2, requires_grad=True)
    loss = discriminator_objective(discriminator, real, fake)
    check.equal("shape", got=tuple(loss.shape), want=())
    check.close("real ones get 0.9, fake ones 0.2", got=loss, want=0.025, tolerance=1e-6)
    wrong = discriminator_objective(discriminator, real * 0, fake * 5)
    check.close("real ones get 0, fake ones 1", got=wrong, want=1.0, tolerance=1e-5)
    strict = nn.Conv2d(1, 1, 3)
    discriminator_objective(strict, real, fake).backward()
    check.true("the discriminator gets a gradient", strict.weight.grad is not None and strict.weight.grad.any())
    check.true("the fakes get none", fake.grad is None or not fake.grad.any())


# %% [markdown]
# ## 9 A pool of older images
#
# A discriminator that sees only the latest fakes forgets what the generator did an hour ago, and the generator may go
# back to it: the two can run in circles. Shrivastava et al. 2017 ([arXiv
# 1612.07828](https://arxiv.org/abs/1612.07828)) show it older fakes as well. The pool holds up to `size` images (the
# paper: 50), and `query` decides for each image of a batch by itself:
#
# * As long as the pool is not full, the new image is stored **and** returned.
# * Then with probability ½ the new image is returned and *not* stored; with probability ½ one of the stored images,
#   each equally likely, is returned, and the new one is **kept in its place**.
#
# As many images come out as went in, in the same shape, and detached; those handed over stay as they are. With `size` 0
# there is no pool: the images come back as they are (detached as well). All random numbers come from `rng`, if it is
# given; it lives on the CPU. Store copies (`.clone()`) or detached images, whichever you like, but nothing that keeps
# the graph of an old step alive.


# %% exercise="image_pool"
class ImagePool:
    """Up to `size` generated images of earlier steps, to be shown to a discriminator again.

    Source: Zhu et al. 2017 (arXiv 1703.10593), section 4, after Shrivastava et al. 2017 (arXiv 1612.07828), 2.3.
    """

    def __init__(self, size):
        ### BEGIN SOLUTION
        self.size = size
        self.images = []  # each (channels, h, w)
        ### END SOLUTION

    def query(self, images, *, rng=None):
        """As many images, detached: new ones until the pool is full, then each with p = 0.5 an older one in its place.

        A new image that is exchanged for an older one takes its place in the pool. size 0 gives the images themselves.
        rng: a CPU torch.Generator for all random numbers. Shapes: (n, channels, h, w) -> (n, channels, h, w).
        """
        ### BEGIN SOLUTION
        if self.size == 0:
            return images.detach()
        answers = []
        for image in images.detach().clone():  # (channels, h, w)
            if len(self.images) < self.size:
                self.images.append(image)
                answers.append(image)
            elif torch.rand((), generator=rng) < 0.5:
                place = torch.randint(self.size, (), generator=rng).item()
                answers.append(self.images[place])
                self.images[place] = image
            else:
                answers.append(image)
        return torch.stack(answers)  # (n, channels, h, w)
        ### END SOLUTION


# %% check="image_pool"
@course.run_check
def check_image_pool(check):
    def number(first, last):
        """Images (n, 1, 2, 2) that are their number everywhere."""
        return torch.arange(first, last).float().view(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    rng = torch.Generator().manual_seed(0)
    check.true("size 0 returns the images", torch.equal(ImagePool(0).query(number(0, 4), rng=rng), number(0, 4)))
    pool = ImagePool(200)
    first = pool.query(number(0, 200), rng=rng)
    check.true("while it fills, new images come back", torch.equal(first, number(0, 200)))
    second = pool.query(number(200, 400), rng=rng)
    check.equal("shape of the answer", got=tuple(second.shape), want=(200, 1, 2, 2))
    older = (second[:, 0, 0, 0] != number(200, 400)[:, 0, 0, 0]).float().mean().item()
    check.true(f"about half of the next are older ones (here {older:.0%})", 0.35 < older < 0.65)
    check.true("no image is changed", torch.equal(second, second[:, :, :1, :1].expand(-1, -1, 2, 2)))
    seen = second[:, 0, 0, 0].tolist()
    check.equal("images that came twice: gone from the pool", got=len(seen) - len(set(seen)), want=0)
    made = torch.zeros(3, 1, 2, 2, requires_grad=True) + 1
    check.true("the answer is detached", not ImagePool(2).query(made, rng=rng).requires_grad)


# %% [markdown]
# ## 10 One training step
#
# The discriminators are PatchGANs, as in `pix2pix`, but each sees *one* picture, not a pair. They are given. The
# paper's has `layers=3`, sees patches of 70×70 and has 2,764,737 parameters. For 28×28 we shall take `layers=2`: 5×5
# scores, each of which could see 34×34 pixels, a whole shoe.


# %% setup="patch_discriminator"
class PatchDiscriminator(nn.Module):
    """A score for each patch of a picture: pix2pix's PatchGAN, for one picture, with instance normalisation.

    layers: convolutions with stride 2. Shapes: (n, image_channels, h, w) -> scores (n, 1, rows, columns).
    Source: Zhu et al. 2017 (arXiv 1703.10593), section 7.2, where layers is 3.
    """

    def __init__(self, image_channels=3, base_channels=64, layers=3):
        super().__init__()
        blocks = [nn.Conv2d(image_channels, base_channels, 4, 2, 1), nn.LeakyReLU(0.2)]
        channels = base_channels
        for number in range(1, layers + 1):
            width, stride = base_channels * min(2**number, 8), 2 if number < layers else 1
            blocks += [nn.Conv2d(channels, width, 4, stride, 1), nn.InstanceNorm2d(width), nn.LeakyReLU(0.2)]
            channels = width
        self.judge = nn.Sequential(*blocks, nn.Conv2d(channels, 1, 4, 1, 1))

    def forward(self, images):
        return self.judge(images)  # (n, 1, rows, columns)


# %% [markdown]
# One step updates all four networks, generators first:
#
# 1. **Freeze** both discriminators. Compute `generator_objective` with its usual weights, clear the old gradients of
#    the generators, go backward, step. One optimizer holds the parameters of *both* generators.
# 2. **Unfreeze** the discriminators. Each judges real images of its domain and fakes **from its pool**: `pool_a` gets
#    `g_ba(real_b)`, the fakes of A, and `pool_b` gets `g_ab(real_a)`. Add both `discriminator_objective`s, clear old
#    gradients, go backward, step. One optimizer holds the parameters of both discriminators.
#
# In phase 1 the discriminators come out as they went in: parameters, `requires_grad` flags, and whatever stood in
# their `.grad`. In phase 2 no gradient reaches a generator. The fakes for phase 2 may be those from before the
# generators' update (the authors do that) or made anew after it. Each pool is asked once, with `rng=rng`. Leave the
# modes of the networks as they are.
#
# The result is a dictionary of two Python floats: `"generator"`, the objective of phase 1, and `"discriminator"`, the
# **sum** of both discriminators' objectives.


# %% exercise="train_step"
def train_step(
    g_ab,
    g_ba,
    d_a,
    d_b,
    generator_optimizer,
    discriminator_optimizer,
    real_a,
    real_b,
    *,
    pool_a,
    pool_b,
    rng=None,
):
    """Update both generators once, with the discriminators frozen, then both discriminators once.

    One optimizer for both generators, one for both discriminators. pool_a holds images that g_ba made, pool_b those of
    g_ab; rng is for the pools. Shapes: real_a (n, channels, h, w), real_b (m, channels, h, w).
    Returns {"generator": generator_objective, "discriminator": the sum of both discriminator_objectives}, as floats.
    """
    ### BEGIN SOLUTION
    parameters = [*d_a.parameters(), *d_b.parameters()]
    flags = [parameter.requires_grad for parameter in parameters]
    for parameter in parameters:
        parameter.requires_grad_(False)  # gradients pass through the discriminators, none stays in them
    generator_loss = generator_objective(g_ab, g_ba, d_a, d_b, real_a, real_b)  # ()
    generator_optimizer.zero_grad()
    generator_loss.backward()
    generator_optimizer.step()
    for parameter, flag in zip(parameters, flags, strict=True):
        parameter.requires_grad_(flag)

    with torch.no_grad():
        fake_a, fake_b = g_ba(real_b), g_ab(real_a)  # (m, channels, h, w), (n, channels, h, w)
    loss_a = discriminator_objective(d_a, real_a, pool_a.query(fake_a, rng=rng))  # ()
    loss_b = discriminator_objective(d_b, real_b, pool_b.query(fake_b, rng=rng))  # ()
    discriminator_loss = loss_a + loss_b
    discriminator_optimizer.zero_grad()
    discriminator_loss.backward()
    discriminator_optimizer.step()
    return {"generator": generator_loss.item(), "discriminator": discriminator_loss.item()}
    ### END SOLUTION


# %% check="train_step"
@course.run_check
def check_train_step(check):
    generators = [nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Tanh()) for _ in range(2)]
    discriminators = [PatchDiscriminator(1, base_channels=4, layers=1) for _ in range(2)]
    networks = dict(zip(["g_ab", "g_ba", "d_a", "d_b"], [*generators, *discriminators], strict=True))
    before = {name: parameters_to_vector(network.parameters()) for name, network in networks.items()}
    generator_optimizer = torch.optim.SGD([p for network in generators for p in network.parameters()], lr=0.01)
    discriminator_optimizer = torch.optim.SGD([p for network in discriminators for p in network.parameters()], lr=0.01)
    real_a, real_b = torch.rand(2, 1, 16, 16), -torch.rand(3, 1, 16, 16)
    pools = {"pool_a": ImagePool(10), "pool_b": ImagePool(10)}
    everything = *networks.values(), generator_optimizer, discriminator_optimizer, real_a, real_b
    history = [train_step(*everything, **pools, rng=torch.Generator().manual_seed(0)) for _ in range(3)]
    check.equal("names of the losses", got=sorted(history[0]), want=["discriminator", "generator"])
    check.equal("types of the losses", got=[type(v).__name__ for v in history[0].values()], want=["float", "float"])
    for name, network in networks.items():
        changed = not torch.equal(before[name], parameters_to_vector(network.parameters()))
        check.true(f"{name} has learned something", changed)
    check.true("steps on the same batch lower the generators' loss", history[2]["generator"] < history[0]["generator"])
    flags = [p.requires_grad for network in discriminators for p in network.parameters()]
    check.true("the discriminators can learn again", all(flags))


# %% [markdown]
# ## 11 Training
#
# Sneakers to boots, boots to sneakers.
#
# | | paper | here | why |
# |---|---|---|---|
# | pictures | 256×256, colour | 28×28, grey | a minute, not a day |
# | generator | 64 channels, 9 blocks: 11,378,179 parameters | 16 channels, 3 blocks | enough for small pictures |
# | discriminator | 64 channels, 70×70 | 16 channels, 34×34 | as strong as its opponent |
# | batch size | 1 | 8 | more shoes in a second |
# | learning rate | 2e-4 | 1e-3 | one minute |
# | its course | constant, then linearly down to 0 | the same | pictures settle |
# | Adam's betas | 0.5, 0.999 | the same | |
# | pool | 50 images | the same | |
# | numbers | float32 | bfloat16, where the processor computes it | faster |
#
# Each batch takes its sneakers and its boots at random, *each heap by itself*.


# %% training="train_cyclegan"
def build_generator():
    base_channels, blocks = run.choose(smoke=(16, 3), quick=(16, 3), full=(32, 6))
    return ResNetGenerator(1, base_channels, blocks)


def build_discriminator():
    return PatchDiscriminator(1, run.choose(smoke=16, quick=16, full=32), layers=2)


def draw_batches(heap_a, heap_b, steps, title, rng):
    """So many batches (8, 1, 28, 28) of each heap, drawn from it alone, with a progress bar."""
    for _ in tqdm(range(steps), title, file=sys.stdout, mininterval=1, ncols=100):
        chosen = [torch.randint(len(heap), (BATCH_SIZE,), generator=rng) for heap in (heap_a, heap_b)]
        yield heap_a[chosen[0]].to(run.device), heap_b[chosen[1]].to(run.device)


def make_adam(networks, steps):
    """Adam for the parameters of these networks; its rate falls linearly to 0 in the second half of the steps."""
    optimizer = torch.optim.Adam(itertools.chain(*(n.parameters() for n in networks)), lr=1e-3, betas=(0.5, 0.999))
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, 2 * (1 - step / steps)))


def train_cyclegan(heap_a, heap_b, title, *, steps, builders=(build_generator, build_discriminator), on_step=None):
    """Train two generators and two discriminators on two heaps (n, 1, 28, 28).

    on_step(step, g_ab, g_ba): called after each step, from 1.
    Returns g_ab, g_ba, and the losses of each step {"generator": […], "discriminator": […]}.
    """
    torch.manual_seed(SEED)
    rng = torch.Generator().manual_seed(SEED)
    generators, discriminators = ([build().to(run.device) for _ in range(2)] for build in builders)
    generator_optimizer, generator_schedule = make_adam(generators, steps)
    discriminator_optimizer, discriminator_schedule = make_adam(discriminators, steps)
    pools = {"pool_a": ImagePool(50), "pool_b": ImagePool(50)}
    losses = {"generator": [], "discriminator": []}
    for step, (real_a, real_b) in enumerate(draw_batches(heap_a, heap_b, steps, title, rng), 1):
        with run.autocast():
            optimizers = generator_optimizer, discriminator_optimizer
            loss = train_step(*generators, *discriminators, *optimizers, real_a, real_b, **pools, rng=rng)
        generator_schedule.step()
        discriminator_schedule.step()
        for name, values in losses.items():
            values.append(loss[name])
        if on_step is not None:
            on_step(step, *generators)
    return *generators, losses


def translate(generator, images):
    """What a generator makes of images. Shapes: (n, 1, 28, 28) -> (n, 1, 28, 28), on the CPU, in [-1, 1]."""
    with torch.no_grad(), run.autocast():
        return generator(images.to(run.device)).float().cpu().clamp(-1, 1)


steps = run.choose(smoke=3, quick=600, full=20_000)
moments = [max(1, round(steps * share)) for share in (0.05, 0.15, 0.3, 0.6, 1)]
print(f"profile {run.profile}: {steps:,} steps, batches of {BATCH_SIZE} + {BATCH_SIZE}, on {run.device}")


def watch(step, g_ab, g_ba):
    """At a few moments, show what becomes of six sneakers and six boots that are not trained with."""
    if step in moments:
        now = [val_sneakers[:6], val_boots[:6], translate(g_ab, val_sneakers[:6]), translate(g_ba, val_boots[:6])]
        labels = ["real", "translated"]
        course.show_grid(torch.cat(now), columns=12, row_labels=labels, title=f"step {step}: A → B, B → A", scale=0.6)


g_ab, g_ba, losses = train_cyclegan(sneakers, boots, "sneaker ↔ boot", steps=steps, on_step=watch)

# %%
_, axes = plt.subplots(figsize=(9, 3.2), layout="constrained")
for name, values in losses.items():
    axes.plot(values, label=name, linewidth=1)
axes.axhline(0.5, color="grey", linestyle=":", label="discriminators that always say ½")
axes.set(title="objectives (the scale is logarithmic)", xlabel="step", ylabel="loss", yscale="log")
axes.legend()
plt.show()

# %% [markdown]
# ## 12 There and back again
#
# Shoes that no network has seen in training. Read each block from top to bottom: real, translated, back.

# %%
fake_boots, fake_sneakers = translate(g_ab, val_sneakers), translate(g_ba, val_boots)
back_sneakers, back_boots = translate(g_ba, fake_boots), translate(g_ab, fake_sneakers)
blocks = [val_sneakers, fake_boots, back_sneakers, val_boots, fake_sneakers, back_boots]
course.show_grid(
    torch.cat([images[:12] for images in blocks]),
    columns=12,
    row_labels=["A", "A → B", "A → B → A", "B", "B → A", "B → A → B"],
    title=f"after {steps:,} steps",
    scale=0.9,
)
same_boots, same_sneakers = translate(g_ab, val_boots), translate(g_ba, val_sneakers)
course.show_grid(
    torch.cat([images[:12] for images in (val_boots, same_boots, val_sneakers, same_sneakers)]),
    columns=12,
    row_labels=["boot", "A → B of it", "sneaker", "B → A of it"],
    title="identity: what is already right should stay",
    scale=0.9,
)

# %% [markdown]
# Pictures, and numbers. For one of them we need a judge who takes no sides: a small classifier, trained here to tell
# sandals, sneakers and boots apart, that has never seen a generated shoe.


# %% training="train_judge"
def train_judge(shoes, *, epochs):
    """A small convolutional network: images (n, 1, 28, 28) -> logits (n, 3), in the order of shoes."""
    torch.manual_seed(SEED)
    judge = nn.Sequential(
        *[nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU()],
        *[nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, len(shoes))],
    )
    images = torch.cat([*shoes.values()])
    labels = torch.cat([torch.full((len(heap),), number) for number, heap in enumerate(shoes.values())])
    optimizer = torch.optim.Adam(judge.parameters(), lr=1e-3)
    loader = course.load_batches(images, labels, batch_size=32, rng=torch.Generator().manual_seed(SEED))
    for _ in tqdm(range(epochs), "training the judge", file=sys.stdout, ncols=100):
        for batch, kinds in loader:
            optimizer.zero_grad()
            F.cross_entropy(judge(batch), kinds).backward()
            optimizer.step()
    return judge


kinds = list(shoes)
judge = train_judge(shoes, epochs=run.choose(smoke=1, quick=8, full=4))


def name_share(images, kind):
    """Share of the images (n, 1, 28, 28) that the judge takes for this kind of shoe."""
    with torch.no_grad():
        return (judge(images).argmax(1) == kinds.index(kind)).float().mean().item()


for kind, images in val_shoes.items():
    print(f"the judge recognises {name_share(images, kind):.0%} of {len(images)} real {kind}s")

# %%
print(f"sneakers made into boots: {name_share(fake_boots, 'boot'):.0%} are boots to the judge", end="")
print(f" (before: {name_share(val_sneakers, 'boot'):.0%})")
print(f"boots made into sneakers: {name_share(fake_sneakers, 'sneaker'):.0%} are sneakers", end="")
print(f" (before: {name_share(val_boots, 'sneaker'):.0%})")
print(f"cycle loss, validation: {cycle_loss(back_sneakers, val_sneakers):.3f} A → B → A, ", end="")
print(f"{cycle_loss(back_boots, val_boots):.3f} B → A → B")
print(f"identity loss, validation: {cycle_loss(same_boots, val_boots):.3f} boots, ", end="")
print(f"{cycle_loss(same_sneakers, val_sneakers):.3f} sneakers")

# %% [markdown]
# The judge takes nearly all translations for what they are meant to be (in our run 97 % and 91 %, hardly fewer than
# of real shoes), and most shoes find their way back: a high-cut sneaker comes back high-cut, a high boot high.
# Blotches and frayed edges remain; a minute is not much.
#
# One thing is no matter of time. Look at the light grey, high-cut sneaker, the seventh: it comes back nearly twice as
# dark as it went. The check of section 3 said why. A generator with instance normalisation makes the same of a picture
# and of a fainter copy, so it never knows how dark a shoe was: it can only guess. The test with your trained network:

# %%
strengths = torch.tensor([1.0, 0.7, 0.4]).view(-1, 1, 1, 1)
paler = 1 - strengths * (1 - val_sneakers[:4, None])  # (4, 3, 1, 28, 28): the same shoe, more and more faint
paler = paler.flatten(0, 1)  # (12, 1, 28, 28)
course.show_grid(
    torch.cat([paler, translate(g_ab, paler)]),
    columns=12,
    row_labels=["sneaker", "as a boot"],
    title="four sneakers, each in full, at 70 % and at 40 % of its darkness",
    scale=0.9,
)

# %% [markdown]
# ## 13 Leaving terms out
#
# Two more trainings, each with half of the idea.
#
# * **Cycle only**: both generators, no discriminator. What comes back must be what was sent; nobody looks at what lies
#   between.
# * **Discriminator only**: $G_{AB}$ and $D_B$. What comes out must look like a boot; nobody asks whose.

# %% training="train_halves"
cycle_steps, judged_steps = run.choose(smoke=(3, 3), quick=(150, 600), full=(3000, 12_000))


def train_by_cycles(steps):
    """Both generators, by the two cycle losses alone."""
    torch.manual_seed(SEED)
    rng = torch.Generator().manual_seed(SEED)
    there, back = (build_generator().to(run.device) for _ in range(2))
    optimizer, schedule = make_adam([there, back], steps)
    for real_a, real_b in draw_batches(sneakers, boots, steps, "cycle only", rng):
        with run.autocast():
            loss = cycle_loss(back(there(real_a)), real_a) + cycle_loss(there(back(real_b)), real_b)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return there, back


def train_by_judgement(steps):
    """One generator from A to B, by one discriminator alone."""
    torch.manual_seed(SEED)
    rng = torch.Generator().manual_seed(SEED)
    generator, discriminator = build_generator().to(run.device), build_discriminator().to(run.device)
    optimizer, schedule = make_adam([generator], steps)
    discriminator_optimizer, discriminator_schedule = make_adam([discriminator], steps)
    pool = ImagePool(50)
    for real_a, real_b in draw_batches(sneakers, boots, steps, "discriminator only", rng):
        with run.autocast():
            fake_b = generator(real_a)
            loss = adversarial_loss(discriminator(fake_b), True)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss = discriminator_objective(discriminator, real_b, pool.query(fake_b, rng=rng))
            discriminator_optimizer.zero_grad()  # also what the generator's step left in it
            loss.backward()
            discriminator_optimizer.step()
        schedule.step()
        discriminator_schedule.step()
    return generator


cycle_ab, cycle_ba = train_by_cycles(cycle_steps)
judged_ab = train_by_judgement(judged_steps)

# %%
cycle_boots, judged_boots = translate(cycle_ab, val_sneakers), translate(judged_ab, val_sneakers)
cycle_back = translate(cycle_ba, cycle_boots)
blocks = {
    "sneaker": val_sneakers,
    "cycle only: “boot”": cycle_boots,
    "and back": cycle_back,
    "discriminator only": judged_boots,
    "all terms": fake_boots,
    "and back ": back_sneakers,
}
course.show_grid(torch.cat([images[:12] for images in blocks.values()]), columns=12, row_labels=list(blocks), scale=0.9)


def measure_variety(images):
    """Mean absolute difference between two of the images, over all pairs. Shapes: (n, 1, 28, 28) -> float."""
    pixels = images.flatten(1)
    return (torch.cdist(pixels, pixels, p=1).sum() / (len(pixels) * (len(pixels) - 1)) / pixels.shape[1]).item()


print(f"{'':<22}{'boots, says the judge':>24}{'cycle loss':>13}{'variety':>10}")
for name, made, back in [
    ("cycle only", cycle_boots, cycle_back),
    ("discriminator only", judged_boots, None),
    ("all terms", fake_boots, back_sneakers),
    ("real boots", val_boots, None),
]:
    cycle = "–" if back is None else f"{cycle_loss(back, val_sneakers):.3f}"
    print(f"{name:<22}{name_share(made, 'boot'):>24.0%}{cycle:>13}{measure_variety(made):>10.3f}")

# %% [markdown]
# **Cycle only** is a success by its own standards: its cycle loss is about as low as that of the full objective. But
# what lies between is no boot. It is a *code*: dots and stripes in which the two networks write down the sneaker for
# each other, and which mean nothing to anybody else. (Nor did they choose to change nothing, as section 5 might have
# made you expect. Any code will do, and from a random start a scrambled one is nearer.)
#
# **Discriminator only** makes boots, or rather: *one* boot, over and over, whatever sneaker you hand it. The
# discriminator looks at one picture at a time and has no complaint. A generator that may ignore its input soon does; in
# `gan_losses` you met the like as modes that got lost.
#
# Together, each term forbids the other's trick. From one and the same boot no way leads back to 33 sneakers; and a code
# is no boot. But mind what is *not* said: nothing asks for the boot that *you* would have thought of. Should a high
# sneaker become a high boot? Let us see.


# %%
def measure_heights(images):
    """Rows with a pixel darker than the middle grey. Shapes: (n, 1, 28, 28) -> (n,)."""
    return (images.amin((1, 3)) < 0).sum(1).float()


heights = measure_heights(val_sneakers)
jitter = torch.rand(2, len(heights), generator=torch.Generator().manual_seed(SEED)) - 0.5  # no dot upon another
_, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
for panel, (title, images) in zip(panels, {"as a boot": fake_boots, "and back": back_sneakers}.items(), strict=True):
    others = measure_heights(images)
    correlation = torch.corrcoef(torch.stack([heights, others]))[0, 1]
    panel.scatter(heights + jitter[0], others + jitter[1], alpha=0.7)
    panel.set(title=f"{title}: correlation {correlation:.2f}", xlabel="height of the sneaker in pixels", xlim=(5, 18))
panels[0].set_ylabel("height")
plt.show()

# %% [markdown]
# In our run the flat sneakers became the *high* boots, and the high-cut ones the low: the whole order is upside down.
# The networks agree on it, so the way back works, and both heaps look as they should. It is the swapped black and
# white of section 5 again, in boots' clothing. With another start it may come out the right way round; no term of the
# loss asks for it.

# %% [markdown]
# ## 14 Secret marks?
#
# There is a catch in “who goes there and back again must arrive where he started”. A boot does not *have* what the
# way back needs: where the white stripe was, how high the sole. Chu et al. 2017 (*CycleGAN, a master of
# steganography*, [arXiv 1712.02950](https://arxiv.org/abs/1712.02950)) found that networks cheat: they had aerial
# photos made into maps and back, and the details of the photo were in the map, as a faint pattern that no eye sees. A
# little noise on the map, and the way back was lost.
#
# Do ours cheat? The same test: add noise to the boots before they go back. As a scale, the dotted line: what if
# $G_{BA}$ is handed the boot of *another* sneaker?

# %%
noise = torch.randn(fake_boots.shape, generator=torch.Generator().manual_seed(SEED))  # (33, 1, 28, 28)
strengths = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4]
marked = {"all terms": (g_ba, fake_boots), "cycle only": (cycle_ba, cycle_boots)}
_, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
for name, (generator, made) in marked.items():
    errors = [cycle_loss(translate(generator, made + s * noise), val_sneakers).item() for s in strengths]
    (line,) = axes.plot(strengths, errors, marker="o", label=name)
    another = cycle_loss(translate(generator, made.roll(1, 0)), val_sneakers).item()
    axes.axhline(another, color=line.get_color(), linestyle=":", label=f"{name}, another sneaker's boot")
    print(f"{name}: cycle loss {errors[0]:.3f}, with noise of 0.1 {errors[3]:.3f}, from another's boot {another:.3f}")
axes.set(xlabel="standard deviation of the noise (black to white is 2)", ylabel="cycle loss", ylim=(0, None))
axes.legend()
plt.show()

# %% [markdown]
# Not these. Noise of 0.1 is plain to see, and the way back hardly minds (0.097 for 0.095 in our run). From the boot
# of *another* sneaker the loss is twice as high (0.216): so the boot does hold what sneaker it came from, but in what
# anybody can see, in height, outline and blotches. Even the code of “cycle only” is written in bold. A small network
# that was trained for a minute, on pictures of 784 pixels, has neither room nor time for fine print; larger ones have
# both. The test is worth repeating wherever something must be *lost* on the way, as in the next section.
#
# ## 15 Rain, blur and holes
#
# Lecture notes list what CycleGAN and its kin are good for. What are the two heaps in each?
#
# * **De-raining**: A are photos in the rain, B other photos, dry. With pairs: Zhang et al. 2017 ([arXiv
#   1701.05957](https://arxiv.org/abs/1701.05957)). Without: Chen et al. 2021 ([arXiv
#   2109.02973](https://arxiv.org/abs/2109.02973)), who say that cycles alone do not do it, and why.
# * **Super-resolution**: A are small and noisy pictures, B large and sharp ones. Yuan et al. 2018 ([arXiv
#   1809.00437](https://arxiv.org/abs/1809.00437)) put one CycleGAN inside another.
# * **Image alignment**: to lay an MR image upon a CT image of the same hip, first make one look like the other. A are
#   MR images, B are CT images. Hiasa et al. 2018 ([arXiv 1803.06629](https://arxiv.org/abs/1803.06629)) add a term
#   that keeps edges in place. You know from section 5 why: no cycle minds if all is shifted.
# * **In-painting**: A are pictures with holes, B are whole. With a truth to compare with: Pathak et al. 2016 ([arXiv
#   1604.07379](https://arxiv.org/abs/1604.07379)).
# * **Damage fusion**: several damaged copies of a picture make one that is whole. With true originals this is a task
#   for `pix2pix`, whose sketch then has as many channels as all copies together. Without originals, A are the damaged
#   and B the undamaged pictures.
#
# With `pix2pix` you wiped off rain from pairs: the same shoe, wet and dry. That is cheating a little: who has such
# pairs? Here we do it without. Half of the training sneakers get rain, and the *other* half stays dry. (The rain itself
# is artificial, so that we know the truth for the 33 validation sneakers. Only this measurement uses it.) Both
# generators start as copies of the $G_{BA}$ that you trained above: it knows how to paint a sneaker.

# %%
TASK = "de-raining"  # or "super-resolution", or "in-painting"


def spoil(photos, task, *, rng):
    """The photos in the rain, coarse, or with a hole. Shapes: (n, 1, 28, 28) -> (n, 1, 28, 28) in [-1, 1]."""
    count, _, height, width = photos.shape
    if task == "de-raining":
        drops = (torch.rand(count, 1, height, width, generator=rng) < 0.03).float()
        rain = F.conv2d(drops, torch.eye(5).flip(0)[None, None], padding=2) > 0  # (1, 1, 5, 5): a slanted streak
        return photos.masked_fill(rain, -0.5)
    if task == "super-resolution":
        return F.interpolate(F.avg_pool2d(photos, 2), scale_factor=2)  # (n, 1, 14, 14) -> (n, 1, 28, 28)
    if task == "in-painting":
        spoiled = photos.clone()
        for photo, top, left in zip(spoiled, *torch.randint(6, 15, (2, count), generator=rng).tolist(), strict=True):
            photo[:, top : top + 7, left : left + 7] = 0  # grey
        return spoiled
    raise ValueError(f"TASK: expected de-raining, super-resolution or in-painting, got {task!r}")


# %% training="train_other_task"
task_rng = torch.Generator().manual_seed(SEED)
half = len(sneakers) // 2
spoiled, val_spoiled = spoil(sneakers[:half], TASK, rng=task_rng), spoil(val_sneakers, TASK, rng=task_rng)
task_steps = run.choose(smoke=3, quick=120, full=6000)
restore, spoil_again, _ = train_cyclegan(
    spoiled,
    sneakers[half:],
    TASK,
    steps=task_steps,
    builders=(lambda: copy.deepcopy(g_ba), build_discriminator),
)

# %%
restored = translate(restore, val_spoiled)
rows = {
    "spoiled": val_spoiled,
    "restored": restored,
    "truth": val_sneakers,
    "spoiled again": translate(spoil_again, restored),
}
course.show_grid(
    torch.cat([images[:12] for images in rows.values()]),
    columns=12,
    row_labels=list(rows),
    title=f"{TASK} without pairs, {task_steps:,} steps",
    scale=0.9,
)
paper = val_sneakers > 0.95  # where there is no shoe
print(f"{'':<34}{'mean L1 to the truth':>22}{'ink on the paper':>18}")
for name, images in {
    "spoiled": val_spoiled,
    "section 11's B → A, as it was": translate(g_ba, val_spoiled),
    "restored": restored,
    "not spoiled, by section 11's B → A": same_sneakers,
}.items():
    print(f"{name:<34}{cycle_loss(images, val_sneakers):>22.3f}{(1 - images[paper]).mean():>18.3f}")

# %% [markdown]
# The rain is gone, without a single pair. Mean L1 falls from 0.163 to 0.099 and the ink on what should be blank paper
# from 0.202 to 0.033 (our run). Before you celebrate, read the other rows. $G_{BA}$ *as it was* does about as well: a
# network that has only ever painted sneakers cannot paint rain. And with no rain at all it makes an error of 0.077:
# what is left is mostly its own coarse brush. In the last row the dry shoes go back into the rain: it falls in other
# places than before, and more faintly. Where it had been was lost, as it should be, and the cycle loss of $A → B → A$
# has to live with that.
#
# Try the other two. `TASK = "super-resolution"` does well: no squares are left, and mean L1 falls from 0.096 to 0.082.
# `"in-painting"` does not: many a square becomes a lump of shoe where paper should be, and mean L1 *rises*, from 0.039
# to 0.089, because all of the picture is painted anew where only the hole needed it. What would you change?

# %% [markdown] question="cycles"
# ## 16 Why is a cycle not enough?
#
# Look at the pictures of sections 5, 13 and 14 and at your numbers, and answer in about fifteen sentences:
#
# 1. Name a pair of maps whose cycle loss is zero although nothing is translated. What did your network do that was
#    trained by cycles only, and which term of the objective forbids it?
# 2. What did the network do that had only a discriminator, and why does the discriminator not mind? Which term forbids
#    that?
# 3. With all terms together, what is *still* not guaranteed? Give one example, made up or from your pictures.
# 4. Choose one application: super-resolution, image alignment, damage fusion, de-raining or in-painting. What would be
#    the two heaps? What gets lost on the way from A to B, what has to be invented, and would you trust the result?
#
# ### BEGIN SOLUTION
# **Model answer.** (1) The identity has a cycle loss of zero: sneakers stay sneakers. So have the negative, turning
# upside down, or any shuffling of pixels undone on the way back. The cycle loss only asks that the way there can be
# undone. It never looks at what lies between. Our network trained by cycles only made a patchwork of dots and stripes
# of each sneaker, a code of its own that its partner can read: a cycle loss about as low as with all terms, and no
# boot among 33. The adversarial loss of $D_B$ forbids that: it asks that the pictures between look like boots.
#
# (2) With a discriminator alone, nearly all sneakers became the same boot: the judge sees boots, and the variety is a
# fraction of that of real boots. The discriminator judges each picture by itself: is this a boot? It knows neither the
# sneaker it came from nor that the others look the same, so one good boot serves for all. The cycle loss forbids that:
# from one and the same boot nobody can find the way back to 33 different sneakers.
#
# (3) Both together ask for some map that hits all boots and can be undone, but not for *the one we mean*. Sneakers
# might become boots that face the other way. In our run flat sneakers became high boots and high-cut ones low
# (correlation of heights −0.67), and went back to their own height all the same (0.79). Or the way back might rest on
# faint marks that no eye sees. Nor is a shoe sure to keep its shade: the light grey high-cut sneaker came back dark.
# The identity loss, the architecture and chance decide among these maps.
#
# (4) De-raining: A is photos in the rain, B photos in dry weather, of other places. From A to B the rain is lost, and
# what it covered has to be invented. On the way back $G_{BA}$ must put the *same* drops into the same places, which a
# dry photo does not tell: so either the cycle loss stays high or $G_{AB}$ leaves faint traces of the rain. I would
# trust it for looks, not for reading a number plate behind a drop. (Others in the same way. Super-resolution: coarse
# and sharp pictures; the details are invented. Alignment: MR and CT images; tissue that only one of them shows is
# invented, and nothing in the loss forbids that all is shifted a little, the worst fault in an alignment. Damage
# fusion, in-painting: damaged and undamaged pictures; the content of the hole is invented, and where the hole was is
# lost.)
#
# **Rubric (8 points).** 1: one point for a pair of maps, one for what their network did *with* the adversarial loss as
# the remedy. 2: one for the observation (one boot for all, low variety), one for the reason and the cycle loss as the
# remedy. 3: two for a true example of what stays undetermined; one if only "it is not perfect". 4: one for sensible
# heaps and what is lost or invented, one for a reasoned judgement about trust. Observations must fit the student's own
# pictures.
# ### END SOLUTION

# %% [markdown]
# ## The end, and where to go on
#
# You have come from a forger who painted noise to four networks that teach each other two trades. Some papers that
# start where this notebook stops:
#
# * **One way is enough**: Park et al. 2020, *Contrastive learning for unpaired image-to-image translation* ([arXiv
#   2007.15651](https://arxiv.org/abs/2007.15651)) keeps content in place by comparing patches, without a way back.
# * **One sneaker, many boots**: Huang et al. 2018, *Multimodal unsupervised image-to-image translation* ([arXiv
#   1804.04732](https://arxiv.org/abs/1804.04732)).
# * **Pictures of any size and style**: Karras et al. 2019, *A style-based generator architecture for GANs* ([arXiv
#   1812.04948](https://arxiv.org/abs/1812.04948)).
# * **Without an opponent**: Ho et al. 2020, *Denoising diffusion probabilistic models* ([arXiv
#   2006.11239](https://arxiv.org/abs/2006.11239)): a single network takes noise away, in a thousand small steps.
#
# And a thought to take along: a network that turns sneakers into boots turns faces into other faces, too. That the
# result looks true is what it was trained for. It says nothing about whether it *is* true.
#
# ## Hand in
#
# Save the notebook (Ctrl+S), then run this cell: it reads the file as the grader will and says what it finds.

# %%
course.check_submission("cyclegan.ipynb")
