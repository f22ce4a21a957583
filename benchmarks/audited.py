"""Whether a suite may be measured: figures of a suite that lets mistakes through would be cheap ones.

The mutation scores stand in README's table, beside the figures that this benchmark makes; `make test` holds every suite
to the least score, `autograder audit NAME` prints it anew.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from autograder.audit.report import LEAST_SCORE
from autograder.errors import AuthorError


def recorded_scores(readme: Path, names: Sequence[str]) -> dict[str, float]:
    """The mutation scores that README records; AuthorError for a suite without one, or with one that is too low."""
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    scores = {}
    for name in names:
        row = re.search(rf"(?m)^\| `{re.escape(name)}` \|.*?(?P<percent>[\d.]+) % \|$", text)
        score = float(row["percent"]) / 100 if row else None
        if score is None or score < LEAST_SCORE:
            recorded = "none" if score is None else f"{score:.1%}"
            raise AuthorError(
                f"{readme.name}: expected a mutation score of {LEAST_SCORE:.0%} at least for {name}, got {recorded}; "
                f"run autograder audit {name}, and measure what passes"
            )
        scores[name] = score
    return scores
