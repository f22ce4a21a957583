"""Hidden tests of class_grid, on a generator whose pictures tell their label and noise."""

import math
from contextlib import suppress

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.sandbox.proxy import StudentRaised
from autograder.suites.conditional_gan.canvas import (
    AWAY,
    MODE_HINT,
    PIXELS,
    SHAPE,
    TYPE_HINT,
    Canvas,
    draw_seed,
    expect_standard_normal,
)

NAME = "class_grid"
SETTINGS = ((4, 5, 3), (6, 3, 7), (2, 12, 1), (3, 1, 4), (5, 1, 1))  # noise_dim, classes, columns
SHAPE_HINT = "Is there a picture for each class and each column, and all of them in one tensor?"
DEVICE_HINT = "Are noise and labels moved to the device where the generator's parameters are?"


def ask(submission, canvas, columns, seed=None, rng=None):
    """The grid as the student's function gave it, an Answer; its noise from a new rng of this seed, or from `rng`."""
    drawn = submission.rng(seed) if rng is None else rng
    options = {"noise_dim": canvas.noise_dim, "classes": canvas.classes, "columns": columns, "rng": drawn}
    return submission.call(NAME, canvas.module, **options)


def read(canvas, answer, columns):
    """(labels of the pictures (classes, columns), their noise (classes, columns, noise_dim)), whatever their shape."""
    count = canvas.classes * columns
    with hinting(SHAPE_HINT):
        images = answer.tensor()
        expect(images.numel() == count * PIXELS, f"expected {count} pictures, got a tensor {tuple(images.shape[:6])}")
    labels, noise = canvas.read(images.reshape(count, *SHAPE))
    return labels.view(canvas.classes, columns), noise.view(canvas.classes, columns, canvas.noise_dim)


def paint(submission, rng, noise_dim, classes, columns):
    canvas = Canvas(submission, rng, noise_dim, classes)
    return read(canvas, ask(submission, canvas, columns, draw_seed(rng)), columns)


@pytest.mark.points(2)
def test_rows(submission, rng):
    """There is a row for each class, from the first to the last, for any number of columns"""
    for noise_dim, classes, columns in SETTINGS:
        canvas = Canvas(submission, rng, noise_dim, classes)
        answer = ask(submission, canvas, columns, draw_seed(rng))
        with hinting(SHAPE_HINT):
            answer.tensor((classes * columns, *SHAPE))
        labels, _ = read(canvas, answer, columns)
        want = torch.arange(classes)[:, None].expand(classes, columns)
        in_turn = torch.arange(classes).repeat(columns).view(classes, columns)
        expect_equal(
            labels.tolist(),
            want.tolist(),
            f"labels of the pictures, {classes} classes in {columns} columns",
            mistakes={
                "Do the labels change along a row, and start again? All pictures of a row have the same one.": (
                    in_turn.tolist()
                ),
                "Do the rows begin with the last class?": want.flip(0).tolist(),
                "Do the rows begin with class 1? Classes are counted from 0.": (want + 1).tolist(),
            },
            hint="Picture number label * columns + column: which label has it?",
        )
        for call in canvas.module.calls():  # none where a copy painted
            noise, told = (given.tensor(dtype=None) for given in call.inputs)
            hint = "A generator needs a label for each noise vector."
            expect(told.shape == noise.shape[:1], f"the generator was given labels {tuple(told.shape)}", hint)
            expect(told.dtype == torch.int64, f"the generator was given labels of type {told.dtype}", TYPE_HINT)


@pytest.mark.points(2)
def test_columns(submission, rng):
    """Down a column the noise is the same, along a row it is another one"""
    for noise_dim, classes, columns in SETTINGS:
        _, noise = paint(submission, rng, noise_dim, classes, columns)
        same = bool(((noise - noise[:1]).abs() < 1e-3).all())
        expect(same, "down a column, the noise changes", "Is the noise drawn once for each column, for all classes?")
        if columns > 1:
            apart = float(torch.pdist(noise[0]).max()) > 1e-2
            expect(apart, "along a row, the noise is always the same", "Does each column have noise of its own?")


@pytest.mark.points(1)
def test_noise(submission, rng):
    """The noise is standard normal, and each column has its own"""
    _, noise = paint(submission, rng, 24, 2, 60)
    expect_standard_normal(noise[0])
    apart = float(torch.pdist(noise[0]).min()) > 1e-2
    expect(apart, "two columns have the same noise", "Does each column have noise of its own?")


@pytest.mark.points(1)
def test_noise_comes_from_rng(submission, rng):
    """All noise comes from rng if one is given, and is fresh each time"""
    canvas = Canvas(submission, rng, 5, 3)
    columns, seed, other = 4, draw_seed(rng), draw_seed(rng)
    kept = submission.rng(seed)
    first, second = (read(canvas, ask(submission, canvas, columns, rng=kept), columns)[1] for _ in range(2))
    again, elsewhere = (read(canvas, ask(submission, canvas, columns, each), columns)[1] for each in (seed, other))
    close = bool(((first - again).abs() < 1e-3).all())
    expect(close, "the same rng gave other pictures", "Is all noise drawn from the rng that is given?")
    for noise, which in ((second, "the next pictures from an rng are"), (elsewhere, "another rng gave")):
        fresh = bool(((first - noise).abs() > 1e-2).any())
        expect(fresh, f"{which} the same pictures", "Is all noise drawn from the rng that is given, as it comes?")
    options = {"noise_dim": 5, "classes": 3, "columns": columns}
    without = [read(canvas, submission.call(NAME, canvas.module, **options), columns)[1] for _ in range(2)]
    fresh = bool(((without[0] - without[1]).abs() > 1e-2).any())
    expect(fresh, "without an rng, the pictures are always the same ones", "Is there a seed in the function?")


@pytest.mark.points(2)
def test_modes(submission, rng):
    """The generator paints in evaluation mode, and afterwards each of its modules is in the mode it came in"""
    for mode, odd in ((True, None), (False, None), (True, False), (False, True)):
        canvas = Canvas(submission, rng, 4, 3, normalised=True)
        deep = submission.layer("Dropout")  # computes nothing, but has a mode
        canvas.module.method("add_module", "inner", submission.layer("Sequential", deep, ("Dropout",)))
        canvas.module.train() if mode else canvas.module.eval()
        for module in (canvas.norm, deep):
            module.train() if (mode if odd is None else odd) else module.eval()
        before, statistics = canvas.module.modes(), canvas.module.buffers()
        _, noise = read(canvas, ask(submission, canvas, 2, draw_seed(rng)), 2)
        evaluated = bool((noise < -AWAY / 2).all())  # a copy that painted as well
        evaluated = evaluated and not any(call.training for call in canvas.module.calls())
        expect(evaluated, "the generator, or a module inside of it, painted in training mode", MODE_HINT)
        now = canvas.module.buffers()
        kept = now.keys() == statistics.keys() and all(torch.equal(now[name], statistics[name]) for name in now)
        expect(kept, "statistics of the batch norm in the generator changed", MODE_HINT)
        after = canvas.module.modes()
        came, left = ("training" if modes[""] else "evaluation" for modes in (before, after))
        expect(came == left, f"the generator came in {came} mode and was left in {left} mode", MODE_HINT)
        expect(after == before, "modules inside of the generator have another mode than before", MODE_HINT)


@pytest.mark.points(1)
def test_no_gradient(submission, rng):
    """The pictures carry no graph, and the generator can be trained afterwards"""
    canvas = Canvas(submission, rng, 4, 3)
    answer = ask(submission, canvas, 2, draw_seed(rng))
    read(canvas, answer, 2)
    expect(not answer.requires_grad, "the pictures still carry their graph", "Did you switch the gradient off?")
    left = any(gradient is not None for gradient in canvas.module.gradients().values())
    expect(not left, "the generator has gradients afterwards", "Did you switch the gradient off?")
    learns = all(canvas.module.requires_grad_flags().values())
    learns = learns and canvas.module(torch.zeros(1, 4), torch.tensor([0])).requires_grad
    expect(learns, "the generator cannot be trained any more", "Is the gradient switched on again afterwards?")


@pytest.mark.points(1)
def test_device(submission, rng):
    """Noise and labels are on the generator's device"""
    read(canvas := Canvas(submission, rng, 4, 3), ask(submission, canvas, 2, draw_seed(rng)), 2)
    elsewhere = Canvas(submission, rng, 4, 3, device="meta")  # every machine has it; nothing on it has values
    with hinting(DEVICE_HINT, errors=True), suppress(StudentRaised):
        answer = ask(submission, elsewhere, 2, draw_seed(rng))
        size = math.prod(answer.shape())
        expect(size == 6 * PIXELS, "the pictures of a generator on another device have another shape")
    for call in elsewhere.module.calls():
        for given, what in zip(call.inputs, ("noise", "labels"), strict=True):
            expect(given.device == "meta", f"the generator was given {what} from another device", DEVICE_HINT)
