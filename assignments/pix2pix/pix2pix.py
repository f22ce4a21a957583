# %% [markdown]
# # pix2pix
#
# So far the forger painted what he liked: noise in, some picture out. Now he works to order. The customer brings a
# **sketch**, and wants the **photo** that belongs to it.
#
# Isola et al. 2017 ([arXiv 1611.07004](https://arxiv.org/abs/1611.07004)) found one recipe for many such orders:
# outlines to photos, maps to aerial views, day to night. Only the pairs change, network and loss stay. The generator is
# a **U-Net**, which turns a picture into a picture and keeps its lines in place. The discriminator is a **PatchGAN**,
# which sees sketch *and* picture and judges one patch at a time. And the loss has two parts: *fool the
# discriminator*, and *stay close to the true photo*.
#
# In this notebook you build all of it and find out
#
# * how much of a picture one output of a network can see, by formula, as a box on a photo, and by measurement;
# * what the skip connections of a U-Net are good for;
# * what the L1 loss does to a picture, and what the discriminator adds;
# * how to turn the same code into one that fills holes, sharpens, or wipes off the rain.
#
# At the end there is a sketch pad: you draw a shoe, the network paints the photo. The pairs come from the first
# notebook, `data_loading`; the players and their steps from the second and third, `vanilla_gan` and `dcgan`.
#
# **How to work.** Write between the lines where a cell says `YOUR CODE HERE`, run it, then run the check below it.
# Checks show what was expected and what your code gave. They are a friend's quick look, not the whole examination:
# your work is graded with other inputs and more questions. Leave names and arguments of functions as they are, the
# grader calls them.

# %% setup="imports"
import copy
import io
import itertools
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch: a thread that waits shall not burn processor time

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from IPython.display import display
from matplotlib.patches import Rectangle
from PIL import Image, ImageDraw
from torch import nn
from torch.nn.utils import parameters_to_vector
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm

if not Path("course.py").exists() and "google.colab" in sys.modules:
    from google.colab import drive

    drive.mount("/content/drive")  # the whole folder pix2pix belongs into your Google Drive
    for found in Path("/content/drive/MyDrive").glob("**/pix2pix/course.py"):
        os.chdir(found.parent)
if not Path("course.py").exists():
    raise FileNotFoundError(
        f"course.py: expected beside this notebook, not in {Path.cwd()}; copy the whole folder pix2pix"
    )

import course

run = course.set_up(threads=2)

# %% [markdown]
# ## 1 The pairs
#
# A thousand pairs for training and a hundred for validation, 64×64 pixels each: sandals, sneakers and ankle boots from
# Fashion-MNIST, enlarged, and beside each the edges that a program found in it. The original data set, *edges2shoes*,
# looks much like it and is far larger; the environment variable `GAN_COURSE_PAIRS` may name it (a folder, an archive
# or a URL). The colours of ours are **made up**: every sandal is red, every sneaker blue, every boot brown. That is
# no property of shoes, but it makes colour something that can be learned: the network has to recognise *what* it
# paints.
#
# In `data_loading` you wrote the class that reads such files. Here a line does it, and all pairs fit into memory, as
# float32 in $[-1, 1]$.

# %%
SEED, BATCH_SIZE = 1, 16

root = course.find_pairs(run)
sketches, photos = course.load_pairs(root, "train", image_size=64)  # (n, 3, 64, 64) each
val_sketches, val_photos = course.load_pairs(root, "val", image_size=64)
val_loader = DataLoader(TensorDataset(val_sketches, val_photos), batch_size=32)
shown = torch.linspace(0, len(val_photos) - 1, 10).round().long()  # ten validation pairs, of all classes

rows = torch.cat([val_sketches[shown], val_photos[shown]])
course.show_grid(rows, row_labels=["sketch", "photo"], title="ten validation pairs")

# %% [markdown]
# All training below takes its batches here: as many as asked for, shuffled anew in each epoch.


# %%
def take_batches(sketches, photos, steps, title):
    """So many shuffled batches (sketch, photo) on this run's device, with a progress bar."""
    rng = torch.Generator().manual_seed(SEED)
    loader = course.load_batches(sketches, photos, batch_size=BATCH_SIZE, rng=rng)
    batches = itertools.islice(itertools.chain.from_iterable(itertools.repeat(loader)), steps)
    for batch in tqdm(batches, title, steps, file=sys.stdout, mininterval=1, ncols=100):
        # channels_last, colours side by side in memory: the same numbers, on a CPU nearly twice as fast
        yield [images.to(run.device, memory_format=torch.channels_last) for images in batch]


# %% [markdown]
# How good must a generator be to be any good? One that hands in a white page is wrong by so much, on average over
# all pixels and channels:

# %%
white_page = (1 - val_photos).abs().mean().item()
print(f"mean absolute difference between a white page and the validation photos: {white_page:.3f}")

# %% [markdown]
# ## 2 How far does one output see?
#
# The discriminator of this notebook puts out a whole map of logits, and each of them knows only a patch of the
# picture. How large is that patch, the **receptive field**?
#
# Walk from the input to the output. No layer at all: an "output" is one pixel, $r_0 = 1$. A kernel of $k$ covers $k$
# neighbours, and so adds $k - 1$ steps from one to the next. How wide is such a step, counted in pixels of the
# *input*? As wide as the strides of all layers **before** this one have made it:
#
# $$r_i = r_{i-1} + (k_i - 1) \prod_{j < i} s_j, \qquad r_0 = 1.$$
#
# The layer's own stride is not in its product: it spreads its outputs, and so matters only for those who come after.
# No layer before means an empty product, 1. Padding plays no part.
#
# `layers` is a list of pairs (kernel size, stride), the layer at the input first; the empty list gives 1. The result
# is an int.


# %% exercise="receptive_field"
def receptive_field(layers):
    """Side of the square of input pixels that one output of a stack of convolutions can see.

    layers: (kernel_size, stride) of each layer, the one at the input first; no layer at all gives 1. Returns an int.
    Source: r_i = r_{i-1} + (k_i - 1) * (product of the strides before layer i), r_0 = 1.
    """
    ### BEGIN SOLUTION
    field = 1  # an output of no layer at all is the pixel itself
    spacing = 1  # input pixels between two neighbours in front of this layer
    for kernel_size, stride in layers:
        field += (kernel_size - 1) * spacing
        spacing *= stride  # only from the next layer on
    return field
    ### END SOLUTION


# %% check="receptive_field"
@course.run_check
def check_receptive_field(check):
    check.equal("no layer", got=receptive_field([]), want=1)
    check.equal("one 5×5 convolution", got=receptive_field([(5, 1)]), want=5)
    check.equal("two 3×3 convolutions", got=receptive_field([(3, 1), (3, 1)]), want=5)
    check.equal("stride 2, then 3×3", got=receptive_field([(3, 2), (3, 1)]), want=7)
    check.equal("the 16×16 PatchGAN", got=receptive_field([(4, 2), (4, 1), (4, 1)]), want=16)
    check.equal("the 70×70 PatchGAN", got=receptive_field([(4, 2)] * 3 + [(4, 1)] * 2), want=70)


# %% [markdown]
# ## 3 Receptive field of a network
#
# Lists of numbers are easily mistyped. Let the computer read kernels and strides from the network itself. Three things
# beyond section 2:
#
# * **Dilation** $d$ pulls a kernel apart, that of a convolution or of a max pool: $k$ taps, $d$ pixels from one to the
#   next. It covers $d\,(k - 1) + 1$ pixels, and that number takes the place of $k$. (Lecture slides on this formula
#   tend to leave it out.)
# * A **pool** is a kernel, too. `nn.AvgPool2d(4)` looks at 4×4 pixels, and if no stride is given, its stride is 4.
# * **Pointwise layers** (activations and the like) see one pixel and change nothing. Batch normalisation counts as one:
#   in evaluation mode it is. The cell below lists them all.
#
# The network is an `nn.Sequential` of `Conv2d`, `MaxPool2d`, `AvgPool2d` and pointwise layers, and may hold further
# `nn.Sequential`s, as deep as you like. For any other layer raise a `ValueError`: a wrong number would be worse than
# none. All kernels are square; PyTorch keeps their sizes now as a number, now as a pair.
#
# A trap: one and the same layer may stand in several places (a pool has no parameters, so why make two?), and then it
# counts several times. Iterating over an `nn.Sequential` gives it each time; `.modules()` and `.children()` give it
# only once.

# %% setup="pointwise_layers"
POINTWISE = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.BatchNorm2d, nn.Dropout, nn.Identity)


# %% exercise="receptive_field_of"
def receptive_field_of(module):
    """Receptive field of an nn.Sequential, which may hold others: Conv2d, MaxPool2d, AvgPool2d and POINTWISE layers.

    Dilation counts, padding does not. All kernels, strides and dilations are square. Returns an int.
    Errors: ValueError for any other layer.
    """
    ### BEGIN SOLUTION

    def measure(layer):
        """(effective kernel_size, stride) of each layer in this one."""
        if isinstance(layer, nn.Sequential):
            return [pair for inner in layer for pair in measure(inner)]
        if isinstance(layer, POINTWISE):
            return []
        if not isinstance(layer, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
            raise ValueError(f"receptive_field_of: no rule for {type(layer).__name__}")
        dilation = getattr(layer, "dilation", 1)  # an average pool has none
        sizes = (layer.kernel_size, layer.stride, dilation)
        kernel_size, stride, dilation = (size[0] if isinstance(size, tuple) else size for size in sizes)
        return [(dilation * (kernel_size - 1) + 1, stride)]

    return receptive_field(measure(module))
    ### END SOLUTION


# %% check="receptive_field_of"
@course.run_check
def check_receptive_field_of(check):
    plain = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 1, 3))
    check.equal("stride 2, then 3×3", got=receptive_field_of(plain), want=7)
    dilated = nn.Sequential(nn.Conv2d(3, 4, 3, dilation=4))
    check.equal("3×3 with dilation 4", got=receptive_field_of(dilated), want=9)
    pooled = nn.Sequential(nn.AvgPool2d(4), nn.Conv2d(3, 4, 3, padding=1))
    check.equal("average over 4×4, then 3×3", got=receptive_field_of(pooled), want=12)
    nested = nn.Sequential(pooled, nn.LeakyReLU(0.2), nn.Sequential(nn.MaxPool2d(2)))
    check.equal("one Sequential in another", got=receptive_field_of(nested), want=16)
    try:
        receptive_field_of(nn.Sequential(nn.Flatten()))
        refused = False
    except ValueError:
        refused = True
    check.true("a Flatten is refused by a ValueError", refused)


# %% [markdown]
# ## 4 A toy U-Net
#
# A generator that translates pictures has to *understand* the sketch (is this a boot?) and to keep its lines *where
# they are*. Convolutions with stride 2 are good at the first: pixels get fewer, channels more, up to a short summary.
# But from the summary alone, nobody can say where exactly the heel was.
#
# The **U-Net** (Ronneberger et al. 2015, [arXiv 1505.04597](https://arxiv.org/abs/1505.04597)) does both. It goes down
# and up again, and at each size on the way up it is handed what the way down had seen at that size: a **skip
# connection**, the two concatenated along the channels. Let us draw it.


# %%
def draw_unet(axes, image_size, downs, ups):
    """Draw a U-Net that halves height and width at each level; downs, ups: channels after each layer."""
    depth = len(downs)
    places = [(level, -level, channels) for level, channels in enumerate([3, *downs])]
    places += [(2 * depth - level, -level, channels) for level, channels in zip(range(depth)[::-1], ups, strict=True)]
    for number, (x, y, channels) in enumerate(places):
        colour = "tab:grey" if number in (0, 2 * depth) else "tab:blue" if number <= depth else "tab:orange"
        width = 0.12 + 0.08 * np.log2(channels) / 2
        axes.add_patch(Rectangle((x - width / 2, y - 0.28), width, 0.56, color=colour, alpha=0.75))
        axes.text(x, y, channels, ha="center", va="center", fontsize=8, color="white", weight="bold")
        if number > 0:
            arrow = {"arrowstyle": "->", "color": "dimgrey", "shrinkA": 14, "shrinkB": 14}
            axes.annotate("", (x, y), places[number - 1][:2], arrowprops=arrow)
    for level in range(depth + 1):
        size = image_size // 2**level
        axes.text(-0.75, -level, f"{size}×{size}", ha="right", va="center", fontsize=8)
        if 0 < level < depth:
            skip = {"arrowstyle": "->", "color": "tab:green", "linestyle": "--", "shrinkA": 14, "shrinkB": 14}
            axes.annotate("", (2 * depth - level, -level), (level, -level), arrowprops=skip)
    axes.text(depth, -0.82, "skip connections", color="tab:green", ha="center", fontsize=9)
    axes.set(xlim=(-1.9, 2 * depth + 0.5), ylim=(-depth - 0.5, 0.5))
    axes.axis("off")


_, axes = plt.subplots(figsize=(8, 3.4), layout="constrained")
draw_unet(axes, 64, [64, 128, 256], [128, 64, 3])
axes.set_title("toy U-Net: channels in the boxes, pixels at the left; blue down, orange up")
plt.show()

# %% [markdown]
# This one is C64–C128–C256 down and C128–C64–C3 up, an example from a course on computer vision. All six layers have
# 4×4 kernels, stride 2, padding 1, and a bias; the three upward ones are `ConvTranspose2d`. No batch normalisation. A
# plain ReLU stands before the second and third convolution and before every transposed one; nothing before the first.
# After the last layer comes Tanh, because our photos are in $[-1, 1]$.
#
# The slide's code does not run. The traps, in case you start from it:
#
# * `super(generator, self).__init__()` in a class that is not called `generator`; `super().__init__()` needs no name.
# * `deconv3` is assigned twice. Each layer has one name, and the last upward layer gets $64 + 64$ channels.
# * `F.relu(e2, 0.2)`: the second argument of `F.relu` is not a slope but `inplace`, and 0.2 counts as true. The ReLU
#   then overwrites `e2`, which the skip connection still needs. (Nothing is lost here, only
#   because another ReLU follows.)
# * Concatenate along dimension 1, the channels. Dimension 0 would be the batch. Which of the two comes first does not
#   matter.
#
# Height and width may be any multiples of 8, and they need not be equal.
#
# Build this network and those to come from PyTorch's own layers: `nn.Conv2d`, `nn.ConvTranspose2d`, `nn.BatchNorm2d`
# with its usual settings. There the grader looks for weights, to fill in known ones. All else, names and order, is
# yours.


# %% exercise="toy_unet"
class ToyUNet(nn.Module):
    """C64-C128-C256 down, C128-C64-C3 up, skip connections in between, Tanh last.

    Shapes: (n, 3, h, w) -> (n, 3, h, w) in [-1, 1]; h and w are multiples of 8.
    """

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        self.down1 = nn.Conv2d(3, 64, 4, stride=2, padding=1)
        self.down2 = nn.Conv2d(64, 128, 4, stride=2, padding=1)
        self.down3 = nn.Conv2d(128, 256, 4, stride=2, padding=1)
        self.up1 = nn.ConvTranspose2d(256, 128, 4, stride=2, padding=1)
        self.up2 = nn.ConvTranspose2d(128 + 128, 64, 4, stride=2, padding=1)
        self.up3 = nn.ConvTranspose2d(64 + 64, 3, 4, stride=2, padding=1)
        ### END SOLUTION

    def forward(self, sketch):
        ### BEGIN SOLUTION
        e1 = self.down1(sketch)  # (n, 3, h, w) -> (n, 64, h/2, w/2)
        e2 = self.down2(F.relu(e1))  # (n, 128, h/4, w/4)
        e3 = self.down3(F.relu(e2))  # (n, 256, h/8, w/8)
        d1 = self.up1(F.relu(e3))  # (n, 128, h/4, w/4)
        d1 = torch.cat([d1, e2], dim=1)  # (n, 128 + 128, h/4, w/4)
        d2 = self.up2(F.relu(d1))  # (n, 64, h/2, w/2)
        d2 = torch.cat([d2, e1], dim=1)  # (n, 64 + 64, h/2, w/2)
        d3 = self.up3(F.relu(d2))  # (n, 3, h, w)
        return torch.tanh(d3)
        ### END SOLUTION


# %% check="toy_unet"
@course.run_check
def check_toy_unet(check):
    network = ToyUNet()
    with torch.no_grad():
        images = network(torch.rand(2, 3, 64, 64) * 2 - 1)
        strong = network(1000 * torch.randn(1, 3, 32, 48))
    check.equal("shape for two pictures of 64×64", got=tuple(images.shape), want=(2, 3, 64, 64))
    check.equal("shape for one of 32×48", got=tuple(strong.shape), want=(1, 3, 32, 48))
    check.equal("number of parameters", got=parameters_to_vector(network.parameters()).numel(), want=1_451_651)
    check.close("largest value for a very strong input", got=strong.max(), want=1.0, tolerance=1e-3)
    check.close("smallest value for a very strong input", got=strong.min(), want=-1.0, tolerance=1e-3)


# %% [markdown]
# ### With and without
#
# Do skips matter? A short experiment with L1 loss only, no discriminator yet. The twin has the same layers but no
# skip connections, so its two last layers get half the channels. Both get batch normalisation behind each layer but
# the last: without it, they paint nothing but white paper for a long time. (Most pixels of our photos are white, so
# white is the best *single* answer under L1, and a hard one to leave.)


# %% training="compare_skips"
def build_twin():
    """The toy U-Net's layers one after the other: an encoder and a decoder, and nothing between them but the bottom."""
    layers = []
    for kind, channels, width in [
        (nn.Conv2d, 3, 64),
        (nn.Conv2d, 64, 128),
        (nn.Conv2d, 128, 256),
        (nn.ConvTranspose2d, 256, 128),
        (nn.ConvTranspose2d, 128, 64),
        (nn.ConvTranspose2d, 64, 3),
    ]:
        layers += [kind(channels, width, 4, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*layers[:-1], nn.Tanh())


def add_batch_norm(network):
    """Put batch normalisation behind each convolution but the last, wherever the network keeps them."""
    for name, layer in list(network.named_modules()):
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)) and layer.out_channels > 3:
            owner, _, attribute = name.rpartition(".")
            normalised = nn.Sequential(layer, nn.BatchNorm2d(layer.out_channels))
            setattr(network.get_submodule(owner), attribute, normalised)
    return network


def train_by_l1(network, title, *, steps):
    """Train a generator by L1 alone; give its pictures of the ten sketches shown, and the losses of its steps."""
    network.to(run.device)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.5, 0.999))
    losses = []
    for sketch, photo in take_batches(sketches, photos, steps, title):
        with run.autocast():
            loss = F.l1_loss(network(sketch), photo)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():  # all validation sketches in one batch, in training mode as before; section 12 says why
        return network(val_sketches.to(run.device)).cpu()[shown], losses


torch.manual_seed(SEED)
skip_steps = run.choose(smoke=3, quick=126, full=630)
print(f"profile {run.profile}: {skip_steps} steps each, batches of {BATCH_SIZE}, on {run.device}")
with_skips, losses_with = train_by_l1(add_batch_norm(ToyUNet()), "with skips", steps=skip_steps)
without_skips, losses_without = train_by_l1(add_batch_norm(build_twin()), "without", steps=skip_steps)

# %%
course.show_grid(
    torch.cat([val_sketches[shown], with_skips, without_skips, val_photos[shown]]),
    row_labels=["sketch", "with skips", "without", "photo"],
    title=f"toy U-Net and its twin after {skip_steps} steps by L1",
)
for name, values in {"with skips": losses_with, "without": losses_without}.items():
    print(f"{name:<10}  L1 over the last tenth of the steps: {np.mean(values[-max(1, len(values) // 10) :]):.3f}")

# %% [markdown]
# Look at edges and straps. With skips they are crisp and stand where they were drawn; the twin's shoes are soft all
# over, because everything had to get through the bottom of 8×8. But look at the numbers, too: in our run the twin's L1
# was even a little lower (0.098 against 0.105). The skips also let the pen strokes through, as specks of colour along
# the lines, and unlearning that takes longer than this. So a lower L1 is not always the better picture. Keep that in
# mind for the end of this notebook.
#
# ## 5 The U-Net of the paper
#
# The same idea, eight levels deep, for pictures of 256×256 (paper, section 6.1.1). All convolutions are 4×4 with stride
# 2, padding 1 and a bias. With `base_channels` $b$ (64 in the paper) the layers have
#
# | | channels after layer 1, 2, … 8 |
# |---|---|
# | down (`Conv2d`) | $b,\; 2b,\; 4b,\; 8b,\; 8b,\; 8b,\; 8b,\; 8b$ |
# | up (`ConvTranspose2d`) | $8b,\; 8b,\; 8b,\; 8b,\; 4b,\; 2b,\; b,\;$ `image_channels` |
#
# Each upward layer from the second on gets the layer below *and* the skip from the downward layer of the same size, so
# twice as many input channels as the plain chain would have.
#
# * **Activations**: LeakyReLU(0.2) before downward layers 2 to 8, ReLU before *every* upward layer, the last one too;
#   Tanh at the end.
# * **Batch normalisation** behind downward layers 2 to 7 and upward layers 1 to 7. Not on the first layer, not on the
#   last, and **not at the bottom**: for a 256×256 picture the bottom is a single pixel. In a batch of one there is then
#   nothing to take a mean of; PyTorch refuses, and in the paper's own first experiments the layer came out as exactly
#   0 (see their errata).
# * The skip carries the normalised result, before or after its LeakyReLU: since a ReLU follows, both come to the same
#   thing. But mind `inplace=True`.
# * The order of the two parts in a concatenation is free. No dropout: the paper has some, as its only source of
#   randomness, and found that it hardly changes a picture. We leave it out.
#
# With 64 base channels and three image channels that makes 54,419,459 parameters.


# %% exercise="unet_generator"
class UNetGenerator(nn.Module):
    """The U-Net of the paper for pictures of 256×256, without dropout; base_channels is ngf in the paper's code.

    Shapes: (n, image_channels, 256, 256) -> the same, in [-1, 1].
    Source: Isola et al. 2017 (arXiv 1611.07004), section 6.1.1.
    """

    def __init__(self, image_channels=3, base_channels=64):
        ### BEGIN SOLUTION
        super().__init__()
        widths = [base_channels * multiple for multiple in (1, 2, 4, 8, 8, 8, 8, 8)]
        self.downs = nn.ModuleList([nn.Conv2d(image_channels, widths[0], 4, stride=2, padding=1)])
        for i in range(1, 8):
            layers = [nn.LeakyReLU(0.2), nn.Conv2d(widths[i - 1], widths[i], 4, stride=2, padding=1)]
            if i < 7:  # at the bottom there is a single pixel, and nothing to normalise
                layers.append(nn.BatchNorm2d(widths[i]))
            self.downs.append(nn.Sequential(*layers))
        self.ups = nn.ModuleList()
        for i in range(7, 0, -1):
            channels = widths[i] if i == 7 else 2 * widths[i]  # from below, and from the skip connection
            layers = [nn.ReLU(), nn.ConvTranspose2d(channels, widths[i - 1], 4, stride=2, padding=1)]
            layers.append(nn.BatchNorm2d(widths[i - 1]))
            self.ups.append(nn.Sequential(*layers))
        last = nn.ConvTranspose2d(2 * widths[0], image_channels, 4, stride=2, padding=1)
        self.ups.append(nn.Sequential(nn.ReLU(), last, nn.Tanh()))
        ### END SOLUTION

    def forward(self, sketch):
        ### BEGIN SOLUTION
        x = sketch  # (n, image_channels, 256, 256)
        encoded = []
        for down in self.downs:
            x = down(x)  # half the height, half the width
            encoded.append(x)
        encoded.pop()  # the bottom is x itself
        for up in self.ups:
            x = up(x)  # twice the height, twice the width
            if encoded:
                x = torch.cat([x, encoded.pop()], dim=1)  # twice the channels
        return x  # (n, image_channels, 256, 256)
        ### END SOLUTION


# %% check="unet_generator"
@course.run_check
def check_unet_generator(check):
    with torch.device("meta"):  # shapes without numbers: 54 million parameters in no time
        paper = UNetGenerator()
    check.equal("number of parameters", got=sum(p.numel() for p in paper.parameters()), want=54_419_459)
    convolutions = [layer for layer in paper.modules() if isinstance(layer, nn.Conv2d)]
    transposed = [layer for layer in paper.modules() if isinstance(layer, nn.ConvTranspose2d)]
    check.equal("convolutions down and up", got=(len(convolutions), len(transposed)), want=(8, 8))
    normalised = sum(isinstance(layer, nn.BatchNorm2d) for layer in paper.modules())
    check.equal("batch normalisations", got=normalised, want=13)
    narrow = UNetGenerator(image_channels=1, base_channels=2)
    with torch.no_grad():
        image = narrow(torch.rand(1, 1, 256, 256) * 2 - 1)
    check.equal("shape of a single grey picture, in training mode", got=tuple(image.shape), want=(1, 1, 256, 256))
    check.true("all values in [-1, 1]", (image.abs() <= 1).all())


# %%
_, axes = plt.subplots(figsize=(11, 5.6), layout="constrained")
draw_unet(axes, 256, [64, 128, 256, 512, 512, 512, 512, 512], [512, 512, 512, 512, 256, 128, 64, 3])
axes.set_title("the U-Net of the paper")
plt.show()

# %% [markdown]
# ## 6 PatchGAN
#
# The discriminator is shown the sketch, too: "is this a photo *of this sketch*?" Sketch and photo lie one upon the
# other as six channels, **the sketch first**. (One that never sees the sketch can only ask whether the picture looks
# like a photo at all, and any pretty shoe would do.)
#
# And it gives not one verdict but a map of them. After some convolutions it simply stops and turns what channels there
# are into one logit at each place. Each logit judges a patch, as large as its receptive field, and all have the same
# weight. Whether the shoe as a whole is right is L1's business; the PatchGAN looks after what L1 is bad at: texture and
# sharp lines. It is small, and works for any size of picture. (Some slides call it a *pixel-level* discriminator. It
# works on patches; the 1×1 version alone is a *PixelGAN*.)
#
# With `layers` = $m$ and `base_channels` $b$ (64 in the paper), all with bias and padding 1:
#
# 1. $m$ convolutions 4×4 with stride **2**, to $b, 2b, 4b, \dots$ channels, but never more than $8b$;
# 2. one convolution 4×4 with stride **1**, to twice as many channels again, but never more than $8b$;
# 3. one convolution 4×4 with stride **1** to 1 channel: the logits. No activation behind it.
#
# LeakyReLU(0.2) follows each convolution but the last. Batch normalisation stands between convolution and LeakyReLU,
# not in the first layer and not in the last. (Lecture slides say that *every* convolution of the discriminator
# halves the picture. The last two do not: hence 30×30 logits, not 8×8.)
#
# $m = 0$ is the PixelGAN: three convolutions to $b$, $2b$, 1 channels with 1×1 kernels, stride 1, padding 0, and
# activations and normalisation as above.


# %% exercise="patch_discriminator"
class PatchDiscriminator(nn.Module):
    """Judge every patch of a pair (sketch, photo); base_channels is ndf in the paper's code.

    layers: convolutions with stride 2; 0 is the PixelGAN, 1, 3 and 5 see patches of 16, 70 and 286 pixels.
    Shapes: two of (n, image_channels, h, w) -> logits (n, 1, rows, columns), one for each patch.
    Source: Isola et al. 2017 (arXiv 1611.07004), section 6.1.2.
    """

    def __init__(self, image_channels=3, base_channels=64, layers=3):
        ### BEGIN SOLUTION
        super().__init__()
        kernel_size, padding = (4, 1) if layers > 0 else (1, 0)
        channels = 2 * image_channels  # sketch and photo, one upon the other
        blocks = []
        for i in range(max(layers, 1) + 1):
            stride = 2 if i < layers else 1
            width = base_channels * min(2**i, 8)
            blocks.append(nn.Conv2d(channels, width, kernel_size, stride, padding))
            if i > 0:  # the first layer shall see colours as they are
                blocks.append(nn.BatchNorm2d(width))
            blocks.append(nn.LeakyReLU(0.2))
            channels = width
        blocks.append(nn.Conv2d(channels, 1, kernel_size, 1, padding))
        self.judge = nn.Sequential(*blocks)
        ### END SOLUTION

    def forward(self, sketch, photo):
        ### BEGIN SOLUTION
        pair = torch.cat([sketch, photo], dim=1)  # (n, 2 * image_channels, h, w)
        return self.judge(pair)  # (n, 1, rows, columns)
        ### END SOLUTION


# %% check="patch_discriminator"
@course.run_check
def check_patch_discriminator(check):
    expected = {0: (9_153, 256), 1: (139_713, 126), 3: (2_769_601, 30), 5: (11_161_281, 6)}
    sketch, photo = torch.rand(2, 1, 3, 256, 256) * 2 - 1
    for layers, (parameters, side) in expected.items():
        with torch.device("meta"):  # shapes without numbers
            paper = PatchDiscriminator(layers=layers)
        found = sum(p.numel() for p in paper.parameters())
        check.equal(f"layers={layers}: number of parameters", got=found, want=parameters)
        with torch.no_grad():
            logits = PatchDiscriminator(base_channels=2, layers=layers)(sketch, photo)
        check.equal(f"layers={layers}: logits for 256×256", got=tuple(logits.shape), want=(1, 1, side, side))
    discriminator = PatchDiscriminator(image_channels=1, base_channels=4, layers=1).eval()
    sketch, photo = torch.randn(2, 2, 1, 32, 32)
    with torch.no_grad():
        logits = discriminator(sketch, photo)
        check.true("the photo counts", not torch.allclose(logits, discriminator(sketch, -photo)))
        check.true("the sketch counts", not torch.allclose(logits, discriminator(-sketch, photo)))
        strong = discriminator(100 * sketch, 100 * photo)
    check.true("logits, not probabilities: values outside [0, 1] occur", strong.min() < 0 or strong.max() > 1)


# %% [markdown]
# The four of the paper, by your functions:

# %%
for layers in (0, 1, 3, 5):
    with torch.device("meta"):
        parameters = sum(p.numel() for p in PatchDiscriminator(layers=layers).parameters())
    with torch.no_grad():
        logits = PatchDiscriminator(base_channels=2, layers=layers)(*torch.zeros(2, 1, 3, 256, 256))
    kernels = [(4, 2)] * layers + [(4, 1)] * 2 if layers > 0 else [(1, 1)] * 3
    field = receptive_field(kernels)
    print(
        f"layers={layers}: sees {field:>3}×{field:<3}  {parameters:>10,} parameters  "
        f"logits for 256×256: {' × '.join(str(side) for side in logits.shape[2:])}"
    )

# %% [markdown]
# So much for the formula. Here is what it means on a photo. On the left, each box is the patch that one logit in the
# middle of the map can see.
#
# On the right we **measure** it, for the 70×70 PatchGAN: go backward from that single logit and look which input pixels
# get a gradient. All of them lie in the box. They must be asked in evaluation mode: in training mode, batch
# normalisation takes mean and variance over all pixels, and through those two numbers every pixel of the photo has a
# (faint) influence on every logit. Instance normalisation does that in both modes. (The other way round: is a network
# with such layers still *patch-wise*? Strictly speaking, no.)

# %%
photo = torch.from_numpy(course.load_photo("buildings")).permute(2, 0, 1).float()[None] / 127.5 - 1  # (1, 3, 267, 400)
photo = photo[:, :, 5:261, 72:328]  # (1, 3, 256, 256)


def locate_field(layers):
    """Left (or upper) end and side of the field of the middle logit, in input pixels."""
    convolutions = [(4, 2, 1)] * layers + [(4, 1, 1)] * 2  # kernel size, stride, padding
    start = {1: 63, 3: 15, 5: 3}[layers]  # the middle of the map
    for _, stride, padding in reversed(convolutions):
        start = start * stride - padding  # of its field one layer earlier
    return start, receptive_field([(kernel_size, stride) for kernel_size, stride, _ in convolutions])


def measure_field(discriminator, photo):
    """Size of the gradient of the middle logit with respect to each pixel. Shapes: (1, 3, h, w) -> (h, w)."""
    pixels = photo.clone().requires_grad_()
    logits = discriminator(photo, pixels)  # the photo plays the sketch's part as well
    logits[0, 0, logits.shape[2] // 2, logits.shape[3] // 2].backward()
    return pixels.grad[0].abs().sum(0)  # (1, 3, h, w) -> (h, w)


torch.manual_seed(SEED)
discriminator = PatchDiscriminator(base_channels=16, layers=3)
measured = {
    "measured in training mode": measure_field(discriminator, photo),
    "measured in evaluation mode": measure_field(discriminator.eval(), photo),
}
_, panels = plt.subplots(1, 3, figsize=(13, 4.6), layout="constrained")
panels[0].imshow(photo[0].permute(1, 2, 0) / 2 + 0.5)
for layers, colour in {1: "tab:red", 3: "gold", 5: "tab:cyan"}.items():
    start, side = locate_field(layers)
    panels[0].add_patch(Rectangle((start - 0.5, start - 0.5), side, side, fill=False, color=colour, linewidth=2.5))
    panels[0].text(start + 1, start - 3, f"{side}×{side}", color=colour, weight="bold", backgroundcolor="#ffffffb0")
panels[0].set(title="fields of the middle logit, by formula", xlim=(-16, 294), ylim=(294, -30))
start, side = locate_field(3)
for panel, (title, influence) in zip(panels[1:], reversed(measured.items()), strict=True):
    panel.imshow(influence.clamp(min=1e-9).log10(), cmap="magma", vmin=-7, vmax=float(influence.max().log10()))
    panel.add_patch(Rectangle((start - 0.5, start - 0.5), side, side, fill=False, color="gold", linewidth=2))
    reached = influence.nonzero()
    height, width = (reached.amax(0) - reached.amin(0) + 1).tolist()
    panel.set(title=title, xlabel=f"pixels with any gradient: {height}×{width}")
for panel in panels:
    panel.set(xticks=[], yticks=[])
plt.show()

# %% [markdown]
# The 286×286 field is larger than the picture: that "patch" discriminator sees everything, and the middle logit more
# than there is. The paper found 70×70 to look as good, with a quarter of the parameters; 16×16 gave sharp pictures with
# tile-like faults, and 1×1 more colourful but still blurred ones.
#
# ## 7 Networks with average pools
#
# Strided convolutions are one way to make pictures smaller; average pools are another. These two networks, from a
# student's handwritten notes on pix2pix, are for pictures of 64×64, and small enough to train on a laptop in a minute.
#
# **Generator.** Each block is a convolution with "same" padding (half the kernel, rounded down) and a bias, then batch
# normalisation and an activation: LeakyReLU(0.2) on the way down, ReLU on the way up. Which of these two comes first
# is free.
#
# | block | what happens | result |
# |---|---|---|
# | encoder 1 | convolution 5×5 | 32 × 64 × 64 |
# | encoder 2 | average pool 4, convolution 3×3 | 64 × 16 × 16 |
# | encoder 3 | average pool 2, convolution 3×3 | 128 × 8 × 8 |
# | encoder 4 | average pool 2, convolution 3×3 | 256 × 4 × 4 |
# | decoder 1 | nearest-neighbour upsampling ×2, convolution 3×3 | 128 × 8 × 8 |
# | decoder 2 | concatenate with encoder 3, upsampling ×2, convolution 3×3 | 64 × 16 × 16 |
# | decoder 3 | concatenate with encoder 2, upsampling **×4**, convolution 3×3 | 32 × 64 × 64 |
# | decoder 4 | concatenate with encoder 1, convolution 5×5, Tanh; no batch normalisation | 3 × 64 × 64 |
#
# **Discriminator.** Sketch and photo concatenated, sketch first. A convolution 5×5 to 16 channels; then four times an
# average pool (4, 2, 2, 2) and *two* convolutions 3×3, to 32, 64, 128 and 256 channels; then a convolution 1×1 to one
# channel. Batch normalisation and LeakyReLU(0.2) follow each convolution but the last (the first has them, too). 64×64
# comes down to 16, 8, 4, 2: four logits, (n, 1, 2, 2).
#
# Slips of the pen in the notes, so that you need not repeat them: the third decoder must enlarge by 4, not 2 (the way
# down began with a pool of 4); a 3×3 kernel needs padding 1, not 4; and a $(64 + 2 \cdot 2 - 5)/1 + 1 = 64$ lost its
# padding on the way.


# %% exercise="pool_unet"
class PoolUNetGenerator(nn.Module):
    """A U-Net of average pools and nearest-neighbour upsampling.

    Shapes: (n, 3, 64, 64) -> (n, 3, 64, 64) in [-1, 1].
    """

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()

        def block(channels, width, activation, kernel_size=3):
            convolution = nn.Conv2d(channels, width, kernel_size, padding=kernel_size // 2)  # keeps height and width
            return nn.Sequential(convolution, nn.BatchNorm2d(width), activation)

        self.encoder1 = block(3, 32, nn.LeakyReLU(0.2), kernel_size=5)
        self.encoder2 = block(32, 64, nn.LeakyReLU(0.2))
        self.encoder3 = block(64, 128, nn.LeakyReLU(0.2))
        self.encoder4 = block(128, 256, nn.LeakyReLU(0.2))
        self.decoder1 = block(256, 128, nn.ReLU())
        self.decoder2 = block(128 + 128, 64, nn.ReLU())
        self.decoder3 = block(64 + 64, 32, nn.ReLU())
        self.decoder4 = nn.Conv2d(32 + 32, 3, 5, padding=2)
        ### END SOLUTION

    def forward(self, sketch):
        ### BEGIN SOLUTION
        e1 = self.encoder1(sketch)  # (n, 32, 64, 64)
        e2 = self.encoder2(F.avg_pool2d(e1, 4))  # (n, 64, 16, 16)
        e3 = self.encoder3(F.avg_pool2d(e2, 2))  # (n, 128, 8, 8)
        e4 = self.encoder4(F.avg_pool2d(e3, 2))  # (n, 256, 4, 4)
        d1 = self.decoder1(F.interpolate(e4, scale_factor=2))  # (n, 128, 8, 8)
        d1 = torch.cat([d1, e3], dim=1)  # (n, 128 + 128, 8, 8)
        d2 = self.decoder2(F.interpolate(d1, scale_factor=2))  # (n, 64, 16, 16)
        d2 = torch.cat([d2, e2], dim=1)  # (n, 64 + 64, 16, 16)
        d3 = self.decoder3(F.interpolate(d2, scale_factor=4))  # (n, 32, 64, 64)
        d3 = torch.cat([d3, e1], dim=1)  # (n, 32 + 32, 64, 64)
        return torch.tanh(self.decoder4(d3))  # (n, 3, 64, 64)
        ### END SOLUTION


class PoolDiscriminator(nn.Module):
    """Judge a pair by its four quarters, each of which knows the whole picture.

    Shapes: two of (n, 3, 64, 64) -> logits (n, 1, 2, 2).
    """

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()

        def block(channels, width, kernel_size=3):
            convolution = nn.Conv2d(channels, width, kernel_size, padding=kernel_size // 2)  # keeps height and width
            return [convolution, nn.BatchNorm2d(width), nn.LeakyReLU(0.2)]

        layers = block(3 + 3, 16, kernel_size=5)
        for channels, width, pool in [(16, 32, 4), (32, 64, 2), (64, 128, 2), (128, 256, 2)]:
            layers.append(nn.AvgPool2d(pool))
            layers += block(channels, width)
            layers += block(width, width)
        layers.append(nn.Conv2d(256, 1, 1))
        self.judge = nn.Sequential(*layers)
        ### END SOLUTION

    def forward(self, sketch, photo):
        ### BEGIN SOLUTION
        pair = torch.cat([sketch, photo], dim=1)  # (n, 6, 64, 64)
        return self.judge(pair)  # (n, 1, 2, 2)
        ### END SOLUTION


# %% check="pool_unet"
@course.run_check
def check_pool_unet(check):
    generator, discriminator = PoolUNetGenerator(), PoolDiscriminator()
    sketch = torch.rand(2, 3, 64, 64) * 2 - 1
    with torch.no_grad():
        fake = generator(sketch)
        logits = discriminator(sketch, fake)
    check.equal("shape of two pictures", got=tuple(fake.shape), want=(2, 3, 64, 64))
    check.true("all values in [-1, 1]", (fake.abs() <= 1).all())
    check.equal("shape of their logits", got=tuple(logits.shape), want=(2, 1, 2, 2))
    found = parameters_to_vector(generator.parameters()).numel()
    check.equal("number of parameters, generator", got=found, want=875_619)
    found = parameters_to_vector(discriminator.parameters()).numel()
    check.equal("number of parameters, discriminator", got=found, want=1_180_625)


# %% [markdown]
# Is this discriminator a PatchGAN? It has four logits. How much does each of them see?

# %%
kernels = [(5, 1)]
for pool in (4, 2, 2, 2):
    kernels += [(pool, pool), (3, 1), (3, 1)]
print(f"each logit of the pool discriminator sees {receptive_field([*kernels, (1, 1)])} pixels, the picture has 64")

# %% [markdown]
# No: with 276 pixels each logit sees the whole picture four times over. It is an ordinary discriminator that happens
# to vote four times.
#
# ## 8 Discriminator loss
#
# As in `vanilla_gan`, now with a condition $x$ (the sketch) beside the photo $y$:
#
# $$J_D = -\tfrac12\, \mathbb{E}_{x, y} \log D(x, y) \;-\; \tfrac12\, \mathbb{E}_x \log\left(1 - D(x, G(x))\right)$$
#
# The paper halves this loss, too, so that $D$ learns a little more slowly than $G$. $D$ is a map of logits
# now; average over everything, patches and pairs. In contrast to the second notebook you may use
# `F.binary_cross_entropy_with_logits`. As there, logits may be of any size, 10,000 as well, without NaN or infinity.
# The two batches need not have the same size.


# %% exercise="discriminator_loss"
def discriminator_loss(real_logits, fake_logits):
    """Average of the BCE of real logits against 1 and of fake logits against 0, over all patches of all pairs.

    Shapes: real_logits (n, 1, rows, columns), fake_logits (m, 1, rows, columns) -> ().
    Source: Isola et al. 2017, section 3.1, with 1/2 for each term (section 3.3).
    """
    ### BEGIN SOLUTION
    real_loss = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake_loss = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return (real_loss + fake_loss) / 2
    ### END SOLUTION


# %% check="discriminator_loss"
@course.run_check
def check_discriminator_loss(check):
    undecided = discriminator_loss(torch.zeros(2, 1, 30, 30), torch.zeros(2, 1, 30, 30))
    check.equal("shape", got=tuple(undecided.shape), want=())
    check.close("D undecided", got=undecided, want=0.693147, tolerance=1e-5)
    sure = torch.full((2, 1, 30, 30), 20.0)
    check.close("D sure and right", got=discriminator_loss(sure, -sure), want=0.0, tolerance=1e-5)
    check.close("D sure and wrong", got=discriminator_loss(-sure, sure), want=20.0, tolerance=1e-4)


# %% [markdown]
# ## 9 Generator loss: fool the discriminator, stay close to the photo
#
# $$J_G = -\,\mathbb{E}_x \log D(x, G(x)) \;+\; \lambda\, \mathbb{E}_{x, y}\, \lvert y - G(x) \rvert,
# \qquad \lambda = 100$$
#
# The first part is the non-saturating loss you know, over all patches. The second is **L1**: the absolute difference,
# averaged over *all* numbers, pictures, channels and pixels (`nn.L1Loss` does that). In the paper and in many slides it
# is written as a norm, $\lVert y - G(x) \rVert_1$, which strictly means the *sum* over a picture. For 256×256 in colour
# that is 196,608 times as much, and $\lambda = 100$ would drown $D$'s voice: $\lambda$ goes with the mean.
#
# Write `l1_only_loss` beside it: the second part alone, without a factor. We shall train with each and compare.


# %% exercise="generator_loss"
def generator_loss(fake_logits, fake, photo, l1_weight=100.0):
    """BCE of fake logits against 1, plus l1_weight times the mean absolute difference of fake and photo.

    Shapes: fake_logits (n, 1, rows, columns), fake and photo (n, channels, h, w) -> ().
    Source: Isola et al. 2017, section 3.1; l1_weight is the paper's lambda.
    """
    ### BEGIN SOLUTION
    fooling = F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))
    return fooling + l1_weight * l1_only_loss(fake, photo)
    ### END SOLUTION


def l1_only_loss(fake, photo):
    """Mean absolute difference of fake and photo.

    Shapes: fake and photo (n, channels, h, w) -> ().
    """
    ### BEGIN SOLUTION
    return F.l1_loss(fake, photo)
    ### END SOLUTION


# %% check="generator_loss"
@course.run_check
def check_generator_loss(check):
    photo = torch.rand(2, 3, 64, 64) - 0.5
    undecided = torch.zeros(2, 1, 30, 30)
    loss = generator_loss(undecided, photo, photo)
    check.equal("shape", got=tuple(loss.shape), want=())
    check.close("D undecided, the very photo", got=loss, want=0.693147, tolerance=1e-5)
    seen_through = generator_loss(undecided - 20, photo, photo)
    check.close("D sees through it, the very photo", got=seen_through, want=20.0, tolerance=1e-4)
    darker = generator_loss(undecided, photo - 0.5, photo)
    check.close("D undecided, every value lower by 0.5", got=darker, want=50.693147, tolerance=1e-3)
    unweighted = generator_loss(undecided, photo - 0.5, photo, l1_weight=0)
    check.close("the same with l1_weight=0", got=unweighted, want=0.693147, tolerance=1e-5)
    check.equal("shape of L1 only", got=tuple(l1_only_loss(photo, photo).shape), want=())
    check.close("L1 only, every value lower by 0.5", got=l1_only_loss(photo - 0.5, photo), want=0.5, tolerance=1e-5)


# %% [markdown]
# ## 10 One step of each network
#
# The steps of `vanilla_gan`, with a sketch where the noise was:
#
# * `discriminator_step`: paint the fake, cut it off from the graph, let $D$ judge `(sketch, photo)` and, in a second
#   call, `(sketch, fake)`, in this order of arguments; loss, clear old gradients, backward, step. $G$ gets no gradient.
# * `generator_step`: paint the fake, let $D$ judge `(sketch, fake)`, compute `generator_loss` with `l1_weight`, and
#   step. The gradient passes *through* $D$, but $D$ comes out as it went in: its parameters, the `requires_grad` flag
#   of each, and whatever stood in their `.grad`.
#
# Both return their loss, detached. Leave the modes of the networks as they are: whoever trains sets them. (Batch
# normalisation's running averages may move.)


# %% exercise="train_steps"
def discriminator_step(generator, discriminator, optimizer, sketch, photo):
    """Update the discriminator once; the generator gets no gradient.

    Shapes: sketch and photo (n, channels, h, w) -> the detached loss ().
    """
    ### BEGIN SOLUTION
    fake = generator(sketch).detach()  # (n, channels, h, w); this step must not reach the generator
    real_logits = discriminator(sketch, photo)  # (n, 1, rows, columns)
    fake_logits = discriminator(sketch, fake)  # (n, 1, rows, columns)
    loss = discriminator_loss(real_logits, fake_logits)  # ()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
    ### END SOLUTION


def generator_step(generator, discriminator, optimizer, sketch, photo, l1_weight=100.0):
    """Update the generator once; the discriminator's parameters, flags and gradients stay as they are.

    Shapes: sketch and photo (n, channels, h, w) -> the detached loss ().
    """
    ### BEGIN SOLUTION
    flags = [parameter.requires_grad for parameter in discriminator.parameters()]
    discriminator.requires_grad_(False)  # gradients pass through the discriminator, none stays in it
    fake = generator(sketch)  # (n, channels, h, w)
    fake_logits = discriminator(sketch, fake)  # (n, 1, rows, columns)
    loss = generator_loss(fake_logits, fake, photo, l1_weight)  # ()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for parameter, flag in zip(discriminator.parameters(), flags, strict=True):
        parameter.requires_grad_(flag)
    return loss.detach()
    ### END SOLUTION


# %% check="train_steps"
@course.run_check
def check_train_steps(check):
    generator = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.Tanh())
    discriminator = PatchDiscriminator(base_channels=4, layers=1)
    sketch, photo = torch.rand(2, 4, 3, 16, 16) * 2 - 1
    generator_before = parameters_to_vector(generator.parameters())  # a copy
    discriminator_before = parameters_to_vector(discriminator.parameters())

    optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.05)
    losses = [discriminator_step(generator, discriminator, optimizer, sketch, photo) for _ in range(3)]
    check.equal("shape of the discriminator's loss", got=tuple(losses[0].shape), want=())
    check.true("it is detached from its graph", not losses[0].requires_grad)
    discriminator_after = parameters_to_vector(discriminator.parameters())
    check.true("the discriminator has learned something", not torch.equal(discriminator_after, discriminator_before))
    unchanged = torch.equal(parameters_to_vector(generator.parameters()), generator_before)
    check.true("the generator is as it was", unchanged)
    check.true("no gradient was left in it", all(p.grad is None for p in generator.parameters()))
    check.true("steps on the same batch lower the loss", losses[2] < losses[0])

    optimizer = torch.optim.SGD(generator.parameters(), lr=0.002)
    losses = [generator_step(generator, discriminator, optimizer, sketch, photo) for _ in range(3)]
    check.equal("shape of the generator's loss", got=tuple(losses[0].shape), want=())
    check.true("it is detached from its graph", not losses[0].requires_grad)
    changed = not torch.equal(parameters_to_vector(generator.parameters()), generator_before)
    check.true("the generator has learned something", changed)
    unchanged = torch.equal(parameters_to_vector(discriminator.parameters()), discriminator_after)
    check.true("the discriminator is as it was", unchanged)
    check.true("the discriminator can learn again", all(p.requires_grad for p in discriminator.parameters()))
    check.true("steps on the same batch lower the loss", losses[2] < losses[0])


# %% [markdown]
# ## 11 How close are the photos?
#
# One number for a whole data set: the mean absolute difference between painted and true photos. The mean of *all
# pictures*, not of the means of batches: the last batch is often smaller, and its pictures would count for more.
#
# Evaluation mode, no gradient, batches moved to where the generator is. Afterwards each module of the generator is back
# in the mode it came in (perhaps only parts of it were in training mode), and it can be trained as before. The result
# is a Python float.


# %% exercise="evaluate"
def evaluate(generator, loader):
    """Mean absolute difference between generated and true photos over all pictures of a loader, as a Python float.

    loader: batches (sketch, photo), each (n, channels, h, w), of any size. Evaluation mode, no gradient; afterwards
    every module of the generator is in the mode it was in.
    """
    ### BEGIN SOLUTION
    device = next(generator.parameters()).device
    modes = {module: module.training for module in generator.modules()}
    generator.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for sketch, photo in loader:
            fake = generator(sketch.to(device))  # (n, channels, h, w)
            differences = (fake - photo.to(device)).abs().mean(dim=(1, 2, 3))  # (n,)
            total += differences.sum().item()
            count += len(photo)
    for module, mode in modes.items():
        module.training = mode
    return total / count
    ### END SOLUTION


# %% check="evaluate"
@course.run_check
def check_evaluate(check):
    generator = nn.Sequential(nn.Conv2d(3, 3, 1), nn.Dropout(0.5))
    nn.init.dirac_(generator[0].weight)  # passes its input on
    nn.init.zeros_(generator[0].bias)
    sketch = torch.rand(4, 3, 8, 8)
    batches = [(sketch, sketch), (sketch[:1], sketch[:1] + 1)]
    mean = evaluate(generator, batches)
    check.equal("type", got=type(mean).__name__, want="float")
    check.close("four exact pictures, one with every value off by 1", got=mean, want=0.2, tolerance=1e-5)
    check.true("the generator is in training mode again", generator.training and generator[1].training)


# %% [markdown]
# ## 12 Training: by L1, and by L1 and a discriminator
#
# The same generator from the same start, with the same batches in the same order, three times:
#
# 1. by **L1 only**;
# 2. by **L1 + cGAN**, with the pool discriminator, which sees the whole picture, and $\lambda = 100$;
# 3. by **L1 + PatchGAN**, with a narrow PatchDiscriminator of 16×16 patches, and $\lambda = 10$, so that it has more to
#    say.
#
# The pool networks at 64×64 are quick enough to do all that while you stretch your legs.
#
# | | paper | here | why |
# |---|---|---|---|
# | pictures | 256×256 | 64×64 | minutes, not hours |
# | generator | U-Net with 8 levels | average pools | sixty times smaller |
# | discriminator | 70×70 PatchGAN | pools; 16×16 PatchGAN | 16 of 64 pixels is about as much as 70 of 256 |
# | batch size | 1 to 10 | 16 | more shoes in a second |
# | learning rate | 2e-4 for both | 1e-3 for $G$, 5e-4 for $D$ | three times through the data instead of hundreds |
# | Adam's betas | 0.5, 0.999 | the same | |
# | jitter and mirror | yes | no | with so few epochs nothing is learned by heart |
# | numbers | float32 | bfloat16, where the processor computes it | twice as fast |
#
# `run.autocast()` does the last: inside it, convolutions work with 16 bits; weights and losses stay in float32.


# %% training="train_pix2pix"
def train_pix2pix(sketches, photos, title, *, steps, build_discriminator=None, l1_weight=100.0):
    """Train a pool generator on pairs, with the discriminator that build_discriminator() makes, or by L1 alone.

    Returns the generator, and the losses of each step {"generator": […], "discriminator": […]}.
    """
    torch.manual_seed(SEED)
    generator = PoolUNetGenerator().to(run.device, memory_format=torch.channels_last)
    generator_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.999))
    if build_discriminator is not None:
        discriminator = build_discriminator().to(run.device, memory_format=torch.channels_last)
        discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=5e-4, betas=(0.5, 0.999))
    losses = {"generator": [], "discriminator": []}
    for sketch, photo in take_batches(sketches, photos, steps, title):
        with run.autocast():
            if build_discriminator is None:
                loss = l1_only_loss(generator(sketch), photo)
                generator_optimizer.zero_grad()
                loss.backward()
                generator_optimizer.step()
            else:
                judging = discriminator_step(generator, discriminator, discriminator_optimizer, sketch, photo)
                losses["discriminator"].append(judging.item())
                loss = generator_step(generator, discriminator, generator_optimizer, sketch, photo, l1_weight)
        losses["generator"].append(loss.item())
    return generator, losses


def build_patch_discriminator():
    return PatchDiscriminator(base_channels=32, layers=1)


steps = run.choose(smoke=3, quick=3 * 63, full=60 * 63)  # an epoch of 1,000 pairs has 63 batches
print(f"profile {run.profile}: {steps:,} steps, batches of {BATCH_SIZE} from {len(photos):,} pairs, on {run.device}")
generators, histories = {}, {}
for name, settings in {
    "L1 only": {},
    "L1 + cGAN": {"build_discriminator": PoolDiscriminator},
    "L1 + PatchGAN": {"build_discriminator": build_patch_discriminator, "l1_weight": 10.0},
}.items():
    generators[name], histories[name] = train_pix2pix(sketches, photos, name, steps=steps, **settings)

# %% [markdown]
# Batch normalisation in evaluation mode uses running averages of mean and variance. The paper does *not*: when it
# paints, the network does exactly what it did in training, and normalises by the batch at hand (section 3.3). We do
# the same, on a copy of the generator, so that painting leaves no trace in the running averages.


# %%
def paint(generator, sketches):
    """Photos for sketches, normalised by this batch as in training. Shapes: (n, 3, h, w) -> (n, 3, h, w), CPU."""
    painter = copy.deepcopy(generator).train()
    with torch.no_grad(), run.autocast():
        return painter(sketches.to(run.device)).float().cpu()


painted = {name: paint(generator, val_sketches) for name, generator in generators.items()}
course.show_grid(
    torch.cat([images[shown] for images in (val_sketches, *painted.values(), val_photos)]),
    row_labels=["sketch", *painted, "photo"],
    title=f"validation pairs after {steps:,} steps",
    scale=1.1,
)

# %% [markdown]
# None of these sketches was seen in training. Two numbers for each way of training: the distance from the true photos,
# and **contrast**, the mean difference between neighbouring pixels. Blurred pictures have less of it than true ones.


# %%
def measure_contrast(images):
    """Mean absolute difference of neighbouring pixels, down and across. Shapes: (n, 3, h, w) -> float."""
    return (images.diff(dim=2).abs().mean() + images.diff(dim=3).abs().mean()).item() / 2


print(f"{'':<16}{'mean L1':>10}{'contrast':>10}")
for name, images in {"white page": torch.ones_like(val_photos), **painted, "true photos": val_photos}.items():
    print(f"{name:<16}{l1_only_loss(images, val_photos):>10.3f}{measure_contrast(images):>10.4f}")

# %% [markdown]
# In our run all three are within a hair of each other in L1, at less than a third of the white page. Their contrast is
# not the same: it grows with what the discriminator has to say, and the PatchGAN's pictures come nearest to the photos,
# with stronger colours and harder lines. It is a small effect after three epochs; with `full` you get twenty times as
# many.
#
# ### In which mode to paint
#
# And what does your `evaluate` say, which uses evaluation mode? Four ways to paint with one and the same generator:

# %%
trained = generators["L1 + cGAN"]
alone = torch.cat([paint(trained, sketch[None]) for sketch in val_sketches[::5]])  # every fifth is enough
settled = copy.deepcopy(trained).train()
with torch.no_grad(), run.autocast():
    for sketch in sketches[torch.randperm(len(sketches))][:640].split(BATCH_SIZE):
        settled(sketch.to(run.device))  # moves the running averages, and nothing else
print(f"training mode, all {len(val_photos)} in one batch:       {l1_only_loss(painted['L1 + cGAN'], val_photos):.3f}")
print(f"training mode, each by itself:            {l1_only_loss(alone, val_photos[::5]):.3f}")
print(f"evaluation mode, as training left it:     {evaluate(trained, val_loader):.3f}")
print(f"evaluation mode, running averages settled: {evaluate(settled, val_loader):.3f}")

# %% [markdown]
# A batch of one has its own mean, far from those the network knows: a red sandal or a large boot shifts everything. And
# the running averages lag behind: they remember the networks of the last dozens of steps, and at this learning rate
# those were other networks. Show the finished one some forty batches *without* learning, and evaluation mode is as good
# as a full batch. The paper trains with batches of one to ten, where averages say even less. Hence its way.
#
# Losses. The dotted line is a discriminator that tosses coins.

# %%
discriminators = {name: losses["discriminator"] for name, losses in histories.items() if losses["discriminator"]}
course.plot_losses(discriminators, title="discriminators")
_, axes = plt.subplots(figsize=(9, 3.2), layout="constrained")
for name, factor in {"L1 only": 100, "L1 + cGAN": 1, "L1 + PatchGAN": 1}.items():
    label = f"{name}, times {factor}" if factor > 1 else name
    axes.plot(factor * np.array(histories[name]["generator"]), label=label, linewidth=1)
axes.set(title="generators (the scale is logarithmic)", xlabel="step", ylabel="loss", yscale="log")
axes.legend()
plt.show()

# %% [markdown]
# ## 13 What a PatchGAN sees
#
# A map of logits can be looked at. Here we train a narrow PatchDiscriminator with 16×16 patches to tell true photos
# from what the *L1 generator* paints, with the generator standing still. Then we lay its verdicts over pictures: green
# means "looks like a photo here", red means "painted".

# %% training="train_patch_discriminator"
torch.manual_seed(SEED)
patch_discriminator = PatchDiscriminator(base_channels=16, layers=1)
patch_discriminator.to(run.device, memory_format=torch.channels_last)
patch_optimizer = torch.optim.Adam(patch_discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
patch_steps = run.choose(smoke=2, quick=63, full=630)
blurring = copy.deepcopy(generators["L1 only"])  # a copy, because painting moves its running averages
for sketch, photo in take_batches(sketches, photos, patch_steps, "patches"):
    with run.autocast():
        patch_loss = discriminator_step(blurring, patch_discriminator, patch_optimizer, sketch, photo)
print(f"loss after {patch_steps} steps: {patch_loss:.3f} (a coin toss: 0.693)")

# %%
judged = {"photo": val_photos, "L1 only": painted["L1 only"], "L1 + PatchGAN": painted["L1 + PatchGAN"]}
chosen = shown[[0, 2, 3, 4, 5, 6, 7, 9]]
_, grid = plt.subplots(2 * len(judged), 8, figsize=(11, 8.6), layout="constrained")
for rows, (name, pictures) in zip(grid.reshape(len(judged), 2, 8), judged.items(), strict=True):
    with torch.no_grad():  # in training mode, all pictures of one kind in one batch, as it was trained
        logits = patch_discriminator(val_sketches.to(run.device), pictures.to(run.device)).cpu()
    verdicts = torch.sigmoid(logits[:, 0])  # (n, 30, 30)
    for above, below, number in zip(*rows, chosen, strict=True):
        grey = pictures[number].permute(1, 2, 0) / 2 + 0.5
        above.imshow(grey.clamp(0, 1))
        below.imshow(grey.mean(2).clamp(0, 1), cmap="gray", vmin=-0.6, vmax=1)
        overlay = {"cmap": "RdYlGn", "vmin": 0, "vmax": 1, "alpha": 0.65, "extent": (-0.5, 63.5, 63.5, -0.5)}
        colours = below.imshow(verdicts[number], **overlay)
    rows[0, 0].set_ylabel(name)
    rows[1, 0].set_ylabel(f"mean {verdicts.mean():.2f}")
for axes in grid.flat:
    axes.set(xticks=[], yticks=[])
plt.colorbar(colours, ax=grid, label="probability of a true photo", shrink=0.6)
plt.show()

# %% [markdown]
# Look at the **paper** first: it is white in photos and paintings alike, and yet its verdict differs. How can a patch
# of blank paper know? By batch normalisation. Each batch, of photos or of paintings, is normalised by its own mean and
# variance, and these are no secret of the patch: they tell on the whole batch (the third panel of section 6, at work).
# Put the discriminator into evaluation mode, and its verdicts on blank paper agree. Within the shoes you see what
# belongs to the patch itself: verdicts change from place to place, and some painted surfaces pass for true.
#
# ## 14 The same code for other pairs
#
# Nothing in networks and losses knows of shoes and sketches. Take the photos alone, spoil them, and call the spoiled
# ones `sketch`:
#
# * **in-painting**: a square is missing (Pathak et al. 2016, [arXiv 1604.07379](https://arxiv.org/abs/1604.07379));
# * **super-resolution**: only every fourth pixel is left, each the mean of 16 (Ledig et al. 2017, [arXiv
#   1609.04802](https://arxiv.org/abs/1609.04802));
# * **de-raining**: slanted streaks lie over the photo (Zhang et al. 2017, [arXiv
#   1701.05957](https://arxiv.org/abs/1701.05957)).
#
# Lecture notes name more: merging several damaged scans of one picture, aligning pictures of two kinds. Those papers
# use networks of their own, but each has the two ideas of this notebook: a generator with a condition, and a loss of
# closeness plus a discriminator.

# %%
TASK = "in-painting"  # or "super-resolution", or "de-raining"


def spoil(photos, task, *, rng):
    """The photos with a hole, coarse, or in the rain. Shapes: (n, 3, 64, 64) -> (n, 3, 64, 64) in [-1, 1]."""
    count, _, height, width = photos.shape
    if task == "in-painting":
        holes = torch.ones(count, 1, height, width)
        for hole, top, left in zip(holes, *torch.randint(10, 32, (2, count), generator=rng).tolist(), strict=True):
            hole[:, top : top + 24, left : left + 24] = 0
        return photos * holes  # grey where something is missing
    if task == "super-resolution":
        return F.interpolate(F.avg_pool2d(photos, 4), scale_factor=4)  # (n, 3, 16, 16) -> (n, 3, 64, 64)
    if task == "de-raining":
        drops = (torch.rand(count, 1, height, width, generator=rng) < 0.006).float()
        streak = torch.eye(9).flip(0)[None, None] * 0.9  # (1, 1, 9, 9), slanted
        rain = F.conv2d(drops, streak, padding=4).clamp(0, 1)
        return photos * (1 - rain) + 0.2 * rain
    raise ValueError(f"TASK: expected in-painting, super-resolution or de-raining, got {task!r}")


# %% training="train_other_task"
task_rng = torch.Generator().manual_seed(SEED)
spoiled, val_spoiled = spoil(photos, TASK, rng=task_rng), spoil(val_photos, TASK, rng=task_rng)
task_steps = run.choose(smoke=3, quick=63, full=63 * 30)
task_generator, _ = train_pix2pix(spoiled, photos, TASK, steps=task_steps, build_discriminator=PoolDiscriminator)

# %%
restored = paint(task_generator, val_spoiled)
course.show_grid(
    torch.cat([val_spoiled[shown], restored[shown], val_photos[shown]]),
    row_labels=["spoiled", "restored", "photo"],
    title=f"{TASK}, {task_steps:,} steps",
)
print(f"mean L1 to the photos: spoiled {l1_only_loss(val_spoiled, val_photos):.3f}, ", end="")
print(f"restored {l1_only_loss(restored, val_photos):.3f}")

# %% [markdown]
# One epoch teaches it what colour belongs into the hole, and hardly more; what cannot be known (was there a strap?)
# comes out blurred, for the reason that the question at the end asks about.

# %% [markdown]
# ## 15 The size of the paper
#
# The real thing has 54 million parameters and 16 times the pixels. How long would it take here? One step of each
# network, with one pair of 256×256, measured (after a first one that does not count: memory has to be found). The
# profile `full` goes on to train it, for which you want a GPU. Our shoes are enlarged from 28×28, so at this size there
# is no detail to be won; with the original edges2shoes (`GAN_COURSE_PAIRS`) there is.

# %% training="paper_size"
torch.manual_seed(SEED)
paper_generator = UNetGenerator().to(run.device)
paper_discriminator = PatchDiscriminator().to(run.device)
paper_optimizers = [
    torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))
    for network in (paper_generator, paper_discriminator)
]


def step_both(sketch, photo):
    """One step of each network; shapes (n, 3, 256, 256). Returns both losses (), the generator's first."""
    networks = paper_generator, paper_discriminator
    with run.autocast():
        judging = discriminator_step(*networks, paper_optimizers[1], sketch, photo)
        painting = generator_step(*networks, paper_optimizers[0], sketch, photo)
    return painting, judging


big_sketch, big_photo = (
    F.interpolate(images[:1], size=256, mode="bilinear").to(run.device) for images in (sketches, photos)
)  # (1, 3, 256, 256)
seconds = []
for _ in range(run.choose(smoke=1, quick=2, full=5)):
    start = time.perf_counter()
    torch.stack(step_both(big_sketch, big_photo)).tolist()  # waits for the GPU, if there is one
    seconds.append(time.perf_counter() - start)
paper_epochs = run.choose(smoke=0, quick=0, full=20)
hours = 20 * len(photos) * seconds[-1] / 3600
print(f"one step of both networks on {run.device}: {seconds[-1]:.2f} s; 20 epochs, batch 1: about {hours:.1f} h")
if paper_epochs:
    paper_sketches, paper_photos = course.load_pairs(root, "train", image_size=256)
    paper_rng = torch.Generator().manual_seed(SEED)
    order = torch.cat([torch.randperm(len(paper_photos), generator=paper_rng) for _ in range(paper_epochs)])
    for number in tqdm(order.tolist(), "256×256", file=sys.stdout, mininterval=1, ncols=100):
        step_both(paper_sketches[number, None].to(run.device), paper_photos[number, None].to(run.device))

# %%
if paper_epochs:
    big_sketches, big_photos = (images[shown] for images in course.load_pairs(root, "val", image_size=256))
    big_painted = torch.cat([paint(paper_generator, sketch[None]) for sketch in big_sketches])  # batches of one
    course.show_grid(
        torch.cat([big_sketches, big_painted, big_photos]), row_labels=["sketch", "painted", "photo"], scale=1.4
    )
else:
    print("shapes on the way through the U-Net of the paper, for one picture:")
    shapes = []
    hooks = [
        layer.register_forward_hook(lambda layer, inputs, result: shapes.append(tuple(result.shape[1:])))
        for layer in paper_generator.modules()
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d))
    ]
    paint(paper_generator, big_sketch)
    for hook in hooks:
        hook.remove()
    print("   ".join(" × ".join(str(side) for side in shape) for shape in shapes))

# %% [markdown]
# ## 16 The sketch pad
#
# Your turn to be the customer. `draw_strokes` draws lines as thin and black as those of the training sketches: the
# network has never seen others. `paint_photo` gives the photo. A drawing alone would make a batch of one, and you saw
# above what becomes of that; so it is laid among sixteen training sketches and picked out again.

# %%
PAD_SIDE, PAD_ZOOM = 64, 6  # pixels of a sketch, and screen pixels for each
BOOT = [
    [(50, 10), (50, 40), (53, 46), (54, 54), (42, 54), (41, 51), (24, 54), (6, 54), (6, 47)],
    [(50, 10), (31, 9), (30, 29), (20, 37), (9, 41), (6, 47), (24, 49), (41, 48), (53, 48)],
]


def draw_strokes(strokes, sketch=None):
    """Lines one pixel wide through the points (x, y) of each stroke, on white paper or on a copy of a sketch.

    Points are in pixels of the sketch, (0, 0) at the upper left. Shapes: -> (64, 64), uint8.
    """
    paper = Image.new("L", (PAD_SIDE, PAD_SIDE), 255) if sketch is None else Image.fromarray(sketch)
    pen = ImageDraw.Draw(paper)
    for points in strokes:
        corners = [(int(x), int(y)) for x, y in points]
        pen.line(corners if len(corners) > 1 else 2 * corners, fill=0, width=1)
    return np.array(paper)


def paint_photo(drawing):
    """The photo for a drawing: strokes, or a sketch (64, 64), uint8, black on white. Shapes: -> (64, 64, 3), uint8."""
    sketch = draw_strokes(drawing) if isinstance(drawing, list) else drawing
    drawn = torch.from_numpy(sketch).float().expand(1, 3, -1, -1) / 127.5 - 1  # (1, 3, 64, 64)
    company = sketches[:: max(1, len(sketches) // BATCH_SIZE)]  # (about 16, 3, 64, 64)
    photo = paint(generators["L1 + PatchGAN"], torch.cat([drawn, company]))[0]  # (3, 64, 64)
    return ((photo.permute(1, 2, 0) + 1) * 127.5).round().clamp(0, 255).byte().numpy()


_, (left, right) = plt.subplots(1, 2, figsize=(5, 2.6), layout="constrained")
left.imshow(draw_strokes(BOOT), cmap="gray", vmin=0, vmax=255)
right.imshow(paint_photo(BOOT))
left.set_title("two strokes")
right.set_title("painted")
for axes in (left, right):
    axes.set(xticks=[], yticks=[])
plt.show()

# %% [markdown]
# And here is the pad. Draw with the mouse: an outline seen from the side, toe to the left, about as large as the pad.
# After each stroke the photo is painted anew. *Sample sketch* lays a validation sketch before you, to draw on; *Clear*
# gives you a new sheet. What does the network paint for a shoe with a very high heel? For a cat?


# %%
class SketchPad:
    """A sheet to draw on, a photo beside it, two buttons; `widget` is what to display."""

    def __init__(self):
        self.canvas = Canvas(width=PAD_SIDE * PAD_ZOOM, height=PAD_SIDE * PAD_ZOOM)
        self.canvas.layout.border = "1px solid grey"
        self.photo = widgets.Image(format="png", width=PAD_SIDE * PAD_ZOOM, height=PAD_SIDE * PAD_ZOOM)
        clear = widgets.Button(description="Clear", tooltip="a new sheet")
        sample = widgets.Button(description="Sample sketch", tooltip="a sketch of the validation set")
        self.canvas.add_class("sketch-pad")
        self.photo.add_class("sketch-pad-photo")
        clear.add_class("sketch-pad-clear")
        sample.add_class("sketch-pad-sample")
        self.canvas.on_mouse_down(self.begin)
        self.canvas.on_mouse_move(self.extend)
        self.canvas.on_mouse_up(self.finish)
        self.canvas.on_mouse_out(self.finish)
        clear.on_click(lambda _: self.show(draw_strokes([])))
        sample.on_click(lambda _: self.show(self.pick_sample()))
        sheet = widgets.VBox([self.canvas, widgets.HBox([clear, sample])])
        self.widget = widgets.HBox([sheet, self.photo], layout={"align_items": "flex-start"})  # not stretched
        self.widget.add_class("sketch-pad-box")
        self.samples = itertools.cycle(val_sketches[shown].flip(0))
        self.stroke = []
        self.show(draw_strokes([]))

    def begin(self, x, y):
        self.stroke = [(x / PAD_ZOOM, y / PAD_ZOOM)]

    def extend(self, x, y):
        if self.stroke:  # the button is down
            last_x, last_y = self.stroke[-1]
            self.canvas.line_width, self.canvas.line_cap = PAD_ZOOM, "square"
            self.canvas.stroke_line(last_x * PAD_ZOOM, last_y * PAD_ZOOM, x, y)
            self.stroke.append((x / PAD_ZOOM, y / PAD_ZOOM))

    def finish(self, x, y):
        if self.stroke:
            self.extend(x, y)
            stroke, self.stroke = self.stroke, []
            self.show(draw_strokes([stroke], self.sketch))

    def pick_sample(self):
        return ((next(self.samples)[0] + 1) * 127.5).round().byte().numpy()  # (64, 64)

    def show(self, sketch):
        """Put a sketch (64, 64) on the sheet, as the network sees it, and its photo beside it."""
        self.sketch = sketch
        enlarged = sketch.repeat(PAD_ZOOM, 0).repeat(PAD_ZOOM, 1)  # (384, 384)
        self.canvas.put_image_data(np.stack([enlarged] * 3, 2), 0, 0)
        file = io.BytesIO()
        Image.fromarray(paint_photo(sketch)).resize(enlarged.shape, Image.Resampling.BICUBIC).save(file, "PNG")
        self.photo.value = file.getvalue()


try:
    import ipywidgets as widgets
    from ipycanvas import Canvas
except ImportError as error:
    print(f"no sketch pad: {error.name} is not installed (pip install ipycanvas ipywidgets, then restart the notebook)")
else:
    if "google.colab" in sys.modules:
        from google.colab import output

        output.enable_custom_widget_manager()
    display(SketchPad().widget)

# %% [markdown] question="l1_effect"
# ## 17 What does L1 do to the picture?
#
# Look at the rows of section 12 (L1 only, L1 with a discriminator, photo), at the map of section 13 and at the numbers,
# and answer in about ten sentences:
#
# 1. What do the pictures by L1 alone get right, and what is missing? Explain it by the loss: when several photos would
#    fit a sketch equally well, which picture has the smallest expected L1?
# 2. What does the discriminator add or change? Name a place in a picture of yours, and say what the map of verdicts
#    shows.
# 3. Which way of training has the lowest mean L1 on validation pairs, which the contrast nearest to that of photos?
#    Which is the better generator?
#
# ### BEGIN SOLUTION
# **Model answer.** (1) By L1 alone the shoes stand where they were drawn, outlines and large areas are right, and the
# colour mostly is that of the class. What is missing is fine texture, shine, and sharp inner lines: surfaces are smooth
# and edges soft. If several photos fit a sketch, the expected absolute difference is smallest at the *median* of the
# possible values of each pixel, each by itself. The median of shifted edges is a blur, and of dark and light shoes
# something in between; where the network is not sure of the class, colours mix (a boot that might be a sneaker comes
# out purple-brown). No such picture need look like any photo, and L1 does not mind.
#
# (2) The discriminator punishes what no photo has. With it, colours are stronger, edges harder and the contrast nearer
# to that of photos, most of all with the PatchGAN at a small weight of L1: it works on texture in each patch, and
# leaves the layout to L1. Some of the detail it asks for is invented, and may be in the wrong place. The map gives
# paintings lower values than photos on average, with large differences from place to place: plain surfaces pass, others
# do not (what it says on blank paper is batch normalisation's doing).
#
# (3) All three are close; in our run L1 only had the lowest (0.078, equal to L1 + cGAN in three digits) and the
# PatchGAN the highest (0.079), but its contrast was the nearest to that of photos (0.038 against 0.036; photos have
# 0.043). That is no wonder: L1 is what the first one was trained for, and it prefers a cautious blur to a sharp line
# one pixel off. Mean L1 measures closeness, not whether a picture looks real; for that one has to look, or ask people
# or a fixed network.
#
# **Rubric (6 points).** 2: L1 gets layout and rough colour right but blurs, explained by the median (or average) of
# possible photos. 2: what the discriminator changes, with a place named and the map read. 2: compares the numbers of
# their own run, and says why a low L1 is not the same as a good picture (1 each). Observations must fit the student's
# own pictures.
# ### END SOLUTION

# %% [markdown]
# ## Hand in
#
# Save the notebook (Ctrl+S), then run this cell: it reads the file as the grader will and says what it finds. The core
# of the course ends here. The next notebook, [`gan_losses`](../gan_losses/gan_losses.ipynb), asks what else forger and
# appraiser could say to each other.

# %%
course.check_submission("pix2pix.ipynb")
