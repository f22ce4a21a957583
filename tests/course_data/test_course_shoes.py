"""Tests of assignments/course_shoes.py: pairs and photos made from the shipped shoes."""

import course_data
import course_shoes
import course_store
import numpy as np
import pytest
import torch
import torchvision
from PIL import Image


def test_pairs_are_made_from_all_shoes(capsys, quick):
    root = course_data.find_pairs(quick)
    assert "pairs: 1,000 train, 100 val" in capsys.readouterr().out.replace("\r", "\n")
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.png"))
    assert len(names) == 1100
    assert {name.split("_")[0] for name in names} == {
        f"{split}/{shoe}" for split in ("train", "val") for shoe in ("sandal", "sneaker", "boot")
    }
    assert {"train/sandal_0001.png", "train/sandal_1000.png", "val/sandal_0001.png"} < set(names)
    for split, count in (("train", 1000), ("val", 100)):
        sketches, photos = course_data.load_pairs(root, split)
        assert sketches.shape == photos.shape == (count, 3, 64, 64)
        assert sketches.dtype == photos.dtype == torch.float32
        assert set(sketches.unique().tolist()) == {-1, 1}  # black lines on white
        assert 0.02 < (sketches == -1).float().mean() < 0.1
        assert photos.min() < -0.5
        assert (photos[:, :, 0] == 1).all()  # white ground: the top row is paper


def test_colours_of_pairs_follow_the_class(few_shoes, quick):
    root = course_data.find_pairs(quick)
    means = {}
    for path in (root / "train").iterdir():
        photo = np.asarray(Image.open(path))[:, 64:].reshape(-1, 3)
        red, green, blue = photo[photo.min(1) < 128].mean(0)  # of the shoe, not the paper
        means.setdefault(path.name.split("_")[0], []).append((red, green, blue))
    assert all(red - max(green, blue) > 60 for red, green, blue in means["sandal"])
    assert all(blue - max(red, green) > 60 for red, green, blue in means["sneaker"])
    assert all(10 < red - green < 60 and green - blue > 10 for red, green, blue in means["boot"])


def test_edges_are_closed_lines_one_pixel_wide():
    picture = np.full((1, 20, 20), 255, np.uint8)
    picture[0, 5:15, 0:12] = 0  # a dark block that touches the left border
    (lines,) = course_shoes.draw_edges(np.pad(picture, ((0, 0), (2, 2), (2, 2)), constant_values=255)) == 0
    assert lines[12].sum() == 2  # left and right outline, each once
    assert lines[:, 8].sum() == 2  # top and bottom
    assert not lines[9:15, 5:10].any()  # nothing inside
    assert not lines[:, 18:].any()  # nor outside


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_ground_has_no_edges(level):
    assert (course_shoes.draw_edges(np.full((2, 9, 9), level, np.uint8)) == 255).all()


def test_tint_keeps_white_and_darkens_with_the_grey():
    column = course_shoes.tint(np.array([[255, 128, 0]], np.uint8), (200, 40, 80))[0]
    assert column[0].tolist() == [255, 255, 255]
    assert (column[0] > column[1]).all()
    assert (column[1] > column[2]).all()
    assert column[2].tolist() == [130, 26, 52]


def test_pairs_are_made_once(few_shoes, quick):
    root = course_data.find_pairs(quick)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    assert course_data.find_pairs(quick) == root
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


@pytest.mark.parametrize("spoil", ["lost file", "shortened file", "no list", "broken list"])
def test_a_folder_made_by_halves_is_made_again(few_shoes, spoil, quick):
    root = course_data.find_pairs(quick)
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    picture, listing = root / "val" / "sneaker_0002.png", root / course_store.CONTENTS
    (listing if "list" in spoil else picture).unlink()
    if spoil == "shortened file":
        picture.write_bytes(files[picture][:-1])
    if spoil == "broken list":
        listing.write_text("?\n")
    assert course_data.find_pairs(quick) == root
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == files


def test_shipped_photos_are_an_image_folder_of_all_shapes(capsys, quick):
    root = course_data.find_photos(quick)
    assert "photos: 333 boot, 334 sandal, 333 sneaker" in capsys.readouterr().out
    photos = torchvision.datasets.ImageFolder(root)
    assert photos.classes == ["boot", "sandal", "sneaker"]
    assert len(photos) == 1000
    sizes = [photos[index][0].size for index in range(0, 1000, 50)]
    assert {"wide", "high"} <= {"wide" if width > height else "high" for width, height in sizes if width != height}
    assert min(min(size) for size in sizes) >= 64
