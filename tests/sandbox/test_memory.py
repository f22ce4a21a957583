"""What a container may use: read from its control groups, refused where grading does not fit."""

from pathlib import Path

import pytest
import torch

from autograder.errors import GraderError
from autograder.sandbox import memory


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_lowest_limit_of_nested_groups_counts(tmp_path):
    write(tmp_path / "self", "0::/docker/box\n")
    write(tmp_path / "fs/docker/memory.max", f"{768 << 20}\n")
    write(tmp_path / "fs/docker/box/memory.max", "max\n")
    assert memory.given_megabytes(tmp_path / "fs", tmp_path / "self") == 768


def test_first_version_of_control_groups_is_read_too(tmp_path):
    write(tmp_path / "self", "7:cpu:/box\n4:memory:/box\n")
    write(tmp_path / "fs/memory/box/memory.limit_in_bytes", f"{512 << 20}\n")
    assert memory.given_megabytes(tmp_path / "fs", tmp_path / "self") == 512


def test_machine_without_limits_gives_what_it_has(tmp_path):
    assert memory.given_megabytes(tmp_path, tmp_path / "nothing") > 768


def test_container_that_is_too_small_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(memory, "given_megabytes", lambda: 768)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    with pytest.raises(GraderError, match=r"900 MB, this machine or container gives 768 MB; install torch's CPU build"):
        memory.check_memory()


def test_cpu_build_of_torch_is_not_refused(monkeypatch):
    monkeypatch.setattr(memory, "given_megabytes", lambda: 768)
    monkeypatch.setattr(torch.version, "cuda", None)
    memory.check_memory()
