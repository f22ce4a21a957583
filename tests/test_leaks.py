"""The leak scan, both ways: what it must find, and what it must let pass."""

import json

import pytest

from autograder.author import build_source, source_files
from autograder.errors import AuthorError
from autograder.leaks import scan_release
from autograder.release import release_files

ANSWER = "    brightened = torch.as_tensor(images) * factor\n"


@pytest.fixture
def scan(tiny):
    """scan(name=content, ...) of the built release with these files changed or added."""

    def run(changed=None):
        files = release_files(tiny, source_files(tiny))
        return scan_release(tiny, build_source(tiny), {**files, **(changed or {})})

    return run


@pytest.fixture
def notebook(tiny):
    return json.loads(release_files(tiny, source_files(tiny))["tiny.ipynb"])


def encode(document, **options):
    return json.dumps(document, **options).encode()


def test_built_release_is_clean(scan):
    assert scan() == []


@pytest.mark.parametrize("name", ["notes.txt", "data/README.md", "deep/er/old.py", "tiny.py"])
def test_solution_line_in_any_text_file_is_found(scan, name):
    (problem,) = scan({name: ANSWER.encode()})
    assert problem.startswith(f'release/tiny/{name}: found a line of the solution of cell "scale"')


def test_model_answer_of_a_question_is_found(scan):
    (problem,) = scan({"notes.txt": b"> Because pictures end at one, and a factor may carry them beyond."})
    assert 'solution of cell "reason"' in problem


@pytest.mark.parametrize(
    "changed", ["   brightened =  torch.as_tensor(images)   * factor", "# " + ANSWER, "x; " + ANSWER]
)
def test_blanks_comment_signs_and_longer_lines_do_not_hide_a_solution(scan, changed):
    assert len(scan({"notes.txt": changed.encode()})) == 1


@pytest.mark.parametrize("source", ["def scale():\n" + ANSWER, ["def scale():\n", ANSWER], [ANSWER[:20], ANSWER[20:]]])
def test_solution_left_in_a_notebook_is_found_with_its_cell(scan, notebook, source):
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "scale")
    cell["source"] = source
    (problem,) = scan({"tiny.ipynb": encode(notebook)})
    assert problem.startswith('release/tiny/tiny.ipynb, cell "scale": found a line of the solution')


def test_json_escapes_do_not_hide_a_solution(scan):
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in ANSWER)
    assert len(scan({"notes.json": f'{{"a": [{{"b": "{escaped}"}}]}}'.encode()})) == 1
    assert len(scan({"notes.json": f'{{"{escaped}": 1}}'.encode()})) == 1


def test_solution_in_metadata_of_a_notebook_is_found(scan, notebook):
    notebook["metadata"]["notes"] = ANSWER
    assert len(scan({"tiny.ipynb": encode(notebook)})) == 1


def test_solution_in_broken_json_is_found(scan):
    assert len(scan({"notes.json": b"{\n" + ANSWER.encode()})) == 1


def test_line_shown_elsewhere_in_the_text_is_no_secret(tiny, edit, scan):
    edit(tiny.text, 'print("shown")', ANSWER.strip())
    assert scan({"notes.txt": ANSWER.encode()}) == []


@pytest.mark.parametrize("name", ["course.py", "course_data.py"])
def test_line_of_a_public_module_is_no_secret(tiny, scan, name):
    (tiny.root / "assignments" / name).write_text(ANSWER.strip() + "\n")
    assert scan({"notes.txt": ANSWER.encode()}) == []


@pytest.mark.parametrize("name", ["course.py", "course_data.py", "submission.py"])
def test_public_modules_may_share_code_with_solutions(tiny, scan, name):
    (tiny.root / "assignments/course_data.py").touch()
    assert scan({name: ANSWER.encode()}) == []


@pytest.mark.parametrize("name", ["course_data.py", "deep/course.py"])
def test_file_that_only_has_the_name_of_a_public_module_is_searched(scan, name):
    assert len(scan({name: ANSWER.encode()})) == 1  # this course has no course_data.py


def test_short_lines_of_a_solution_are_no_secret(tiny, edit, scan):
    edit(tiny.text, "    return brightened", "    x = factor\n    return brightened")
    assert scan({"notes.txt": b"x = factor"}) == []


@pytest.mark.parametrize("marker", ["### BEGIN SOLUTION", "### END SOLUTON", "### BEGIN HIDDEN TESTS"])
@pytest.mark.parametrize("name", ["course.py", "submission.py", "notes.txt"])
def test_marker_is_found_in_every_file(scan, name, marker):
    (problem,) = scan({name: marker.encode()})
    assert f"release/tiny/{name}: found the marker" in problem


@pytest.mark.parametrize("line", ["from autograder.suites.tiny import reference", "see autograder/suites/tiny"])
def test_mention_of_the_suites_is_found(scan, line):
    (problem,) = scan({"submission.py": line.encode()})
    assert "mention of the hidden suites" in problem


def test_outputs_and_counts_are_found(scan, notebook):
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["scale"]["execution_count"] = 3
    cells["imports"]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["hello\n"]}]
    problems = scan({"tiny.ipynb": encode(notebook)})
    assert [problem.split(":")[0] for problem in problems] == [
        'release/tiny/tiny.ipynb, cell "imports"',
        'release/tiny/tiny.ipynb, cell "scale"',
    ]


def test_notebook_that_cannot_be_read_is_no_clean_notebook(scan):
    (problem,) = scan({"tiny.ipynb": b"{"})
    assert "expected a notebook, cannot read it" in problem


def test_pictures_are_passed_over(scan):
    assert scan({"data/faces.png": b"\x89PNG\xff\xfe" + ANSWER.encode()}) == []


REFERENCE_BODY = """
    product = torch.mul(torch.tensor(images, dtype=torch.float32), float(factor))
    return torch.minimum(torch.maximum(product, -torch.ones(())), torch.ones(()))
"""


@pytest.mark.parametrize("sign", ["", "# ", "> "])
def test_body_of_a_reference_is_found_with_its_file(scan, sign):
    (problem,) = scan({"notes.txt": "\n".join(sign + line for line in REFERENCE_BODY.splitlines()).encode()})
    assert "found 2 lines of autograder/suites/tiny/reference.py" in problem


def test_body_of_a_reference_in_a_visible_check_stops_the_build(tiny, edit, scan):
    edit(tiny.text, "assert scale", f"def right(images, factor):{REFERENCE_BODY}\nassert scale")
    with pytest.raises(AuthorError, match=r'cell "scale_check": found 2 lines of .*reference\.py'):
        scan()


def test_hidden_test_in_the_text_is_found(tiny, scan):
    test = 'def test_scale(submission):\n    got = submission.call("scale", [0.5, -3.0], 2.0)\n' + (
        '    expect_close(got, reference.scale([0.5, -3.0], 2.0), mistakes={"Clamp?": [1.0, -6.0]})\n'
    )
    (tiny.suite / "test_scale.py").write_text(test)
    (problem,) = scan({"notes.txt": test.encode()})
    assert "found 2 lines of autograder/suites/tiny/test_scale.py" in problem


def test_single_short_line_may_coincide_with_a_hidden_one(tiny, scan):
    (tiny.suite / "test_scale.py").write_text(
        "def test_scale():\n    images = torch.linspace(-1, 1, 5)\n    f(images)\n"
    )
    assert scan({"notes.txt": b"images = torch.linspace(-1, 1, 5)"}) == []


def test_names_signatures_and_docstrings_of_a_reference_are_public(tiny, scan):
    public = (
        "import torch.nn.functional as functional_form_of_everything_in_the_library\n\n\n"
        "def scale_every_image_of_the_batch(images, factor, *, smallest=-1.0, largest=1.0):\n"
        '    """Multiply images by a factor, all of them, and say so at quite some length in a docstring.\n\n'
        '    Shapes: (n,) -> (n,). There is nothing secret about what a function shall do with its images.\n    """\n'
    )
    (tiny.suite / "reference.py").write_text(public + "    return images\n")
    assert scan({"notes.txt": public.encode()}) == []


def test_code_that_an_exercise_gives_may_stand_in_mutants(tiny, edit, scan):
    given = "".join(f"    part_{n} = torch.full((len(images),), {n}.0, dtype=torch.float32)\n" for n in (1, 2))
    edit(tiny.text, "    ### BEGIN SOLUTION", given + "    ### BEGIN SOLUTION")
    mutant = tiny.suite / "mutants/scale/no_factor.py"
    mutant.parent.mkdir(parents=True)
    mutant.write_text(f"# wrong: no factor; hint: factor\ndef scale(images, factor):\n{given}    return images\n")
    assert scan() == []
