"""docs/test-api.md names everything that an author of hidden tests can use."""

import inspect
import re
from pathlib import Path

import pytest

from autograder import compare
from autograder.sandbox.proxy import Answer, RemoteModule, RemoteObject, Submission
from autograder.sandbox.worker import protocol
from autograder.sandbox.worker.probes import PROBES

TEXT = (Path(__file__).parents[3] / "docs/test-api.md").read_text()
WORDS = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", TEXT))))  # within code spans only


@pytest.mark.parametrize("kind", [Submission, Answer, RemoteObject, RemoteModule])
def test_every_public_method_is_documented(kind):
    assert [name for name in vars(kind) if not name.startswith("_") and name not in WORDS] == []


def test_every_probe_and_request_is_documented():
    requests = [member.__name__ for member in protocol.Request.__args__]
    assert [name for name in (*PROBES, *requests) if name not in WORDS] == []


def test_every_comparison_is_documented():
    public = [
        name
        for name, function in inspect.getmembers(compare, inspect.isfunction)
        if function.__module__ == compare.__name__ and not name.startswith("_")
    ]
    assert [name for name in public if name not in WORDS] == []
