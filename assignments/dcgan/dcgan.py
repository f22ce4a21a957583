# %% [markdown]
# # DCGAN
#
# The forger of the last notebook, [`vanilla_gan`](../vanilla_gan/vanilla_gan.ipynb), paints each of his 784 pixels by
# itself: nothing in a linear layer knows that pixels have neighbours. So his digits come with loose white dots and
# frayed strokes, and on anything larger than 28×28 he gives up.
#
# Convolutional layers know about neighbours, and they use the same brush everywhere in the picture. It took more than
# a year of trying until somebody found out how to make GANs of them that train without falling over: the **deep
# convolutional GAN** (Radford, Metz and Chintala 2016, [arXiv 1511.06434](https://arxiv.org/abs/1511.06434)). Its
# recipe is a handful of rules, and many image generators that came after it are its children.
#
# In this notebook you
#
# * see what convolutions and their transposed twins do, pixel by pixel, and where checkerboards come from;
# * build the network of the paper, layer for layer, and teach it to paint shoes of 64×64 pixels in colour;
# * design your own pair of networks for digits;
# * ask an impartial judge whether they are better than the vanilla GAN, and learn what such a number is worth;
# * walk from one picture to another through the space of noise.
#
# **How to work.** As before: write between the lines where a cell says `YOUR CODE HERE`, run it, then run the check
# below it. Checks are a friend's quick look, your work is graded with other inputs and more questions. Leave names and
# arguments of functions as they are.

# %% setup="imports"
import os
import sys
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from IPython.display import clear_output
from matplotlib.patches import Rectangle
from torch import nn
from torchvision import datasets, transforms
from tqdm import tqdm

if not Path("course.py").exists() and "google.colab" in sys.modules:
    from google.colab import drive

    drive.mount("/content/drive")  # the whole folder dcgan belongs into your Google Drive
    for found in Path("/content/drive/MyDrive").glob("**/dcgan/course.py"):
        os.chdir(found.parent)
if not Path("course.py").exists():
    raise FileNotFoundError(
        f"course.py: expected beside this notebook, not in {Path.cwd()}; copy the whole folder dcgan"
    )

import course

run = course.set_up()

# %% [markdown]
# ## 1 Convolution: how large is the result?
#
# A convolution lays a small *kernel* on the picture, multiplies each number with the one that lies on it, adds up, and
# writes the sum down as one pixel of the result. Then the kernel moves on. Here it walks over a picture of 5×5 with a
# bright corner, and because of its minus signs it answers where darkness turns into light from left to right:


# %%
def draw_numbers(axes, values, *, title="", frame=None, limit=4):
    """Draw a small picture with its numbers; NaN stays blank. frame: (row, column, height, width) to point at."""
    values = values.numpy()
    axes.imshow(np.nan_to_num(values), cmap="RdBu", vmin=-limit, vmax=limit)
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            colour = "white" if abs(value) > 0.6 * limit else "black"
            axes.text(column, row, f"{value:g}", ha="center", va="center", fontsize=9, color=colour)
    if frame is not None:
        row, column, height, width = frame
        corner = (column - 0.5, row - 0.5)
        axes.add_patch(Rectangle(corner, width, height, fill=False, edgecolor="darkorange", linewidth=3, clip_on=False))
    axes.set_title(title, fontsize=10)
    axes.set_xticks(np.arange(values.shape[1] + 1) - 0.5, [])
    axes.set_yticks(np.arange(values.shape[0] + 1) - 0.5, [])
    axes.grid(color="white", linewidth=1.5)
    axes.tick_params(length=0)


picture = torch.zeros(5, 5)
picture[1:, 2:] = 1  # a bright corner
kernel = torch.tensor([[-1.0, 0.0, 1.0]]).repeat(3, 1)  # (3, 3)
answer = F.conv2d(picture[None, None], kernel[None, None])[0, 0]  # (5, 5) -> (3, 3)

_, panels = plt.subplots(2, 5, figsize=(10, 4.4), layout="constrained")
draw_numbers(panels[0, 0], kernel, title="kernel")
panels[1, 0].axis("off")
for (above, below), position in zip(panels[:, 1:].T, (0, 1, 3, 8), strict=True):
    row, column = divmod(position, 3)
    so_far = answer.clone()
    so_far.flatten()[position + 1 :] = torch.nan  # not computed yet
    draw_numbers(above, picture, title=f"position {position + 1} of 9", frame=(row, column, 3, 3))
    draw_numbers(below, so_far, title="result so far", frame=(row, column, 1, 1))
plt.show()

# %% [markdown]
# How many positions are there along one side? A kernel of $k$ pixels, its pixels $d$ apart (*dilation*), reaches over
# $d(k-1)+1$ of them. The picture has $n$, and $p$ more on either side (*padding*, zeros). The kernel moves by $s$
# (*stride*), and a last step that does not fit is not taken, so round **down**:
#
# $$n_\text{out} = \left\lfloor \frac{n + 2p - d(k - 1) - 1}{s} \right\rfloor + 1$$
#
# (documentation of [`nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html)). All of it in
# whole numbers, please; `//` rounds down. Some settings make no sense: size, kernel, stride or dilation below 1,
# negative padding, or a kernel that reaches further than the padded picture. Raise a `ValueError` for those.


# %% exercise="conv2d_output_size"
def conv2d_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """Pixels along one side after nn.Conv2d with these settings, all of them whole numbers.

    Errors: ValueError if size, kernel_size, stride or dilation is below 1, padding is negative, or the kernel, dilated,
    is larger than the padded picture.
    Source: documentation of torch.nn.Conv2d.
    """
    ### BEGIN SOLUTION
    if min(size, kernel_size, stride, dilation) < 1 or padding < 0:
        raise ValueError("size, kernel_size, stride and dilation are at least 1, padding at least 0")
    reach = dilation * (kernel_size - 1) + 1  # from the kernel's first pixel to its last, gaps included
    room = size + 2 * padding - reach  # how far the kernel can move
    if room < 0:
        raise ValueError(f"the kernel reaches over {reach} pixels, the padded picture has {size + 2 * padding}")
    return room // stride + 1
    ### END SOLUTION


# %% check="conv2d_output_size"
@course.run_check
def check_conv2d_output_size(check):
    check.equal("5 pixels, kernel 3", got=conv2d_output_size(5, 3), want=3)
    check.equal("64 pixels, kernel 4, stride 2, padding 1", got=conv2d_output_size(64, 4, 2, 1), want=32)
    check.equal("28 pixels, kernel 3, stride 2, padding 1", got=conv2d_output_size(28, 3, stride=2, padding=1), want=14)
    check.equal("9 pixels, kernel 3, dilation 2", got=conv2d_output_size(9, 3, dilation=2), want=5)
    try:
        check.true(f"3 pixels, kernel 5: ValueError, not {conv2d_output_size(3, 5)}", False)
    except ValueError as error:
        check.true(f"3 pixels, kernel 5: ValueError, saying: {error}", True)


# %% [markdown]
# The same with one row of pixels, seen from the side. Grey is the picture, dashed its padding, and each line below is
# one position of the kernel. Watch the second: with stride 2, nobody ever looks at the last pixel. That is what
# rounding down means.


# %%
def draw_cell(axes, place, line, colour, **style):
    axes.add_patch(Rectangle((place + 0.06, -line + 0.1), 0.88, 0.8, facecolor=colour, **style))


def finish_lines(axes, title, left, right, lines):
    """All panels of a row get the same limits, so that a pixel has the same size everywhere."""
    axes.set(xlim=(left, right), ylim=(-lines + 0.9, 1.1), xticks=[], yticks=[], aspect="equal", anchor="N")
    axes.set_title(title, fontsize=10)
    axes.set_frame_on(False)


def draw_walk(axes, title, size, kernel_size, **settings):
    """One row of pixels and, below it, every position of the kernel."""
    stride, padding, dilation = (settings.get(name, usual) for name, usual in WALK.items())
    for place in range(-padding, size + padding):
        inside = 0 <= place < size
        draw_cell(axes, place, 0, "silver" if inside else "none", edgecolor="grey", linestyle="-" if inside else ":")
    positions = conv2d_output_size(size, kernel_size, **settings)
    for position in range(positions):
        for pixel in range(kernel_size):
            draw_cell(axes, position * stride - padding + pixel * dilation, position + 1, "tab:blue")
    finish_lines(axes, f"{title}: {size} → {positions}", -1.2, 7.2, 5)


WALK = {"stride": 1, "padding": 0, "dilation": 1}
_, panels = plt.subplots(1, 4, figsize=(11, 2.3), layout="constrained")
draw_walk(panels[0], "kernel 3", 6, 3)
draw_walk(panels[1], "stride 2", 6, 3, stride=2)
draw_walk(panels[2], "stride 2, padding 1", 6, 3, stride=2, padding=1)
draw_walk(panels[3], "dilation 2", 6, 3, dilation=2)
plt.show()

# %% [markdown]
# ## 2 Transposed convolution: how large is the result?
#
# A convolution *gathers*: nine pixels in, one out. A generator needs the opposite, from few pixels to many. The
# transposed convolution *scatters*: each input pixel is a dab with a brush. It paints the whole kernel, multiplied by
# its value, onto the result; the next pixel does the same, $s$ pixels further on; where dabs overlap, paint adds up.
#
# So $n$ pixels are $(n-1)s + 1$ apart from first to last, the last dab reaches over $d(k-1)+1$, and padding now takes
# away $p$ pixels on either side of the *result*:
#
# $$n_\text{out} = (n - 1)s - 2p + d(k - 1) + \text{output\_padding} + 1$$
#
# (documentation of
# [`nn.ConvTranspose2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html)). What is
# `output_padding`? A strided convolution rounds down, so it makes 14 pixels of 27 and of 28 alike; on the way back
# somebody has to say which of them is meant. It adds that many pixels on one side. The lab's slides leave it out, and
# the factor "1" in front of their $(k-1)$ is a dilation that never got its letter.
#
# Only settings that PyTorch accepts will be asked for; no `ValueError` here.


# %% exercise="conv_transpose2d_output_size"
def conv_transpose2d_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Pixels along one side after nn.ConvTranspose2d with these settings, all of them whole numbers.

    Source: documentation of torch.nn.ConvTranspose2d.
    """
    ### BEGIN SOLUTION
    spread = (size - 1) * stride + 1  # the pixels, stride apart
    reach = dilation * (kernel_size - 1) + 1  # what the kernel paints for one pixel
    return spread - 1 + reach - 2 * padding + output_padding
    ### END SOLUTION


# %% check="conv_transpose2d_output_size"
@course.run_check
def check_conv_transpose2d_output_size(check):
    check.equal("2 pixels, kernel 3", got=conv_transpose2d_output_size(2, 3), want=4)
    check.equal("1 pixel, kernel 4", got=conv_transpose2d_output_size(1, 4), want=4)
    check.equal("4 pixels, kernel 4, stride 2, padding 1", got=conv_transpose2d_output_size(4, 4, 2, 1), want=8)
    with_extra = conv_transpose2d_output_size(14, 3, stride=2, padding=1, output_padding=1)
    check.equal("14 pixels, kernel 3, stride 2, padding 1, output_padding 1", got=with_extra, want=28)
    check.equal("5 pixels, kernel 3, dilation 2", got=conv_transpose2d_output_size(5, 3, dilation=2), want=9)


# %% [markdown]
# Again from the side: grey is the input, each line below one pixel's dab, the last line the result. Its numbers count
# how often each pixel was painted. Dotted dabs fall off the edge, because padding cut it away there.


# %%
def draw_dabs(axes, title, size, kernel_size, **settings):
    """One row of pixels, what each of them paints, and how often each pixel of the result gets paint."""
    stride, padding = settings.get("stride", 1), settings.get("padding", 0)
    length = conv_transpose2d_output_size(size, kernel_size, **settings)
    painted = [0] * length
    for pixel in range(size):
        first = pixel * stride - padding
        draw_cell(axes, first + (kernel_size - 1) / 2, 0, "silver", edgecolor="grey")  # above the middle of its dab
        for place in range(first, first + kernel_size):
            inside = 0 <= place < length
            colour = plt.cm.tab10(pixel) if inside else "none"
            draw_cell(axes, place, pixel + 1, colour, edgecolor=plt.cm.tab10(pixel), linestyle="-" if inside else ":")
            if inside:
                painted[place] += 1
    for place, times in enumerate(painted):
        draw_cell(axes, place, size + 1.5, plt.cm.Greys(0.1 + 0.22 * times), edgecolor="grey")
        axes.text(place + 0.5, -size - 1, times, ha="center", va="center", color="white" if times > 2 else "black")
    finish_lines(axes, f"{title}\n{size} → {length}", -1.2, 9.2, 6.5)


_, panels = plt.subplots(1, 4, figsize=(12, 2.9), layout="constrained")
draw_dabs(panels[0], "\nkernel 3", 4, 3)
draw_dabs(panels[1], "\nkernel 3, stride 2", 4, 3, stride=2)
draw_dabs(panels[2], "kernel 3, stride 2,\npadding 1, output_padding 1", 4, 3, stride=2, padding=1, output_padding=1)
draw_dabs(panels[3], "\nkernel 4, stride 2, padding 1", 4, 4, stride=2, padding=1)
plt.show()

# %% [markdown]
# The second and third are worth a long look: 1, 2, 1, 2, … With kernel 3 and stride 2 every other pixel gets twice the
# paint. With kernel 4 all of them get the same, but for the two at the edge. More about that in a minute.
#
# ## 3 Transposed convolution by hand
#
# Write it yourself, without PyTorch's own transposed convolutions (`F.conv_transpose2d` is for comparing, as the check
# does). There are two ways, and both are right:
#
# * **Scatter.** Begin with a canvas of zeros; for every place of the kernel, add what all input pixels paint there; cut
#   $p$ pixels off each side.
# * **Spread and convolve.** Put $s-1$ zeros between neighbouring pixels (this is why the paper says
#   *fractionally-strided*), and run an ordinary convolution with stride 1 over it, with enough zeros around the edge
#   that each pixel's whole dab fits; cut $p$ pixels off each side.
#
# For the second, mind two things. The kernel has to be **turned round** (both axes flipped): where the scattering
# pixel paints to its lower right, the gathering one must look to its upper left. And the weight of a transposed
# convolution is stored as `(in_channels, out_channels, height, width)`, that of a convolution as `(out_channels,
# in_channels, height, width)`: **swap** the two.
#
# `x` and `weight` may be float32 or float64, and the result has the same type. Kernels need not be square. `stride` and
# `padding` are one whole number each, for both directions; there is no bias, dilation or output_padding. Gradients
# should find their way through it to both, as through any layer, so compute with tensors, not with NumPy. `x` and
# `weight` belong to whoever calls: they stay as they are.


# %% exercise="transposed_convolution"
def transposed_convolution(x, weight, stride=1, padding=0):
    """What F.conv_transpose2d(x, weight, stride=stride, padding=padding) gives, by hand.

    Shapes: x (n, in_channels, h, w), weight (in_channels, out_channels, kernel_height, kernel_width)
    -> (n, out_channels, (h - 1) * stride - 2 * padding + kernel_height, the same for w), of x's dtype.
    """
    ### BEGIN SOLUTION
    n, in_channels, height, width = x.shape
    kernel_height, kernel_width = weight.shape[2:]
    spread = x.new_zeros(n, in_channels, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x  # zeros between the pixels
    kernel = weight.transpose(0, 1)  # (out_channels, in_channels, kernel_height, kernel_width), as conv2d wants it
    kernel = kernel.flip(2, 3)  # conv2d gathers where this one scatters: the kernel turns round
    margin = (kernel_height - 1, kernel_width - 1)  # room for what is painted beyond the edge
    full = F.conv2d(spread, kernel, padding=margin)  # (n, out_channels, full height, full width)
    bottom, right = full.shape[2] - padding, full.shape[3] - padding
    return full[:, :, padding:bottom, padding:right]  # padding takes away here
    ### END SOLUTION


# %% check="transposed_convolution"
@course.run_check
def check_transposed_convolution(check):
    ones = torch.ones(1, 1, 2, 2)
    dot = transposed_convolution(torch.tensor([[[[1.0]]]]), torch.arange(9.0).view(1, 1, 3, 3))
    check.true("a single pixel of 1 paints the kernel itself", torch.equal(dot.flatten(), torch.arange(9.0)))
    check.equal(
        "shape from 2×2, kernel 3",
        got=tuple(transposed_convolution(ones, torch.ones(1, 1, 3, 3)).shape),
        want=(1, 1, 4, 4),
    )
    x, weight = torch.randn(2, 3, 5, 4), torch.randn(3, 6, 4, 4)
    for stride, padding in ((1, 0), (2, 1), (3, 2)):
        got = transposed_convolution(x, weight, stride=stride, padding=padding)
        want = F.conv_transpose2d(x, weight, stride=stride, padding=padding)
        setting = f"stride {stride}, padding {padding}"
        check.equal(f"shape, {setting}", got=tuple(got.shape), want=tuple(want.shape))
        if got.shape == want.shape:
            check.close(
                f"largest difference to PyTorch, {setting}", got=(got - want).abs().max(), want=0, tolerance=1e-4
            )


# %% [markdown]
# All stages of "spread and convolve", with stride 2. The frame shows the turned kernel at work on the pixel of the
# result that lies at the framed place:

# %%
small = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
kernel = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 3.0]])
result = transposed_convolution(small[None, None], kernel[None, None], stride=2)[0, 0]  # (2, 2) -> (5, 5)
spread = torch.zeros(7, 7)
spread[2:5:2, 2:5:2] = small  # one zero between, two around

_, panels = plt.subplots(1, 5, figsize=(12, 3), layout="constrained", width_ratios=(2, 3, 7, 3, 5))
draw_numbers(panels[0], small, title="input", limit=13)
draw_numbers(panels[1], kernel, title="kernel", limit=13)
draw_numbers(panels[2], spread, title="input, spread", frame=(2, 2, 3, 3), limit=13)
draw_numbers(panels[3], kernel.flip(0, 1), title="kernel, turned", limit=13)
draw_numbers(panels[4], result, title="result", frame=(2, 2, 1, 1), limit=13)
plt.show()

# %% [markdown]
# ### Checkerboards
#
# What does uneven paint do to a picture? Take a perfectly plain grey one of 6×6 and enlarge it three times by a kernel
# whose numbers are all equal, as a generator with stride 2 does:

# %%
_, panels = plt.subplots(1, 4, figsize=(11, 3.1), layout="constrained")
for kernel_size, (once, thrice) in ((3, panels[:2]), (4, panels[2:])):
    x = torch.ones(1, 1, 6, 6)
    weight = torch.ones(1, 1, kernel_size, kernel_size) / (kernel_size / 2) ** 2  # keeps the brightness on average
    for layer in range(1, 4):
        x = transposed_convolution(x, weight, stride=2, padding=1)
        if layer in (1, 3):
            axes = once if layer == 1 else thrice
            axes.imshow(x[0, 0], cmap="magma", vmin=0)
            axes.set(title=f"kernel {kernel_size}, {layer} × stride 2", xticks=[], yticks=[])
plt.show()

# %% [markdown]
# With kernel 3 the pattern of one layer is woven into the pattern of the next. A network can learn weights that
# compensate, but it starts from there and often never quite leaves it (Odena, Dumoulin and Olah 2016,
# [doi 10.23915/distill.00003](https://doi.org/10.23915/distill.00003)). With a kernel whose size is a multiple of the
# stride, as 4 is of 2, every pixel gets its paint from the same number of dabs. That is why all networks below use
# kernel 4, stride 2, padding 1: it doubles the size exactly, $n \to 2n$.
#
# ## 4 Counting parameters
#
# Before we build something of millions of parameters, let us count. The number of weights of a convolution does not
# depend on the size of the picture: $\text{in} \cdot \text{out} \cdot k \cdot k$, and one bias for each output
# channel if it has any. A batch normalisation learns a factor and a shift for each channel. Its running mean and
# variance are *buffers*: gathered, not learned, so they do not count.
#
# A parameter that is used in two places is still one parameter. With `trainable_only=True`, parameters that are frozen
# (`requires_grad` is `False`) stay out; with `False` they are counted as well.


# %% exercise="count_parameters"
def count_parameters(module, trainable_only=True):
    """How many numbers a module can learn: shared parameters count once, buffers never.

    trainable_only: leave out parameters that are frozen (requires_grad is False).
    """
    ### BEGIN SOLUTION
    count = 0
    for parameter in module.parameters():  # gives a shared parameter once, and no buffers
        if parameter.requires_grad or not trainable_only:
            count += parameter.numel()
    return count
    ### END SOLUTION


# %% check="count_parameters"
@course.run_check
def check_count_parameters(check):
    convolution = nn.Conv2d(3, 64, 4, bias=False)
    check.equal("Conv2d(3, 64, 4, bias=False)", got=count_parameters(convolution), want=3_072)
    check.equal("BatchNorm2d(64)", got=count_parameters(nn.BatchNorm2d(64)), want=128)
    check.equal("one layer, used twice", got=count_parameters(nn.Sequential(convolution, convolution)), want=3_072)
    convolution.requires_grad_(False)
    check.equal("frozen", got=count_parameters(convolution), want=0)
    check.equal("frozen, but all asked for", got=count_parameters(convolution, trainable_only=False), want=3_072)


# %% [markdown]
# ## 5 Initial weights
#
# "All weights were initialized from a zero-centered Normal distribution with standard deviation 0.02", says section 4
# of the paper; the authors' code adds that batch normalisation starts around **one**, $\mathcal N(1, 0.02)$, with
# shift 0. (Started around zero, it would multiply every signal by almost nothing.) 0.02 is the standard deviation,
# not the variance.
#
# The function gets *one* layer: `network.apply(initialize_weights)` calls it for every module inside the network.
# Change `nn.Conv2d`, `nn.ConvTranspose2d` and `nn.BatchNorm2d`, set their biases to 0, and leave everything else
# exactly as it is. Some layers have no bias, and a batch norm with `affine=False` has nothing to set: that must not
# be an error.


# %% exercise="initialize_weights"
def initialize_weights(module):
    """Set one layer's initial weights as DCGAN does; for use as network.apply(initialize_weights).

    Conv2d, ConvTranspose2d: weight N(0, 0.02), bias 0. BatchNorm2d: weight N(1, 0.02), bias 0. The second number is the
    standard deviation. Any other module stays as it is.
    Source: Radford et al. 2016 (arXiv 1511.06434), section 4; batch norm as in the authors' code.
    """
    ### BEGIN SOLUTION
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, mean=0.0, std=0.02)
    elif isinstance(module, nn.BatchNorm2d) and module.affine:
        nn.init.normal_(module.weight, mean=1.0, std=0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    ### END SOLUTION


# %% check="initialize_weights"
@course.run_check
def check_initialize_weights(check):
    network = nn.Sequential(
        nn.Conv2d(8, 32, 4),
        nn.BatchNorm2d(400),
        nn.ConvTranspose2d(32, 8, 4, bias=False),
        nn.BatchNorm2d(8, affine=False),
        nn.Linear(8, 8),
    )
    untouched = network[4].weight.clone()
    network.apply(initialize_weights)
    for layer, want in ((network[0], 0.0), (network[1], 1.0), (network[2], 0.0)):
        name = type(layer).__name__
        check.close(f"{name}: mean of the weights", got=layer.weight.mean(), want=want, tolerance=0.005)
        check.close(f"{name}: standard deviation", got=layer.weight.std(), want=0.02, tolerance=0.004)
    check.true("Conv2d: the bias is 0", (network[0].bias == 0).all())
    check.true("Linear: as it was", torch.equal(network[4].weight, untouched))


# %% [markdown]
# ## 6 Generator
#
# Now the network itself. The paper's rules for a stable convolutional GAN (its section 3):
#
# 1. No pooling: strided convolutions in $D$, transposed ones in $G$. Each network learns its own way of scaling.
# 2. Batch normalisation in both, except at $G$'s output and $D$'s input.
# 3. No fully connected hidden layers.
# 4. ReLU in $G$, except for the output, which uses Tanh.
# 5. LeakyReLU in $D$, everywhere.
#
# The generator as the lab has it ($c$ is `base_channels`, and all convolutions are **without bias**: the batch norm
# behind them would subtract it again; batch norm is the layer `nn.BatchNorm2d` with PyTorch's own settings):
#
# | layer | kernel, stride, padding | result | parameters at $c = 64$ |
# |---|---|---|---|
# | noise as a picture of one pixel | | 100 × 1 × 1 | |
# | transposed convolution, batch norm, ReLU | 4, 1, 0 | $8c$ × 4 × 4 | 819,200 + 1,024 |
# | transposed convolution, batch norm, ReLU | 4, 2, 1 | $4c$ × 8 × 8 | 2,097,152 + 512 |
# | transposed convolution, batch norm, ReLU | 4, 2, 1 | $2c$ × 16 × 16 | 524,288 + 256 |
# | transposed convolution, batch norm, ReLU | 4, 2, 1 | $c$ × 32 × 32 | 131,072 + 128 |
# | transposed convolution, Tanh | 4, 2, 1 | `image_channels` × 64 × 64 | 3,072 |
#
# Noise comes as `(n, noise_dim)` or already as `(n, noise_dim, 1, 1)`; accept both. Leave the initial weights to
# PyTorch, `apply` is for whoever trains. Any batch size must work, in evaluation mode a single picture, too.


# %% exercise="generator"
class DCGANGenerator(nn.Module):
    """Turn noise into pictures of 64×64 by five transposed convolutions.

    base_channels: channels of the last hidden layer (ngf); the first has eight times as many.
    Shapes: (n, noise_dim) or (n, noise_dim, 1, 1) -> (n, image_channels, 64, 64) in [-1, 1].
    Source: Radford et al. 2016 (arXiv 1511.06434), figure 1, with the channels of the lab's table.
    """

    def __init__(self, noise_dim=100, base_channels=64, image_channels=3):
        ### BEGIN SOLUTION
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(noise_dim, 8 * base_channels, 4, stride=1, padding=0, bias=False),  # 1 -> 4 pixels
            nn.BatchNorm2d(8 * base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(8 * base_channels, 4 * base_channels, 4, stride=2, padding=1, bias=False),  # 4 -> 8
            nn.BatchNorm2d(4 * base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(4 * base_channels, 2 * base_channels, 4, stride=2, padding=1, bias=False),  # 8 -> 16
            nn.BatchNorm2d(2 * base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * base_channels, base_channels, 4, stride=2, padding=1, bias=False),  # 16 -> 32
            nn.BatchNorm2d(base_channels),
            nn.ReLU(),
            nn.ConvTranspose2d(base_channels, image_channels, 4, stride=2, padding=1, bias=False),  # 32 -> 64
            nn.Tanh(),
        )
        ### END SOLUTION

    def forward(self, noise):
        ### BEGIN SOLUTION
        x = noise.flatten(1)  # (n, noise_dim) or (n, noise_dim, 1, 1) -> (n, noise_dim)
        x = x[:, :, None, None]  # (n, noise_dim, 1, 1), a picture of one pixel
        return self.layers(x)  # (n, image_channels, 64, 64)
        ### END SOLUTION


# %% check="generator"
@course.run_check
def check_generator(check):
    generator = DCGANGenerator(noise_dim=10, base_channels=4)
    with torch.no_grad():
        images = generator(torch.randn(5, 10))
        from_pixels = generator(torch.randn(2, 10, 1, 1))
        single = generator.eval()(torch.randn(1, 10))
    check.equal("shape of five pictures", got=tuple(images.shape), want=(5, 3, 64, 64))
    check.equal("shape from noise (2, 10, 1, 1)", got=tuple(from_pixels.shape), want=(2, 3, 64, 64))
    check.equal("shape of a single picture", got=tuple(single.shape), want=(1, 3, 64, 64))
    check.true("all brightness in [-1, 1]", images.abs().max() <= 1)
    parameters = count_parameters(DCGANGenerator())
    check.equal("number of parameters at full width", got=parameters, want=3_576_704)


# %% [markdown]
# ## 7 Discriminator
#
# The same way back, again without bias. LeakyReLU has slope **0.2** here (section 4 of the paper), not PyTorch's 0.01.
#
# | layer | kernel, stride, padding | result | parameters at $c = 64$ |
# |---|---|---|---|
# | picture | | `image_channels` × 64 × 64 | |
# | convolution, LeakyReLU | 4, 2, 1 | $c$ × 32 × 32 | 3,072 |
# | convolution, batch norm, LeakyReLU | 4, 2, 1 | $2c$ × 16 × 16 | 131,072 + 256 |
# | convolution, batch norm, LeakyReLU | 4, 2, 1 | $4c$ × 8 × 8 | 524,288 + 512 |
# | convolution, batch norm, LeakyReLU | 4, 2, 1 | $8c$ × 4 × 4 | 2,097,152 + 1,024 |
# | convolution | 4, 1, 0 | 1 × 1 × 1 | 8,192 |
#
# The lab puts a sigmoid at the end. As in the last notebook, we give **logits**, of shape `(n,)`, for a batch of one,
# too.


# %% exercise="discriminator"
class DCGANDiscriminator(nn.Module):
    """Judge pictures of 64×64 by five strided convolutions.

    base_channels: channels of the first hidden layer (ndf); the last has eight times as many.
    Shapes: (n, image_channels, 64, 64) -> logits (n,).
    Source: Radford et al. 2016 (arXiv 1511.06434), section 3, with the channels of the lab's table.
    """

    def __init__(self, base_channels=64, image_channels=3):
        ### BEGIN SOLUTION
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(image_channels, base_channels, 4, stride=2, padding=1, bias=False),  # 64 -> 32 pixels
            nn.LeakyReLU(0.2),
            nn.Conv2d(base_channels, 2 * base_channels, 4, stride=2, padding=1, bias=False),  # 32 -> 16
            nn.BatchNorm2d(2 * base_channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * base_channels, 4 * base_channels, 4, stride=2, padding=1, bias=False),  # 16 -> 8
            nn.BatchNorm2d(4 * base_channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4 * base_channels, 8 * base_channels, 4, stride=2, padding=1, bias=False),  # 8 -> 4
            nn.BatchNorm2d(8 * base_channels),
            nn.LeakyReLU(0.2),
            nn.Conv2d(8 * base_channels, 1, 4, stride=1, padding=0, bias=False),  # 4 -> 1
        )
        ### END SOLUTION

    def forward(self, images):
        ### BEGIN SOLUTION
        x = self.layers(images)  # (n, image_channels, 64, 64) -> (n, 1, 1, 1)
        return x.flatten()  # (n,)
        ### END SOLUTION


# %% check="discriminator"
@course.run_check
def check_discriminator(check):
    discriminator = DCGANDiscriminator(base_channels=4)
    with torch.no_grad():
        logits = discriminator(torch.randn(5, 3, 64, 64))
        single = discriminator.eval()(torch.randn(1, 3, 64, 64))
        strong = discriminator(1e6 * torch.randn(100, 3, 64, 64))
    check.equal("shape for five pictures", got=tuple(logits.shape), want=(5,))
    check.equal("shape for a single picture", got=tuple(single.shape), want=(1,))
    check.true("logits may be larger than 1: there is no sigmoid", strong.abs().max() > 1)
    parameters = count_parameters(DCGANDiscriminator())
    check.equal("number of parameters at full width", got=parameters, want=2_765_568)


# %% [markdown]
# ### Side by side with the lab
#
# Here is the lab's table of layers, beside what *your* networks do when a picture goes through them. The lab's last
# rows of $D$, Sigmoid and Flatten, are left out, since our loss takes logits. "in forward" means that there is no
# layer of that name at this place: fine, if you call the function in `forward`.

# %%
LAB_GENERATOR = """
ConvTranspose2d 512×4×4 819,200 | BatchNorm2d 512×4×4 1,024 | ReLU 512×4×4 0
ConvTranspose2d 256×8×8 2,097,152 | BatchNorm2d 256×8×8 512 | ReLU 256×8×8 0
ConvTranspose2d 128×16×16 524,288 | BatchNorm2d 128×16×16 256 | ReLU 128×16×16 0
ConvTranspose2d 64×32×32 131,072 | BatchNorm2d 64×32×32 128 | ReLU 64×32×32 0
ConvTranspose2d 3×64×64 3,072 | Tanh 3×64×64 0
"""
LAB_DISCRIMINATOR = """
Conv2d 64×32×32 3,072 | LeakyReLU 64×32×32 0
Conv2d 128×16×16 131,072 | BatchNorm2d 128×16×16 256 | LeakyReLU 128×16×16 0
Conv2d 256×8×8 524,288 | BatchNorm2d 256×8×8 512 | LeakyReLU 256×8×8 0
Conv2d 512×4×4 2,097,152 | BatchNorm2d 512×4×4 1,024 | LeakyReLU 512×4×4 0
Conv2d 1×1×1 8,192
"""


def list_layers(network, x):
    """(name, shape of one sample, parameters) of each layer, in the order in which x meets them."""
    layers = []

    def note(layer, _, output):
        shape = "×".join(str(length) for length in output.shape[1:])
        layers.append((type(layer).__name__, shape, f"{count_parameters(layer):,}"))

    leaves = [module for module in network.modules() if not list(module.children())]
    hooks = [leaf.register_forward_hook(note) for leaf in leaves]
    with torch.no_grad():
        network(x)
    for hook in hooks:
        hook.remove()
    return layers


def compare_with_lab(title, network, x, lab):
    """Print the lab's table with the network's own layers beside it."""
    yours = list_layers(network, x)
    print(f"{title:<17}{'the lab':>12}{'parameters':>12}    {'yours':>12}{'parameters':>12}")
    for row in (tuple(entry.split()) for line in lab.strip().splitlines() for entry in line.split("|")):
        learns = row[2] != "0"
        while yours and yours[0][2] == "0" and yours[0][0] != row[0]:
            yours.pop(0)  # a reshape, say: nothing that the lab counts as a layer
        if yours and (learns or yours[0][0] == row[0]):
            name, shape, count = yours.pop(0)
            verdict = "" if (name, shape, count) == row else f"  ← {name}: not the same"
        else:
            shape, count, verdict = ("missing", "", "") if learns else ("in forward", "", "")
        print(f"{row[0]:<17}{row[1]:>12}{row[2]:>12}    {shape:>12}{count:>12}{verdict}")
    for name, shape, count in yours:
        print(f"{'':<41}    {shape:>12}{count:>12}  ← {name}: not in the lab's table")
    print(f"{'total':<17}{'':>12}{'':>12}    {'':>12}{count_parameters(network):>12,}\n")


compare_with_lab("GENERATOR", DCGANGenerator(), torch.randn(2, 100), LAB_GENERATOR)
compare_with_lab("DISCRIMINATOR", DCGANDiscriminator(), torch.randn(2, 3, 64, 64), LAB_DISCRIMINATOR)

# %% [markdown]
# Three million parameters in $G$, and six of ten sit in a single layer, from $8c$ to $4c$ channels. The last layer,
# the one that paints what you see, has three thousand.
#
# ## 8 Your own networks for 28×28
#
# The lab leaves the design for digits to you, and so do we. How does one get from 1 to 28 pixels? 28 is 2 · 2 · 7, so
# for instance 1 → 7 → 14 → 28; your functions of sections 1 and 2 tell which kernel, stride and padding make which
# step. 32 filters at 14×14 pixels and 64 at 7×7 are a good size for a coffee break; larger networks get fewer steps
# in the same time.
#
# Free: number of layers and channels, kernels, slopes, initial weights, dropout. Not free, and looked at by the grader:
#
# * `MnistGenerator(noise_dim=100)`: noise `(n, noise_dim)` → pictures `(n, 1, 28, 28)` in $[-1, 1]$;
#   `MnistDiscriminator()`: pictures → logits `(n,)`, unbounded. Different noise gives different pictures.
# * $G$ scales up by `nn.ConvTranspose2d`, nowhere by `nn.Upsample` or other interpolation. $D$ uses `nn.Conv2d`. No
#   pooling in either.
# * `nn.BatchNorm2d` inside of both networks, but not at $G$'s output (behind its last convolution) and not at $D$'s
#   input (before or right behind its first convolution).
# * LeakyReLU in $D$, with a slope between 0 and 1, and no plain ReLU there. Take the layer `nn.LeakyReLU`: the grader
#   goes through your layers.
# * Any batch size, and in evaluation mode a batch of one.
#
# A linear layer right behind the noise or for the final logit is fine. (Then reshape to pixels before the batch norm:
# on a picture of one pixel, batch norm has only the batch to look at.)


# %% exercise="mnist_networks"
class MnistGenerator(nn.Module):
    """Turn noise into pictures of 28×28 by transposed convolutions; your own design.

    Shapes: (n, noise_dim) -> (n, 1, 28, 28) in [-1, 1].
    """

    def __init__(self, noise_dim=100):
        ### BEGIN SOLUTION
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(noise_dim, 64, 7, bias=False),  # 1 -> 7 pixels
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1, bias=False),  # 7 -> 14
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),  # 14 -> 28
            nn.Tanh(),
        )
        ### END SOLUTION

    def forward(self, noise):
        ### BEGIN SOLUTION
        x = noise[:, :, None, None]  # (n, noise_dim) -> (n, noise_dim, 1, 1)
        return self.layers(x)  # (n, 1, 28, 28)
        ### END SOLUTION


class MnistDiscriminator(nn.Module):
    """Judge pictures of 28×28 by strided convolutions; your own design.

    Shapes: (n, 1, 28, 28) -> logits (n,).
    """

    def __init__(self):
        ### BEGIN SOLUTION
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),  # 28 -> 14 pixels
            nn.LeakyReLU(0.2),
            nn.Conv2d(32, 64, 4, stride=2, padding=1, bias=False),  # 14 -> 7
            nn.BatchNorm2d(64),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, 1, 7),  # 7 -> 1
        )
        ### END SOLUTION

    def forward(self, images):
        ### BEGIN SOLUTION
        x = self.layers(images)  # (n, 1, 28, 28) -> (n, 1, 1, 1)
        return x.flatten()  # (n,)
        ### END SOLUTION


# %% check="mnist_networks"
@course.run_check
def check_mnist_networks(check):
    generator, discriminator = MnistGenerator(noise_dim=20), MnistDiscriminator()
    with torch.no_grad():
        images = generator(torch.randn(6, 20))
        logits = discriminator(images)
        single_image = generator.eval()(torch.randn(1, 20))
        single_logit = discriminator.eval()(single_image)
    check.equal("shape of six pictures", got=tuple(images.shape), want=(6, 1, 28, 28))
    check.equal("shape of their logits", got=tuple(logits.shape), want=(6,))
    check.equal("shape of a single picture, in eval mode", got=tuple(single_image.shape), want=(1, 1, 28, 28))
    check.equal("shape of a single logit, in eval mode", got=tuple(single_logit.shape), want=(1,))
    check.true("all brightness in [-1, 1]", images.abs().max() <= 1)
    layers = {type(layer).__name__ for layer in generator.modules()}
    check.true("the generator has a ConvTranspose2d", "ConvTranspose2d" in layers)
    check.true("the generator has a BatchNorm2d", "BatchNorm2d" in layers)
    layers = {type(layer).__name__ for layer in discriminator.modules()}
    check.true("the discriminator has a BatchNorm2d", "BatchNorm2d" in layers)


# %% [markdown]
# ### The game
#
# Losses and steps you have written in the last notebook; here they are in short. As in the lab, one batch of fakes
# serves both steps. `backward(inputs=…)` leaves gradients in those parameters only, another way of keeping $D$
# untouched while $G$ learns. And `run.autocast()` computes convolutions with fewer digits (bfloat16) where the
# processor can do that faster.


# %% setup="game"
def compute_loss(logits, target):
    """Binary cross-entropy against one target for all. Shapes: (n,) -> ()."""
    logits = logits.float()  # from autocast they come in bfloat16
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def play(generator, discriminator, images, *, noise_dim, batch_size, steps, learning_rates, rng, on_step):
    """Train both networks in turn, on batches drawn from images at random; losses as in vanilla_gan.

    learning_rates: of the generator and the discriminator; on_step(step, generator_loss, discriminator_loss).
    Returns {"generator": [...], "discriminator": [...]}, one float for each step.
    """
    players = {"generator": generator, "discriminator": discriminator}
    adams = {
        name: torch.optim.Adam(network.parameters(), lr=rate, betas=(0.5, 0.999))
        for (name, network), rate in zip(players.items(), learning_rates, strict=True)
    }
    losses = {name: [] for name in players}

    def learn(name, loss):
        adams[name].zero_grad()
        loss.backward(inputs=list(players[name].parameters()))
        adams[name].step()
        losses[name].append(loss.item())

    for step in range(1, steps + 1):
        real = images[torch.randint(len(images), (batch_size,), generator=rng)].to(run.device)  # (n, c, h, w)
        noise = torch.randn(batch_size, noise_dim, generator=rng).to(run.device)  # (n, noise_dim)
        with run.autocast():
            fake = generator(noise)  # (n, c, h, w)
            real_logits, fake_logits = discriminator(real), discriminator(fake.detach())  # (n,), (n,)
        learn("discriminator", (compute_loss(real_logits, 1.0) + compute_loss(fake_logits, 0.0)) / 2)
        with run.autocast():
            fake_logits = discriminator(fake)  # (n,)
        learn("generator", compute_loss(fake_logits, 1.0))
        on_step(step, losses["generator"][-1], losses["discriminator"][-1])
    return losses


@torch.no_grad()
def paint(generator, noise):
    """Pictures from noise, in evaluation mode: batch norm then uses what it has gathered. float32, on the CPU."""
    generator.eval()
    images = torch.cat([generator(part.to(run.device)).float().cpu() for part in noise.split(100)])  # (n, c, h, w)
    generator.train()
    return images


@torch.no_grad()
def pick_best(generator, discriminator, noise, count):
    """The count pictures that the discriminator believes most, best first."""
    images = paint(generator, noise)  # (n, c, h, w)
    discriminator.eval()
    logits = torch.cat([discriminator(part.to(run.device)).float().cpu() for part in images.split(100)])  # (n,)
    discriminator.train()
    return images[logits.argsort(descending=True)[:count]]  # (count, c, h, w)


def watch(title, generator, noise, steps):
    """An on_step that shows progress and, at a few moments, what the generator makes of the same noise."""
    moments = {max(1, round(share * steps)) for share in (0.02, 0.07, 0.15, 0.3, 0.6, 1)}
    rows = {"before": paint(generator, noise)}
    show_step = course.show_progress(steps, title)
    started = time.perf_counter()

    def on_step(step, generator_loss, discriminator_loss):
        show_step(step, generator_loss, discriminator_loss)
        if step in moments:
            rows[f"step {step:,}"] = paint(generator, noise)
            clear_output(wait=True)  # the picture grows in its place
            print(f"{title}: profile {run.profile}, on {run.device}, {step:,} of {steps:,} steps", end=" ")
            print(f"in {time.perf_counter() - started:.0f} s")
            course.show_grid(torch.cat(list(rows.values())), row_labels=list(rows))

    return on_step


# %% [markdown]
# ### Digits
#
# What is different from the paper, and why:
#
# | | paper | here (`quick`) | why |
# |---|---|---|---|
# | learning rate of Adam | 2e-4 | 2e-3 | we stop after some hundred steps; at 2e-4 there would be little to see |
# | Adam's $\beta_1$ | 0.5 | 0.5 | with 0.9 the paper found training to oscillate |
# | batch size | 128 | 64 | more steps in the same time |
# | filters | 64 … 1024 | as you like, 32 and 64 in the model solution | the same |
# | pictures | three million bedrooms | 2,000 digits | `full` takes all 60,000 |
#
# If your own networks do not like the rate (losses at 0 and 10, pictures all alike), halve it.

# %%
NOISE_DIM, BATCH_SIZE, SEED = 100, 64, 1
DIGIT_RATES = run.choose(smoke=(2e-3, 2e-3), quick=(2e-3, 2e-3), full=(2e-4, 2e-4))  # of generator, discriminator

images, labels = course.load_images("digits", run)
fixed_noise = torch.randn(500, NOISE_DIM, generator=torch.Generator().manual_seed(SEED))  # (500, 100)

# %% training="train_digits"
torch.manual_seed(SEED)
generator = MnistGenerator(NOISE_DIM).apply(initialize_weights).to(run.device)
discriminator = MnistDiscriminator().apply(initialize_weights).to(run.device)
steps = run.choose(smoke=12, quick=800, full=18_760)
digit_losses = play(
    generator,
    discriminator,
    images,
    noise_dim=NOISE_DIM,
    batch_size=BATCH_SIZE,
    steps=steps,
    learning_rates=DIGIT_RATES,
    rng=torch.Generator().manual_seed(SEED),
    on_step=watch("your DCGAN on digits", generator, fixed_noise[:10], steps),
)
digit_generator, digit_discriminator = generator, discriminator

# %%
course.plot_losses(digit_losses, title="your DCGAN on digits")

# %% [markdown]
# ### Shoes, in colour
#
# Now the big ones of sections 6 and 7, on photos of 64×64. The course brings shoes; `GAN_COURSE_PHOTOS` names a folder
# of your own instead, with a sub-folder for each class: cats and dogs, as in the lecture this part grew out of, or your
# holidays. (In the profile `full` we try to fetch cats and dogs ourselves.) How photos of any shape become squares you
# know from [`data_loading`](../data_loading/data_loading.ipynb): the short side to 64 first, *then* crop. The lecture
# resizes to 64×64 at once, which squeezes, and then crops nothing.
#
# In `quick` the networks have $c = 16$ filters instead of 64, that is some 550,000 parameters instead of more than six
# millions, and $D$ learns at half of $G$'s rate, lest it run away. Two thousandths is ten times the paper's rate, as
# above: a coffee break instead of a night.

# %%
shape_photo = transforms.Compose(
    [
        transforms.Resize(64),
        transforms.CenterCrop(64),
        transforms.ToTensor(),
        transforms.Normalize([0.5] * 3, [0.5] * 3),
    ]
)
album = datasets.ImageFolder(course.find_photos(run), shape_photo)
photos = torch.stack([photo for photo, _ in album])  # (n, 3, 64, 64)
some = torch.randperm(len(photos), generator=torch.Generator().manual_seed(SEED))[:16]
course.show_grid(photos[some], columns=8, scale=1.1, title=f"real: 16 of {len(photos):,} photos")

# %% training="train_photos"
BASE_CHANNELS = run.choose(smoke=4, quick=16, full=64)
PHOTO_RATES = run.choose(smoke=(2e-3, 1e-3), quick=(2e-3, 1e-3), full=(2e-4, 2e-4))
torch.manual_seed(SEED)
generator = DCGANGenerator(NOISE_DIM, BASE_CHANNELS).apply(initialize_weights).to(run.device)
discriminator = DCGANDiscriminator(BASE_CHANNELS).apply(initialize_weights).to(run.device)
steps = run.choose(smoke=12, quick=1_000, full=25 * len(photos) // 128)
photo_losses = play(
    generator,
    discriminator,
    photos,
    noise_dim=NOISE_DIM,
    batch_size=run.choose(smoke=16, quick=32, full=128),
    steps=steps,
    learning_rates=PHOTO_RATES,
    rng=torch.Generator().manual_seed(SEED),
    on_step=watch("DCGAN on photos", generator, fixed_noise[:10], steps),
)
photo_generator, photo_discriminator = generator, discriminator

# %%
course.plot_losses(photo_losses, title="DCGAN on photos")
best_photos = pick_best(photo_generator, photo_discriminator, fixed_noise, 24)  # (24, 3, 64, 64)
course.show_grid(best_photos, columns=8, scale=1.1, title="the 24 of 500 that the discriminator believes most")

# %% [markdown]
# ## 9 From one noise vector to another
#
# Has the generator learned some shoes by heart, or what shoes are? The paper's test (its section 6.1): walk from one
# noise vector to another and look at the pictures on the way. A network that knows only single pictures would jump.
#
# Which way to walk? Straight ahead seems natural, but look where noise lives. The length of a vector of 100 standard
# normal numbers is about $\sqrt{100} = 10$, give or take 0.7: nearly all noise lies in a thin *shell*. The straight
# line between two such vectors cuts through the inside, and half-way it is only about 7 long: noise as short as that
# the generator has never seen. So walk along the shell (*spherical* interpolation; Shoemake 1985, and for GANs White
# 2016, [arXiv 1609.04468](https://arxiv.org/abs/1609.04468)). With $\omega$ the angle between $a$ and $b$, and $t$
# from 0 to 1 in equal steps, both ends included,
#
# $$z(t) = \frac{\sin((1 - t)\,\omega)}{\sin \omega}\, a + \frac{\sin(t\,\omega)}{\sin \omega}\, b,
# \qquad \cos \omega = \frac{a \cdot b}{\|a\| \|b\|}$$
#
# The weights apply to $a$ and $b$ as they are, whatever their lengths; first and last row are exactly $a$ and $b$.
# Where both point the same way, $\sin \omega$ is 0 and the formula fails: go straight there, $z(t) = (1 - t)\,a +
# t\,b$. For opposite vectors no way round is better than any other; all that is asked is finite numbers, so going
# straight will do. And rounding may give a cosine of 1.0000001, of which `acos` knows nothing.


# %% exercise="interpolate_noise"
def interpolate_noise(start, end, steps):
    """Spherical interpolation from start to end, both included, at equal angles; linear if they are (anti)parallel.

    steps: how many vectors, at least 2.
    Shapes: start (noise_dim,), end (noise_dim,) -> (steps, noise_dim).
    Source: Shoemake 1985; White 2016 (arXiv 1609.04468), section 2.1.
    """
    ### BEGIN SOLUTION
    t = torch.linspace(0, 1, steps, dtype=start.dtype, device=start.device).unsqueeze(1)  # (steps, 1)
    cosine = F.cosine_similarity(start, end, dim=0).clamp(-1, 1)  # rounding may lead beyond 1
    angle = torch.acos(cosine)
    if torch.sin(angle) < 1e-3:  # no plane in which to turn
        return (1 - t) * start + t * end  # (steps, 1), (noise_dim,) -> (steps, noise_dim)
    start_weight = torch.sin((1 - t) * angle) / torch.sin(angle)  # (steps, 1)
    end_weight = torch.sin(t * angle) / torch.sin(angle)  # (steps, 1)
    return start_weight * start + end_weight * end  # (steps, 1), (noise_dim,) -> (steps, noise_dim)
    ### END SOLUTION


# %% check="interpolate_noise"
@course.run_check
def check_interpolate_noise(check):
    east, north = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    quarter = interpolate_noise(east, north, 3)
    check.equal("shape", got=tuple(quarter.shape), want=(3, 2))
    ends = torch.stack([east, north])
    check.true("begins and ends where it should", torch.allclose(quarter[[0, -1]], ends))
    check.close("half-way from (1, 0) to (0, 1), first number", got=quarter[1, 0], want=0.5**0.5, tolerance=1e-5)
    check.close("length of that vector", got=quarter[1].norm(), want=1.0, tolerance=1e-5)
    parallel = interpolate_noise(east, 3 * east, 3)
    check.close("half-way from (1, 0) to (3, 0), first number", got=parallel[1, 0], want=2.0, tolerance=1e-5)
    check.true("opposite vectors give finite numbers", interpolate_noise(east, -east, 5).isfinite().all())


# %% [markdown]
# How long are the vectors on the two ways, beside the lengths of real noise?

# %%
start, end = fixed_noise[0], fixed_noise[1]
shares = torch.linspace(0, 1, 11)
ways = {
    "spherical": interpolate_noise(start, end, len(shares)),  # (11, 100)
    "straight": torch.lerp(start, end, shares[:, None]),  # (11, 100)
}
_, (way_axes, noise_axes) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained", sharey=True, width_ratios=(3, 1))
for name, vectors in ways.items():
    way_axes.plot(shares, vectors.norm(dim=1), marker="o", label=name)
way_axes.set(title="Length of the noise vector on the way", xlabel="t", ylabel="length", ylim=(0, 13))
way_axes.legend(loc="lower right")
noise_axes.hist(fixed_noise.norm(dim=1), bins=25, orientation="horizontal", color="grey")
noise_axes.set(title="500 vectors of noise", xlabel="how many")
for axes in (way_axes, noise_axes):
    axes.grid(alpha=0.3)
plt.show()

# %% [markdown]
# And the pictures. Each pair of rows goes from the same shoe to the same shoe:

# %%
strips, names = [], []
for first, last in ((0, 1), (2, 3), (4, 5)):
    start, end = fixed_noise[first], fixed_noise[last]
    strips += [interpolate_noise(start, end, 10), torch.lerp(start, end, torch.linspace(0, 1, 10)[:, None])]
    names += ["spherical", "straight"]
course.show_grid(paint(photo_generator, torch.cat(strips)), row_labels=names, scale=1)

# %% [markdown]
# In our run every step on the way is a shoe, or nearly one: a sandal grows a heel, then a leg, and is a boot. Colour
# and shape change little by little, so the generator has not merely learned a few pictures by heart. The two ways
# differ less than the lengths let one expect: look half-way, where the straight one is paler and thinner.
#
# Look closely at the texture, too: a fine grid, although all kernels are 4. Even paint is not all; the weights that
# serve even and odd pixels are different ones, and after so few steps they do not agree yet.

# %% [markdown]
# ## Vanilla GAN and DCGAN side by side
#
# Now for the question the lab ends with: are these digits *better* than the vanilla GAN's? To be fair, both get the
# same data and, in `quick`, about the same time on one core: the vanilla GAN takes some 6,000 cheap steps, a DCGAN
# with 32 filters 800 expensive ones. First the vanilla GAN, the network of the last notebook with its settings:

# %% training="train_vanilla"
torch.manual_seed(SEED)
vanilla_generator = nn.Sequential(
    nn.Linear(NOISE_DIM, 128), nn.LeakyReLU(0.01), nn.Linear(128, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))
).to(run.device)
vanilla_discriminator = nn.Sequential(
    nn.Flatten(), nn.Linear(784, 128), nn.LeakyReLU(0.01), nn.Linear(128, 1), nn.Flatten(0)
).to(run.device)
steps = run.choose(smoke=50, quick=6_000, full=28_140)
vanilla_losses = play(
    vanilla_generator,
    vanilla_discriminator,
    images,
    noise_dim=NOISE_DIM,
    batch_size=BATCH_SIZE,
    steps=steps,
    learning_rates=(1e-3, 1e-3),
    rng=torch.Generator().manual_seed(SEED),
    on_step=watch("vanilla GAN", vanilla_generator, fixed_noise[:10], steps),
)

# %%
course.plot_losses(vanilla_losses, title="vanilla GAN on digits")
best_vanilla = pick_best(vanilla_generator, vanilla_discriminator, fixed_noise, 50)  # (50, 1, 28, 28)
best_digits = pick_best(digit_generator, digit_discriminator, fixed_noise, 50)  # (50, 1, 28, 28)
course.show_grid(best_vanilla, title="vanilla GAN: the 50 of 500 that its discriminator believes most")
course.show_grid(best_digits, title="your DCGAN: the 50 of 500 that its discriminator believes most")

# %% [markdown]
# ### A judge who takes no sides
#
# Each discriminator has only ever judged its own generator. For a comparison we need somebody who has seen neither: a
# small classifier, trained on real digits. (500 of them it never sees; they test it, and later the measure itself.)


# %% training="train_judge"
def train_judge(images, labels, *, epochs, rng):
    """A convolutional classifier of digits. Its last layer but one gives 64 features."""
    judge = nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2),  # 28 -> 14 pixels
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),  # 14 -> 7
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Flatten(),  # (n, 1568)
        nn.Linear(32 * 7 * 7, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    optimizer = torch.optim.Adam(judge.parameters(), lr=2e-3)
    for _ in tqdm(range(epochs), desc="training the judge", file=sys.stdout, ncols=100):
        for chosen in torch.randperm(len(images), generator=rng).split(50):
            shift = torch.randint(-2, 3, (2,), generator=rng).tolist()  # digits elsewhere are the same digits
            logits = judge(images[chosen].roll(shift, (2, 3)))  # (n, 10)
            optimizer.zero_grad()
            F.cross_entropy(logits, labels[chosen]).backward()
            optimizer.step()
    return judge.eval()


torch.manual_seed(SEED)
rng = torch.Generator().manual_seed(SEED)
order = torch.randperm(len(images), generator=rng)
unseen, known = order[:500], order[500:12_500]
judge = train_judge(images[known], labels[known], epochs=run.choose(smoke=1, quick=12, full=4), rng=rng)
with torch.no_grad():
    right = (judge(images[unseen]).argmax(1) == labels[unseen]).float().mean()
print(f"the judge learned from {len(known):,} digits and names {right:.1%} of 500 others correctly")

# %% [markdown]
# How to make a number of it? Do not ask what the judge *says* but what he *notices*: the 64 features in front of his
# last layer. Real digits form a cloud of points in those 64 dimensions, generated ones another. Describe each cloud by
# its mean $\mu$ and covariance $\Sigma$; the **Fréchet distance** of two such (Gaussian) clouds is
#
# $$d^2 = \|\mu_1 - \mu_2\|^2 + \operatorname{tr}\left(\Sigma_1 + \Sigma_2 - 2\,(\Sigma_1 \Sigma_2)^{1/2}\right)$$
#
# (Heusel et al. 2017, [arXiv 1706.08500](https://arxiv.org/abs/1706.08500)). The means tell whether pictures look
# right on average, the covariances whether they are as varied as real ones. We divide by $\operatorname{tr} \Sigma$
# of the real digits. Then 0 is perfect, and 1 is what a generator would get that paints one average digit over and
# over.
#
# The famous **FID** is the same with the features of one certain network (Inception, trained on colour photos) on
# 50,000 pictures. That network has never cared for digits, cannot be had without a network connection, and would take
# longer than all of this notebook; so ours is *not* an FID, and cannot be compared with numbers from papers.
#
# Beside it: how many of the ten classes make up at least 2 % of the pictures, as the judge sees them. To get a feeling
# for the numbers, we also measure what we know: other real digits, the same blurred, only zeros and ones (perfect
# pictures, but no variety), and noise. All from 500 pictures, *not* the best ones: choosing is cheating.


# %%
def frechet_distance(features, others):
    """Squared Fréchet distance of two clouds, in units of the first one's variance. Shapes: (n, d), (m, d) -> float."""
    features, others = features.double(), others.double()
    covariance, other_covariance = features.T.cov(), others.T.cov()  # (d, d)
    # the trace of a matrix's root is the sum of the roots of its eigenvalues
    eigenvalues = torch.linalg.eigvals(covariance @ other_covariance).real.clamp(min=0)  # (d,)
    means_apart = (features.mean(0) - others.mean(0)).square().sum()
    shapes_apart = covariance.trace() + other_covariance.trace() - 2 * eigenvalues.sqrt().sum()
    return ((means_apart + shapes_apart) / covariance.trace()).item()


others = images[unseen]  # (500, 1, 28, 28)
candidates = {
    "real digits": others,
    "your DCGAN": paint(digit_generator, fixed_noise),
    "vanilla GAN": paint(vanilla_generator, fixed_noise),
    "real, blurred": F.avg_pool2d(F.pad(others, (2, 2, 2, 2), value=-1), 5, stride=1),
    "real 0s and 1s": images[known][labels[known] < 2][:500],
    "noise": torch.rand(500, 1, 28, 28, generator=torch.Generator().manual_seed(SEED)) * 2 - 1,
}
distances, shares = {}, {}
with torch.no_grad():
    features = judge[:-1](images[known])  # (n, 64)
    for name, pictures in candidates.items():
        distances[name] = frechet_distance(features, judge[:-1](pictures))
        shares[name] = judge(pictures).argmax(1).bincount(minlength=10) / len(pictures)  # (10,)

print(f"{'':<16}{'distance':>10}{'classes covered':>18}")
for name, distance in distances.items():
    print(f"{name:<16}{distance:>10.3f}{(shares[name] >= 0.02).sum():>12} of 10")

_, (distance_axes, class_axes) = plt.subplots(1, 2, figsize=(11, 3.4), layout="constrained")
bars = distance_axes.barh(list(distances), list(distances.values()), color="tab:blue")
distance_axes.bar_label(bars, fmt="%.3f", padding=3)
distance_axes.set(title="Distance from real digits", xscale="log", xlim=(3e-3, 9))
distance_axes.invert_yaxis()
class_axes.imshow(torch.stack(list(shares.values())), cmap="Blues", vmin=0, vmax=0.3, aspect="auto")
class_axes.set(title="What the judge sees, in %", xticks=range(10), yticks=[])
for row, share in enumerate(shares.values()):
    for digit, value in enumerate(share.tolist()):
        class_axes.text(
            digit,
            row,
            f"{100 * value:.0f}",
            ha="center",
            va="center",
            fontsize=8,
            color="white" if value > 0.2 else "black",
        )
plt.show()

# %% [markdown]
# In our run (seed 1, profile `quick`), with about the same time of computing for both: real digits 0.008, the DCGAN
# 0.09 and all ten classes, the vanilla GAN 0.33 and nine. Other designs and seeds give other numbers, so do not make
# much of small differences.
#
# What such a number can say, and what it cannot:
#
# * *The lowest possible value is not 0.* Two sets of real digits differ as well, the more so the fewer there are:
#   with fewer pictures every distance comes out too large. Compare only numbers from equally many pictures.
# * *It sees what the judge sees.* He learned to tell digits apart and nothing else. Loose dots or blurring count as
#   far as they disturb *that*; and on things he has never met he is sure of himself all the same: noise, he says, is
#   nearly always one and the same digit.
# * *Covered* means that the judge's guess occurs often enough, not that the digits are good.
# * *It does not notice copies.* A generator that hands out training pictures would get the best score of all. So look
#   at the nearest training pictures:

# %%
fakes = candidates["your DCGAN"][:10]  # (10, 1, 28, 28)
nearest = torch.cdist(fakes.flatten(1), images.flatten(1)).argmin(1)  # (10,)
course.show_grid(torch.cat([fakes, images[nearest]]), row_labels=["generated", "nearest real"])

# %% [markdown] question="comparison"
# ## 10 Better than the vanilla GAN?
#
# Look at the 50 best samples of both networks, at both pairs of loss curves, and at the judge's numbers, and answer in
# about fifteen sentences:
#
# 1. How do the DCGAN's best pictures differ from the vanilla GAN's? Name what you see, and explain it by the layers the
#    two are made of.
# 2. What do the two pairs of loss curves do? Can you tell from them which network paints better?
# 3. Are the DCGAN's pictures better? Give numbers, and say what they rest on: what would make them wrong or unfair?
#
# ### BEGIN SOLUTION
# **Model answer.** (1) The vanilla GAN's digits stand in a spray of single white pixels, and strokes are frayed and
# of uneven brightness; some are hardly more than a cloud. Many look alike: several nearly equal 7s are among the
# first. The DCGAN's have closed, smooth strokes of even width on a clean ground, and vary in slant and shape. What
# remains wrong is the shape as a whole: strokes that lead nowhere, crosses between two digits, small smudges.
# Explanation: a linear layer computes every pixel from weights of its own, so neighbours agree only if each of them
# has learned it; a transposed convolution paints dabs of several pixels with one kernel for all places, so smoothness
# comes with the layer. Its discriminator, too, looks at small regions everywhere and catches a loose dot wherever it
# is.
#
# (2) Vanilla: both curves stay near $\log 2$, D's a little below, G's some 0.1 to 0.3 above. DCGAN: G's jumps to
# about 7 in the first steps, falls until about step 200, then stays around 1.6, with D's around 0.5. So the *better*
# painter has the *higher* loss: it faces a better appraiser. Both pairs are flat while the pictures still improve.
# From the curves alone one cannot tell which network paints better; each is measured by its own opponent.
#
# (3) Yes, by our measure: distance 0.09 against 0.33 (real digits 0.008), ten classes against nine, and the eye
# agrees. The numbers rest on a small classifier of 95 % accuracy that learned from 1,500 digits, on 500 unselected
# pictures each, and on one seed. Unfair or wrong could be: another budget (equal steps instead of equal time), badly
# chosen learning rates for one of them, too few pictures (biases the distance), features that overlook what we care
# for, taking the best samples instead of random ones, copies of training pictures (the nearest neighbours show none
# here), Gaussian clouds as an assumption. It is no FID and cannot be compared with published numbers. Several seeds
# and people who compare blindly would make it firmer.
#
# **Rubric (12 points).** 1: 2 points for at least two true differences that are named, 2 for an explanation by
# locality or shared weights. 2: 1 point each for a description of both pairs, 2 for: the loss is relative to the
# opponent, so it does not tell (or: the better one has the higher loss). 3: 2 points for a verdict with numbers
# (distance *and* classes, with the real digits or another row as a scale), 2 for at least two limits of the measure.
# Numbers of the student's own run count, and so does an honest "mine is worse" with a reason.
# ### END SOLUTION

# %% [markdown]
# ## Hand in
#
# Save the notebook (Ctrl+S), then run this cell: it reads the file as the grader will and says what it finds. After
# this notebook comes [`pix2pix`](../pix2pix/pix2pix.ipynb), where the generator gets a drawing instead of noise.

# %%
course.check_submission("dcgan.ipynb")
