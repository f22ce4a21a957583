"""Data loading over the wall: files in the worker, data sets, loaders, transforms, pictures."""

import numpy as np
import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal

HEIGHT, WIDTH = 4, 6  # of one half of a pair


def draw_picture(seed, height=HEIGHT, width=2 * WIDTH):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def halves(picture):
    """What the two halves of a pair are as tensors, (3, h, w) in [-1, 1]."""
    tensor = torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1) / 255 * 2 - 1
    return tensor[:, :, :WIDTH], tensor[:, :, WIDTH:]


def check_list_images(submission):
    files = dict.fromkeys(("train/b.PNG", "train/a.jpg", "train/c.png/inside.png", "val/z.png"), draw_picture(0))
    files["train/notes.txt"] = np.frombuffer(b"no picture", dtype=np.uint8)
    root = submission.probe("write_files", files, "pairs [1]")
    place = root.method("as_posix").text()
    got = [item.path() for item in submission.call("list_images", root, "train").sequence()]
    expect_equal(got, [f"{place}/train/a.jpg", f"{place}/train/b.PNG"], "files found")
    raised = submission.raises("list_images", root, "test")
    expect("FileNotFoundError" in raised.types and "test" in raised.message, "a missing split")


def test_images_are_listed_in_the_worker(verdict):
    assert verdict(check_list_images, "data_loading") == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("return sorted(\n", "return set(\n", "expected a list"),
        ("for path in folder.iterdir()", "for path in folder.rglob('*')", "files found"),
        ("path.is_file() and ", "", "files found"),
        ("raise FileNotFoundError", "raise ValueError", "a missing split"),
    ],
)
def test_wrong_lists_are_rejected(verdict, old, new, message):
    assert message in verdict(check_list_images, "data_loading", old, new)


def check_paired_images(submission):
    first, second = draw_picture(1), draw_picture(2)
    root = submission.probe("write_files", {"train/b.png": second, "train/a.png": first})
    pairs = submission.build("PairedImages", root, "train")
    expect_equal(pairs.length(), 2, "length")
    for index, picture in enumerate((first, second)):
        item = pairs.item(index)
        expect(item.is_tuple, "an item is a tuple")
        for got, want in zip(item.sequence(2), halves(picture), strict=True):
            expect_close(got.tensor((3, HEIGHT, WIDTH)), want, "a half")
    changed = torch.full((3, 2, 2), 0.25), torch.full((3, 2, 2), 0.75)
    transform = submission.probe("Recorder", changed)
    item = submission.build("PairedImages", root, "train", transform=transform).item(1)
    for got, want in zip(item.sequence(2), changed, strict=True):
        expect_close(got.tensor((3, 2, 2)), want, "a transformed half")
    (call,) = transform.calls()
    expect_equal(len(call.inputs), 2, "arguments of transform")
    for got, want in zip(call.inputs, halves(second), strict=True):
        expect_close(got.tensor((3, HEIGHT, WIDTH)), want, "a half given to transform")


def test_data_set_reads_files_and_calls_its_transform(verdict):
    assert verdict(check_paired_images, "data_loading") == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("width:]\n", "width:].flip(0)\n", "a half"),
        ("self.transform(sketch, photo)", "self.transform(photo, sketch)", "given to transform"),
        ("sketch, photo = self.transform(sketch, photo)", "self.transform(sketch, photo)", "shape"),
        ("return sketch, photo", "return [sketch, photo]", "tuple"),
    ],
)
def test_wrong_data_sets_are_rejected(verdict, old, new, message):
    assert message in verdict(check_paired_images, "data_loading", old, new)


def check_make_loaders(submission):
    """Each picture has one colour of its own: an epoch is the list of colours that came, batch by batch."""
    train, val = (
        {f"{split}/{index}.png": np.full((2, 4, 3), 20 * index, dtype=np.uint8) for index in range(count)}
        for split, count in (("train", 9), ("val", 5))
    )
    loaders = submission.build("make_loaders", submission.probe("write_files", {**train, **val}), batch_size=2)
    expect_equal(loaders.length(), 2, "loaders")
    train_epochs, val_epochs = (
        [[read_colours(batch) for batch in loaders.part(index).iterate(20)] for _ in range(2)] for index in range(2)
    )
    expect_equal(val_epochs, [[[0, 1], [2, 3], [4]]] * 2, "validation batches")
    for epoch in train_epochs:
        expect_equal([len(batch) for batch in epoch], [2] * 4, "sizes of the training batches")
        expect_equal(len({colour for batch in epoch for colour in batch}), 8, "different pictures in an epoch")
    expect(train_epochs[0] != train_epochs[1], "both training epochs came in the same order")


def read_colours(batch):
    sketch, _ = batch.sequence(2)
    return ((sketch.tensor((None, 3, 2, 2))[:, 0, 0, 0] + 1) * 127.5 / 20).round().int().tolist()


def test_loaders_stay_in_the_worker_and_are_iterated_twice(verdict):
    assert verdict(check_make_loaders, "data_loading") == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("shuffle=False", "shuffle=True", "validation batches"),
        ("shuffle=True", "shuffle=False", "same order"),
        ("drop_last=True", "drop_last=False", "sizes"),
        ('PairedImages(root, "val")', 'PairedImages(root, "train")', "validation batches"),
        ("return train, val", "return val, train", "validation batches"),
        ("return train, val", "return (train,)", "loaders"),
    ],
)
def test_wrong_loaders_are_rejected(verdict, old, new, message):
    assert message in verdict(check_make_loaders, "data_loading", old, new)


def check_folder_dataset(submission):
    wide = np.concatenate([np.full((8, 4, 3), value, dtype=np.uint8) for value in (0, 255, 255, 0)], axis=1)
    root = submission.probe("write_files", {"cats/a.png": wide, "dogs/a.png": 255 - wide})
    photos = submission.build("folder_dataset", root, 8)
    expect_equal(photos.length(), 2, "length")
    for index, colour in enumerate((1.0, -1.0)):
        photo, label = photos.item(index).sequence(2)
        expect_close(photo.tensor((3, 8, 8)), torch.full((3, 8, 8), colour), "a photo")
        expect_equal(label.integer(), index, "a label")


def test_image_folders_give_labelled_photos(verdict):
    assert verdict(check_folder_dataset, "data_loading") == ""
    old, new = "transforms.Resize(image_size)", "transforms.Resize((image_size, image_size))"
    assert "a photo" in verdict(check_folder_dataset, "data_loading", old, new)


def check_image_grid(submission):
    images = torch.rand(4, 1, 3, 3, generator=torch.Generator().manual_seed(1)) * 2 - 1
    grid = submission.call("image_grid", images, 2).floats((None, None, 3))
    wanted = set(((images + 1) / 2).flatten().double().round(decimals=4).tolist())
    expect(wanted <= set(grid.flatten().round(decimals=4).tolist()), "some pixels are not in the grid")


def test_pictures_come_as_arrays_or_tensors(verdict):
    assert verdict(check_image_grid, "data_loading") == ""
    assert verdict(check_image_grid, "data_loading", "expand(-1, -1, 3).numpy()", "expand(-1, -1, 3)") == ""


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("numpy() * 2 - 1", "some pixels"),
        ("mul(255).byte().numpy()", "expected floating-point numbers"),
        ("mul(255).byte()", "expected floating-point numbers"),
        ("numpy()[:, :, 0]", "expected a NumPy array of shape (?, ?, 3)"),
        ("tolist()", "expected a tensor"),
    ],
)
def test_wrong_pictures_are_rejected(verdict, new, message):
    assert message in verdict(check_image_grid, "data_loading", "numpy()", new)
