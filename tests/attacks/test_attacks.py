"""Every attack at the strongest level of this machine, where nothing is seen of it; and its control, which succeeds."""

import pytest

from autograder.sandbox.isolation import DEFAULT_LEVEL
from tests.attacks.arena import Sighting
from tests.attacks.corpus import ATTACKS


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_gains_nothing(attack, arena):
    sighting = arena(DEFAULT_LEVEL).try_attack(attack)
    assert sighting in [Sighting(end, ()) for end in attack.ends]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_control_succeeds_without_the_layer_that_stops_it(attack, arena):
    assert arena("none").control(attack).found
