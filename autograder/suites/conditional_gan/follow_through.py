"""What is right given a student's own one_hot: a mistake there costs points once.

Both networks may read their labels through it. Labels that it does not take, or gives the same vector, then cannot be
told apart by the best network; and vectors in float64 ask for a network in float64.
"""

import torch
from torch import Tensor

from autograder.sandbox.proxy import Submission, WrongAnswer

NAME = "one_hot"


def known_labels(submission: Submission, classes: int) -> Tensor:
    """The labels that the student's own one_hot takes and tells apart.

    All of them where it has nothing to say, or would make everything right because it takes all for the same.
    """
    everything = torch.arange(classes)
    together = _vectors(submission, everything, classes)
    if together is not None:
        rows = list(together)
    else:
        alone = [_vectors(submission, everything[label : label + 1], classes) for label in range(classes)]
        rows = [torch.full((classes,), torch.nan) if one is None else one[0] for one in alone]
    kept: list[int] = []
    for label, row in enumerate(rows):
        if row.isfinite().all() and not any(torch.equal(row, rows[other]) for other in kept):
            kept.append(label)
    return torch.tensor(kept) if len(kept) > 1 else everything


def lacks(submission: Submission, classes: int) -> bool:
    """Does the student's own one_hot fail for every label of this number of classes, though it serves ten?"""
    return not any(_serves(submission, label, classes) for label in (0, classes - 1)) and _serves(submission, 1, 10)


def gives_double(submission: Submission) -> bool:
    """Are the student's vectors float64? With pictures and weights in float32 they do not go together."""
    try:
        submission.call(NAME, torch.tensor([0, 1]), 2).tensor((2, 2), torch.float64)
    except WrongAnswer:
        return False
    return True


def _serves(submission: Submission, label: int, classes: int) -> bool:
    return _vectors(submission, torch.tensor([label]), classes) is not None


def _vectors(submission: Submission, labels: Tensor, classes: int) -> Tensor | None:
    try:
        return submission.call(NAME, labels, classes).tensor((len(labels), classes), None).double()
    except WrongAnswer:
        return None
