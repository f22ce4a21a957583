"""Hidden tests of one_hot."""

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal, hinting
from autograder.suites.conditional_gan import reference

NAME = "one_hot"
ERROR_HINT = "What happens for a label below 0, and for one that is not below classes? The text asks for a ValueError."
SHAPE_HINT = "Is there a row for each label, and in it a number for each class?"


def draw_labels(rng, count, classes):
    """Labels with the first and the last class among them, where there is room."""
    labels = torch.randint(classes, (count,), generator=rng)
    for place, label in zip(torch.randperm(count, generator=rng)[:2].tolist(), (0, classes - 1), strict=False):
        labels[place] = label
    return labels


def ask(submission, labels, classes, count):
    """The student's vectors, whatever kind of numbers they are."""
    with hinting(SHAPE_HINT):
        vectors = submission.call(NAME, labels, classes).tensor((count, classes), None)
    return vectors.double()


def check(submission, labels, classes):
    want = reference.one_hot(labels, classes)
    mirrored = reference.one_hot(classes - 1 - labels, classes)
    expect_close(
        ask(submission, labels, classes, len(labels)),
        want,
        f"vectors of {len(labels)} labels, {classes} classes",
        mistakes={
            "Where is the one, and where are the zeros? It looks the other way round.": 1 - want,
            "Is each one a place too far to the right?": want.roll(1, 1),
            "Is each one a place too far to the left?": want.roll(-1, 1),
            "Do you count the places from the wrong end?": mirrored,
            "Is there no one in the vectors at all?": torch.zeros_like(want),
            "Does the label itself stand in the vector? The text asks for a one.": want * labels[:, None],
            "Are there ones in whole columns? Each row has a single one.": want.amax(0).expand_as(want),
            "Are the rows in the order of the labels?": want[labels.argsort()],
            "Are the classes sorted by the labels that occur?": lambda: reference.one_hot(
                labels.unique(return_inverse=True)[1], classes
            ),
        },
    )


@pytest.mark.points(3)
def test_vectors(submission, rng):
    """A one stands at the label's place, zeros everywhere else"""
    for count in (7, 10, 32):
        check(submission, draw_labels(rng, count, 10), 10)


@pytest.mark.points(1)
def test_numbers_of_classes(submission, rng):
    """Any number of labels and of classes works, whichever labels occur"""
    check(submission, draw_labels(rng, 7, 10), 10)  # who fails here has made a mistake of another kind
    for count, classes in ((1, 10), (5, 3), (2, 17), (96, 2), (4, 4)):
        with hinting("Does classes set how many numbers a vector has?", errors=True):
            check(submission, draw_labels(rng, count, classes), classes)
    for classes in (3, 12):
        check(submission, torch.zeros(5, dtype=torch.int64), classes)
        check(submission, torch.full((5,), classes - 1), classes)


@pytest.mark.points(2)
def test_float(submission, rng):
    """The vectors are float32"""
    for count, classes in ((6, 10), (3, 5)):
        labels = draw_labels(rng, count, classes)
        vectors = submission.call(NAME, labels, classes)
        with hinting(SHAPE_HINT):
            vectors.tensor((count, classes), None)
        with hinting("Which type of number do the vectors have? They are there to be computed with."):
            got = vectors.tensor((count, classes), torch.float32)
        expect(bool(got.any()), "the vectors hold nothing but zeros")


@pytest.mark.points(1)
def test_labels_stay(submission, rng):
    """The labels that were given stay as they are"""
    labels = draw_labels(rng, 8, 10)
    kept = submission.layer("Buffer", labels)  # a plain tensor that stays there and can be looked at again
    expect(bool(ask(submission, kept, 10, len(labels)).any()), "the vectors hold nothing but zeros")
    with hinting("Is something done in place (a name that ends in _, or -=)?"):
        now = kept.method("clone").tensor((8,), torch.int64)
        expect(torch.equal(now, labels), "the labels changed")


@pytest.mark.points(1)
def test_labels_out_of_range(submission, rng):
    """A label that is no class raises a ValueError, below 0 as well as above"""
    for classes in (10, 4):
        right = draw_labels(rng, 6, classes)
        check(submission, right, classes)
        place = int(torch.randint(6, (1,), generator=rng))
        for wrong in (classes, -1, classes + 7, -classes, -classes - 3):
            labels = right.clone()
            labels[place] = wrong
            where = "below 0" if wrong < 0 else "that is not below classes"
            with hinting(ERROR_HINT):
                raised = submission.raises(NAME, labels, classes)
            kinds = "a ValueError" if "ValueError" in raised.types else "another exception"
            expect_equal(kinds, "a ValueError", f"a label {where}", shown=True, hint=ERROR_HINT)
