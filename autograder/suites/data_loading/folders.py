"""Folders of pairs in the worker, and what the items of a data set over them may be."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from torch import Tensor

from autograder.compare import expect, expect_close, hinting, is_close
from autograder.sandbox.answer import Answer
from autograder.sandbox.proxy import RemoteModule, Submission, WrongAnswer
from autograder.suites.data_loading import follow_through, reference
from autograder.suites.data_loading.follow_through import Halves
from autograder.suites.data_loading.pictures import write
from autograder.suites.data_loading.reference import Picture

ITEM_HINT = "Is an item two float32 tensors (3, h, w), the sketch and the photo?"
ORDER_HINT = "Are the files those that list_images finds for this root and this split, in its order?"


class Folder:
    """A folder of pairs in the worker; right items by index, and those right given the student's own functions."""

    def __init__(self, submission: Submission, files: Mapping[str, Picture], split: str = "train") -> None:
        self.submission, self.split = submission, split
        self.root = write(submission, files)
        pairs = {name: reference.decode(content) if content.ndim == 1 else content for name, content in files.items()}
        self.pictures = pairs
        self.names = sorted(name for name in pairs if name.startswith(f"{split}/"))

    def build(self, transform: RemoteModule | None = None) -> RemoteModule:
        """The student's data set over it."""
        if transform is None:
            return self.submission.build("PairedImages", self.root, self.split)
        return self.submission.build("PairedImages", self.root, self.split, transform=transform)

    def lengths(self) -> Iterator[int]:
        """How many items there are: the right number, then that of the student's own list_images."""
        yield len(self.names)
        yield len(follow_through.names(self.submission, self.root, self.split))

    def check(
        self,
        index: int,
        answers: Sequence[Answer],
        what: str,
        *,
        tolerance: float | None = None,
        hint: str = ITEM_HINT,
    ) -> None:
        """WrongAnswer unless these two answers are the halves of the item; `tolerance` is for lossy files."""
        with hinting(hint):
            got = [follow_through.values(self.submission, answer) for answer in answers]
        for candidate in self._candidates(index):
            try:
                halves = candidate()
            except WrongAnswer:
                continue
            if all(_same(one, other, tolerance) for one, other in zip(got, halves, strict=True)):
                return
        expect(index < len(self.names), f"{what} is none of the folder", ORDER_HINT)
        wanted = self._right(self.names[index])
        others = (self._right(name) for name in self.names if name != self.names[index])
        mixed = any(all(_same(*pair, tolerance) for pair in zip(got, other, strict=True)) for other in others)
        expect(not mixed, f"{what} is another one of the folder", ORDER_HINT)
        for position, side in enumerate(("sketch", "photo")):
            with hinting(hint):
                half = answers[position].tensor(wanted[position].shape)
            if not _same(half, wanted[position], tolerance):
                expect_close(half, wanted[position], f"the {side} of {what}", mistakes=_mistakes(wanted, position))

    def _right(self, name: str) -> Halves:
        sketch, photo = reference.split_picture(self.pictures[name])
        return sketch.float(), photo.float()

    def _candidates(self, index: int) -> Iterator[Callable[[], Halves]]:
        """The right halves, then those right given the student's own earlier functions."""
        right = self.names[index] if index < len(self.names) else None
        if right is not None:
            yield lambda: self._right(right)
            yield from follow_through.halves(self.submission, self.pictures[right])
        try:
            own = follow_through.names(self.submission, self.root, self.split)
        except WrongAnswer:
            return
        if index < len(own) and own[index] in self.pictures and own[index] != right:
            yield lambda: self._right(own[index])
            yield from follow_through.halves(self.submission, self.pictures[own[index]])


def _same(got: Tensor, want: Tensor, tolerance: float | None) -> bool:
    if got.dtype != want.dtype or got.shape != want.shape:
        return False
    if tolerance is None:
        return is_close(got, want)
    return bool(((got.double() - want.double()).abs() <= tolerance).all())


def _mistakes(wanted: Halves, position: int) -> dict[str, Tensor]:
    """Known mistakes of one half, given both right ones."""
    want = wanted[position].double()
    return {
        "Did you swap the halves? The sketch is on the left.": wanted[1 - position],
        "Are the colours in the order red, green, blue? Some libraries read blue first.": want.flip(0),
        "Is the picture normalised? 0 becomes -1, 255 becomes 1.": (want + 1) / 2,
        "Is the picture normalised? These are bytes.": (want + 1) * 127.5,
        "Is the picture normalised twice?": want / 127.5 - 1,
        "Is the picture scaled twice?": (want + 1) / 255 - 1,
        "Is it read in colour?": want.mean(0, keepdim=True).expand(want.shape),
    }
