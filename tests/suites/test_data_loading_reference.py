"""The hidden reference of data loading against the notebook's solution, PyTorch and NumPy."""

import numpy as np
import pytest
import torch
from PIL import Image

from autograder.suites.data_loading import pictures, reference, windows
from tests.suites.solutions import assert_close, load_solution


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(5)


@pytest.mark.parametrize("shape", [(4, 7, 3), (5, 5, 3), (1, 1, 3), (4, 7), (4, 3), (1, 9)])
def test_normalised_pictures_agree(rng, shape):
    image = pictures.draw_bytes(rng, *shape)
    assert_close(load_solution("data_loading")["normalize_image"](image), reference.normalize_image(image))


def test_ends_and_middle_of_the_range():
    values = reference.normalize_image(np.array([[0, 255, 51]], dtype=np.uint8))
    assert_close(values, torch.tensor([[[-1.0, 1.0, -0.6]]]))


@pytest.mark.parametrize("channels", [1, 3])
def test_denormalised_pictures_agree(rng, channels):
    tensor = 1.5 * torch.randn(channels, 6, 5, generator=rng)
    got = load_solution("data_loading")["denormalize_image"](tensor)
    np.testing.assert_array_equal(got, reference.denormalize_image(tensor))


def test_every_byte_survives_the_way_there_and_back():
    every = np.arange(256, dtype=np.uint8).reshape(16, 16)
    values = reference.normalize_image(every).float()
    np.testing.assert_array_equal(reference.denormalize_image(values)[:, :, 0], every)
    ours = torch.linspace(0, 1, 256, dtype=torch.float64)  # another table is undone as well
    values = reference.normalize_image(every, ours)
    np.testing.assert_array_equal(reference.denormalize_image(values, ours)[:, :, 0], every)


@pytest.mark.parametrize("shape", [(3, 4, 8), (1, 5, 2), (4, 1, 6)])
def test_halves_agree(rng, shape):
    pair = torch.randn(shape, generator=rng)
    for got, want in zip(load_solution("data_loading")["split_pair"](pair), reference.split_pair(pair), strict=True):
        assert_close(got, want)


def test_pictures_are_split_as_their_tensors_are(rng):
    picture = pictures.draw_bytes(rng, 4, 10, 3)
    wanted = reference.split_pair(reference.normalize_image(picture))
    for got, want in zip(reference.split_picture(picture), wanted, strict=True):
        assert_close(got, want)


@pytest.mark.parametrize("size", [*range(1, 64), 64, 128, 156, 256])
def test_enlarged_size_is_that_of_the_text(size):
    assert reference.enlarged_size(size) == round(size * 286 / 256)


@pytest.mark.parametrize("size", [10, 18, 156])
def test_rounding_makes_no_difference_where_windows_are_looked_at(size):
    assert reference.enlarged_size(size) == int(size * 286 / 256) > size


@pytest.mark.parametrize("size", [10, 18])
def test_a_jitter_is_a_window_of_a_picture_that_is_enlarged_already(rng, size):
    side = reference.enlarged_size(size)
    found = set()
    for _ in range(40):
        sketch, photo = torch.rand(2, 3, side, side, generator=rng)
        crops = load_solution("data_loading")["random_jitter"](sketch, photo, size=size, rng=rng)
        first, second = (windows.find_window(*pair, 1e-6) for pair in zip((sketch, photo), crops, strict=True))
        assert first == second is not None
        found.add(first)
    assert len(found) > 6


def test_windows_are_found_wherever_they_are(rng):
    picture = torch.rand(3, 9, 11, generator=rng)
    assert windows.find_window(picture, picture[:, 2:7, 6:11], 1e-6) == windows.Window(2, 6, False)
    assert windows.find_window(picture, picture[:, 4:9, 0:5].flip(2), 1e-6) == windows.Window(4, 0, True)
    assert windows.find_window(picture, picture[:, 2:7, 6:11].flip(1), 1e-6) is None
    assert windows.find_window(picture, torch.rand(3, 12, 4, generator=rng), 1e-6) is None
    assert windows.find_places(picture, picture.new_full((3, 2, 2), torch.nan), 1e-6) == []
    assert windows.find_places(torch.zeros(1, 3, 3), torch.zeros(1, 2, 2), 1e-6) == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize(("channels", "count", "columns"), [(3, 6, 3), (1, 5, 2), (3, 1, 4)])
def test_grid_holds_the_pictures_as_they_are_shown(rng, channels, count, columns):
    images = 1.2 * (2 * torch.rand(count, channels, 4, 5, generator=rng) - 1)
    grid = torch.as_tensor(load_solution("data_loading")["image_grid"](images, columns)).permute(2, 0, 1)
    places = [windows.find_places(grid, tile.permute(2, 0, 1), 1e-6) for tile in reference.brightness(images)]
    assert all(len(found) == 1 for found in places)
    rows = sorted({found[0][0] for found in places})
    assert [rows.index(found[0][0]) for found in places] == [index // columns for index in range(count)]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_lossless_files_are_decoded_in_rgb(rng, mode):
    picture = np.hstack([pictures.draw_colour(rng, 4, 3), pictures.draw_colour(rng, 4, 3)])
    file = reference.encode(picture, "PNG", mode)
    want = np.asarray(Image.fromarray(picture).convert(mode).convert("RGB"))
    np.testing.assert_array_equal(reference.decode(file), want)


def test_items_of_the_solution_are_those_of_the_reference(rng, tmp_path):
    (tmp_path / "val").mkdir()
    drawn = {name: pictures.draw_bytes(rng, 4, 8, 3) for name in ("b.png", "a.png")}
    for name, picture in drawn.items():
        Image.fromarray(picture).save(tmp_path / "val" / name)
    pairs = load_solution("data_loading")["PairedImages"](tmp_path, "val")
    for item, name in zip((pairs[0], pairs[1]), sorted(drawn), strict=True):
        for got, want in zip(item, reference.split_picture(drawn[name]), strict=True):
            assert_close(got, want)


def test_colours_are_far_apart(rng):
    for _ in range(50):
        red, green, blue = pictures.draw_colour(rng, 1, 1)[0, 0].astype(int)
        assert min(abs(red - green), abs(green - blue), abs(red - blue)) > 40
