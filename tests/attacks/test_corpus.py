"""The corpus itself: enough of everything, told apart, and as SECURITY.md says."""

from collections import Counter
from pathlib import Path

import pytest

from tests.attacks import table
from tests.attacks.arena import Sighting
from tests.attacks.corpus import ATTACKS, FAMILIES
from tests.attacks.questions import QUESTIONS

SECURITY = Path(__file__).parents[2] / "SECURITY.md"


def test_there_are_enough_attacks_of_every_family():
    counts = Counter(attack.family for attack in ATTACKS)
    assert set(counts) == set(FAMILIES)
    assert min(counts.values()) >= 8
    assert len(ATTACKS) >= 80


def test_attacks_are_told_apart_and_ask_what_there_is():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.asks for attack in ATTACKS} == set(QUESTIONS)


def test_nothing_gets_through_at_the_default_level():
    assert [attack.name for attack in ATTACKS if "nested" in attack.passes or "internal" in attack.ends] == []


def test_table_in_the_security_document_is_the_one_the_corpus_gives():
    text = SECURITY.read_text()
    assert text.partition(table.BEGIN)[2].partition(table.END)[0].strip() == table.render()


@pytest.mark.parametrize(
    ("level", "sighting"),
    [
        ("nested", Sighting("returned", ("a file",))),
        ("nested", Sighting("internal", ())),
        ("landlock", Sighting("returned", ())),
        ("none", Sighting("refused", ())),
    ],
)
def test_sighting_that_differs_from_the_declaration_is_reported(level, sighting):
    name = next(attack.name for attack in ATTACKS if "landlock" in attack.passes)
    assert len(table.judge(level, {name: sighting})) == 1


def test_sighting_as_declared_is_not_reported():
    name = next(attack.name for attack in ATTACKS if "landlock" in attack.passes)
    sightings = {"nested": Sighting("returned", ()), "landlock": Sighting("returned", ("42",))}
    assert [table.judge(level, {name: sighting}) for level, sighting in sightings.items()] == [[], []]
