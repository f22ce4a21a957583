"""Tests of assignments/course.py, the module that the notebooks import, and of the data shipped with it."""

import gzip
import hashlib
import importlib.util
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
import torchvision
from PIL import Image

ROOT = Path(__file__).parent.parent
ASSIGNMENTS = ROOT / "assignments"


def load_module(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


course = load_module(ASSIGNMENTS / "course.py", "course_module_of_the_notebooks")
make_samples = load_module(ASSIGNMENTS / "data" / "make_samples.py", "make_samples_of_the_course")
QUICK = course.Run("quick", torch.device("cpu"))
FULL = course.Run("full", torch.device("cpu"))


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """No profile, data folder or figure is left over from one test to the next; pictures are not shown."""
    threads = torch.get_num_threads()
    monkeypatch.delenv("GAN_COURSE_PROFILE", raising=False)
    monkeypatch.delenv("GAN_COURSE_DATA", raising=False)
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


# Data sets


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_shipped_pictures_are_balanced_and_in_the_range_of_tanh(name):
    images, labels = course.load_images(name, QUICK)
    assert images.shape == (2000, 1, 28, 28)
    assert images.dtype == torch.float32
    assert (images.min(), images.max()) == (-1, 1)
    assert labels.dtype == torch.int64
    assert labels.bincount().tolist() == [200] * 10


def test_shipped_digits_belong_to_their_labels():
    images, labels = course.load_images("digits", QUICK)
    means = torch.stack([images[labels == digit].mean(0) for digit in range(10)])  # (10, 1, 28, 28)
    nearest = torch.cdist(images.flatten(1), means.flatten(1)).argmin(1)  # (2000,)
    assert (nearest == labels).float().mean() > 0.75  # a nearest-mean classifier reaches 0.82 on digits, chance 0.1


def test_read_sprite_reads_row_by_row(tmp_path):
    tiles = np.arange(6, dtype=np.uint8).reshape(2, 3)
    Image.fromarray(np.kron(tiles, np.ones((28, 28), np.uint8))).save(tmp_path / "six.png")
    pictures = course.read_sprite(tmp_path / "six.png")
    assert pictures.shape == (6, 28, 28)
    assert (
        [int(picture.max()) for picture in pictures] == [int(picture.min()) for picture in pictures] == list(range(6))
    )


def test_checksums_beside_the_data_are_those_of_the_files():
    for line in (ASSIGNMENTS / "data" / "SHA256SUMS").read_text().splitlines():
        checksum, name = line.split()
        assert hashlib.sha256((ASSIGNMENTS / "data" / name).read_bytes()).hexdigest() == checksum


def test_a_damaged_picture_file_is_refused_by_name(tmp_path, monkeypatch):
    for name in ("digits.png", "digits_labels.txt", "SHA256SUMS"):
        shutil.copy(ASSIGNMENTS / "data" / name, tmp_path)
    (tmp_path / "digits.png").write_bytes((tmp_path / "digits.png").read_bytes()[:-1] + b"?")
    monkeypatch.setattr(course, "DATA", tmp_path)
    with pytest.raises(ValueError, match=r"digits\.png: damaged.*copy it again"):
        course.load_images("digits", QUICK)


def test_a_missing_picture_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"fashion\.png: not there; copy the folder data"):
        course.load_images("fashion", QUICK)


def test_an_unknown_data_set_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="expected one of digits, fashion, got 'cats'"):
        course.load_images("cats", QUICK)


@pytest.mark.parametrize("packed", [True, False])
def test_full_data_is_read_from_the_folder_where_it_is(tmp_path, monkeypatch, capsys, packed):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    contents = {
        "train-images-idx3-ubyte": bytes(16) + bytes([0] * 784 + [255] * 784),
        "train-labels-idx1-ubyte": bytes(8) + bytes([3, 8]),
    }
    for name, content in contents.items():
        (raw / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(content) if packed else content)
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path))
    images, labels = course.load_images("digits", FULL)
    assert images.shape == (2, 1, 28, 28)
    assert images.mean((1, 2, 3)).tolist() == [-1, 1]
    assert labels.tolist() == [3, 8]
    assert "digits: 2 pictures" in capsys.readouterr().out


def test_without_network_full_falls_back_to_the_shipped_pictures_in_one_line(tmp_path, monkeypatch, capsys):
    def refuse(root, download):
        raise RuntimeError("Error downloading images:\nTried one mirror\nTried another")

    monkeypatch.setattr(torchvision.datasets, "MNIST", refuse)
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path))
    images, _ = course.load_images("digits", FULL)
    assert len(images) == 2000
    first, second = capsys.readouterr().out.splitlines()
    assert "no download (Error downloading images); using the pictures shipped instead" in first
    assert "2,000 pictures" in second


def test_a_download_that_was_interrupted_is_named(tmp_path, monkeypatch):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    whole = gzip.compress(np.random.default_rng(0).bytes(16 + 784))
    (raw / "train-images-idx3-ubyte.gz").write_bytes(whole[: len(whole) // 2])
    (raw / "train-labels-idx1-ubyte").write_bytes(bytes(9))
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte\.gz: damaged; delete it"):
        course.load_images("digits", FULL)


def test_quick_never_looks_for_full_data(monkeypatch):
    def refuse(name):
        raise AssertionError("looked for full data")

    monkeypatch.setattr(course, "_find_full_data", refuse)
    assert len(course.load_images("digits", QUICK)[0]) == 2000


def test_batches_hold_every_picture_once_and_the_last_may_be_smaller():
    images, labels = torch.arange(10.0).reshape(10, 1, 1, 1), torch.arange(10)
    loader = course.load_batches(images, labels, batch_size=4, rng=torch.Generator().manual_seed(0))
    batches = list(loader)
    assert [len(batch) for batch, _ in batches] == [4, 4, 2]
    assert len(loader) == 3
    assert torch.cat([classes for _, classes in batches]).sort().values.tolist() == list(range(10))
    assert all(torch.equal(batch.flatten().long(), classes) for batch, classes in batches)


def test_batches_are_shuffled_anew_and_the_same_for_the_same_seed():
    def order_of_two_epochs(seed):
        data = torch.arange(64.0).reshape(64, 1, 1, 1), torch.arange(64)
        loader = course.load_batches(*data, batch_size=16, rng=torch.Generator().manual_seed(seed))
        return [torch.cat([classes for _, classes in loader]).tolist() for _ in range(2)]

    first, second = order_of_two_epochs(1)
    assert first != second
    assert [first, second] == order_of_two_epochs(1)
    assert first != order_of_two_epochs(2)[0]


def test_samples_deal_the_classes_out_in_turn():
    classes = [np.full((201, 28, 28), label, np.uint8) for label in range(10)]
    sprite, labels = make_samples.make_sample(classes)
    assert sprite.shape == (40 * 28, 50 * 28)
    assert sprite[::28, ::28].ravel().tolist() == [int(digit) for digit in labels.replace("\n", "")]
    assert labels.startswith("0123456789")


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
