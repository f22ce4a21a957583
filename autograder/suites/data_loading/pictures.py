"""Hidden pictures, and folders of them in the worker."""

from collections.abc import Mapping

import numpy as np
import torch

from autograder.sandbox.proxy import RemoteObject, Submission
from autograder.suites.data_loading.reference import Picture


def draw_bytes(rng: torch.Generator, *shape: int) -> Picture:
    """Independent bytes."""
    return torch.randint(256, shape, generator=rng, dtype=torch.uint8).numpy()


def draw_colour(rng: torch.Generator, height: int, width: int) -> Picture:
    """A picture of a single colour, its three channels at least 40 apart: (height, width, 3)."""
    steps = torch.randperm(3, generator=rng) * 80 + torch.randint(40, (3,), generator=rng)
    return np.broadcast_to(steps.to(torch.uint8).numpy(), (height, width, 3)).copy()


def write(submission: Submission, files: Mapping[str, Picture], folder: str = "pictures") -> RemoteObject:
    """A new folder of that name in the worker, with these files by relative path, written in their order here."""
    return submission.probe("write_files", dict(files), folder)
