"""Machines that can do more or less: each level either works, or the grader says why not and what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder.errors import GraderError
from autograder.sandbox import isolation
from autograder.sandbox.launch import Sandbox
from tests.sandbox import hosts

needs_root = pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("bwrap"), reason="other machines are made of this one by root and bubblewrap"
)


@needs_root
@pytest.mark.parametrize("level", ["nested", "bubblewrap", "landlock"])
def test_ordinary_user_with_a_readable_python_gets_every_level(level, released):
    assert hosts.run(hosts.ordinary_user(released), level, hosts.OPEN_COURSE, probe=False) == "works"


@needs_root
def test_container_with_the_default_profile_gets_landlock(released):
    assert hosts.run(hosts.docker(released), "landlock", hosts.OPEN_COURSE, probe=False) == "works"


@needs_root
@pytest.mark.parametrize("level", ["nested", "bubblewrap"])
def test_container_with_the_default_profile_is_refused_namespaces(level, released):
    answer = hosts.run(hosts.docker(released), level, hosts.OPEN_COURSE, probe=True)
    assert answer.startswith(f"refused: isolation {level}: ")
    assert "--isolation landlock" in answer


@needs_root
def test_host_without_nested_namespaces_gives_bubblewrap_and_says_so(released):
    host = hosts.without((), hosts.USERS)
    nested = hosts.run(host, "nested", released, probe=True)
    assert nested.startswith("refused: isolation nested: ")
    assert "unshare" in nested
    assert "--isolation bubblewrap" in nested
    assert hosts.run(host, "bubblewrap", released, probe=True) == "works"


@needs_root
def test_root_whose_python_is_closed_to_others_is_told_where_to_install_it(released, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    (closed / "python").mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(sys, "base_prefix", str(closed / "python"))
    with pytest.raises(GraderError, match=r"cannot enter .*; install Python.*--isolation nested"):
        Sandbox("landlock", released)


@pytest.mark.parametrize("level", ["nested", "bubblewrap"])
def test_missing_bubblewrap_is_named_with_how_to_get_it(level, released, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GraderError, match=r"bwrap.*apt install bubblewrap.*--isolation landlock"):
        Sandbox(level, released)


def test_other_system_than_linux_is_refused(released, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(GraderError, match="grading needs Linux"):
        Sandbox("nested", released)


def test_level_that_cannot_be_had_ends_the_command_with_2(tmp_path):
    environment = {**os.environ, "PATH": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        str(hosts.ROOT / "examples/submitted"),
        "--out",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, cwd=hosts.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "apt install bubblewrap" in " ".join((done.stdout + done.stderr).split())


def test_grader_zygote_and_worker_fit_into_a_small_container(start, open_sandbox):
    start("import torch\ndef f(x):\n    return x\n")
    script = "import time, autograder.cli, autograder.batch; print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], cwd=hosts.ROOT, stdout=subprocess.PIPE) as grader:
        grader.stdout.readline()
        sandboxed = psutil.Process(open_sandbox("nested")._process.pid).children(recursive=True)
        taken = sum(process.memory_full_info().pss for process in (*sandboxed, psutil.Process(grader.pid)))
        grader.kill()
    assert taken < 1100 << 20  # 880 MB were measured, two thirds of it torch, once here and once there


def test_each_sandbox_of_root_has_a_user_of_its_own(monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda path: "0 0 4294967295\n")
    users = [isolation._unprivileged_user() for _ in range(3)]
    first = isolation.UNUSED_USERS + os.getpid() * isolation.USERS_PER_GRADER
    assert len(set(users)) == 3
    assert all(first <= user < first + isolation.USERS_PER_GRADER for user in users)
    monkeypatch.setattr(Path, "read_text", lambda path: "0 100000 65536\n")
    assert isolation._unprivileged_user() == isolation.NOBODY
