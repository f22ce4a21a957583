"""What is right given a student's own one_hot: a mistake there costs points once.

Both networks may read their labels through it. Labels that it does not take, or gives the same vector, then cannot be
told apart by the best network; a vector that depends on the labels beside it is right in the right company only; and
vectors in float64 ask for a network in float64.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.sandbox.proxy import Submission, WrongAnswer

NAME = "one_hot"


@dataclass(frozen=True)
class Company:
    """In which company the student's own one_hot gives each label a vector of its own.

    partner: a label -> the one that has to stand in the same batch, where all others are that label;
    rows: the vector that each label gets there, (classes, classes), NaN for a label that it does not take.
    """

    submission: Submission
    partner: Callable[[int], int]
    rows: Tensor

    def plays_a_part(self, labels: Tensor) -> bool:
        """Do these labels get other vectors than in that company, or none?"""
        found = _vectors(self.submission, labels, len(self.rows))
        return found is None or not torch.equal(found, self.rows[labels])


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


def find_company(submission: Submission, classes: int) -> Company | None:
    """The company that the student's own one_hot needs; None if it needs none, or if none is enough.

    One label alone may lose a dimension; without the last label there may be fewer columns than classes.
    """
    known = known_labels(submission, classes)
    together = _vectors(submission, known, classes)
    if together is not None:
        parts = ((known[:1], together[:1]), (known[-1:], together[-1:]), (known[:-1], together[:-1]))
        found = ((_vectors(submission, labels, classes), want) for labels, want in parts)
        if all(got is not None and torch.equal(got, want) for got, want in found):
            return None
    choices: tuple[Callable[[int], int], ...] = (lambda label: label, lambda label: classes - 1)
    for partner in choices:
        rows = torch.full((classes, classes), torch.nan, dtype=torch.float64)
        for label in known.tolist():
            pair = _vectors(submission, torch.tensor([label, partner(label)]), classes)
            if pair is not None:
                rows[label] = pair[0]
        if rows[known].isfinite().all() and len(rows[known].unique(dim=0)) == len(known):
            return Company(submission, partner, rows)
    return None


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
