"""The modules beside a notebook: compiled once, run by each worker, and replaced where a student replaces them."""

import os
import sys

import pytest

from autograder.sandbox.worker import released as modules


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with links to a released module, as a worker sees it; imports find it while the test runs."""
    (tmp_path / "released").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "released/lesson.py").write_text("RUNS = [1]\n")
    (tmp_path / "work/lesson.py").symlink_to(tmp_path / "released/lesson.py")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(modules, "_compiled", {})
    monkeypatch.setattr(modules, "_folders", set())
    yield tmp_path
    sys.modules.pop("lesson", None)
    sys.path_importer_cache.pop(str(tmp_path / "work"), None)


def test_worker_imports_the_released_module(submit):
    submission = submit("import course\ndef f(x):\n    return x + course.ANSWER\n")
    assert submission.call("f", 1).integer() == 43


def test_module_that_a_student_puts_in_its_place_counts_in_their_process_only(submit):
    other = "import os\nos.remove('course.py')\nopen('course.py', 'w').write('ANSWER = 7')\n"
    uses = "import course\ndef f(x):\n    return x + course.ANSWER\n"
    assert submit(other, uses).call("f", 1).integer() == 8
    assert submit(uses).call("f", 1).integer() == 43


def test_module_is_compiled_once_and_what_was_compiled_is_run(folder):
    modules.compile_modules(folder / "released")
    compiled = modules._compiled[os.path.realpath(folder / "released/lesson.py")]
    (folder / "released/lesson.py").write_text("RUNS = [2]\n")
    modules.compile_modules(folder / "released")
    modules.import_from(folder / "work")
    import lesson

    assert lesson.RUNS == [1]
    assert lesson.__loader__.get_code("lesson") is compiled


def test_module_that_cannot_be_compiled_is_left_to_the_worker(folder):
    (folder / "released/lesson.py").write_text("def\n")
    modules.compile_modules(folder / "released")
    modules.import_from(folder / "work")
    with pytest.raises(SyntaxError):
        import lesson  # noqa: F401  # its error is the point
