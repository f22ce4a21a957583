"""The fairness corpus: what tools and people do to a right notebook that must not cost a point.

`MANGLERS[name](data)` takes the bytes of a right notebook (a source notebook, or a release filled in) and returns those
that a student hands in after it happened; its docstring is the reason it is here. Manglers that set cells back to how
they were released look for nbgrader's solution markers and leave a cell without them alone.
"""

from tests.fairness import edited, saved
from tests.fairness.registry import MANGLERS

__all__ = ["MANGLERS", "edited", "saved"]
