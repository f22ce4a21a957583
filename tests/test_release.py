"""Source → release, and the folders: nothing secret goes out, nothing is written by halves."""

import json
import shutil
import tomllib

import nbformat
import pytest

from autograder import release
from autograder.author import build_source, source_files
from autograder.course import load_course
from autograder.errors import AuthorError
from autograder.leaks import read_folder
from autograder.release import build, build_release, check, release_files

RELEASE = {
    "tiny.ipynb",
    "course.py",
    "data/points.csv",
    "master.json",
    "requirements.txt",
    "submission.py",
}


@pytest.fixture
def course(tiny):
    return load_course(tiny.root)


def everything(course):
    return {stage: read_folder(course.root / stage) for stage in ("source", "release")}


def test_solutions_become_stubs_and_the_rest_of_the_cell_stays(tiny):
    cells = {cell.id: cell.source for cell in build_release(tiny, build_source(tiny)).cells}
    assert cells["scale"] == (
        'def scale(images, factor):\n    """Multiply images by a factor.\n\n    Shapes: (n,) -> (n,).\n    """\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert cells["reason"] == "Why clamp?\n\nYOUR ANSWER HERE"


def test_release_leaves_the_source_notebook_as_it_is(tiny):
    source = build_source(tiny)
    build_release(tiny, source)
    assert source == build_source(tiny)


def test_cells_of_nbgrader_get_checksums_and_cannot_be_deleted(tiny):
    for cell in build_release(tiny, build_source(tiny)).cells:
        graded = "nbgrader" in cell.metadata
        assert cell.metadata.get("deletable", True) is not graded
        assert not graded or len(cell.metadata.nbgrader.checksum) == 32


def test_check_and_setup_cannot_be_edited_but_exercises_can(tiny):
    cells = {cell.id: cell.metadata for cell in build_release(tiny, build_source(tiny)).cells}
    assert [cells[name].get("editable", True) for name in ("imports", "scale_check", "scale")] == [False, False, True]


def test_entry_point_inside_the_solution_is_refused(tiny, edit):
    edit(tiny.text, "def scale(images, factor):", "### BEGIN SOLUTION\ndef scale(images, factor):")
    edit(tiny.text, "    ### BEGIN SOLUTION\n", "")
    edit(tiny.text, "    ### END SOLUTION", "### END SOLUTION")
    with pytest.raises(AuthorError, match=r'tiny\.py, cell "scale".*expected it to define \'scale\''):
        release_files(tiny, source_files(tiny))


def test_cell_that_is_no_python_without_its_solution_is_refused(tiny, edit):
    edit(tiny.text, "    ### BEGIN SOLUTION", "    if factor:\n    ### BEGIN SOLUTION")
    edit(tiny.text, "    brightened", "        brightened")
    with pytest.raises(AuthorError, match=r'cell "scale", its solution cut out: expected Python'):
        release_files(tiny, source_files(tiny))


def test_release_folder_holds_what_a_student_needs(tiny):
    files = release_files(tiny, source_files(tiny))
    assert set(files) == RELEASE
    assert files["submission.py"] == (tiny.root / "autograder/submission.py").read_bytes()
    assert files["course.py"] == (tiny.root / "assignments/course.py").read_bytes()


def test_release_folder_holds_every_module_of_the_assignments(tiny):
    (tiny.root / "assignments/course_data.py").write_text('"""Data sets."""\n')
    files = release_files(tiny, source_files(tiny))
    assert set(files) == RELEASE | {"course_data.py"}
    assert files["course_data.py"] == b'"""Data sets."""\n'


def test_requirements_have_the_versions_of_the_project(tiny):
    lines = release_files(tiny, source_files(tiny))["requirements.txt"].decode().splitlines()
    assert {"NumPy>=1.26", "ipywidgets>=8.1"} <= set(lines)
    assert "matplotlib" in lines  # not in this project: any version
    assert not [line for line in lines if line.startswith(("torch", "jupyterlab"))]  # Colab has its own


def test_master_is_the_release_notebook_without_what_the_reader_ignores(tiny):
    files = release_files(tiny, source_files(tiny))
    master = json.loads(files["master.json"])
    notebook = nbformat.reads(files["tiny.ipynb"].decode(), as_version=4)
    assert master["metadata"] == {"autograder": notebook.metadata.autograder}
    assert [set(cell) for cell in master["cells"]] == [{"id", "cell_type", "source", "metadata"}] * len(notebook.cells)
    assert [(cell["id"], cell["source"]) for cell in master["cells"]] == [(c.id, c.source) for c in notebook.cells]
    assert all(set(cell["metadata"]) <= {"nbgrader", "autograder"} for cell in master["cells"])


def test_build_writes_both_stages_and_a_second_build_the_same_bytes(tiny, course):
    assert build(course, []) == [tiny.source, tiny.release]
    first = everything(course)
    assert set(first["release"]) == {f"tiny/{name}" for name in RELEASE}
    assert set(first["source"]) == {"tiny/tiny.ipynb", "tiny/course.py", "tiny/data/points.csv"}
    build(course, ["tiny"])
    assert everything(course) == first


def test_build_leaves_only_the_two_stages_with_plain_permissions(tiny, course):
    build(course, [])
    assert [path.name for path in tiny.release.parent.iterdir()] == ["tiny"]
    assert tiny.release.stat().st_mode & 0o777 == tiny.text.parent.stat().st_mode & 0o777


def test_build_removes_stale_files(tiny, course):
    build(course, [])
    (tiny.release / "data/old.csv").write_text("old")
    build(course, [])
    assert not (tiny.release / "data/old.csv").exists()


def test_build_that_fails_in_one_assignment_writes_none(tiny, course):
    build(course, [])
    before = everything(course)
    broken = course.root / "assignments/zero"
    shutil.copytree(tiny.text.parent, broken)
    (broken / "tiny.py").rename(broken / "zero.py")
    (broken / "zero.py").write_text((broken / "zero.py").read_text().replace("BEGIN SOLUTION", "BEGIN SOLUTON"))
    tiny.text.write_text(tiny.text.read_text().replace("Tiny", "Changed"))
    with pytest.raises(AuthorError, match="zero"):
        build(load_course(course.root), [])
    assert everything(course) == before


def test_build_that_cannot_write_leaves_the_old_folder(tiny, course, monkeypatch, edit):
    build(course, [])
    before = everything(course)
    edit(tiny.text, "# # Tiny", "# # Changed")

    def fail(path, content):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.write_bytes", fail)
    with pytest.raises(OSError, match="disk full"):
        build(course, [])
    assert everything(course) == before


def test_swap_that_fails_puts_the_old_folder_back(tiny, course, monkeypatch, edit):
    build(course, [])
    before = everything(course)
    edit(tiny.text, "# # Tiny", "# # Changed")
    rename = release.Path.rename

    def fail_once(path, target):
        if path.name == "new":
            raise OSError("no rename")
        return rename(path, target)

    monkeypatch.setattr("pathlib.Path.rename", fail_once)
    with pytest.raises(OSError, match="no rename"):
        build(course, [])
    assert everything(course) == before


def test_check_after_build_finds_nothing(course):
    build(course, [])
    assert check(course, []) == []


def test_check_ignores_caches_of_a_release_that_was_looked_at(tiny, course):
    build(course, [])
    (tiny.release / "__pycache__").mkdir()
    (tiny.release / "__pycache__/course.cpython-311.pyc").write_bytes(b"\xff\x00")
    assert check(course, []) == []


def test_check_names_stale_missing_and_extra_files_and_what_to_do(tiny, course, edit):
    build(course, [])
    edit(course.root / "assignments/course.py", "Pictures", "Plots")
    (tiny.source / "data/points.csv").unlink()
    (tiny.release / "notes.txt").write_text("nothing of interest")
    assert check(course, ["tiny"]) == [
        "source/tiny/course.py: not what assignments/ gives; run `autograder build tiny`",
        "source/tiny/data/points.csv: missing; run `autograder build tiny`",
        "release/tiny/course.py: not what assignments/ gives; run `autograder build tiny`",
        "release/tiny/notes.txt: not part of the build; delete it, or run `autograder build tiny`",
    ]


def test_check_before_any_build_names_every_file(course):
    assert len(check(course, [])) == len(RELEASE) + 3


def test_check_writes_nothing(course):
    check(course, [])
    assert everything(course) == {"source": {}, "release": {}}


def test_check_names_folders_without_assignment(tiny, course):
    build(course, [])
    (tiny.release.parent / "gone").mkdir()
    assert check(course, []) == ["release/gone: no assignment of that name in assignments/; delete the folder"]


def test_check_lists_all_marker_problems(tiny, course, edit):
    edit(tiny.text, "BEGIN SOLUTION", "BEGIN SOLUTON")
    problems = check(course, [])
    assert len([problem for problem in problems if "did you mean" in problem]) == 2


def test_check_reports_a_text_that_cannot_be_built_and_goes_on(tiny, course, edit):
    edit(tiny.text, 'check="scale"', 'chek="scale"')
    (problem,) = check(course, [])
    assert "unknown header key 'chek'" in problem


def test_check_finds_a_leak_in_the_release_as_it_lies_there(tiny, course):
    build(course, [])
    shutil.copy(tiny.source / "tiny.ipynb", tiny.release / "tiny.ipynb")
    problems = check(course, [])
    assert any('found a line of the solution of cell "scale"' in problem for problem in problems)


def test_student_packages_are_those_the_real_project_knows():
    project = tomllib.loads((release.Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    named = " ".join([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    assert all(package in named for package in release.STUDENT_PACKAGES)
