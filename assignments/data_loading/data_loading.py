# %% [markdown]
# # Data loading
#
# Welcome! In this course you build machines that paint, and set a second machine on each of them that tries to catch
# the forgery. The two teach each other, and that is all there is to a **generative adversarial network**, a GAN.
#
# Why then begin with files and folders? Because nobody ever tells such a network what a shoe is. It is shown
# pictures, and whatever these pictures have in common *is* a shoe. **What you load is what it will paint.** If the
# loader stretches the photos, the shoes come out stretched; if it swaps red and blue, so will the painter. Worse, the
# second machine is a merciless detective: if real pictures differ from painted ones in anything at all, in the range
# of their numbers, say, it will look at that and at nothing else. When a GAN will not learn, look at its data first.
#
# In this notebook you build the whole way from files on a disk to batches of tensors:
#
# * bytes to numbers in $[-1, 1]$, and back (sections 1, 2);
# * a folder of pairs, sketch and photo in one file (3, 4, 5), jitter to make more of them (6), loaders (7);
# * a folder of photos of any shape (8), and pictures of many pictures (9);
# * then you look at the three data sets of the course, find out what loading costs, and answer a question (10).
#
# ### The course
#
# | notebook | what you build | what it takes from before | time |
# |---|---|---|---|
# | **`data_loading`** (this one) | files → tensors → batches: shoes, digits, photos | a little PyTorch | 2–3 h |
# | **`vanilla_gan`** | the first GAN, from linear layers: digits out of noise | pictures in $[-1, 1]$ | 4–5 h |
# | **`dcgan`** | the same game with convolutions: digits, coloured shoes | the training loop | 4–5 h |
# | **`pix2pix`** | from a sketch of a shoe to its photo | pairs of pictures, the layers of `dcgan` | 5–6 h |
# | **`gan_losses`** | seven losses, on a ring of points: which lose modes? | the losses of `vanilla_gan` | 4–5 h |
# | **`conditional_gan`** | digits of the class that you ask for | `vanilla_gan`, the layers of `dcgan` | 3–4 h |
# | **`cyclegan`** | from sneakers to boots, without pairs | `pix2pix`, the least squares of `gan_losses` | 4–5 h |
#
# The first four are the core, in this order. The last three stand side by side behind them, each can be left out. The
# times are our guess for somebody who meets all this for the first time. Each notebook carries all the code it needs,
# so a mistake here does not follow you there.
#
# The course grew out of lab slides, lecture notes and handwritten notes from several universities. They are good, and
# like all of us they slip now and then. Where we met a slip we left it in the text as a **trap**: with a name on it,
# a mistake is half found.
#
# ### How to work
#
# **Cells.** Run a cell with Shift+Enter, from top to bottom. The first one loads libraries and says where it runs.
# Where a cell says `YOUR CODE HERE`, write your code there, in place of the line that raises an error, and run it.
# Leave names and arguments as they are. You may add cells of your own anywhere.
#
# **Checks.** Run the locked cell under an exercise. It prints a line for each thing that it looks at: `ok`, or `not
# yet` with what was expected and what your code gave. If you change an exercise, run its cell again before its check.
# Checks are a friend's quick look, not the whole examination: your work is graded with other inputs and more
# questions. Everything that is asked for stands in the text.
#
# **Grading.** The grader runs the cells of the exercises, not the ones that show or train something; so whatever an
# exercise needs must stand in its cell, in another exercise's, or in the first cell. A mistake in one exercise is not
# charged again in those that use it, as long as what it gives back is something that can be worked with (a function
# left out, or one that stops with an error, is missing there too). The written question is read by a person.
#
# **Handing in.** The last cell reads your saved notebook as the grader will, and says what it finds.
#
# **How much is computed** is decided by a profile: `smoke` (does it run at all?), `quick` (minutes on a laptop) or
# `full` (all the data; wants a GPU and, the first time, a network). Set the environment variable `GAN_COURSE_PROFILE`
# before you start Jupyter to choose; otherwise it is `quick`, or `full` where there is a GPU. This notebook takes
# well under a minute in any of them, once the data is there.

# %% setup="imports"
import glob
import io
import os
import sys
import tempfile
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision import datasets, transforms
from torchvision.utils import make_grid
from tqdm import tqdm

if not Path("course.py").exists() and "google.colab" in sys.modules:
    from google.colab import drive

    drive.mount("/content/drive")  # the whole folder data_loading belongs into your Google Drive
    for found in Path("/content/drive/MyDrive").glob("**/data_loading/course.py"):
        os.chdir(found.parent)
if not Path("course.py").exists():
    raise FileNotFoundError(
        f"course.py: expected beside this notebook, not in {Path.cwd()}; copy the whole folder data_loading"
    )

import course

run = course.set_up()

# %% [markdown]
# ## 1 From pixels to tensors
#
# A picture file gives bytes, $p \in \{0, \dots, 255\}$, in an array `(h, w, 3)`: rows, columns, then red, green,
# blue. Networks here take float32 numbers $x \in [-1, 1]$ in a tensor `(3, h, w)`, channels first:
#
# $$x = \frac{p}{127.5} - 1$$
#
# Why $[-1, 1]$? The generators of this course end in tanh, as in the DCGAN paper (Radford et al. 2015, [arXiv
# 1511.06434](https://arxiv.org/abs/1511.06434), section 4: scaling to tanh's range is all the pre-processing it
# does). The question at the end comes back to this. A grey picture has shape `(h, w)` and becomes `(1, h, w)`.
#
# Four traps, all of them silent:
#
# * **Only `ToTensor`.** torchvision's `ToTensor()` gives $[0, 1]$. The lab stops there and puts it before a generator
#   that ends in tanh.
# * **Bytes wrap around.** In uint8, `100 - 128` is 228. Turn bytes into floats *before* you calculate.
# * **`reshape` is not `permute`.** Both give `(3, h, w)`. One moves the axes, the other cuts the row of numbers into
#   new pieces.
# * **BGR.** The handwritten notes list OpenCV among their tools. Its `cv2.imread` gives blue first, Pillow and
#   Matplotlib have red first. In this course everything is RGB: pictures come from Pillow.


# %% exercise="normalize_image"
def normalize_image(image):
    """Turn the bytes of a picture into a tensor as networks take it: 0 becomes -1, 255 becomes 1.

    Shapes: uint8 array (h, w, 3) or (h, w) -> float32 tensor (3, h, w) or (1, h, w) in [-1, 1].
    """
    ### BEGIN SOLUTION
    pixels = image.astype(np.float32) / 127.5 - 1  # (h, w, 3) or (h, w)
    if pixels.ndim == 2:
        pixels = pixels[:, :, np.newaxis]  # (h, w) -> (h, w, 1)
    return torch.from_numpy(pixels).permute(2, 0, 1)  # (h, w, c) -> (c, h, w)
    ### END SOLUTION


# %% check="normalize_image"
@course.run_check
def check_normalize_image(check):
    image = np.zeros((4, 6, 3), np.uint8)
    image[0, 5] = (255, 51, 102)  # row 0, column 5
    tensor = normalize_image(image)
    check.equal("shape of a colour picture", got=tuple(tensor.shape), want=(3, 4, 6))
    check.equal("type", got=tensor.dtype, want=torch.float32)
    check.equal("shape of a grey picture", got=tuple(normalize_image(image[:, :, 0]).shape), want=(1, 4, 6))
    check.close("byte 0", got=tensor[0, 3, 0], want=-1.0, tolerance=1e-6)
    for channel, (byte, want) in enumerate([(255, 1.0), (51, -0.6), (102, -0.2)]):
        name = ("red", "green", "blue")[channel]
        check.close(f"{name} of one pixel, byte {byte}", got=tensor[channel, 0, 5], want=want, tolerance=1e-5)


# %% [markdown]
# ## 2 And back
#
# To show or save what a generator painted, we need bytes again: $p = (x + 1) \cdot 127.5$, as an array `(h, w, c)`
# with $c$ = 1 or 3.
#
# * **Clamp first.** Whatever lies outside of $[-1, 1]$ becomes 0 or 255. A byte cannot hold 256: it would start again
#   at 0, and the brightest spot would turn black.
# * **Round, do not cut off.** Turning a float into a byte drops its fraction: 99.99999 becomes 99. Rounding errors of
#   float32 are that small, yet 63 of the 256 bytes come back one too dark if you forget to round. Save and load a few
#   times and the picture fades.
# * The tensor may carry a graph or be on a GPU. NumPy takes neither: `.detach().cpu()`.


# %% exercise="denormalize_image"
def denormalize_image(tensor):
    """Turn a tensor in [-1, 1] back into bytes; the inverse of normalize_image.

    Shapes: tensor (c, h, w), perhaps with a graph or on a GPU -> uint8 array (h, w, c).
    What is out of range is clamped; rounds to the nearest byte.
    """
    ### BEGIN SOLUTION
    pixels = (tensor.detach().cpu().clamp(-1, 1) + 1) * 127.5  # (c, h, w) in [0, 255]
    pixels = pixels.round().to(torch.uint8)  # .to alone cuts off the fraction
    return pixels.permute(1, 2, 0).numpy()  # (c, h, w) -> (h, w, c)
    ### END SOLUTION


# %% check="denormalize_image"
@course.run_check
def check_denormalize_image(check):
    tensor = torch.full((3, 4, 6), -1.0)
    tensor[:, 0, 5] = torch.tensor([1.7, -3.0, 0.0])
    image = denormalize_image(tensor)
    check.equal("type", got=str(getattr(image, "dtype", type(image))), want="uint8")
    check.equal("shape of a colour picture", got=tuple(image.shape), want=(4, 6, 3))
    check.equal("shape of a grey picture", got=tuple(denormalize_image(tensor[:1]).shape), want=(4, 6, 1))
    check.equal("1.7 is clamped to byte", got=int(image[0, 5, 0]), want=255)
    check.equal("-3.0 is clamped to byte", got=int(image[0, 5, 1]), want=0)
    every_byte = np.arange(256, dtype=np.uint8).reshape(16, 16)
    back = denormalize_image(normalize_image(every_byte))[:, :, 0]
    check.equal("bytes of 256 that do not survive the way there and back", got=int((back != every_byte).sum()), want=0)


# %% [markdown]
# ### Look at it
#
# Always look at your data. Here is a photo on its way through both functions, and two traps of section 1 beside it.

# %%
flower = course.load_photo("flower")  # uint8 (h, w, 3)
tensor = normalize_image(flower)  # (3, h, w)
views = {
    "there and back": denormalize_image(tensor),
    "BGR taken for RGB": flower[:, :, ::-1],
    "reshape in place of permute": denormalize_image(tensor.reshape(*flower.shape).permute(2, 0, 1)),
}
_, panels = plt.subplots(1, 3, figsize=(12, 3), layout="constrained")
for axes, (title, view) in zip(panels, views.items(), strict=True):
    axes.imshow(view)
    axes.set(title=title, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# And its numbers, beside the range that tanh can reach:

# %%
steps = {
    "bytes from the file": flower,
    "ToTensor only": transforms.functional.to_tensor(flower).numpy(),
    "normalize_image": normalize_image(flower).numpy(),
}
_, panels = plt.subplots(1, 3, figsize=(12, 2.8), layout="constrained")
for axes, (title, values) in zip(panels, steps.items(), strict=True):
    limits = (-20, 275) if values.max() > 1 else (-1.15, 1.15)
    axes.axvspan(-1, 1, color="tab:green", alpha=0.3, label="range of tanh")
    axes.hist(values.ravel(), bins=64, color="tab:blue")
    axes.set(title=title, xlim=limits, xlabel="value", yticks=[])
panels[0].set_ylabel("how many")
panels[0].legend()
plt.show()

# %% [markdown]
# Left: tanh's range is a green sliver at the edge, a generator could only paint night. Middle: half of what the
# generator paints at first is negative, and no real picture ever is. One look at the sign, and the detective knows.
# Right: the same range for both, so that the detective has to look at the picture.

# %% [markdown]
# ## 3 Finding the files
#
# A data set on a disk is a folder with a sub-folder for each *split*: `train` to learn from, `val` to look at
# pictures the network has never seen. `list_images(root, split)` gives all pictures that lie directly in
# `root/split`, as `Path`s, sorted; `root` may be a `Path` or a text. Pictures are files that end in `.jpg`, `.jpeg` or
# `.png`, in small letters or capitals.
#
# * **Sort.** The discussion slides collect names with `glob.glob`. It hands out files in the order of the file
#   system, which is any order at all, and another one on your friend's computer. Whoever compares picture 7 of two
#   runs should be sure that it is the same picture. (Plain `sorted` is enough: alphabetical.)
# * **`[` in a path.** For `glob`, `[`, `*` and `?` are patterns, in the folder's name as well. A copy called `shoes
#   [2]` looks empty, without any error. Ask the folder itself instead: `Path.iterdir()`.
# * **What is no picture.** Hidden files (names that begin with a dot: macOS leaves `._boot_0001.png` in archives),
#   and folders, whatever they are called. The notes look for jpg only; our pairs are PNG.
# * **A missing folder** must not look like an empty data set: raise a `FileNotFoundError` that names the folder. The
#   same if `root/split` is no folder but a file.


# %% exercise="list_images"
def list_images(root, split):
    """All pictures directly in the folder root/split, as a sorted list of Paths.

    Pictures end in .jpg, .jpeg or .png, in capitals or not; hidden files and folders are none.
    Errors: FileNotFoundError, naming the folder, if there is no such folder.
    """
    ### BEGIN SOLUTION
    folder = Path(root) / split
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: expected a folder of pictures, found none; is the data where you think?")
    visible = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    return sorted(path for path in visible if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    ### END SOLUTION


# %% check="list_images"
@course.run_check
def check_list_images(check):
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "train"
        folder.mkdir()
        for name in ("boot.png", "sandal.JPG", "apple.jpeg", "notes.txt", ".hidden.png"):
            (folder / name).touch()
        paths = list_images(root, "train")
        check.equal("names found", got=[path.name for path in paths], want=["apple.jpeg", "boot.png", "sandal.JPG"])
        check.true("they are Paths that lead to the files", all(isinstance(p, Path) and p.is_file() for p in paths))
        try:
            list_images(root, "vall")
            message = "no error"
        except FileNotFoundError as error:
            message = str(error)
        check.true(f"a missing folder 'vall' raises FileNotFoundError and is named ({message})", "vall" in message)


# %% [markdown]
# On to real files. `course.find_pairs` gives the folder of sketch–photo pairs: the first time, it makes them from the
# shoes of Fashion-MNIST, which takes a second. (These are the course's stand-in for *edges2shoes*; more about them
# below. To use other pairs, let the environment variable `GAN_COURSE_PAIRS` name a folder, an archive or a URL.)

# %%
pairs_root = course.find_pairs(run)
train_paths = list_images(pairs_root, "train")
print("as the file system has them:", *[path.name for path in (pairs_root / "train").iterdir()][:4])
print("as list_images gives them:  ", *[path.name for path in train_paths[:4]])

with tempfile.TemporaryDirectory(prefix="shoes [2] ") as root:
    (Path(root) / "train").mkdir()
    (Path(root) / "train" / "boot.png").touch()
    by_glob, by_list_images = glob.glob(f"{root}/train/*.png"), list_images(root, "train")
    print(f"one picture in '{Path(root).name}/train': glob finds {len(by_glob)}, list_images {len(by_list_images)}")

# %% [markdown]
# ## 4 Two pictures in one file
#
# Each file of the pairs is one wide picture: the sketch on the left, the photo on the right. Cut it in the middle:
#
# $$(c,\; h,\; 2w) \;\longrightarrow\; (c,\; h,\; w) \text{ left},\quad (c,\; h,\; w) \text{ right}$$
#
# The trap is which axis is which. The handwritten notes cut by `img[:, :, :3]` and `img[:, :, 3:]`. On a NumPy
# picture `(h, 2w, 3)` the last axis is colour: the first "half" is the whole picture and the second one is empty. On
# a tensor `(3, h, 2w)` the same line cuts off three columns of pixels. And the middle axis of a tensor is the height.
# An odd width has no middle: raise a `ValueError`.


# %% exercise="split_pair"
def split_pair(pair):
    """Cut a picture into its left and its right half.

    Shapes: (c, h, 2w) -> left (c, h, w), right (c, h, w).
    Errors: ValueError if the width is odd.
    """
    ### BEGIN SOLUTION
    width = pair.shape[2]
    if width % 2 == 1:
        raise ValueError(f"split_pair: expected an even width, got {width} pixels; is this file a pair?")
    half = width // 2
    return pair[:, :, :half], pair[:, :, half:]  # (c, h, 2w) -> (c, h, w), (c, h, w)
    ### END SOLUTION


# %% check="split_pair"
@course.run_check
def check_split_pair(check):
    columns = torch.arange(10.0).expand(3, 4, 10)  # every pixel says in which column it is
    left, right = split_pair(columns)
    check.equal("shape of the left half", got=tuple(left.shape), want=(3, 4, 5))
    check.equal("shape of the right half", got=tuple(right.shape), want=(3, 4, 5))
    check.equal("columns of the left half", got=left[0, 0].tolist(), want=[0.0, 1.0, 2.0, 3.0, 4.0])
    check.equal("columns of the right half", got=right[0, 0].tolist(), want=[5.0, 6.0, 7.0, 8.0, 9.0])
    try:
        split_pair(columns[:, :, :9])
        raised = "no error"
    except ValueError:
        raised = "ValueError"
    check.equal("width 9", got=raised, want="ValueError")


# %% [markdown]
# One file, cut in three ways:

# %%
with Image.open(train_paths[0]) as picture:
    pair = normalize_image(np.array(picture.convert("RGB")))  # (3, h, 2w)
height, width = pair.shape[1:]
cuts = {
    "along the width": split_pair(pair),
    "along the height": (pair[:, : height // 2], pair[:, height // 2 :]),
    "[:, :, :3] and [:, :, 3:]": (pair[:, :, :3], pair[:, :, 3:]),
}
print(f"{train_paths[0].name}: {tuple(pair.shape)}")
figure = plt.figure(figsize=(12, 2.6), layout="constrained")
for part, (title, halves) in zip(figure.subfigures(1, 3), cuts.items(), strict=True):
    part.suptitle(title)
    ratios = [half.shape[2] for half in halves]
    for axes, half in zip(part.subplots(1, 2, width_ratios=ratios), halves, strict=True):
        axes.imshow(denormalize_image(half))
        axes.set(xticks=[], yticks=[], xlabel="×".join(str(side) for side in half.shape[1:]))
plt.show()

# %% [markdown]
# ## 5 A data set of pairs
#
# PyTorch's `Dataset` is a promise of two things: how many items there are (`len(pairs)`) and what item $i$ is
# (`pairs[i]`). Keep it lazy: the constructor lists the files, and a file is opened when its item is asked for. The
# original edges2shoes has 50,000 pairs, and nobody wants to wait for, or keep in memory, what is not needed yet.
#
# An item is a tuple `(sketch, photo)`, left half and right half, both normalised, in RGB order. Use what you have:
# `list_images`, `normalize_image`, `split_pair`. Not every file is RGB, some are grey and some have a palette or a
# transparent layer; `Image.open(path).convert("RGB")` makes them all alike.
#
# A `transform`, if one is given, is called with the two normalised tensors, `transform(sketch, photo)`, each time an
# item is asked for, and returns the two that become the item. Without one, normalising is all that happens. Why *one*
# call for both? Transforms are often random, as the next section's. Called once for each half, they would do
# something else to the photo than to the sketch, and a pair would be a pair no more.


# %% exercise="paired_images"
class PairedImages(Dataset):
    """Pairs (sketch, photo) of the pictures in root/split, the sketch being the left half of each file.

    transform: called as transform(sketch, photo) with both normalised halves, gives the two that are returned; or None.
    Shapes: an item is a tuple of two float32 tensors (3, h, w) in [-1, 1], in RGB order.
    """

    def __init__(self, root, split, transform=None):
        ### BEGIN SOLUTION
        self.paths = list_images(root, split)
        self.transform = transform
        ### END SOLUTION

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.paths)
        ### END SOLUTION

    def __getitem__(self, index):
        ### BEGIN SOLUTION
        with Image.open(self.paths[index]) as picture:
            pixels = np.array(picture.convert("RGB"))  # (h, 2w, 3)
        pair = normalize_image(pixels)  # (h, 2w, 3) -> (3, h, 2w)
        sketch, photo = split_pair(pair)  # (3, h, w), (3, h, w)
        if self.transform is not None:
            sketch, photo = self.transform(sketch, photo)  # one call for both: what is random is the same for both
        return sketch, photo
        ### END SOLUTION


# %% check="paired_images"
@course.run_check
def check_paired_images(check):
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "val").mkdir()
        for number in range(3):
            pixels = np.zeros((8, 20, 3), np.uint8)
            pixels[:, :10] = 100 * number  # left: black, then greys
            pixels[:, 10:] = (255, 0, 51 * number)  # right: red, then with some blue
            Image.fromarray(pixels).save(Path(root) / "val" / f"pair_{number}.png")
        pairs = PairedImages(root, "val")
        check.equal("length", got=len(pairs), want=3)
        item = pairs[2]
        check.equal("type of an item", got=type(item).__name__, want="tuple")
        sketch, photo = item
        check.equal("shape of a sketch", got=tuple(sketch.shape), want=(3, 8, 10))
        check.equal("shape of a photo", got=tuple(photo.shape), want=(3, 8, 10))
        check.close("sketch of the last pair, grey 200", got=sketch[0].mean(), want=200 / 127.5 - 1, tolerance=1e-5)
        for channel, (name, want) in enumerate([("red", 1.0), ("green", -1.0), ("blue", -0.2)]):
            check.close(f"photo of the last pair, {name}", got=photo[channel].mean(), want=want, tolerance=1e-5)
        swapped = PairedImages(root, "val", transform=lambda sketch, photo: (photo, sketch))
        check.true("transform(sketch, photo) decides what is returned", torch.equal(swapped[2][0], photo))


# %% [markdown]
# ## 6 Random jitter
#
# A thousand pairs are few. pix2pix makes more of them by *jitter* (Isola et al. 2017, [arXiv
# 1611.07004](https://arxiv.org/abs/1611.07004), section 6.2): enlarge the pair a little, from 256 to 286 pixels, cut
# out a random square of the old size, and mirror it half of the time. For any `size`:
#
# 1. resize both halves to `round(size * 286 / 256)` pixels in height and width, bilinear (`F.interpolate`; in case it
#    makes pictures *smaller*, `antialias=True` keeps thin lines alive);
# 2. choose a corner at random, and cut the same square of `size` × `size` out of both. Every position must be
#    possible, the first and the last too: with 72 pixels and `size` 64 the corner may be 0, 1, …, 8, nine places in
#    each direction;
# 3. with probability ½, mirror both, left to right.
#
# Two rules. **Both halves get the same luck:** one corner, one coin. **All luck comes from `rng`,** a
# `torch.Generator`: the same seed, the same jitter. Python's `random`, NumPy's and torchvision's random transforms
# know nothing of it. The grader calls `random_jitter(sketch, photo, size=…, rng=…)`, with halves of any equal height
# and width. How many numbers you draw, and in which order, is up to you.


# %% exercise="random_jitter"
def random_jitter(sketch, photo, *, size, rng):
    """Enlarge both to round(size * 286 / 256), take the same random crop of both, mirror both or none (p = 0.5).

    rng: the torch.Generator from which all random numbers come.
    Shapes: sketch, photo (c, h, w) -> sketch, photo (c, size, size).
    Source: Isola et al. 2017 (arXiv 1611.07004), section 6.2.
    """
    ### BEGIN SOLUTION
    enlarged = round(size * 286 / 256)
    both = torch.cat([sketch, photo]).unsqueeze(0)  # (1, 2c, h, w): whatever happens now happens to both
    both = F.interpolate(both, size=(enlarged, enlarged), mode="bilinear", antialias=True)  # (1, 2c, …, …)
    top, left = torch.randint(enlarged - size + 1, (2,), generator=rng).tolist()
    both = both[0, :, top : top + size, left : left + size]  # (2c, size, size)
    if torch.rand(1, generator=rng).item() < 0.5:
        both = both.flip(2)
    return both[: len(sketch)], both[len(sketch) :]  # (c, size, size), (c, size, size)
    ### END SOLUTION


# %% check="random_jitter"
@course.run_check
def check_random_jitter(check):
    ramp = torch.linspace(-1, 1, 32).expand(3, 32, 32)  # brighter to the right
    sketch = ramp + ramp.mT / 4
    rng = torch.Generator().manual_seed(0)
    results = [random_jitter(sketch, -sketch, size=32, rng=rng) for _ in range(200)]
    check.equal("shape of a sketch", got=tuple(results[0][0].shape), want=(3, 32, 32))
    check.equal("shape of a photo", got=tuple(results[0][1].shape), want=(3, 32, 32))
    distance = max((sketch + photo).abs().max() for sketch, photo in results)
    check.close("difference between a photo and its own negative as sketch", got=distance, want=0.0, tolerance=0.05)
    mirrored = sum((sketch[0, 16, -1] < sketch[0, 16, 0]).item() for sketch, _ in results)
    check.close("share of mirrored pairs", got=mirrored / 200, want=0.5, tolerance=0.2)
    tops = {round(sketch[0, :, 16].mean().item(), 3) for sketch, _ in results}
    check.true("crops differ", len(tops) > 4)
    once, again = (random_jitter(sketch, -sketch, size=16, rng=torch.Generator().manual_seed(1)) for _ in range(2))
    check.true("the same seed gives the same jitter", torch.equal(once[0], again[0]))
    check.equal("shape for size 16", got=tuple(once[0].shape), want=(3, 16, 16))


# %% [markdown]
# A data set that jitters: the transform passes both halves on, with one `rng`. And, for comparison, the mistake: each
# half jittered by itself. The third row lays the sketch's lines over the photo.


# %%
def show_jitter(transform, title):
    """Eight versions of one pair in columns: sketch, photo, and the sketch's lines over the photo."""
    pairs = PairedImages(pairs_root, "train", transform=transform)
    sketches, photos = (torch.stack(halves) for halves in zip(*[pairs[0] for _ in range(8)], strict=True))
    rows = torch.cat([sketches, photos, torch.minimum(sketches, photos)])  # (24, 3, 64, 64); the darker one wins
    course.show_grid(rows, columns=8, title=title, row_labels=["sketch", "photo", "both"], scale=1)


rng = torch.Generator().manual_seed(4)
show_jitter(lambda sketch, photo: random_jitter(sketch, photo, size=64, rng=rng), "jittered together")
show_jitter(
    lambda sketch, photo: (
        random_jitter(sketch, sketch, size=64, rng=rng)[0],
        random_jitter(photo, photo, size=64, rng=rng)[1],
    ),
    "jittered each by itself (wrong)",
)

# %% [markdown]
# In the lower picture, lines and shoe have parted company; some sketches even look the other way. A network trained
# on such pairs learns to hedge: it paints the average of all the places where the shoe might be, a blur.

# %% [markdown]
# ## 7 Loaders for training and validation
#
# A `DataLoader` asks a data set for items and stacks them into batches: here `(sketches, photos)`, twice `(n, 3, h,
# w)`. `make_loaders(root, batch_size=…)` gives one for `root/train` and one for `root/val`, both over your
# `PairedImages` without a transform, both without extra processes (`num_workers` stays 0).
#
# * **Training is shuffled**, anew in every epoch, and **drops the ragged last batch**. The lab sets `shuffle=False`:
#   every epoch shows the same batches in the same order. An incomplete last batch is noisier than the others, and a
#   batch of a single picture breaks some batch normalisations. Nothing is lost: after the next shuffle, others are
#   left over. (With fewer pairs than `batch_size` there is no batch at all. Mind that with tiny data sets.)
# * **Validation comes in order and complete.** Picture 7 must be picture 7 tomorrow, and a mean over the validation
#   set must be one over all of it, so here the ragged batch stays. Nothing is jittered either.


# %% exercise="make_loaders"
def make_loaders(root, *, batch_size):
    """Batches (sketches, photos) of the pairs in root/train and root/val, both without a transform.

    Training: shuffled, an incomplete last batch left out. Validation: in the order of the files, all of them.
    Shapes: batches of (n, 3, h, w) twice.
    """
    ### BEGIN SOLUTION
    train_pairs = PairedImages(root, "train")
    val_pairs = PairedImages(root, "val")
    train_loader = DataLoader(train_pairs, batch_size=batch_size, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_pairs, batch_size=batch_size)
    return train_loader, val_loader
    ### END SOLUTION


# %% check="make_loaders"
@course.run_check
def check_make_loaders(check):
    with tempfile.TemporaryDirectory() as root:
        for split, count in (("train", 23), ("val", 7)):
            (Path(root) / split).mkdir()
            for number in range(count):
                pixels = np.full((4, 8, 3), 10 * number, np.uint8)  # how grey it is says which file it was
                Image.fromarray(pixels).save(Path(root) / split / f"{number:03}.png")
        train_loader, val_loader = make_loaders(root, batch_size=5)
        first, second = ([batch[0][:, 0, 0, 0] for batch in train_loader] for _ in range(2))
        validation = [batch[0][:, 0, 0, 0] for batch in val_loader]
        batch = next(iter(train_loader))
    check.equal("shapes of a batch", got=[tuple(half.shape) for half in batch], want=[(5, 3, 4, 4), (5, 3, 4, 4)])
    check.equal("batch sizes, 23 training pairs", got=[len(half) for half in first], want=[5, 5, 5, 5])
    check.equal("batch sizes, 7 validation pairs", got=[len(half) for half in validation], want=[5, 2])
    check.true("training comes in another order each time", not torch.equal(torch.cat(first), torch.cat(second)))
    check.true("validation comes in the order of the files", bool((torch.cat(validation).diff() > 0).all()))


# %% [markdown]
# A batch of training pairs, as the networks of `pix2pix` will get them:

# %%
torch.manual_seed(0)  # the shuffling draws from PyTorch's own random numbers
train_loader, val_loader = make_loaders(pairs_root, batch_size=16)
sketches, photos = next(iter(train_loader))
print(
    f"{len(train_loader)} training batches, {len(val_loader)} for validation; the first: {tuple(sketches.shape)} twice"
)
batch = torch.cat([sketches[:10], photos[:10]])  # (20, 3, 64, 64)
course.show_grid(batch, row_labels=["sketch", "photo"], scale=1, title="ten pairs of a batch")

# %% [markdown]
# ## 8 A folder of photos
#
# Not all data comes in pairs. For photos sorted into folders, one for each class (`cat/`, `dog/`), torchvision has
# `datasets.ImageFolder`: items are `(photo, label)`, labels count the folders in alphabetical order. What it needs
# from you is a transform from a photo of any shape to a square tensor `(3, s, s)` in $[-1, 1]$:
#
# `Resize` → `CenterCrop` → `ToTensor` ($[0, 1]$) → `Normalize` with mean 0.5 and standard deviation 0.5, that is $(x
# - 0.5)/0.5$, the same numbers as in section 1.
#
# The trap is one pair of brackets. The lecture slides write `Resize((64, 64))` and then `CenterCrop(64)`. With *two*
# numbers, `Resize` forces the photo into a square, whatever its shape was: people grow thin, cars short, and there is
# nothing left to crop. With *one* number, `Resize(64)` makes the **shorter** side 64 pixels and keeps the
# proportions, and `CenterCrop(64)` cuts the square out of the middle.


# %% exercise="folder_dataset"
def folder_dataset(root, image_size):
    """The photos in root's sub-folders, one folder for each class, as (photo, label), square and not distorted.

    The shorter side is resized to image_size, the middle is cut out, values end up in [-1, 1].
    Shapes: photo (3, image_size, image_size), whatever the shape of the file; label int.
    """
    ### BEGIN SOLUTION
    steps = [
        transforms.Resize(image_size),  # a single number: the shorter side, in proportion
        transforms.CenterCrop(image_size),
        transforms.ToTensor(),  # [0, 1]
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),  # [-1, 1]
    ]
    return datasets.ImageFolder(root, transform=transforms.Compose(steps))
    ### END SOLUTION


# %% check="folder_dataset"
@course.run_check
def check_folder_dataset(check):
    with tempfile.TemporaryDirectory() as root:
        for name in ("wide", "tall"):
            (Path(root) / name).mkdir()
            pixels = np.full((40, 120, 3), 255, np.uint8)
            pixels[:, 30:90] = (0, 51, 102)  # the middle; both ends are white
            pixels = pixels if name == "wide" else pixels.swapaxes(0, 1)
            Image.fromarray(pixels).save(Path(root) / name / "photo.png")
        photos = folder_dataset(root, 20)
        check.equal("classes, from the folders", got=photos.classes, want=["tall", "wide"])
        for photo, label in (photos[0], photos[1]):
            name = f"a {photos.classes[label]} photo"
            check.equal(f"shape of {name}", got=tuple(photo.shape), want=(3, 20, 20))
            check.close(f"largest red value in the middle of {name}", got=photo[0].max(), want=-1.0, tolerance=0.02)
            check.close(f"blue value in the middle of {name}", got=photo[2].mean(), want=-0.2, tolerance=0.02)


# %% [markdown]
# Both ways, on two real photos (and a little larger, for you to see):

# %%
ways = {
    "Resize(128), CenterCrop(128)": [transforms.Resize(128), transforms.CenterCrop(128)],
    "Resize((128, 128)), CenterCrop(128)": [transforms.Resize((128, 128)), transforms.CenterCrop(128)],
}
_, grid = plt.subplots(2, 3, figsize=(10.5, 5.6), layout="constrained", width_ratios=[1.5, 1, 1])
for row, name in zip(grid, ("buildings", "flower"), strict=True):
    photo = Image.fromarray(course.load_photo(name))
    views = {f"{photo.width} × {photo.height} pixels": photo}
    views |= {title: transforms.Compose(way)(photo) for title, way in ways.items()}
    for axes, (title, view) in zip(row, views.items(), strict=True):
        axes.imshow(view)
        axes.set(xticks=[], yticks=[])
        axes.set_title(title, fontsize=10)
plt.show()

# %% [markdown]
# The middle column loses the sides of the scene but keeps its shapes. In the right column everything is squeezed to
# two thirds of its width: the roof is steeper, the blossom is no longer round. A GAN would learn just that.

# %% [markdown]
# ## 9 Many pictures in one
#
# One picture says little about a data set or a generator; fifty say a lot. `image_grid(images, columns)` lays a batch
# `(n, 3, h, w)` or `(n, 1, h, w)` in $[-1, 1]$ out in rows of `columns` pictures, as one picture `(H, W, 3)` of
# floats in $[0, 1]$ that `plt.imshow` takes as it is. Array or tensor, and how wide the gaps between pictures are (if
# any), is up to you. Pictures go row by row; the last row may be incomplete; grey pictures get three equal channels;
# what is out of range is clamped.
#
# torchvision's `make_grid` does most of it. Its trap: the slides call `make_grid(x, 10, 5)` for ten columns and five
# rows. The second argument, although it is called `nrow`, is the number of pictures *in a row*; the third is the
# **padding**, five pixels of it. The number of rows follows from the number of pictures. And `make_grid` gives
# channels first, Matplotlib wants them last.


# %% exercise="image_grid"
def image_grid(images, columns):
    """Lay pictures out in rows of the given number of columns, ready for plt.imshow.

    Shapes: (n, 3, h, w) or (n, 1, h, w) in [-1, 1] -> float (H, W, 3) in [0, 1], array or tensor.
    """
    ### BEGIN SOLUTION
    brightness = (images.detach().cpu().clamp(-1, 1) + 1) / 2  # [-1, 1] -> [0, 1]
    grid = make_grid(brightness, nrow=columns, pad_value=1.0)  # (3, H, W); nrow is the number of pictures in a row
    return grid.permute(1, 2, 0)  # (3, H, W) -> (H, W, 3)
    ### END SOLUTION


# %% check="image_grid"
@course.run_check
def check_image_grid(check):
    images = torch.zeros(5, 1, 8, 8)
    images[3] = 1.5  # brighter than white
    grid = torch.as_tensor(image_grid(images, columns=3))
    check.equal("a colour picture: dimensions, and size of the last", got=(grid.dim(), grid.shape[-1]), want=(3, 3))
    height, width = grid.shape[:2]
    check.true(f"room for two rows of three ({height}×{width})", 16 <= height < 32 and 24 <= width < 48)
    check.true("a floating-point type", grid.is_floating_point())
    check.true("nothing below 0 or above 1", bool((grid >= 0).all() and (grid <= 1).all()))
    check.true("0 becomes a medium grey, 0.5", int(((grid - 0.5).abs() < 0.01).all(2).sum()) >= 4 * 64)


# %% [markdown]
# ## The data of this course
#
# With your own functions, meet the three data sets that you will be working with.
#
# **Digits and clothing** (`vanilla_gan`, `dcgan`): handwritten digits from MNIST, and Fashion-MNIST, small grey
# pictures of ten kinds of clothing. They are small enough for memory; the course brings 2,000 of each, and `full`
# takes all 60,000.

# %%
_, panels = plt.subplots(1, 2, figsize=(12, 3.2), layout="constrained")
for axes, name in zip(panels, ("digits", "fashion"), strict=True):
    images, labels = course.load_images(name, run)  # (n, 1, 28, 28), (n,)
    axes.imshow(image_grid(images[:60], columns=12))
    axes.set(title=name, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# **Sketch–photo pairs** (`pix2pix`): the original is *edges2shoes*, photos of shoes beside their edges. Ours are made
# from Fashion-MNIST: sandals, sneakers and boots, enlarged, on a white ground, their edges found by a filter. The
# colours are our invention: sandals red, sneakers blue, boots brown. So a network can learn from the shape of a
# sketch which colour to paint, and we can see at a glance whether it has.

# %%
val_pairs = PairedImages(pairs_root, "val")
shown = [half for index in range(0, len(val_pairs), 5) for half in val_pairs[index]][:40]  # sketch, photo, sketch, …
plt.figure(figsize=(12, 5), layout="constrained")
plt.imshow(image_grid(torch.stack(shown), columns=10))
plt.axis("off")
plt.title("pairs from the validation set, sketch beside photo")
plt.show()

# %% [markdown]
# **A folder of photos** (`dcgan`): shoes again, in random colours, of sizes that are not all square. This is where a
# folder of your own fits best: let `GAN_COURSE_PHOTOS` name it (one sub-folder for each class), and the colour
# networks of the course paint cats, or mushrooms, or whatever you have a few hundred photos of.

# %%
photo_folder = folder_dataset(course.find_photos(run), 64)
chosen = torch.randperm(len(photo_folder), generator=torch.Generator().manual_seed(0))[:40]
sizes = {Image.open(photo_folder.samples[index][0]).size for index in chosen.tolist()}
print(f"classes {photo_folder.classes}; {len(sizes)} different sizes in 40 photos, {min(sizes)} to {max(sizes)}")
plt.figure(figsize=(12, 5), layout="constrained")
plt.imshow(image_grid(torch.stack([photo_folder[index][0] for index in chosen.tolist()]), columns=10))
plt.axis("off")
plt.title("40 photos of the folder, 64 × 64")
plt.show()

# %% [markdown]
# ## What does loading cost?
#
# A network cannot learn faster than its pictures arrive. Four epochs of shuffled batches, of which we do nothing but
# count the pictures:
#
# * **pairs from files**: your `train_loader`. Each file is read, decoded, normalised and cut when it is asked for;
# * **pairs from memory**: all of them lie in memory as large tensors; a `DataLoader` asks for one after the other and
#   stacks them;
# * **digits, one by one**: the same for 2,000 digits (all 60,000 in the profile `full`);
# * **digits, a batch at once**: one indexing operation takes a whole batch out of the large tensor. This is how
#   `vanilla_gan` loads its pictures.
#
# To be honest with ourselves, each is timed a few times and the *fastest* epoch counts: a busy machine makes times
# longer, never shorter. No extra processes (0 workers). And the files have been read before, so the operating system
# has them in memory; the very first epoch from a disk or a network drive is slower than what you see here.

# %% training="time_loaders"
REPEATS = run.choose(smoke=1, quick=5, full=5)


def time_epoch(loader, title):
    """Microseconds for each picture (or pair), in the fastest of a few epochs."""
    fastest = float("inf")
    for _ in range(REPEATS):
        start, count = time.perf_counter(), 0
        for batch, _ in tqdm(loader, desc=title, delay=2, file=sys.stdout, ncols=100):  # no bar in the first 2 s
            count += len(batch)
        fastest = min(fastest, (time.perf_counter() - start) / count)
    return 1e6 * fastest


train_loader, _ = make_loaders(pairs_root, batch_size=16)
pairs_in_memory = TensorDataset(*course.load_pairs(pairs_root, "train"))  # sketches and photos, (1000, 3, 64, 64) each
images, labels = course.load_images("digits", run)
digits_in_memory = TensorDataset(images, labels)
rng = torch.Generator().manual_seed(0)
loaders = {
    "pairs from files": train_loader,
    "pairs from memory": DataLoader(pairs_in_memory, batch_size=16, shuffle=True, drop_last=True),
    "digits, one by one": DataLoader(digits_in_memory, batch_size=64, shuffle=True),
    "digits, a batch at once": course.load_batches(images, labels, batch_size=64, rng=rng),
}
costs = {name: time_epoch(loader, name) for name, loader in loaders.items()}
megabytes = sum(tensor.nbytes for tensor in pairs_in_memory.tensors) / 1e6
print(f"profile {run.profile}, on the CPU, 0 workers, batches of 16 pairs or 64 digits, fastest of {REPEATS} epochs")
print(f"{len(pairs_in_memory):,} pairs in memory take {megabytes:.0f} MB")
for slow, fast in (("pairs from files", "pairs from memory"), ("digits, one by one", "digits, a batch at once")):
    print(f"{slow}: {costs[slow]:.1f} µs each; {fast}: {costs[fast]:.1f} µs; ratio {costs[slow] / costs[fast]:.0f}")

# %% [markdown]
# Where does the time go that files take? The same steps, each timed by itself:

# %% training="time_steps"
durations = {"read": [], "decode": [], "normalise, cut": [], "stack": []}  # seconds for each batch of 16


def time_step(name, step, inputs):
    """What step makes of each input; how long all of it took goes into durations."""
    start = time.perf_counter()
    results = [step(item) for item in inputs]
    durations[name].append(time.perf_counter() - start)
    return results


train_paths = list_images(pairs_root, "train")
for first in range(0, len(train_paths) - 15, 16):
    contents = time_step("read", Path.read_bytes, train_paths[first : first + 16])
    arrays = time_step("decode", lambda content: np.array(Image.open(io.BytesIO(content)).convert("RGB")), contents)
    halves = time_step("normalise, cut", lambda pixels: split_pair(normalize_image(pixels)), arrays)
    time_step("stack", torch.stack, zip(*halves, strict=True))

# %%
medians = {name: 1e6 * np.median(seconds) / 16 for name, seconds in durations.items()}
_, panels = plt.subplots(1, 2, figsize=(12, 2.6), layout="constrained")
titles = ("fastest epoch (logarithmic)", "from files, step by step (linear)")
for axes, bars, title, colour in zip(panels, (costs, medians), titles, ("tab:blue", "tab:orange"), strict=True):
    axes.bar_label(axes.barh(list(bars), list(bars.values()), color=colour), fmt=" %.1f µs", padding=2)
    axes.set(title=title, xlabel="µs for each picture or pair", xlim=(0, 1.3 * max(bars.values())))
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
panels[0].set(xscale="log", xlim=(0.3, 10 * max(costs.values())))
plt.show()

# %% [markdown]
# On the quiet computer where this was written, a pair took 344 µs from files and 18 µs from memory: about twenty times
# as long, and decoding the PNG is the largest part of it. Reading costs next to nothing as long as the operating
# system keeps the files in memory.
#
# For digits the question is another one. A digit is so small that what takes time is not copying it but calling
# Python for it, so taking a batch at once is several times faster. For the pairs, thirty times as large, copying
# dominates and that trick gains nothing.
#
# So why not keep everything in memory? Count: a pair of 256 × 256 takes $2 \cdot 3 \cdot 256^2 \cdot 4$ bytes, 1.6 MB
# as floats, and the 50,000 of edges2shoes 79 GB. Such data has to come from files, and there `DataLoader` can decode
# in other processes (`num_workers`) while the network learns. That pays where a step of the network is short and
# decoding long. It is no gift: each process costs time to start and memory, and on Windows and macOS a worker cannot
# find a class that is defined in a notebook. Nor does it draw its jitter from *your* `rng`, but from a copy of it.

# %% [markdown] question="normalisation"
# ## 10 Why [-1, 1]?
#
# All our generators end in tanh, and all pictures are scaled to $[-1, 1]$. Explain why, in about ten sentences:
#
# 1. Suppose somebody leaves the pictures as bytes (0 to 255), or in $[0, 1]$ (`ToTensor` only, as in the lab), and
#    the generator ends in tanh. What can the generator reach, what not? What will the discriminator look at, and what
#    does the generator learn from it? (The histograms of section 2 help.)
# 2. The handwritten notes give two more reasons for normalising, which have nothing to do with tanh: networks
#    converge better, and no feature dominates others by its wide range. Explain them for a network whose inputs are
#    pixels. What is better about $[-1, 1]$ than $[0, 1]$ there?
# 3. Somebody ends the generator in a sigmoid instead. Which range must the pictures have then, and what does this say
#    about the rule? And what has to be done with a generator's output before you show it?
#
# ### BEGIN SOLUTION
# **Model answer.** (1) Tanh gives numbers in $(-1, 1)$ and nothing else, and what $G$ paints should be able to look
# like the data. With bytes it cannot: real pictures have values up to 255, every fake looks like black ones, and $D$
# tells them apart by size alone. In $[0, 1]$ the generator *can* reach all values, but half of its range never occurs
# in real pictures. Untrained, about half of its pixels are negative, so $D$ need only look for negative numbers. It
# becomes sure at once without having looked at a shape, and what $G$ learns from it first is to avoid negative
# numbers, not to paint. Black, the commonest value of digits, is 0 in that range, where tanh is steepest, so it is
# hard to hold exactly; in $[-1, 1]$ black is at tanh's flat end, where it is easy. With data in $[-1, 1]$, real and
# fake have the same range and $D$ has to look at the content.
#
# (2) The gradient for a weight of the first layer is proportional to the input it is multiplied with. With inputs up
# to 255, outputs and gradients are hundreds of times too large for the usual initial weights and learning rates;
# activations saturate and training jumps about or diverges. If features have different ranges, those with large
# numbers dominate the sums and the loss is steep in some directions and flat in others, so that no learning rate
# suits all. (Pixels all have the same range, so this matters more between pictures and other inputs, such as noise or
# labels, or between layers.) Numbers in $[0, 1]$ are all positive: then all gradients of the weights of one unit have
# the same sign, they can only move up or down together, and there is a large constant part. $[-1, 1]$ is centred
# around zero, as initial weights and LeakyReLU expect.
#
# (3) $[0, 1]$. The rule is not the number $-1$ but that the data has the range of the generator's last layer. (The
# argument of (2) still speaks for tanh.) Before showing, go back: $(x + 1)/2$ or $(x + 1) \cdot 127.5$, clamped and
# rounded.
#
# **Rubric (10 points).** 4 for (1): generator's and data's range must match (1), bytes cannot be reached (1), in $[0,
# 1]$ the discriminator has an easy give-away such as negative pixels (1), so the generator learns about the range and
# not about pictures (1). 4 for (2): size of inputs makes size of activations and gradients (1.5), different ranges
# make some features dominate or the loss badly conditioned (1.5), zero-centred is better than all-positive, with a
# reason (1). 2 for (3): sigmoid needs $[0, 1]$, so the data follows the last layer (1); back to $[0, 1]$ or bytes
# before showing (1).
# ### END SOLUTION

# %% [markdown]
# ## Hand in
#
# Save the notebook (Ctrl+S), then run this cell: it reads the file as the grader will and says what it finds. The
# next notebook is `vanilla_gan`, where these pictures meet their first forger.

# %%
course.check_submission("data_loading.ipynb")
