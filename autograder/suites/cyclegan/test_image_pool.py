"""Hidden tests of ImagePool: what it gives back is recognised, image by image, and its content followed from that."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.sandbox.proxy import StudentRaised

NAME = "ImagePool"
SHAPE = (2, 2, 3)  # channels, height, width of an image
FILL_HINT = "Does the pool fill up first? Meanwhile every new image comes back itself. Its size counts images."
FULL_HINT = "When is the pool full? Count the images that it holds then. From then on, older ones come back, too."
POOLS = 24  # right ones all give the new image back once in 16 million times
SHAPE_HINT = "Do as many images come back as were asked for, in one tensor like that of the new ones?"
PLACE_HINT = "When an older image goes out, does the new one take its place?"
HALF_HINT = "Does an older image come back with a probability of 0.5?"
EACH_HINT = "Is it decided for each image whether an older one comes back? A batch is a mixture."
CHANCE_HINT = "Without rng, is there chance in every query? A generator that is seeded anew says the same each time."
OTHER_HINT = "Are images changed, or kept where another pool keeps its own?"
EMPTY_HINT = "What can an empty pool give? The images themselves."
RNG_HINT = "Do all random numbers come from rng, if one is given?"
DETACH_HINT = "Are the images that come back detached from the generator?"
KEEP_HINT = "Are older images written into the tensor that was handed over? It is the caller's."
ALL_HINT = "Can every image of the pool be the one that comes back, each equally likely?"
SIGMAS, AGE_SIGMAS = 5, 7  # of binomial counts: a right pool goes beyond less than once in a million times
UNEVEN = 45  # chi-square of the counts of four places: a right pool goes beyond once in a thousand million times
SINGLE = 40  # queries of one image without rng: all alike once in 500 thousand million times


class Witness:
    """A pool in the worker, all images that it was shown, and what it must hold."""

    def __init__(self, submission, rng, size, options=None):
        self.pool, self.rng, self.size = submission.build(NAME, size), rng, size
        self.options = {"rng": submission.rng(draw_seed(rng))} if options is None else options
        self.shown, self.held, self.returned, self.ages = {}, [], [], []
        self.places = []  # what stands where, if each new image takes the place of the one that goes out
        self.emptied = []  # the places from which images were returned

    def query(self, count):
        """Show new images: [(number of the new image, number of the one that came in its place)]."""
        images = torch.randn(count, *SHAPE, generator=self.rng)
        with hinting(SHAPE_HINT):
            answer = self.pool.method("query", images, **self.options).tensor((count, *SHAPE))
        new = [self.shown.setdefault(image.numpy().tobytes(), len(self.shown)) for image in images]
        given = [self.shown.get(image.numpy().tobytes()) for image in answer]
        for number in given:
            expect(number is not None, "an image came back that was never shown to the pool", OTHER_HINT)
        return list(zip(new, given, strict=True))

    def follow(self, count):
        """Show new images, and see that each that comes back is the new one or one that the pool must hold."""
        for new, given in self.query(count):
            if len(self.held) < self.size:
                expect_equal(given, new, "image that came back while the pool was filling", hint=FILL_HINT)
                self.held.append(new)
                self.places.append(new)
            elif given != new:
                self.take(given)
                self.held.append(new)
                self.emptied.append(self.places.index(given))
                self.places[self.emptied[-1]] = new
                self.returned.append(given)

    def take(self, number):
        """Take an image out of what the pool holds, and note how many older ones there were."""
        message = "an image came back that should no longer be in the pool, or never was"
        expect(number in self.held, message, PLACE_HINT)
        self.ages.append(self.held.index(number))
        self.held.remove(number)


def draw_seed(rng):
    return int(torch.randint(1 << 30, (), generator=rng))


@pytest.mark.points(1)
def test_size_zero(submission, rng):
    """A pool of size 0 returns the images"""
    witness = Witness(submission, rng, 0)
    for count in (3, 1):
        with hinting(EMPTY_HINT, errors=True):
            pairs = witness.query(count)
        same = all(new == given for new, given in pairs)
        expect(same, "a pool of size 0 returned other images than those it was shown", EMPTY_HINT)


@pytest.mark.points(2)
def test_fills_up_first(submission, rng):
    """Until `size` images are in it, new ones come back as they are, also across batches, and without rng"""
    for size, counts, options in ((5, (3, 4), None), (40, (1, 16, 23), None), (3, (8,), None), (30, (30,), {})):
        witness = Witness(submission, rng, size, options)
        for count in counts:
            witness.follow(count)
    fresh = [Witness(submission, rng, 2, {}).query(3)[-1] for _ in range(POOLS)]
    full = any(new != given for new, given in fresh)
    expect(full, f"the third image came back itself from {POOLS} of {POOLS} pools of size 2", FULL_HINT)


@pytest.mark.points(2)
def test_half_of_the_time(submission, rng):
    """Then an older image comes back with a probability of 0.5, decided for each image"""
    batches, count, size = 32, 50, 6
    witness = Witness(submission, rng, size)
    witness.query(size)
    older = [sum(new != given for new, given in witness.query(count)) for _ in range(batches)]
    total = batches * count
    mixed = any(0 < number < count for number in older)
    expect(mixed or sum(older) in (0, total), "all images of a batch are new, or all are older", EACH_HINT)
    margin = SIGMAS * (total / 4) ** 0.5
    expect(
        abs(sum(older) - total / 2) < margin,
        f"older images came back in {sum(older) / total:.0%} of {total} cases",
        HALF_HINT,
    )
    witness = Witness(submission, rng, size, {})
    witness.query(size)
    alone = {new == given for _ in range(SINGLE) for new, given in witness.query(1)}
    expect(len(alone) == 2, f"without rng, {SINGLE} queries of one image all ended in the same way", CHANCE_HINT)


@pytest.mark.points(3)
def test_content(submission, rng):
    """What comes back was shown before and is gone then: the new image takes its place, until it comes back itself"""
    for size, counts in ((4, (80, 1, 2) * 20), (1, (1, 5) * 6)):
        witness = Witness(submission, rng, size)
        for count in counts:
            witness.follow(count)
        expect(bool(witness.returned), "no older image came back", HALF_HINT)
        stayed = [number for number in range(size) if number not in witness.returned]
        expect(
            not stayed,
            f"{len(stayed)} of the first {size} images never came back in {sum(counts)} queries",
            ALL_HINT,
        )
        expected, spread = len(witness.ages) / size, (len(witness.ages) * (size - 1)) ** 0.5 / size
        for place in range(size):
            share = witness.ages.count(place)
            fair = abs(share - expected) <= AGE_SIGMAS * spread
            expect(fair, "some images of the pool come back more often than others, by their age", ALL_HINT)
        uneven = sum((witness.emptied.count(place) - expected) ** 2 / expected for place in range(size))
        expect(uneven < UNEVEN, "some places of the pool are emptied more often than others", ALL_HINT)


@pytest.mark.points(1)
def test_detached(submission, rng):
    """The images that come back are detached, and those handed over stay as they are"""
    for size in (4, 1, 0):
        pool, options = submission.build(NAME, size), {"rng": submission.rng(draw_seed(rng))}
        for _ in range(2):
            images = torch.randn(3, *SHAPE, generator=rng)
            holder = submission.layer("ParameterList", [images])
            learned = holder.part(0)  # something with a gradient
            try:
                with hinting(DETACH_HINT, errors=True):
                    answer = pool.method("query", learned, **options)
                    answer.tensor(images.shape)
            except StudentRaised as wrong:
                wrong.hint = KEEP_HINT if "in-place" in wrong.text else wrong.hint
                raise
            expect(not answer.requires_grad, "images came back with their graph", DETACH_HINT)
            kept = all(torch.equal(value, images) for value in holder.parameters().values())
            expect(kept, "the images handed over are other ones after the query", KEEP_HINT)


@pytest.mark.points(1)
def test_rng(submission, rng):
    """rng in the same state gives the same choice, whatever was drawn elsewhere, and in another one another"""
    seed, size = draw_seed(rng), 3
    batches = [torch.randn(8, *SHAPE, generator=rng) for _ in range(6)]
    histories = []
    for state in (seed, seed, seed + 1):
        pool, remote = submission.build(NAME, size), submission.rng(state)
        answers = [pool.method("query", images, rng=remote).tensor(images.shape) for images in batches]
        histories.append(torch.stack(answers))
    chosen = bool((histories[0] != torch.stack(batches)).any())
    expect(chosen, "no older image came back, so there is nothing else to look at", HALF_HINT)
    same, again, other = histories
    expect(torch.equal(same, again), "rng in the same state gave other images the second time", RNG_HINT)
    expect(not torch.equal(same, other), "rng in another state gave the same images in 48 cases", RNG_HINT)
