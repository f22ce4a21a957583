"""A comparison without measuring: figures made up so that every ratio is known."""

import pytest

from benchmarks.comparison import OURS, Comparison, Measurement, describe_setting

FACTORS = {"nbgrader": 20.0, "pytest": 10.0, "floor": 0.5, OURS: 1.0}


@pytest.fixture
def found() -> Comparison:
    """Three rounds of two assignments; the machine is twice as slow in the second round, for all."""
    measurements = [
        Measurement(assignment, submission, tool, turn, factor * slow * share, 2 * factor * slow * share, None)
        for assignment in ("vanilla_gan", "dcgan")
        for turn, slow in ((1, 1.0), (2, 2.0), (3, 1.0))
        for submission, share in (("right", 0.5), ("untouched", 0.25))
        for tool, factor in FACTORS.items()
    ]
    scores = {"vanilla_gan": 0.993, "dcgan": 0.999}
    return Comparison(measurements, {"otter": "could not be installed: no network"}, scores, describe_setting(3))
