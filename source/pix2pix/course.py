"""What the notebooks of this course share: profile and device, pictures, progress, visible checks; and data sets.

A notebook starts by `run = course.set_up()`. How much it then trains is decided by the environment variable
GAN_COURSE_PROFILE: smoke (a few steps, to see that everything runs), quick (minutes on two CPU cores), full (the
whole data set, on the GPU if there is one). Data sets are in course_data.py; notebooks ask for them here, too.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from course_data import find_pairs, find_photos, load_batches, load_images, load_pairs, load_photo, load_shoes
from torch import Tensor
from tqdm import tqdm

__all__ = [
    "Check",
    "CheckFailed",
    "Run",
    "check_submission",
    "find_pairs",
    "find_photos",
    "load_batches",
    "load_images",
    "load_pairs",
    "load_photo",
    "load_shoes",
    "plot_losses",
    "run_check",
    "set_up",
    "show_grid",
    "show_progress",
]
PROFILES = ("smoke", "quick", "full")


@dataclass(frozen=True)
class Run:
    """How this run of a notebook is done."""

    profile: str
    device: torch.device

    def choose(self, *, smoke: Any, quick: Any, full: Any) -> Any:
        """The value for this run's profile."""
        return {"smoke": smoke, "quick": quick, "full": full}[self.profile]

    def autocast(self) -> torch.autocast:
        """`with run.autocast():` calls networks in bfloat16 where the hardware computes it, else changes nothing.

        Half the memory and up to twice the speed. What a network returns inside may then be bfloat16: take losses
        inside as well, and `.float()` before NumPy sees a picture. Parameters and gradients stay float32.
        """
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=_computes_bfloat16(self.device))


def set_up(threads: int = 1) -> Run:
    """Choose profile and device, set the number of CPU threads, and print all of it.

    One thread is fastest for small networks: on a busy machine, two that wait for each other can be many times slower.
    Errors: ValueError if GAN_COURSE_PROFILE names no profile.
    """
    has_gpu = torch.cuda.is_available()
    profile = os.environ.get("GAN_COURSE_PROFILE") or ("full" if has_gpu else "quick")
    if profile not in PROFILES:
        raise ValueError(f"GAN_COURSE_PROFILE: expected one of {', '.join(PROFILES)}, got {profile!r}")
    run = Run(profile, torch.device("cuda" if has_gpu and profile == "full" else "cpu"))
    torch.set_num_threads(threads)
    python = ".".join(str(part) for part in sys.version_info[:3])
    print(f"running on {_find_place()}, Python {python}, PyTorch {torch.__version__}")
    print(f"profile {profile} (of {', '.join(PROFILES)}), device {run.device}, CPU threads {threads}")
    return run


def _computes_bfloat16(device: torch.device) -> bool:
    """Whether the hardware has instructions for it; without them PyTorch emulates it, slower than float32."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)  # Ampere, 2020
    try:
        flags = set(Path("/proc/cpuinfo").read_text().split())  # of x86; on ARM the flag is called bf16
    except OSError:  # no Linux
        return False
    return not flags.isdisjoint({"avx512_bf16", "amx_bf16", "bf16"})


def _find_place() -> str:
    if "google.colab" in sys.modules:
        return "Google Colab"
    if "JUPYTERHUB_USER" in os.environ:
        return "JupyterHub"
    return "this computer"


# Pictures and progress


def show_grid(
    images: Tensor, *, columns: int = 10, title: str = "", row_labels: Sequence[str] = (), scale: float = 0.7
) -> None:
    """Show pictures (n, channels, height, width) in [-1, 1] in rows; scale is the width of one in inches."""
    from torchvision.utils import make_grid

    padding, rows = 2, -(-len(images) // columns)
    grid = make_grid(images.detach().cpu(), columns, padding, normalize=True, value_range=(-1, 1), pad_value=1)
    _, axes = plt.subplots(figsize=(scale * columns + 1, scale * rows + 0.5), layout="constrained")
    axes.imshow(grid.permute(1, 2, 0).numpy())  # (channels, height, width) -> (height, width, channels)
    axes.set(title=title, xticks=[], yticks=[])
    axes.set_frame_on(False)
    height = images.shape[2] + padding
    axes.set_yticks([padding + height * (row + 0.5) for row in range(len(row_labels))], row_labels)
    axes.tick_params(length=0)
    plt.show()


def plot_losses(losses: dict[str, list[float]], *, title: str = "") -> None:
    """Draw one curve for each entry, with a running mean over two hundredths of the steps."""
    _, axes = plt.subplots(figsize=(9, 3.6), layout="constrained")
    for name, values in losses.items():
        window = max(1, len(values) // 50)
        means = np.convolve(values, np.ones(window) / window, mode="valid")
        (line,) = axes.plot(np.arange(window, len(values) + 1), means, label=name, linewidth=1.8)
        axes.plot(np.arange(1, len(values) + 1), values, color=line.get_color(), alpha=0.2, linewidth=0.5)
    axes.axhline(np.log(2), color="grey", linestyle=":", label="log 2, a coin toss")
    axes.set(title=title, xlabel="step", ylabel="loss", ylim=(0, None))
    axes.legend()
    plt.show()


def show_progress(total: int, title: str) -> Callable[[int, float, float], None]:
    """A progress bar to be given to train as on_step; total is the number of steps."""
    bar = tqdm(total=total, desc=title, file=sys.stdout, mininterval=1, ncols=100)

    def on_step(step: int, generator_loss: float, discriminator_loss: float) -> None:
        bar.set_postfix_str(f"G {generator_loss:.2f}, D {discriminator_loss:.2f}", refresh=False)
        bar.update()
        if step == total:
            bar.close()

    return on_step


# Visible checks


class CheckFailed(AssertionError):
    """A visible check found something to improve. Notebooks show its message without a traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for this
        return [str(self)]


@dataclass
class Check:
    """Compares what an exercise gives with what is expected, and prints a line for each comparison."""

    failures: int = 0

    def true(self, statement: str, holds: object) -> None:
        self._report(bool(holds), statement, "" if holds else ": expected this to hold, it does not")

    def equal(self, what: str, *, got: object, want: object) -> None:
        same = type(got) is type(want) and got == want
        self._report(same, what, f": {got!r}" if same else f": expected {want!r}, got {got!r}")

    def close(self, what: str, *, got: Any, want: Any, tolerance: float) -> None:
        found = torch.as_tensor(got).detach()
        if found.numel() != 1:
            return self._report(False, what, f": expected one number, got shape {tuple(found.shape)}")
        got, want = float(found), float(want)
        near = abs(got - want) <= tolerance  # false for NaN
        return self._report(
            near, what, f": {got:.6g}" if near else f": expected {want:.6g} ± {tolerance:g}, got {got:.6g}"
        )

    def _report(self, good: bool, what: str, detail: str) -> None:
        self.failures += not good
        print(f"{'ok     ' if good else 'not yet'}  {what}{detail}")


def run_check(body: Callable[[Check], None]) -> Callable[[Check], None]:
    """Run a visible check at once; its function is called check_<exercise> so that its names stay its own.

    Errors: CheckFailed, in one line, if a comparison failed or something is not written yet; other errors as they are.
    """
    exercise, check = body.__name__.removeprefix("check_"), Check()
    try:
        body(check)
    except NotImplementedError as error:
        *_, (frame, _) = walk_tb(error.__traceback__)
        name = frame.f_code.co_qualname
        needed = "" if name == exercise else f" (needed to check {exercise})"
        raise CheckFailed(f"Not written yet: {name}{needed}. Fill in its cell, run it, come back.") from None
    if check.failures:
        raise CheckFailed(f"{exercise}: {check.failures} of the lines above say 'not yet'.")
    print(f"{exercise}: all of this is as expected.")
    return body


# Handing in


def check_submission(notebook: str) -> None:
    """Read the saved notebook as the grader will read it; print what is done, what is not, and what to hand in.

    Needs submission.py (the grader's reader) and master.json beside the notebook; says so where they are missing.
    """
    path = Path(notebook)
    missing = [name for name in (notebook, "submission.py", "master.json") if not (path.parent / name).is_file()]
    if missing:
        print(f"No check possible: {' and '.join(missing)} not found beside this notebook. Hand it in as it is.")
        return
    import submission  # beside the notebook; part of the released folder only

    master = submission.read_master(json.loads((path.parent / "master.json").read_text()))
    print(f"{path.name} as saved on {time.strftime('%d %B, %H:%M:%S', time.localtime(path.stat().st_mtime))}")
    try:
        handed_in = submission.read_submission(path.read_bytes(), master)
    except ValueError as error:
        print(f"The grader could not read it: {error}")
        return
    for exercise in master.exercises:
        print(f"{'untouched' if exercise in handed_in.missing else 'done     '}  {exercise}")
    for question in master.questions:
        answer = handed_in.answers.get(question, "").replace("YOUR ANSWER HERE", "")
        print(f"{'answered ' if answer.strip() else 'untouched'}  {question}")
    for repair in handed_in.repairs:
        print(f"repaired: {repair}")
    print(f"If you changed something since then, save and run this cell again. Then hand in {path.name}.")
