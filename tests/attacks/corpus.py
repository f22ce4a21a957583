"""All attacks, by family."""

from typing import get_args

from tests.attacks import (
    death,
    deceit,
    delay,
    network,
    processes,
    protocol,
    reading,
    resources,
    tampering,
    writing,
)
from tests.attacks.attack import Attack, Family

ATTACKS: tuple[Attack, ...] = (
    *reading.ATTACKS,
    *writing.ATTACKS,
    *network.ATTACKS,
    *processes.ATTACKS,
    *resources.ATTACKS,
    *delay.ATTACKS,
    *death.ATTACKS,
    *protocol.ATTACKS,
    *tampering.ATTACKS,
    *deceit.ATTACKS,
)
FAMILIES: tuple[Family, ...] = get_args(Family)
