"""Hidden tests of make_loaders: every file has colours of its own, so that each sample says where it comes from."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from autograder.compare import expect, expect_equal, hinting, is_close
from autograder.sandbox.proxy import WrongAnswer
from autograder.suites.data_loading import follow_through, reference
from autograder.suites.data_loading.pictures import write

NAME = "make_loaders"
TRAIN, VAL = 0, 1
PAIR_HINT = (
    "Does it return two loaders, training first, whose batches are (sketches, photos) as PairedImages gives them?"
)
FOLDER_HINT = "Are the pairs those of root/train and of root/val, as PairedImages gives them without a transform?"


def draw_pairs(rng, counts):
    """Pairs of two colours each, no colour twice, by relative path: {split: count} of them."""
    total = 2 * sum(counts.values())
    codes = torch.randperm(256, generator=rng)[:total].tolist()
    files = {}
    for split, count in counts.items():
        for index in [*range(1, count, 2), *range(0, count, 2)]:
            left, right = codes.pop(), codes.pop()
            halves = [np.full((2, 4, 3), code, dtype=np.uint8) for code in (left, right)]
            halves[1][:, :, 1] = 255 - right  # a colour, so that the order of channels shows
            for half in halves:
                half[0, 0] = 0  # a corner, so that it shows if pairs are mirrored
            files[f"{split}/{index:02}.png"] = np.hstack(halves)
    return files


class Loaders:
    """The student's loaders over new files, and the items that they load from."""

    def __init__(self, submission, rng, batch_size, **counts):
        self.submission = submission
        files = draw_pairs(rng, counts)
        self.root = write(submission, files)
        self.right = [
            [
                tuple(half.float() for half in reference.split_picture(files[name]))
                for name in sorted(files)
                if name.startswith(f"{split}/")
            ]
            for split in ("train", "val")
        ]
        with hinting(PAIR_HINT):
            self.loaders = submission.build(NAME, self.root, batch_size=batch_size)
            expect_equal(self.loaders.length(), 2, "loaders returned", shown=True)

    def epoch(self, which):
        """The batches of one epoch, each a list of (sketch, photo)."""
        limit = len(self.right[TRAIN]) + len(self.right[VAL]) + 1
        batches = []
        with hinting(PAIR_HINT, errors=True):
            loader = self.loaders.part(which)
        with hinting(PAIR_HINT):
            for batch in loader.iterate(limit):
                sketches, photos = (half.tensor(dtype=None) for half in batch.sequence(2))
                expect(
                    sketches.dim() == photos.dim() == 4 and len(sketches) == len(photos),
                    f"a batch has shapes {tuple(sketches.shape)} and {tuple(photos.shape)}",
                )
                batches.append(list(zip(sketches, photos, strict=True)))
        return batches

    def check(self, which, verify):
        """Run `verify(items)` with the right items of a split, then with those of the student's own PairedImages."""
        split = ("train", "val")[which]
        follow_through.either(
            verify, self.right[which], lambda: follow_through.items(self.submission, self.root, split)
        )

    def identify(self, batches, items, which):
        """The batches as numbers of items; WrongAnswer if a sample is none of them."""
        numbers = [[follow_through.find_item(items, *sample) for sample in batch] for batch in batches]
        if any(number is None for batch in numbers for number in batch):
            strangers = [
                sample for batch in batches for sample in batch if follow_through.find_item(items, *sample) is None
            ]
            mixed = any(is_close(sketch, other) for sketch, _ in strangers for other, _ in items)
            raise WrongAnswer(
                f"the {('training', 'validation')[which]} loader gives samples that are no pairs of its folder",
                "Is every sample a pair as PairedImages gives it, sketch and photo of the same file?"
                if mixed
                else FOLDER_HINT,
            )
        return numbers


def flatten(batches):
    return [number for batch in batches for number in batch]


@pytest.mark.points(2)
def test_folders(submission, rng):
    """The training loader reads root/train, the validation loader root/val, and batches are (sketches, photos)"""
    for _ in range(2):
        loaders = Loaders(submission, rng, 2, train=6, val=4)
        for which in (TRAIN, VAL):
            expect_pairs(loaders, which)


def expect_pairs(loaders, which):
    """WrongAnswer unless an epoch has pairs of its folder, none of them twice."""
    batches = loaders.epoch(which)

    def verify(items):
        found = flatten(loaders.identify(batches, items, which))
        expect(len(found) > 0, "a loader gives no batches", FOLDER_HINT)
        expect(len(set(found)) == len(found), "a pair came twice in an epoch", "Does an epoch show every pair once?")

    loaders.check(which, verify)


@pytest.mark.points(2)
def test_training_batches(submission, rng):
    """Training batches are all of the size asked for: an incomplete last one is left out"""
    for batch_size, count in ((3, 8), (4, 8), (5, 4), (1, 3), (2, 7)):
        loaders = Loaders(submission, rng, batch_size, train=count, val=2)
        sizes = [len(batch) for batch in loaders.epoch(TRAIN)]

        def verify(items, sizes=sizes, batch_size=batch_size):
            full, rest = divmod(len(items), batch_size)
            expect_equal(
                sizes,
                [batch_size] * full,
                f"sizes of the training batches for {len(items)} pairs and batch_size={batch_size}",
                mistakes={
                    "Is the incomplete last batch left out? DataLoader has an argument for it.": [batch_size] * full
                    + [rest],
                    "Is the batch size the one asked for?": [1] * len(items),
                },
                hint="Does every training batch have batch_size pairs, and does an epoch have as many as there are?",
            )

        loaders.check(TRAIN, verify)


@pytest.mark.points(2)
def test_training_order(submission, rng):
    """Training pairs come in a new order every epoch, none of them twice"""
    loaders = Loaders(submission, rng, 3, train=17, val=2)
    drawn = [loaders.epoch(TRAIN) for _ in range(4)]

    def verify(items):
        numbers = [loaders.identify(batches, items, TRAIN) for batches in drawn]
        epochs = [flatten(batches) for batches in numbers]
        for epoch in epochs:
            expect(
                len(epoch) > 0,
                "a training epoch has no pairs",
                "Can a loader be gone through again and again? An iterator is used up after one epoch.",
            )
            expect(
                len(set(epoch)) == len(epoch),
                "a pair came twice in an epoch",
                "Are pairs drawn with replacement? An epoch shows every pair once.",
            )
            expect(
                epoch != sorted(epoch),
                "training pairs come in the order of the files",
                "Is the training loader shuffled?",
            )
        expect(
            all(one != other for one, other in pairwise(epochs)),
            "two training epochs came in the same order",
            "Is it shuffled anew for each epoch, or once for all?",
        )
        left_over = {frozenset(range(len(items))) - set(epoch) for epoch in epochs}
        expect(
            len(left_over) > 1 or left_over == {frozenset()},
            "the same training pairs are left over in every epoch",
            "Are all pairs shuffled? Each of them should have its turn in one epoch or another.",
        )
        expect(
            len({frozenset(map(frozenset, batches)) for batches in numbers}) > 1,
            "the same training pairs are together in a batch in every epoch",
            "Are pairs shuffled, or whole batches?",
        )

    loaders.check(TRAIN, verify)


@pytest.mark.points(2)
def test_validation_order(submission, rng):
    """Validation pairs come in the order of the files, in every epoch"""
    loaders = Loaders(submission, rng, 4, train=4, val=12)
    for _ in range(2):
        batches = loaders.epoch(VAL)

        def verify(items, batches=batches):
            found = flatten(loaders.identify(batches, items, VAL))
            expect(
                found == sorted(found) and len(set(found)) == len(found) > 1,
                "validation pairs do not come in the order of the files",
                "Is the validation loader shuffled? Only training needs that.",
            )

        loaders.check(VAL, verify)


@pytest.mark.points(2)
def test_validation_batches(submission, rng):
    """Validation keeps all pairs, those of an incomplete last batch too"""
    for batch_size, count in ((3, 8), (4, 8), (5, 4), (1, 3)):
        loaders = Loaders(submission, rng, batch_size, train=2, val=count)
        sizes = [len(batch) for batch in loaders.epoch(VAL)]

        def verify(items, sizes=sizes, batch_size=batch_size):
            full, rest = divmod(len(items), batch_size)
            expect_equal(
                sizes,
                [batch_size] * full + [rest] * (rest > 0),
                f"sizes of the validation batches for {len(items)} pairs and batch_size={batch_size}",
                mistakes={
                    "Is the incomplete last batch left out? Validation keeps all pairs.": [batch_size] * full,
                    "Is the batch size the one asked for? Here it is always 1.": [1] * len(items),
                    "Is the batch size the one asked for? Here it is all pairs at once.": [len(items)],
                },
                hint="Does an epoch have all pairs, batch_size of them in each batch but the last?",
            )

        loaders.check(VAL, verify)
