"""What others' mistakes make of the generators' objective: hint -> objective."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from autograder.suites.cyclegan import reference
from autograder.suites.cyclegan.objectives import Losses, Objective, Scene, Term, fool, return_home, stay


def list_mistakes(weights: Mapping[str, Any]) -> dict[str, Objective]:
    """hint -> the objective of those who make this mistake."""
    text = Objective(**weights)
    # a weight that is not given may have the wrong default, which looks like the wrong factor
    ten = "" if "cycle_weight" in weights else " Without an argument, cycle_weight is 10."
    half = "" if "identity_weight" in weights else " Without an argument, it is 0.5."

    def fooling(a: Callable[[Scene], Tensor], b: Callable[[Scene], Tensor], is_real: bool = True) -> Term:
        return lambda scene, losses: losses.adversarial(a(scene), is_real) + losses.adversarial(b(scene), is_real)

    def cycles(a: Callable[[Scene], Tensor], b: Callable[[Scene], Tensor]) -> Term:
        return lambda scene, losses: losses.cycle(a(scene), scene.real_a) + losses.cycle(b(scene), scene.real_b)

    def nothing(scene: Scene, losses: Losses) -> Tensor:
        return torch.zeros((), dtype=torch.float64)

    def swapped(scene: Scene, losses: Losses) -> Tensor:
        return losses.identity(scene, "g_ab", scene.real_a) + losses.identity(scene, "g_ba", scene.real_b)

    def weighted_cycles(scene: Scene, losses: Losses) -> Tensor:
        return text.cycle_weight / reference.CYCLE_WEIGHT * return_home(scene, losses)

    def of_fakes(scene: Scene, losses: Losses) -> Tensor:
        return losses.identity(scene, "g_ab", scene.fake_b) + losses.identity(scene, "g_ba", scene.fake_a)

    def fooled_together(scene: Scene, losses: Losses) -> Tensor:
        return 2 * losses.adversarial(torch.cat([back(scene), forth(scene)]), True)

    def cycled_together(scene: Scene, losses: Losses) -> Tensor:
        reals = torch.cat([scene.real_a, scene.real_b])
        return 2 * losses.cycle(torch.cat([home(scene), away(scene)]), reals)

    def forth(scene: Scene) -> Tensor:
        return scene.run("d_b", scene.fake_b)

    def back(scene: Scene) -> Tensor:
        return scene.run("d_a", scene.fake_a)

    def home(scene: Scene) -> Tensor:
        return scene.run("g_ba", scene.fake_b)

    def away(scene: Scene) -> Tensor:
        return scene.run("g_ab", scene.fake_a)

    return {
        "Are the fakes detached on their way to the discriminators? Then these cannot teach the generators.": replace(
            text,
            fooling=fooling(lambda s: s.run("d_a", s.fake_a.detach()), lambda s: s.run("d_b", s.fake_b.detach())),
        ),
        "Are the fakes detached on their way back? A cycle teaches both generators.": replace(
            text,
            cycles=cycles(lambda s: s.run("g_ba", s.fake_b.detach()), lambda s: s.run("g_ab", s.fake_a.detach())),
        ),
        "Is what came back detached, or do the cycles not count? Then they teach nothing.": replace(
            text, cycles=cycles(lambda s: home(s).detach(), lambda s: away(s).detach())
        ),
        "Do the identity losses count, with their gradient?": replace(
            text, identities=lambda s, losses: stay(s, losses).detach()
        ),
        "Do the adversarial losses count, with their gradient?": replace(
            text, fooling=lambda s, losses: fool(s, losses).detach()
        ),
        "On images of which domain does the identity loss belong? A generator leaves alone what it produces.": replace(
            text, identities=swapped
        ),
        "On which images is the identity loss asked? On real ones, not on fakes.": replace(text, identities=of_fakes),
        "Does each discriminator's batch have an average of its own? Their sizes may differ.": replace(
            text, fooling=fooled_together
        ),
        "Does each cycle have an average of its own? The sizes of the batches may differ.": replace(
            text, cycles=cycled_together
        ),
        "Which discriminator judges which fakes? d_a knows A, d_b knows B.": replace(
            text,
            fooling=fooling(lambda s: s.run("d_b", s.fake_a), lambda s: s.run("d_a", s.fake_b)),
        ),
        "Which generator leads home? What g_ab made goes back through g_ba.": replace(
            text,
            cycles=cycles(lambda s: s.run("g_ab", s.fake_b), lambda s: s.run("g_ba", s.fake_a)),
        ),
        "Is the fake compared with what it was made of? A cycle goes back first.": replace(
            text, cycles=cycles(lambda s: s.fake_b, lambda s: s.fake_a)
        ),
        "Are the fakes judged, or the real images?": replace(
            text, fooling=fooling(lambda s: s.run("d_a", s.real_a), lambda s: s.run("d_b", s.real_b))
        ),
        "Did you train the fakes towards 0? The generators want them taken for real.": replace(
            text, fooling=fooling(back, forth, False)
        ),
        "Is the other way round there, too? Each direction has its adversarial loss; d_a's is missing.": replace(
            text, fooling=lambda s, losses: losses.adversarial(forth(s), True)
        ),
        "Is the other way round there, too? Each direction has its adversarial loss; d_b's is missing.": replace(
            text, fooling=lambda s, losses: losses.adversarial(back(s), True)
        ),
        "Are there cycles from both sides? B → A → B is missing.": replace(
            text, cycles=lambda s, losses: losses.cycle(home(s), s.real_a)
        ),
        "Are there cycles from both sides? A → B → A is missing.": replace(
            text, cycles=lambda s, losses: losses.cycle(away(s), s.real_b)
        ),
        "Do both generators have an identity loss? That of g_ba is missing.": replace(
            text, identities=lambda s, losses: losses.identity(s, "g_ab", s.real_b)
        ),
        "Do both generators have an identity loss? That of g_ab is missing.": replace(
            text, identities=lambda s, losses: losses.identity(s, "g_ba", s.real_a)
        ),
        "Did you leave out the adversarial losses?": replace(text, fooling=nothing),
        "Did you leave out the cycle losses?": replace(text, cycles=nothing),
        "Did you leave out the identity losses?": replace(text, identities=nothing),
        "Is cycle_weight used for the cycles?": replace(text, scales=(1, 1 / text.cycle_weight, 1))
        if text.cycle_weight
        else replace(text, cycle_weight=1.0),
        "Does cycle_weight multiply the identity losses, too? Both weights do.": replace(
            text, scales=(1, 1, 1 / text.cycle_weight)
        )
        if text.cycle_weight
        else text,
        f"Does identity_weight multiply the identity losses, beside cycle_weight?{half}": replace(
            text, identity_weight=1.0
        ),
        "Which losses does identity_weight weigh? The identity losses alone.": replace(
            text, cycles=stay, identities=return_home
        ),
        "Is cycle_weight used as it is given? This is its default.": replace(text, cycle_weight=reference.CYCLE_WEIGHT),
        "Is cycle_weight used as it is given with the identity losses, too? This is its default.": replace(
            text, cycles=weighted_cycles, cycle_weight=reference.CYCLE_WEIGHT
        ),
        "Is identity_weight used as it is given? This is its default.": replace(
            text, identity_weight=reference.IDENTITY_WEIGHT
        ),
        "Are the weights used as they are given? These are the defaults.": replace(
            text, cycle_weight=reference.CYCLE_WEIGHT, identity_weight=reference.IDENTITY_WEIGHT
        ),
        "Does a weight belong to the adversarial losses? They have none.": replace(
            text, scales=(text.cycle_weight, 1, 1)
        ),
        "Does identity_weight belong to the cycles? It weighs the identity losses.": replace(
            text, scales=(1, text.identity_weight, 1)
        ),
        "Is there a factor 1/2 at the adversarial losses? It belongs to the discriminators.": replace(
            text, scales=(0.5, 1, 1)
        ),
        f"Are both cycle losses added, or averaged?{ten}": replace(text, scales=(1, 0.5, 1)),
        f"Are both identity losses added, or averaged?{half}": replace(text, scales=(1, 1, 0.5)),
        "Are the losses of both sides added, or averaged?": replace(text, scales=(0.5, 0.5, 0.5)),
        "Are cycle and identity losses added to the adversarial ones?": replace(text, scales=(1, -1, -1)),
    }
