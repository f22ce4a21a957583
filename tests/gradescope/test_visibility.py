"""When students see an exercise's result on Gradescope is set in assignment.toml."""

import pytest

from autograder.course import load_course
from autograder.errors import AuthorError


def describe(tiny, line):
    description = tiny.text.with_name("assignment.toml")
    description.write_text(description.read_text().replace('id = "scale"\n', f'id = "scale"\n{line}\n'))
    return load_course(tiny.root).assignment("tiny").exercise("scale")


def test_exercise_is_visible_unless_it_says_otherwise(tiny):
    assert describe(tiny, "").visibility == "visible"


@pytest.mark.parametrize("word", ["visible", "hidden", "after_due_date", "after_published"])
def test_each_of_gradescopes_words_is_read(tiny, word):
    assert describe(tiny, f'visibility = "{word}"').visibility == word


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            '"hiden"',
            r"exercise 'scale': expected visibility to be one of visible, hidden, .*'hiden'; did you mean 'hidden'",
        ),
        ('""', r"exercise 'scale': expected visibility to be one of .*, got ''"),
        ("true", r"Expected `str`, got `bool`.*visibility"),
    ],
)
def test_other_words_are_refused_with_those_there_are(tiny, value, message):
    with pytest.raises(AuthorError, match=message):
        describe(tiny, f"visibility = {value}")
