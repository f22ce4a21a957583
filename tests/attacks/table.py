"""What the corpus declares, as the table of SECURITY.md, and whether what was seen agrees with it."""

from collections.abc import Mapping
from typing import get_args

from autograder.sandbox.isolation import Level
from tests.attacks.arena import Sighting
from tests.attacks.attack import Layer
from tests.attacks.corpus import ATTACKS, FAMILIES

LEVELS: tuple[Level, ...] = ("nested", "bubblewrap", "landlock")
LAYERS: tuple[Layer, ...] = get_args(Layer)
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"


def judge(level: Level, sightings: Mapping[str, Sighting]) -> list[str]:
    """Every attack that did not end as declared, in words; on `none` the sightings are of controls."""
    wrong = []
    for attack in ATTACKS:
        if attack.name not in sightings:
            continue
        sighting = sightings[attack.name]
        place = f"{level}: {attack.name}"
        if level == "none":
            if not sighting.found:
                wrong.append(f"{place}: its control gains nothing, it {sighting.end}")
        elif level in attack.passes:
            if not sighting.found:
                wrong.append(f"{place}: expected to get through, it gained nothing ({sighting.end})")
        elif sighting.found:
            wrong.append(f"{place}: {sighting.end}, {'; '.join(sighting.found)}")
        elif sighting.end not in attack.ends:
            wrong.append(f"{place}: expected one of {attack.ends}, it ended as {sighting.end}")
    return wrong


def render() -> str:
    """Attacks stopped by family and level, those that are not, and the layer that stops them; in Markdown."""
    lines = ["| family | attacks | " + " | ".join(f"`{level}`" for level in LEVELS) + " |"]
    lines.append("|---|--:|" + "--:|" * len(LEVELS))
    for family in (*FAMILIES, None):
        mine = [attack for attack in ATTACKS if family in (attack.family, None)]
        stopped = [sum(level not in attack.passes for attack in mine) for level in LEVELS]
        lines.append(f"| {family or 'all'} | {len(mine)} | " + " | ".join(map(str, stopped)) + " |")
    lines += ["", "Not stopped:", ""]
    lines += [f"- `{level}`, {a.name}: {reason}." for a in ATTACKS for level, reason in a.passes.items()]
    counts = {layer: sum(attack.lifted == layer for attack in ATTACKS) for layer in LAYERS}
    lines += ["", "Switched off in their controls: " + ", ".join(f"{n} × {layer}" for layer, n in counts.items()) + "."]
    return "\n".join(lines)
