"""A new assignment to begin from: one exercise and one question with all that belongs to them, and a suite that passes.

The example is small on purpose and has every part once: text, check, reference, hidden tests, mutants, variants. An
author replaces it piece by piece, and can run `autograder audit` after each.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course import Course
from autograder.errors import AuthorError

NAME = re.compile(r"[a-z][a-z0-9_]*")


def scaffold(course: Course, name: str) -> list[Path]:
    """Write text, description and suite of a new assignment; the files written. AuthorError if the name is taken."""
    if not NAME.fullmatch(name):
        raise AuthorError(
            f"{name!r}: expected lower-case letters, digits and underscores, a letter first; choose another"
        )
    order = max(assignment.order for assignment in course.assignments) + 1
    files = dict(_fill(course.root, name, order))
    taken = [path for path in files if path.exists()]
    if taken:
        raise AuthorError(f"{taken[0]}: exists already; choose another name, or delete what was begun under this one")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return list(files)


def _fill(root: Path, name: str, order: int) -> Iterator[tuple[Path, str]]:
    """Every file of the new assignment, with its content."""
    pages = Environment(
        loader=PackageLoader(__name__),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # Python and TOML
    )
    for template in sorted(pages.list_templates()):
        place = template.removesuffix(".jinja").replace("NAME", name)
        yield root / place, pages.get_template(template).render(name=name, order=order, title=name.replace("_", " "))
