"""Hidden tests of class_accuracy, on a generator and a classifier whose agreement is known."""

from contextlib import suppress

import pytest
import torch

from autograder.compare import expect, expect_close, expect_equal
from autograder.sandbox.proxy import StudentRaised
from autograder.suites.conditional_gan.canvas import MODE_HINT, TYPE_HINT, draw_seed, expect_standard_normal
from autograder.suites.conditional_gan.exam import LOUD, Exam, draw_painted

NOISY = 1.2  # noise on the templates: about half of the guesses are right
RNG_HINT = "Is all noise drawn from the rng that is given, as it comes?"
FRESH_HINT = "Does each picture of each class have noise of its own?"


def mistaken_shares(share, classes, samples, last=1.0):
    """last: the share of the last class alone."""
    return {
        "Is it the number of right guesses? The text asks for their share.": share * classes * samples,
        "Is it divided by the pictures of one class? The share is of all classes * samples.": share * classes,
        "Is it divided by the number of classes only?": share * samples,
        **({"Is it the last class only, divided by all pictures?": last / classes} if last else {}),
        "Is it per cent?": 100 * share,
        **({"Is it the share of wrong guesses?": 1 - share} if 0 < share < 1 else {}),
    }


@pytest.mark.points(2)
def test_share(submission, rng):
    """It is the share of pictures in which the classifier sees the class asked for"""
    for classes, right, samples in ((10, 10, 3), (10, 7, 4), (4, 0, 5), (3, 1, 1)):
        exam = Exam(submission, rng, draw_painted(rng, classes, right))
        exam.classifier.eval()  # what becomes of other modes is looked at below
        share, last = right / classes, float(exam.painted[-1] == classes - 1)
        expect_close(
            exam.ask(samples, draw_seed(rng)).number(tensor_ok=True),
            share,
            f"share for {classes} classes, {samples} pictures of each",
            mistakes=mistaken_shares(share, classes, samples, last),
            hint="The class seen, in the pictures as they were painted, is the place of the largest number. "
            "How often is it the class asked for?",
        )


@pytest.mark.points(1)
def test_pictures_of_each_class(submission, rng):
    """Each class gets `samples` pictures, and each picture counts the same"""
    for classes, samples in ((5, 30), (3, 8)):
        exam = Exam(submission, rng, draw_painted(rng, classes, classes), noise=NOISY)
        exam.classifier.eval()  # what becomes of other modes is looked at below
        got = exam.ask(samples, draw_seed(rng)).number(tensor_ok=True)
        expect(0 <= got <= 1, f"the share is {got:.3g}", "A share lies between 0 and 1.")
        asked = exam.asked()
        if asked is None:  # a copy of the generator painted
            continue
        counts = asked[0].bincount(minlength=classes).tolist() if bool((asked[0] >= 0).all()) else []
        hint = "Are there as many pictures of each class as samples says?"
        expect_equal(counts, [samples] * classes, "pictures painted of each class", hint=hint)
        for call in exam.generator.calls():
            given = call.inputs[1].tensor((None,), None).dtype
            expect(given == torch.int64, f"the generator was given labels of type {given}", TYPE_HINT)
        lowest, share, highest = exam.share(*asked)
        if not lowest - 1e-9 <= got <= highest + 1e-9:
            mistakes = mistaken_shares(share, classes, samples)
            hint = "Does each picture count the same, and is the largest of its own numbers its guess?"
            expect_close(got, share, "share of pictures with strong noise", mistakes=mistakes, hint=hint)


@pytest.mark.points(1)
def test_noise(submission, rng):
    """The noise is fresh for each picture, standard normal, and all of it comes from rng"""
    painted = draw_painted(rng, 4, 4)
    exam = Exam(submission, rng, painted, noise_dim=24, noise=NOISY / 2)
    seed = draw_seed(rng)
    kept = submission.rng(seed)
    first = exam.ask(15, rng=kept).number(tensor_ok=True)
    start = exam.asked()
    exam.ask(15, rng=kept)
    again = exam.ask(15, seed).number(tensor_ok=True)
    expect_close(again, first, "share for the same rng, a second time", hint=RNG_HINT)
    exam.ask(15, draw_seed(rng))
    exam.ask(15)
    exam.ask(15)
    everything = exam.asked()
    if start is None or everything is None:  # a copy of the generator painted
        return
    noise = everything[1]
    size = len(start[1])
    expect_equal(len(noise), 6 * size, "pictures in six calls", hint=FRESH_HINT)
    expect_standard_normal(start[1])
    fresh, following, repeated, other, without, anew = noise.split(size)
    expect(float(torch.pdist(fresh).min()) > 1e-3, "several pictures were painted from the same noise", FRESH_HINT)
    expect(torch.equal(fresh, repeated), "the same rng gave other noise", RNG_HINT)
    for later, which in ((following, "the next noise from an rng is"), (other, "another rng gave")):
        expect(not torch.equal(later, fresh), f"{which} the same noise", RNG_HINT)
    expect(not torch.equal(without, anew), "without an rng, the noise is always the same", "Is there a seed in it?")


@pytest.mark.points(1)
def test_evaluation_mode(submission, rng):
    """Both networks work in evaluation mode, and on the same device"""
    for samples in (2, 6):
        exam = Exam(submission, rng, draw_painted(rng, 5, 5), noise=LOUD, normalised=True)
        networks = ((exam.generator, "generator"), (exam.classifier, "classifier"))
        before = [module.buffers() for module, _ in networks]
        got = exam.ask(samples, draw_seed(rng)).number(tensor_ok=True)
        exam.expect_worked(got, MODE_HINT)
        for (module, name), then in zip(networks, before, strict=True):
            calls = module.calls()
            expect(not any(call.training for call in calls), f"the {name} worked in training mode", MODE_HINT)
            now = module.buffers()
            same = now.keys() == then.keys() and all(torch.equal(now[key], then[key]) for key in then)
            expect(same, f"statistics of the batch norm in the {name} changed", MODE_HINT)
    elsewhere = Exam(submission, rng, draw_painted(rng, 3, 3), device="meta")  # no values there, so no share
    with suppress(StudentRaised):
        elsewhere.ask(2, draw_seed(rng))
    for call in elsewhere.generator.calls():
        together = len({given.device for given in call.inputs}) == 1
        expect(together, "noise and labels are on two devices", "Where do the networks live, and noise and labels?")


@pytest.mark.points(1)
def test_modes_come_back(submission, rng):
    """Afterwards every module of both networks is in the mode it came in"""
    for generator, classifier, odd in (
        (True, True, None),
        (False, True, False),
        (True, False, True),
        (False, False, None),
    ):
        exam = Exam(submission, rng, draw_painted(rng, 4, 2))
        inner = submission.layer("Dropout")  # computes nothing, but has a mode
        exam.generator.method("add_module", "inner", submission.layer("Sequential", inner, ("Dropout",)))
        for module, training in ((exam.generator, generator), (exam.classifier, classifier)):
            module.train() if training else module.eval()
        if odd is not None:
            (exam.norm.train() if odd else exam.norm.eval()), (inner.eval() if odd else inner.train())
        before = exam.generator.modes(), exam.classifier.modes()
        got = exam.ask(3, draw_seed(rng)).number(tensor_ok=True)
        exam.expect_worked(got)
        after = exam.generator.modes(), exam.classifier.modes()
        for name, then, now in zip(("generator", "classifier"), before, after, strict=True):
            came, left = ("training" if modes[""] else "evaluation" for modes in (then, now))
            expect(came == left, f"the {name} came in {came} mode and was left in {left} mode", MODE_HINT)
            expect(now == then, f"modules inside of the {name} have another mode than before", MODE_HINT)


@pytest.mark.points(1)
def test_no_gradient(submission, rng):
    """No gradient is recorded, and both networks can be trained afterwards"""
    exam = Exam(submission, rng, draw_painted(rng, 4, 2))
    exam.expect_worked(exam.ask(3, draw_seed(rng)).number(tensor_ok=True))
    for module, name in ((exam.generator, "generator"), (exam.classifier, "classifier")):
        recorded = any(call.grad_enabled and not call.frozen for call in module.calls())
        expect(not recorded, f"the {name} worked with gradients switched on", "Did you switch the gradient off?")
        left = any(gradient is not None for gradient in module.gradients().values())
        expect(not left, f"the {name} has gradients afterwards", "Did you switch the gradient off?")
        learns = all(module.requires_grad_flags().values())
        expect(learns, f"the {name} is frozen afterwards", "Does it come out as it went in?")
    learns = exam.generator(torch.zeros(1, exam.noise_dim), torch.tensor([0])).requires_grad
    expect(learns, "the generator cannot be trained any more", "Is the gradient switched on again afterwards?")


@pytest.mark.points(1)
def test_python_float(submission, rng):
    """The result is a Python float"""
    for right in (2, 5):
        exam = Exam(submission, rng, draw_painted(rng, 5, right))
        exam.classifier.eval()  # what becomes of other modes is looked at below
        answer = exam.ask(2, draw_seed(rng))
        exam.expect_worked(answer.number(tensor_ok=True))
        expect(
            answer.is_python_float,
            f"expected a Python float, got {answer.described}",
            "Did you take the number out of the tensor?",
        )
