"""What the notebooks' solution cells define, to be compared with the hidden references."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms
from torchvision.utils import make_grid

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
HEADER = re.compile(r"(?m)^# %%.*$")
IMPORTED = {
    **{"torch": torch, "nn": nn, "F": F, "np": np, "Path": Path, "Image": Image, "Dataset": Dataset},
    **{"DataLoader": DataLoader, "datasets": datasets, "transforms": transforms, "make_grid": make_grid},
}


@cache
def load_solution(assignment: str, *setup: str) -> dict[str, Any]:
    """The names that exercise cells define, and those of the setup cells asked for; imports are those above."""
    text = (ASSIGNMENTS / assignment / f"{assignment}.py").read_text(encoding="utf-8")
    wanted = ('exercise="', *(f'setup="{name}"' for name in setup))
    names: dict[str, Any] = dict(IMPORTED)
    for header, following in pairwise([*HEADER.finditer(text), None]):
        assert header is not None
        if any(key in header.group() for key in wanted):
            cell = text[header.end() : following.start() if following else None]
            exec(compile(cell, header.group(), "exec"), names)
    return names


def assert_close(got: Any, want: Any, tolerance: float = 1e-5) -> None:
    """Same shape, and equal up to float32 rounding; NaN never is."""
    got, want = torch.as_tensor(got).detach().double(), torch.as_tensor(want).detach().double()
    assert got.shape == want.shape
    assert bool(((got - want).abs() <= tolerance * want.abs().max() + 1e-6).all())
