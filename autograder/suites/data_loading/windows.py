"""Where a small picture lies in a large one: crops of a jitter, tiles of a grid."""

from dataclasses import dataclass

from torch import Tensor

Place = tuple[int, int]  # row and column of the upper left corner


@dataclass(frozen=True)
class Window:
    """A crop: the row and column where it begins, and whether it is mirrored from left to right."""

    top: int
    left: int
    mirrored: bool


def find_places(large: Tensor, small: Tensor, tolerance: float) -> list[Place]:
    """All places where `small` lies in `large`, from the top; shapes (c, H, W) and (c, h, w)."""
    large, small = large.double(), small.double()
    height, width = small.shape[1:]
    rows, columns = large.shape[1] - height + 1, large.shape[2] - width + 1
    if rows < 1 or columns < 1 or not bool(small.isfinite().all()):
        return []
    corner = ((large[:, :rows, :columns] - small[:, :1, :1]).abs() <= tolerance).all(0)  # (rows, columns)
    return [
        (top, left)
        for top, left in corner.nonzero().tolist()
        if bool(((large[:, top : top + height, left : left + width] - small).abs() <= tolerance).all())
    ]


def find_window(picture: Tensor, crop: Tensor, tolerance: float) -> Window | None:
    """The window of `picture` that a crop shows, or None if it shows none; (c, H, W), (c, h, w)."""
    for mirrored in (False, True):
        for top, left in find_places(picture, crop.flip(2) if mirrored else crop, tolerance):
            return Window(top, left, mirrored)
    return None
