"""The data sets of the course, for its notebooks: `course` passes on what stands here.

digits, fashion   2,000 pictures of 28×28 each; all 60,000 in the profile full
shoes             1,000 and 100 for validation, sorted by kind; all 18,000 in the profile full
pairs             edges → shoes: a folder of pictures "sketch | photo"; GAN_COURSE_PAIRS names another
photos            a folder for each class; GAN_COURSE_PHOTOS names another
two photos        buildings and a flower

What ships with the course is in data/ (README.md there: origin and licences). Pairs and photos are made from it on
first use (course_shoes.py); where they lie then, and what is downloaded, is in course_store.py.
"""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

import course_shoes as shoes
import course_store as store
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, RandomSampler, TensorDataset
from tqdm import tqdm

if TYPE_CHECKING:
    from course import Run

SIDE = 28  # pixels, of digits and clothing alike
FULL_DATA = {"digits": "MNIST", "fashion": "FashionMNIST"}  # torchvision's names
DEBIAN_FASHION = Path("/usr/share/datasets/fashion-mnist")  # Debian package dataset-fashion-mnist
PHOTOS = ("buildings", "flower")
MANY = 5000  # pairs, from which on reading them shows a progress bar
PICTURES = (".jpg", ".jpeg", ".png")


# Digits and clothing


def load_images(name: str, run: Run) -> tuple[Tensor, Tensor]:
    """Pictures and classes of "digits" or "fashion": the 2,000 shipped, or all 60,000 where the profile is full.

    Shapes: -> images (n, 1, 28, 28), float32 in [-1, 1]; labels (n,), int64. Where the full data set cannot be had,
    one line says so and the shipped pictures are used.
    """
    if name not in FULL_DATA:
        raise ValueError(f"load_images: expected one of {', '.join(FULL_DATA)}, got {name!r}")
    full = _find_full_data(name) if run.profile == "full" else None
    pixels, labels = _read_full_data(full) if full else read_shipped(name)
    images = torch.from_numpy(pixels).unsqueeze(1).float() / 127.5 - 1  # (n, 28, 28) -> (n, 1, 28, 28)
    print(f"{name}: {len(images):,} pictures of 28×28 in [-1, 1] from {_shorten(full or store.DATA / f'{name}.png')}")
    return images, torch.from_numpy(labels).long()


def load_shoes(run: Run) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Grey shoes on white by kind, "sandal", "sneaker" and "boot", for training and for validation; no pairs.

    Shapes: -> two of kind: (n, 1, 28, 28), float32 in [-1, 1]. About 333 and 33 of each kind are shipped; where the
    profile is full and Fashion-MNIST can be had, its 6,000 of each are for training.
    """
    pixels, classes = read_shipped("shoes")
    full = _find_full_data("fashion") if run.profile == "full" else None
    training = _read_full_data(full) if full else (pixels[: shoes.TRAIN], classes[: shoes.TRAIN])
    train_shoes = _sort_shoes(*training)
    val_shoes = _sort_shoes(pixels[shoes.TRAIN :], classes[shoes.TRAIN :])
    counts = ", ".join(f"{len(train_shoes[kind]):,} + {len(val_shoes[kind])} {kind}s" for kind in train_shoes)
    print(f"shoes: {counts} of 28×28 in [-1, 1] from {_shorten(full or store.DATA / 'shoes.png')}")
    return train_shoes, val_shoes


def _sort_shoes(pixels: np.ndarray, classes: np.ndarray) -> dict[str, Tensor]:
    grey = {kind: torch.from_numpy(pixels[classes == number]) for number, kind in shoes.CLASSES.items()}
    return {kind: 1 - images.unsqueeze(1).float() / 127.5 for kind, images in grey.items()}  # dark on white


def load_batches(images: Tensor, labels: Tensor, *, batch_size: int, rng: torch.Generator) -> DataLoader[Any]:
    """Shuffled batches (images, labels) straight from memory; the last one of an epoch may be smaller.

    Indexing a whole batch at once is faster than collecting picture by picture; data_loading measures by how much.
    """
    pictures = TensorDataset(images, labels)
    batches = BatchSampler(RandomSampler(pictures, generator=rng), batch_size, drop_last=False)
    return DataLoader(pictures, sampler=batches, batch_size=None)


def read_sprite(path: Path) -> np.ndarray:
    """The pictures of a grey sprite, row by row. Shapes: -> (n, 28, 28), uint8."""
    sprite = np.array(Image.open(path))  # (rows · 28, columns · 28)
    rows, columns = sprite.shape[0] // SIDE, sprite.shape[1] // SIDE
    grid = sprite.reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2)  # (rows, columns, 28, 28)
    return grid.reshape(-1, SIDE, SIDE)  # (n, 28, 28)


def read_shipped(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (n, 28, 28), uint8, and classes (n,) of the shipped "digits", "fashion" or "shoes"."""
    pixels = read_sprite(store.verify_checksum(store.DATA / f"{name}.png"))
    classes = store.verify_checksum(store.DATA / f"{name}_labels.txt").read_text().split()
    return pixels, np.array([int(digit) for digit in "".join(classes)])


def _find_full_data(name: str) -> Path | None:
    """A folder with the training files of the full data set, downloaded if need be; None if it cannot be had."""
    kind = FULL_DATA[name]
    ours = f"torchvision-{kind}"  # beside a folder that someone else put there
    folders = [folder / part / "raw" for folder in store.list_stores() for part in (kind, ours)]
    for candidate in [*folders, DEBIAN_FASHION] if name == "fashion" else folders:
        if list(candidate.glob("train-images-idx3-ubyte*")) and list(candidate.glob("train-labels-idx1-ubyte*")):
            return candidate
    from torchvision import datasets  # here, because importing it takes a second that most runs can spare

    def download(new: Path) -> Path:
        with store.patience():
            getattr(datasets, kind)(new, download=True)  # shows its own progress bar
        return new / kind

    return _try_download(name, "the pictures shipped", lambda: store.keep_folder(ours, download) / "raw")


def _try_download(name: str, instead: str, download: Callable[[], Path]) -> Path | None:
    """What `download` gives; None, and one line about it, if there is no network, no space, or nothing there."""
    try:
        return download()
    except (RuntimeError, OSError, HTTPException) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(":")
        print(f"{name}: no full data set here, no download ({reason}); using {instead} instead")
        return None


def _read_full_data(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Training pictures (n, 28, 28) and classes (n,) from idx files, packed by gzip or not."""
    images = _read_idx(folder / "train-images-idx3-ubyte")[16:].reshape(-1, SIDE, SIDE)  # behind a header of 16 bytes
    return images, _read_idx(folder / "train-labels-idx1-ubyte")[8:]


def _read_idx(path: Path) -> np.ndarray:
    packed = path.with_name(path.name + ".gz")
    try:
        content = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    except (EOFError, OSError, zlib.error):  # a download that was interrupted
        raise ValueError(f"{packed}: damaged; delete it and run this cell again") from None
    return np.frombuffer(content, np.uint8).copy()


# Pairs of sketch and photo


def find_pairs(run: Run) -> Path:
    """A folder with train/ and val/; each file in them is one RGB picture, sketch on the left, photo on the right.

    The shipped pairs are 1,000 and 100 of 64 by 128 pixels; the names of files begin with the class of the shoe.
    GAN_COURSE_PAIRS may name others: a folder, an archive, or the URL of one.
    Errors: FileNotFoundError and ValueError say what is wrong with what GAN_COURSE_PAIRS names.
    """
    given = _find("pairs", "GAN_COURSE_PAIRS", ("train", "val"))
    return given or _keep_shoes("pairs", shoes.TRAIN + shoes.VAL, shoes.draw_pairs)


def load_pairs(
    root: Path, split: str, *, image_size: int | None = None, count: int | None = None
) -> tuple[Tensor, Tensor]:
    """Sketches and photos of a split in memory, where a pair takes 24 bytes a pixel.

    image_size asks for another height and width than the files have; count for so many at most, evenly spread.
    Shapes: -> sketches, photos (n, 3, h, w), float32 in [-1, 1].
    Errors: FileNotFoundError if there are none; ValueError names a file that is no pair, or of another size.
    """
    _count_pictures(Path(root) / split, "find_pairs(run) gives a folder with train/ and val/")
    from torchvision.datasets import ImageFolder  # to it the splits are classes

    files = ImageFolder(str(root))
    paths = [Path(path) for path, number in files.samples if files.classes[number] == split]
    if count is not None and count < len(paths):
        paths = [paths[index] for index in np.linspace(0, len(paths) - 1, count).astype(int)]
    first = _read_pair(paths[0], image_size)
    both = torch.empty(2, len(paths), 3, first.shape[0], first.shape[2])
    for number, path in enumerate(
        tqdm(paths, f"reading {split}", file=sys.stdout, disable=len(paths) < MANY, ncols=100)
    ):
        pair = _read_pair(path, image_size)
        if pair.shape != first.shape:
            raise ValueError(
                f"{path}: expected {first.shape[2]}×{first.shape[0]} pixels a half as in {paths[0].name}, "
                f"got {pair.shape[2]}×{pair.shape[0]}; give an image_size"
            )
        both[:, number] = torch.from_numpy(pair).permute(1, 3, 0, 2)  # (h, 2, w, 3) -> (2, 3, h, w)
    sketches, photos = both.div_(127.5).sub_(1)
    return sketches, photos


def _read_pair(path: Path, image_size: int | None) -> np.ndarray:
    """Both halves of a file. Shapes: -> (h, 2, w, 3), uint8."""
    pair = read_picture(path)
    if pair.width % 2:
        raise ValueError(f"{path}: expected sketch and photo of the same width, got a picture {pair.width} wide")
    halves = np.array(pair).reshape(pair.height, 2, pair.width // 2, 3)
    if image_size is None:
        return halves
    size = (image_size, image_size)  # each half by itself, so that they do not mix at the seam
    resized = [Image.fromarray(half).resize(size, Image.Resampling.BICUBIC) for half in halves.swapaxes(0, 1)]
    return np.stack([np.asarray(half) for half in resized], axis=1)


def read_picture(path: Path) -> Image.Image:
    """A picture file as RGB; ValueError names a file that is none."""
    try:
        return Image.open(path).convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:  # SyntaxError: Pillow on a broken PNG
        raise ValueError(f"{path}: expected a picture, cannot read it ({error}); delete it or copy it again") from None


# Photos


def find_photos(run: Run) -> Path:
    """A folder with one sub-folder of RGB photos for each class, as torchvision's ImageFolder reads it.

    Shipped: 1,000 shoes in random tints, not all square. In the profile full: 7,349 cats and dogs, if there is a
    network (Oxford-IIIT Pet, 800 MB, fetched once). GAN_COURSE_PHOTOS may name others: a folder, an archive, or a URL.
    Errors: FileNotFoundError and ValueError say what is wrong with what GAN_COURSE_PHOTOS names.
    """
    given = _find("photos", "GAN_COURSE_PHOTOS", ())
    if given is None and run.profile == "full":
        pets = partial(store.keep_folder, "torchvision-pets", _download_pets)
        given = _try_download("photos", "the shoes shipped", pets)
        if given:
            _report("photos", given, _list_folders(given), advice=f"delete {given}, it is fetched anew")
    return given or _keep_shoes("photos", shoes.TRAIN, shoes.draw_photos)


def load_photo(name: str) -> np.ndarray:
    """One of two real photos, "buildings" or "flower", not square. Shapes: -> (h, w, 3), uint8."""
    if name not in PHOTOS:
        raise ValueError(f"load_photo: expected one of {', '.join(PHOTOS)}, got {name!r}")
    return np.array(read_picture(store.verify_checksum(store.DATA / "photos" / f"{name}.jpg")))


def _download_pets(new: Path) -> Path:
    """Cats and dogs, a folder for each, from torchvision's OxfordIIITPet."""
    from torchvision.datasets import OxfordIIITPet

    print("photos: fetching 7,349 cats and dogs, about 800 MB, once; GAN_COURSE_PHOTOS would name a folder of yours")
    folder = new / "sorted"
    for split in ("trainval", "test"):
        with store.patience():
            pets = OxfordIIITPet(new, split, target_types="binary-category", download=True)
        lines = (new / "oxford-iiit-pet" / "annotations" / f"{split}.txt").read_text().splitlines()
        for line in lines:
            name, _, species, _ = line.split()  # picture, breed, 1 for a cat or 2 for a dog, number
            target = folder / pets.bin_classes[int(species) - 1].lower() / f"{name}.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            (new / "oxford-iiit-pet" / "images" / f"{name}.jpg").rename(target)
    return folder


# What both share


def _find(name: str, variable: str, needed: tuple[str, ...]) -> Path | None:
    """What an environment variable names, with the sub-folders needed (any, if none is), all with pictures in them."""
    place = os.environ.get(variable)
    if not place:
        return None
    try:
        folder = store.find_given(place, variable)
    except store.Unreachable as error:
        print(f"{name}: {place} cannot be reached ({error}); using what is shipped instead")
        return None
    inner = _list_folders(folder)
    if len(inner) == 1 and inner[0].name not in needed and _list_folders(inner[0]):  # archives often wrap once more
        folder, inner = inner[0], _list_folders(inner[0])
    if not (needed or inner):
        raise FileNotFoundError(f"{folder}: expected a sub-folder of pictures for each class, found none ({variable})")
    parts = [folder / part for part in needed] or inner
    _report(name, folder, parts, advice=f"see what {variable} names, {place}")
    return folder


def _list_folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def _report(name: str, folder: Path, parts: list[Path], *, advice: str) -> None:
    """Print where the pictures are and how many; FileNotFoundError if a part has none."""
    print(f"{name}: {', '.join(_count_pictures(part, advice) for part in parts)} from {_shorten(folder)}")


def _count_pictures(folder: Path, advice: str) -> str:
    """How many pictures a folder holds, as "1,000 train"; FileNotFoundError if it is not there or holds none."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: expected a folder of pictures, found none; {advice}")
    count = sum(entry.name.lower().endswith(PICTURES) for entry in os.scandir(folder))
    if not count:
        raise FileNotFoundError(f"{folder}: expected pictures ({', '.join(PICTURES)}), found none; {advice}")
    return f"{count:,} {folder.name}"


def _keep_shoes(
    name: str, total: int, draw: Callable[[np.ndarray, list[str]], Iterable[tuple[str, np.ndarray]]]
) -> Path:
    """The folder of the store with so many pictures drawn from the shipped shoes; made if it is not there."""

    def write(new: Path) -> None:
        pixels, classes = read_shipped("shoes")
        pictures = draw(pixels, [shoes.CLASSES[number] for number in classes])
        for path, picture in tqdm(pictures, f"making {name}", total, file=sys.stdout, ncols=100, mininterval=1):
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(new / path, quality=92)  # quality is JPEG's; PNG keeps every pixel

    folder = store.keep_folder(f"shoe-{name}-{shoes.RECIPE}", write)
    _report(name, folder, _list_folders(folder), advice=f"delete {folder}, it is made anew")
    return folder


def _shorten(path: Path) -> Path:
    """As seen from the working folder, if it is in there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
