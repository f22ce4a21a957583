"""What is right given a student's own earlier functions: so that one mistake costs points once.

Each value here asks the student's function behind the wall. WrongAnswer where it fails, or where it makes everything
right: a picture without any difference in it, a folder without files, a data set whose items are all the same.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath

import numpy as np
import torch
from torch import Tensor

from autograder.compare import is_close
from autograder.sandbox.answer import Answer
from autograder.sandbox.proxy import RemoteObject, StudentRaised, Submission, WrongAnswer
from autograder.suites.data_loading import reference
from autograder.suites.data_loading.reference import Picture

Halves = tuple[Tensor, Tensor]


def levels(submission: Submission) -> Tensor:
    """The value that the student's own normalize_image gives to each byte, (256,)."""
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for picture in (np.stack([grey] * 3, axis=2), grey):
        try:
            found = submission.call("normalize_image", picture).tensor(dtype=None).double()
        except WrongAnswer:
            continue
        table = found.flatten() if found.numel() == 256 else _first_channel(found)
        if table is not None and bool(table.isfinite().all()) and bool((table.diff() > 0).all()):
            return table
    raise WrongAnswer("normalize_image cannot be followed")


def values(submission: Submission, answer: Answer) -> Tensor:
    """The values of a half: a tensor, or an array where the student's own normalize_image gives arrays."""
    try:
        return answer.tensor(dtype=None)
    except WrongAnswer as wrong:
        try:
            submission.call("normalize_image", np.zeros((1, 1, 3), dtype=np.uint8)).array((None, None, None))
            return torch.from_numpy(answer.array((None, None, None), "float32"))
        except WrongAnswer:
            raise wrong from None


def halves(submission: Submission, picture: Picture) -> list[Callable[[], Halves]]:
    """What the halves of a file may be: normalised, split, or both by the student's own functions."""

    def normalize(pixels: Picture) -> Tensor:
        return _varied(values(submission, submission.call("normalize_image", pixels)))

    def split(pair: Tensor) -> Halves:
        left, right = (half.tensor(dtype=None) for half in submission.call("split_pair", pair).sequence(2))
        _varied(left if left.numel() else right)  # one half empty: the whole picture is the other one
        return left, _varied(right) if right.numel() and left.numel() else right

    def split_columns(pair: Tensor) -> Halves:
        if pair.dim() != 3 or pair.shape[2] % 2:
            raise WrongAnswer("what normalize_image gives cannot be split")
        return reference.split_pair(pair)

    def split_first() -> Halves:
        left, right = np.hsplit(picture, 2)
        return normalize(left), normalize(right)

    return [
        lambda: split_columns(normalize(picture)),
        lambda: split(reference.normalize_image(picture).float()),
        lambda: split(normalize(picture)),
        split_first,
    ]


def names(submission: Submission, root: RemoteObject, split: str) -> list[str]:
    """The files that the student's own list_images finds, in its order, each with its folder: "train/boot.png"."""
    paths = [PurePosixPath(item.path()) for item in submission.call("list_images", root, split).sequence()]
    found = ["/".join(path.parts[-2:]) for path in paths]
    if not found:
        raise WrongAnswer("list_images finds nothing, it cannot be followed")
    return found


def items(submission: Submission, root: RemoteObject, split: str) -> list[Halves]:
    """All items of the student's own PairedImages, no two of them the same."""
    pairs = submission.build("PairedImages", root, split)
    found: list[Halves] = []
    for index in range(min(pairs.length(), 64)):
        sketch, photo = (values(submission, half) for half in pairs.item(index).sequence(2))
        if find_item(found, sketch, photo) is not None:
            raise WrongAnswer("PairedImages has the same item twice, it cannot be followed")
        found.append((sketch, photo))
    if not found:
        raise WrongAnswer("PairedImages is empty, it cannot be followed")
    return found


def find_item(known: Sequence[Halves], sketch: Tensor, photo: Tensor) -> int | None:
    """Which of the known items this is."""
    for index, (own_sketch, own_photo) in enumerate(known):
        if is_close(sketch, own_sketch) and is_close(photo, own_photo):
            return index
    return None


def either(check: Callable[[list[Halves]], None], right: list[Halves], own: Callable[[], list[Halves]]) -> None:
    """A check that holds for the right items or, if not, for the student's own; the first verdict counts."""
    try:
        check(right)
    except StudentRaised:
        raise
    except WrongAnswer as wrong:
        try:
            check(own())
        except WrongAnswer:
            raise wrong from None


def tiles(submission: Submission, images: Tensor) -> Iterator[Tensor]:
    """Pictures as the student's own denormalize_image shows them, (h, w, 3) in [0, 1]."""
    for image in images:
        channels, height, width = image.shape
        shown = submission.call("denormalize_image", image).array((height, width, channels))
        yield _varied(torch.from_numpy(shown.astype(np.float64)) / 255).expand(height, width, 3)


def _first_channel(found: Tensor) -> Tensor | None:
    """The 256 values of a picture whose channels are all the same, channels first or last."""
    if found.shape == (3, 16, 16):
        return found[0].flatten()
    return found[:, :, 0].flatten() if found.shape == (16, 16, 3) else None


def _varied(tensor: Tensor) -> Tensor:
    if tensor.numel() < 2 or bool((tensor == tensor.flatten()[0]).all()):
        raise WrongAnswer("it gives every picture the same values, it cannot be followed")
    return tensor
