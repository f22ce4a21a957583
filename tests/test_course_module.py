"""Tests of assignments/course.py, the module that the notebooks import; its data sets are in test_course_data.py."""

import json
import math
import shutil
import sys
from pathlib import Path
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

ROOT = Path(__file__).parent.parent
ASSIGNMENTS = ROOT / "assignments"
sys.path.append(str(ASSIGNMENTS))  # as notebooks, the modules import each other from the folder they are in

import course  # noqa: E402
import course_data  # noqa: E402

QUICK = course.Run("quick", torch.device("cpu"))


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """No profile or figure is left over from one test to the next; pictures are not shown."""
    threads = torch.get_num_threads()
    monkeypatch.delenv("GAN_COURSE_PROFILE", raising=False)
    monkeypatch.setattr(plt, "show", lambda: None)
    plt.switch_backend("agg")
    yield
    plt.close("all")
    torch.set_num_threads(threads)


# Profile and device


def test_set_up_takes_the_profile_from_the_environment_and_says_so(monkeypatch, capsys):
    monkeypatch.setenv("GAN_COURSE_PROFILE", "smoke")
    run = course.set_up()
    assert run == course.Run("smoke", torch.device("cpu"))
    assert torch.get_num_threads() == 1
    printed = capsys.readouterr().out
    assert "profile smoke" in printed
    assert "device cpu" in printed


@pytest.mark.parametrize(("has_gpu", "profile", "device"), [(False, "quick", "cpu"), (True, "full", "cuda")])
def test_set_up_without_a_wish_uses_the_gpu_for_full_and_is_quick_without(monkeypatch, has_gpu, profile, device):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_gpu)
    assert course.set_up() == course.Run(profile, torch.device(device))


def test_set_up_trains_quick_on_the_cpu_even_with_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("GAN_COURSE_PROFILE", "quick")
    assert course.set_up().device.type == "cpu"


def test_set_up_refuses_an_unknown_profile_and_lists_the_known(monkeypatch):
    monkeypatch.setenv("GAN_COURSE_PROFILE", "fast")
    with pytest.raises(ValueError, match="GAN_COURSE_PROFILE: expected one of smoke, quick, full, got 'fast'"):
        course.set_up()


@pytest.mark.parametrize(
    ("variable", "module", "place"),
    [("JUPYTERHUB_USER", "", "JupyterHub"), ("", "google.colab", "Google Colab"), ("", "", "this computer")],
)
def test_set_up_says_where_it_runs(monkeypatch, capsys, variable, module, place):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    if variable:
        monkeypatch.setenv(variable, "ada")
    if module:
        monkeypatch.setitem(sys.modules, module, ModuleType(module))
    course.set_up()
    assert f"running on {place}," in capsys.readouterr().out


def test_choose_gives_the_value_of_the_profile():
    assert [course.Run(p, torch.device("cpu")).choose(smoke=1, quick=2, full=3) for p in course.PROFILES] == [1, 2, 3]


def test_autocast_computes_in_bfloat16_where_the_hardware_does(monkeypatch):
    monkeypatch.setattr(course, "_computes_bfloat16", lambda device: True)
    weight = torch.ones(2, 2, requires_grad=True)
    with QUICK.autocast():
        product = weight @ weight
    assert product.dtype == torch.bfloat16
    product.sum().backward()
    assert weight.grad.dtype == torch.float32


def test_autocast_changes_nothing_elsewhere(monkeypatch):
    monkeypatch.setattr(course, "_computes_bfloat16", lambda device: False)
    with QUICK.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


@pytest.mark.parametrize(
    ("processor", "native"),
    [
        ("flags\t\t: fpu avx512f avx512_bf16 clflush\n", True),
        ("Features\t: fp asimd i8mm bf16\n", True),
        ("flags\t\t: fpu avx2 avx512f\nmodel name\t: not avx512_bf16s\n", False),
        (None, False),  # no Linux
    ],
)
def test_autocast_asks_the_processor(monkeypatch, processor, native):
    def read_text(path):
        assert str(path) == "/proc/cpuinfo"
        if processor is None:
            raise FileNotFoundError(path)
        return processor

    monkeypatch.setattr(course.Path, "read_text", read_text)
    assert course._computes_bfloat16(torch.device("cpu")) is native


@pytest.mark.parametrize(("capability", "native"), [((7, 5), False), ((8, 0), True)])
def test_autocast_asks_the_gpu(monkeypatch, capability, native):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    assert course._computes_bfloat16(torch.device("cuda")) is native


def test_notebooks_find_the_data_sets_in_course():
    data_sets = (
        "find_pairs",
        "find_photos",
        "load_batches",
        "load_images",
        "load_pairs",
        "load_photo",
        "load_shoes",
    )
    assert all(getattr(course, name) is getattr(course_data, name) for name in data_sets)


# Pictures and progress


def test_show_grid_shows_black_and_white_in_rows_with_labels():
    images = torch.cat([torch.full((3, 1, 28, 28), -1.0), torch.full((3, 1, 28, 28), 1.0)]).requires_grad_()
    course.show_grid(images, columns=3, row_labels=["black", "white"])
    axes = plt.gca()
    shown = axes.images[0].get_array()
    assert shown.shape == (2 * 30 + 2, 3 * 30 + 2, 3)
    ticks = dict(zip([label.get_text() for label in axes.get_yticklabels()], axes.get_yticks(), strict=True))
    assert shown[round(ticks["black"]), 15].tolist() == [0, 0, 0]
    assert shown[round(ticks["white"]), 15].tolist() == [1, 1, 1]


@pytest.mark.parametrize("steps", [1, 30, 500])
def test_plot_losses_draws_a_mean_and_all_batches_for_each_network(steps):
    course.plot_losses({"generator": [1.0] * steps, "discriminator": [0.5] * steps})
    labels = [text.get_text() for text in plt.gca().get_legend().get_texts()]
    assert labels == ["generator", "discriminator", "log 2, a coin toss"]
    mean = plt.gca().lines[0]
    assert mean.get_ydata() == pytest.approx(np.ones(len(mean.get_ydata())))
    assert mean.get_xdata()[-1] == steps


def test_show_progress_counts_to_the_end_and_shows_the_losses(capsys):
    on_step = course.show_progress(3, "training")
    for step in (1, 2, 3):
        on_step(step, 0.7, 1.25)
    last = capsys.readouterr().out.split("\r")[-1]
    assert "3/3" in last
    assert "G 0.70, D 1.25" in last


# Visible checks


def test_run_check_prints_a_line_for_each_comparison(capsys):
    @course.run_check
    def check_noise(check):
        check.equal("shape", got=(2, 3), want=(2, 3))
        check.close("mean", got=torch.tensor(0.001, requires_grad=True), want=0.0, tolerance=0.01)
        check.true("the same", True)

    assert capsys.readouterr().out.splitlines() == [
        "ok       shape: (2, 3)",
        "ok       mean: 0.001",
        "ok       the same",
        "noise: all of this is as expected.",
    ]


def test_run_check_shows_expected_and_got_and_counts_the_failures(capsys):
    def check_noise(check):
        check.equal("shape", got=(2, 4), want=(2, 3))
        check.close("mean", got=0.5, want=0.0, tolerance=0.01)
        check.true("the same", False)
        check.true("fine", True)

    with pytest.raises(course.CheckFailed, match="noise: 3 of the lines above"):
        course.run_check(check_noise)
    printed = capsys.readouterr().out
    assert "not yet  shape: expected (2, 3), got (2, 4)" in printed
    assert "not yet  mean: expected 0 ± 0.01, got 0.5" in printed
    assert "ok       fine" in printed


@pytest.mark.parametrize("wrong", [math.nan, math.inf, torch.zeros(2)])
def test_nan_infinity_and_several_numbers_are_not_close(wrong):
    with pytest.raises(course.CheckFailed):
        course.run_check(lambda check: check.close("loss", got=wrong, want=0.0, tolerance=1.0))


def test_a_flag_is_not_taken_for_a_number():
    with pytest.raises(course.CheckFailed):
        course.run_check(lambda check: check.equal("count", got=True, want=1))


def test_an_untouched_exercise_is_named_without_a_traceback():
    class Generator:
        def __init__(self):
            raise NotImplementedError

    with pytest.raises(course.CheckFailed) as failure:
        course.run_check(lambda check: Generator())
    (line,) = failure.value._render_traceback_()
    assert line.startswith("Not written yet: ")
    assert "Generator.__init__" in line


def test_other_errors_of_a_check_reach_the_student_as_they_are():
    with pytest.raises(ZeroDivisionError):
        course.run_check(lambda check: 1 / 0)


# Handing in

MASTER = json.loads((Path(__file__).parent / "course_module" / "master.json").read_text())
EXERCISE, QUESTION = (cell["source"] for cell in MASTER["cells"])


def hand_in(folder: Path, *, code: str = EXERCISE, answer: str = QUESTION) -> None:
    """Put a notebook of one exercise and one question into a folder, with what a release ships beside it."""
    notebook = json.loads(json.dumps(MASTER)) | {"nbformat": 4, "nbformat_minor": 5}
    for cell, source in zip(notebook["cells"], (code, answer), strict=True):
        cell["source"] = source
    notebook["cells"][0] |= {"outputs": [], "execution_count": None}
    (folder / "small.ipynb").write_text(json.dumps(notebook))
    (folder / "master.json").write_text(json.dumps(MASTER))
    shutil.copy(ROOT / "autograder" / "submission.py", folder)


@pytest.fixture
def student_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "submission", raising=False)
    yield tmp_path
    sys.modules.pop("submission", None)


def test_check_submission_says_what_is_untouched(student_folder, capsys):
    hand_in(student_folder)
    course.check_submission("small.ipynb")
    printed = capsys.readouterr().out
    assert "untouched  answer" in printed
    assert "untouched  why" in printed
    assert "hand in small.ipynb" in printed


def test_check_submission_says_what_is_done(student_folder, capsys):
    hand_in(student_folder, code="def answer():\n    return 42", answer="Why?\n\nBecause.")
    course.check_submission("small.ipynb")
    printed = capsys.readouterr().out
    assert "done       answer" in printed
    assert "answered   why" in printed


def test_check_submission_reports_repairs(student_folder, capsys):
    hand_in(student_folder, code="def answer():\n    return 42")
    notebook = json.loads((student_folder / "small.ipynb").read_text())
    notebook["cells"][0]["metadata"] = {}
    notebook["cells"][0]["id"] = "other"
    (student_folder / "small.ipynb").write_text(json.dumps(notebook))
    course.check_submission("small.ipynb")
    printed = capsys.readouterr().out
    assert "done       answer" in printed
    assert "repaired: " in printed


def test_check_submission_passes_on_why_a_file_cannot_be_read(student_folder, capsys):
    hand_in(student_folder)
    (student_folder / "small.ipynb").write_text("")
    course.check_submission("small.ipynb")
    assert "The grader could not read it: " in capsys.readouterr().out


def test_check_submission_without_the_release_says_so_in_one_line(student_folder, capsys):
    course.check_submission("small.ipynb")
    (line,) = capsys.readouterr().out.splitlines()
    assert "small.ipynb and submission.py and master.json not found" in line
