"""Tests of assignments/course_data.py: digits and clothing, pairs in memory, photos; and of the files shipped."""

import gzip
import hashlib
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import course_data
import course_shoes
import course_store
import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"


# Shipped files


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_shipped_pictures_are_balanced_and_in_the_range_of_tanh(name, quick):
    images, labels = course_data.load_images(name, quick)
    assert images.shape == (2000, 1, 28, 28)
    assert images.dtype == torch.float32
    assert (images.min(), images.max()) == (-1, 1)
    assert labels.dtype == torch.int64
    assert labels.bincount().tolist() == [200] * 10


def test_shipped_digits_belong_to_their_labels(quick):
    images, labels = course_data.load_images("digits", quick)
    means = torch.stack([images[labels == digit].mean(0) for digit in range(10)])  # (10, 1, 28, 28)
    nearest = torch.cdist(images.flatten(1), means.flatten(1)).argmin(1)  # (2000,)
    assert (nearest == labels).float().mean() > 0.75  # a nearest-mean classifier reaches 0.82 on digits, chance 0.1


def test_shipped_shoes_are_dealt_out_in_both_splits():
    pixels, classes = course_data.read_shipped("shoes")
    assert pixels.shape == (course_shoes.TRAIN + course_shoes.VAL, 28, 28)
    train, val = classes[: course_shoes.TRAIN], classes[course_shoes.TRAIN :]
    assert [(train == shoe).sum() for shoe in course_shoes.CLASSES] == [334, 333, 333]
    assert [(val == shoe).sum() for shoe in course_shoes.CLASSES] == [34, 33, 33]
    assert len(np.unique(pixels, axis=0)) == len(pixels)  # no shoe is in both


def test_shoes_are_sorted_by_kind_dark_on_white(quick, capsys):
    train, val = course_data.load_shoes(quick)
    assert "333 + 33 sneakers, 333 + 33 boots" in capsys.readouterr().out
    assert {kind: images.shape for kind, images in train.items()} == {
        "sandal": (334, 1, 28, 28),
        "sneaker": (333, 1, 28, 28),
        "boot": (333, 1, 28, 28),
    }
    assert [len(images) for images in val.values()] == [34, 33, 33]
    for images in (*train.values(), *val.values()):
        assert images.dtype == torch.float32
        assert (images.min(), images.max()) == (-1, 1)
    heights = {kind: (images.mean((0, 1, 3)) < 0.9).sum() for kind, images in train.items()}  # rows with ink in them
    assert heights["sandal"] < heights["boot"] > heights["sneaker"]


def test_read_sprite_reads_row_by_row(tmp_path):
    tiles = np.arange(6, dtype=np.uint8).reshape(2, 3)
    Image.fromarray(np.kron(tiles, np.ones((28, 28), np.uint8))).save(tmp_path / "six.png")
    pictures = course_data.read_sprite(tmp_path / "six.png")
    assert pictures.shape == (6, 28, 28)
    assert (
        [int(picture.max()) for picture in pictures] == [int(picture.min()) for picture in pictures] == list(range(6))
    )


def test_checksums_beside_the_data_are_those_of_all_its_pictures_and_labels():
    data = ASSIGNMENTS / "data"
    sums = dict(line.split()[::-1] for line in (data / "SHA256SUMS").read_text().splitlines())
    files = [path for path in data.rglob("*") if path.suffix in (".png", ".jpg", ".txt")]
    assert {path.relative_to(data).as_posix() for path in files} == set(sums)
    assert all(hashlib.sha256((data / name).read_bytes()).hexdigest() == checksum for name, checksum in sums.items())


@pytest.fixture
def shipped(tmp_path, monkeypatch) -> Path:
    """A copy of the shipped data to spoil."""
    shutil.copytree(ASSIGNMENTS / "data", tmp_path / "data")
    monkeypatch.setattr(course_store, "DATA", tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("digits.png", lambda run: course_data.load_images("digits", run)),
        ("fashion_labels.txt", lambda run: course_data.load_images("fashion", run)),
        ("shoes.png", course_data.find_pairs),
        ("photos/flower.jpg", lambda run: course_data.load_photo("flower")),
    ],
)
def test_a_damaged_or_missing_file_is_refused_by_name(shipped, name, use, quick):
    (shipped / name).write_bytes((shipped / name).read_bytes()[:-1] + b"?")
    with pytest.raises(ValueError, match=rf"{name}: damaged.*copy it again"):
        use(quick)
    (shipped / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name}: not there; copy the folder data"):
        use(quick)


def test_missing_checksums_are_named(shipped, quick):
    (shipped / "SHA256SUMS").unlink()
    with pytest.raises(FileNotFoundError, match="SHA256SUMS: not there; copy the folder data"):
        course_data.load_images("digits", quick)


def test_an_unknown_data_set_or_photo_is_refused_with_the_known_ones(quick):
    with pytest.raises(ValueError, match="expected one of digits, fashion, got 'cats'"):
        course_data.load_images("cats", quick)
    with pytest.raises(ValueError, match="expected one of buildings, flower, got 'cats'"):
        course_data.load_photo("cats")


@pytest.mark.parametrize("name", course_data.PHOTOS)
def test_a_photo_is_in_colour_and_not_square(name):
    photo = course_data.load_photo(name)
    assert photo.dtype == np.uint8
    assert photo.shape == (267, 400, 3)
    assert (photo.max(2) - photo.min(2)).mean() > 20  # a grey picture has 0


def test_batches_hold_every_picture_once_and_the_last_may_be_smaller():
    images, labels = torch.arange(10.0).reshape(10, 1, 1, 1), torch.arange(10)
    loader = course_data.load_batches(images, labels, batch_size=4, rng=torch.Generator().manual_seed(0))
    batches = list(loader)
    assert [len(batch) for batch, _ in batches] == [4, 4, 2]
    assert len(loader) == 3
    assert torch.cat([classes for _, classes in batches]).sort().values.tolist() == list(range(10))
    assert all(torch.equal(batch.flatten().long(), classes) for batch, classes in batches)


def test_batches_are_shuffled_anew_and_the_same_for_the_same_seed():
    def order_of_two_epochs(seed):
        data = torch.arange(64.0).reshape(64, 1, 1, 1), torch.arange(64)
        loader = course_data.load_batches(*data, batch_size=16, rng=torch.Generator().manual_seed(seed))
        return [torch.cat([classes for _, classes in loader]).tolist() for _ in range(2)]

    first, second = order_of_two_epochs(1)
    assert first != second
    assert [first, second] == order_of_two_epochs(1)
    assert first != order_of_two_epochs(2)[0]


# Full data of digits and clothing


def write_idx(folder: Path, packed: bool = False, labels: tuple[int, int] = (3, 8)) -> None:
    """Two pictures of MNIST's form, one black, one white."""
    folder.mkdir(parents=True)
    contents = {
        "train-images-idx3-ubyte": bytes(16) + bytes([0] * 784 + [255] * 784),
        "train-labels-idx1-ubyte": bytes(8) + bytes(labels),
    }
    for name, content in contents.items():
        (folder / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(content) if packed else content)


@pytest.mark.parametrize("packed", [True, False])
def test_full_data_is_read_from_the_folder_where_it_is(store, capsys, packed, full):
    write_idx(store / "MNIST" / "raw", packed)
    images, labels = course_data.load_images("digits", full)
    assert images.shape == (2, 1, 28, 28)
    assert images.mean((1, 2, 3)).tolist() == [-1, 1]
    assert labels.tolist() == [3, 8]
    assert f"digits: 2 pictures of 28×28 in [-1, 1] from {store}" in capsys.readouterr().out


def test_full_shoes_for_training_are_those_of_the_whole_data_set(store, full):
    write_idx(store / "FashionMNIST" / "raw", labels=(7, 9))
    train, val = course_data.load_shoes(full)
    assert [len(images) for images in train.values()] == [0, 1, 1]
    assert (train["sneaker"].mean(), train["boot"].mean()) == (1, -1)  # black is white paper
    assert [len(images) for images in val.values()] == [34, 33, 33]


def test_full_clothing_is_read_from_debians_package(tmp_path, monkeypatch, full):
    write_idx(tmp_path / "debian", packed=True)
    monkeypatch.setattr(course_data, "DEBIAN_FASHION", tmp_path / "debian")
    assert len(course_data.load_images("fashion", full)[0]) == 2


def test_full_data_is_downloaded_once_and_kept(monkeypatch, store, full):
    calls = []

    def download(root, download):
        calls.append(socket.getdefaulttimeout())
        print("Failed to download (trying next):")
        write_idx(Path(root) / "FashionMNIST" / "raw")

    monkeypatch.setattr(torchvision.datasets, "FashionMNIST", download)
    assert len(course_data.load_images("fashion", full)[0]) == 2
    assert len(course_data.load_images("fashion", full)[0]) == 2
    assert calls == [course_store.TIMEOUT]
    assert socket.getdefaulttimeout() is None
    assert [path.name for path in store.iterdir()] == ["torchvision-FashionMNIST"]


@pytest.mark.parametrize("error", [RuntimeError("File not found"), TimeoutError("timed out"), ConnectionResetError()])
def test_without_network_full_falls_back_to_the_shipped_pictures_in_one_line(monkeypatch, capsys, store, error, full):
    def refuse(root, download):
        (Path(root) / "MNIST").mkdir()
        print("Failed to download (trying next):")
        raise error

    monkeypatch.setattr(torchvision.datasets, "MNIST", refuse)
    images, _ = course_data.load_images("digits", full)
    assert len(images) == 2000
    first, second = capsys.readouterr().out.splitlines()
    reason = str(error) or type(error).__name__
    assert first == f"digits: no full data set here, no download ({reason}); using the pictures shipped instead"
    assert "2,000 pictures" in second
    assert list(store.iterdir()) == []


def test_a_download_that_was_interrupted_is_named(store, full):
    raw = store / "MNIST" / "raw"
    raw.mkdir(parents=True)
    whole = gzip.compress(np.random.default_rng(0).bytes(16 + 784))
    (raw / "train-images-idx3-ubyte.gz").write_bytes(whole[: len(whole) // 2])
    (raw / "train-labels-idx1-ubyte").write_bytes(bytes(9))
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte\.gz: damaged; delete it"):
        course_data.load_images("digits", full)


def test_quick_never_looks_for_full_data(monkeypatch, quick):
    def refuse(name):
        raise AssertionError("looked for full data")

    monkeypatch.setattr(course_data, "_find_full_data", refuse)
    assert len(course_data.load_images("digits", quick)[0]) == 2000


# Pairs in memory


def test_pairs_of_any_size_are_brought_to_one(tmp_path, write_pair):
    write_pair(tmp_path / "train/a.png", (16, 8))
    write_pair(tmp_path / "train/b.jpg", (20, 12))
    sketches, photos = course_data.load_pairs(tmp_path, "train", image_size=4)
    assert sketches.shape == photos.shape == (2, 3, 4, 4)
    assert (sketches[0] == 1).all()  # white to the last column
    assert (photos[0, 0] == 1).all()
    assert (photos[0, 1:] == -1).all()
    with pytest.raises(ValueError, match=r"b\.jpg: expected 8×8 pixels a half as in a\.png, got 10×12; give an"):
        course_data.load_pairs(tmp_path, "train")


def test_a_count_of_pairs_is_spread_over_all_of_them(few_shoes, quick):
    root = course_data.find_pairs(quick)
    sketches, photos = course_data.load_pairs(root, "train")
    few_sketches, few_photos = course_data.load_pairs(root, "train", count=3)
    assert torch.equal(few_sketches, sketches[[0, 2, 4]])
    assert torch.equal(few_photos, photos[[0, 2, 4]])
    assert len(course_data.load_pairs(root, "train", count=6)[0]) == 5


def test_a_pair_of_odd_width_is_named(pairs, write_pair):
    write_pair(pairs / "train/2.PNG", (7, 4))
    with pytest.raises(ValueError, match=r"2\.PNG: expected sketch and photo of the same width, got a picture 7 wide"):
        course_data.load_pairs(pairs, "train")


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_picture_is_named(pairs, content):
    (pairs / "val/0.png").write_bytes(content)
    with pytest.raises(ValueError, match=r"0\.png: expected a picture, cannot read it"):
        course_data.load_pairs(pairs, "val")


def test_half_a_picture_is_named(pairs):
    noise = np.random.default_rng(0).integers(0, 256, (64, 128, 3), np.uint8)
    Image.fromarray(noise).save(pairs / "val/0.png")
    (pairs / "val/0.png").write_bytes((pairs / "val/0.png").read_bytes()[:9000])
    with pytest.raises(ValueError, match=r"0\.png: expected a picture, cannot read it"):
        course_data.load_pairs(pairs, "val")


def test_an_unknown_split_is_named(pairs):
    with pytest.raises(FileNotFoundError, match=r"test: expected a folder of pictures, found none; find_pairs"):
        course_data.load_pairs(pairs, "test")


# Photos in the profile full


def write_pets(root: Path, write_pair) -> None:
    """What torchvision's OxfordIIITPet leaves in its folder, with three pets."""
    folder = root / "oxford-iiit-pet"
    for name in ("Abyssinian_1", "beagle_1", "Bengal_7"):
        write_pair(folder / "images" / f"{name}.jpg")
    (folder / "annotations").mkdir()
    (folder / "annotations" / "trainval.txt").write_text("Abyssinian_1 1 1 1\nbeagle_1 5 2 1\n")
    (folder / "annotations" / "test.txt").write_text("Bengal_7 6 1 2\n")


def test_full_photos_are_cats_and_dogs(monkeypatch, store, capsys, full, write_pair):
    splits = []

    def download(root, split, target_types, download):
        assert (target_types, download) == ("binary-category", True)
        if not splits:
            write_pets(Path(root), write_pair)
        splits.append(split)
        return SimpleNamespace(bin_classes=["Cat", "Dog"])

    monkeypatch.setattr(torchvision.datasets, "OxfordIIITPet", download)
    root = course_data.find_photos(full)
    photos = torchvision.datasets.ImageFolder(root)
    names = [Path(path).relative_to(root).as_posix() for path, _ in photos.samples]
    assert names == ["cat/Abyssinian_1.jpg", "cat/Bengal_7.jpg", "dog/beagle_1.jpg"]
    assert course_data.find_photos(full) == root
    assert splits == ["trainval", "test"]
    assert [path.name for path in store.iterdir()] == ["torchvision-pets"]
    assert "photos: 2 cat, 1 dog" in capsys.readouterr().out


def test_without_network_full_photos_are_the_shipped_ones(few_shoes, monkeypatch, capsys, full):
    def refuse(*arguments, **options):
        raise OSError("Network is unreachable")

    monkeypatch.setattr(torchvision.datasets, "OxfordIIITPet", refuse)
    assert course_data.find_photos(full).name == "shoe-photos-1"
    assert "no download (Network is unreachable); using the shoes shipped instead" in capsys.readouterr().out
