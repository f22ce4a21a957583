"""Where things lie: in the zip, and in Gradescope's container."""

from pathlib import Path

import msgspec

COURSE = "course"  # folder of the zip with the assignment, its release, its suite and the grader
SETTINGS = "settings.json"  # in that folder
DEFAULT_MINUTES = 10.0  # Gradescope's own time-out, unless its settings say otherwise


class Settings(msgspec.Struct, frozen=True):
    """What the zip was made for. `minutes`: Gradescope's time-out; `version`: of the grader that is in it."""

    assignment: str
    minutes: float
    version: str


def read_settings(course: Path) -> Settings:
    """The settings of an unpacked zip."""
    return msgspec.json.decode((course / SETTINGS).read_bytes(), type=Settings)
