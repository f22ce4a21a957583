"""The repository's own rules: sizes, names, commands, packages, and that the documents tell the truth about them."""

import re
import stat
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest
import typer.main
from packaging.specifiers import SpecifierSet

from autograder.cli import app
from autograder.course import find_root

ROOT = find_root(Path(__file__).parent)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DOCUMENTS = (
    *("README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "assignments/README.md", "examples/README.md"),
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
COMMANDS = typer.main.get_command(app).commands
AT_THE_ROOT = {
    "README.md",
    "SECURITY.md",
    "LICENSE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "pyproject.toml",
    "environment.yml",
}
LONGEST = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
# What is imported under another name than it is installed by.
IMPORTED_AS = {"pillow": "PIL", "ipython": "IPython"}


def code_files() -> list[Path]:
    files = [
        path for folder in ("autograder", "tests", "examples", "benchmarks") for path in (ROOT / folder).rglob("*.py")
    ]
    return [path for path in files if "__pycache__" not in path.parts]


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def package(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def code_in(document: str) -> list[str]:
    """What stands as code in a document: in line, or line by line in a block."""
    text = (ROOT / document).read_text()
    blocks = re.findall(r"(?ms)^ *```\w*\n(.*?)^ *```", text)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^ *```.*?^ *```", "", text))


def test_no_module_of_the_package_is_too_long():
    long = {
        names(path): n
        for path in (ROOT / "autograder").rglob("*.py")
        if (n := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def test_no_file_was_left_behind_at_the_root():
    assert {path.name for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")} == AT_THE_ROOT


def test_no_file_has_a_name_that_says_nothing():
    assert [names(path) for path in code_files() if path.stem in EMPTY_NAMES] == []


def test_only_suites_and_their_probes_know_the_subject():
    subject = re.compile(r"discriminator|noise_dim|\bcritic\b", re.IGNORECASE)
    files = [path for path in (ROOT / "autograder").rglob("*.py") if "suites" not in path.parts]
    assert [names(path) for path in files if subject.search(path.read_text())] == [
        "autograder/sandbox/worker/probes.py"
    ]


def test_what_is_mounted_into_the_sandbox_needs_nothing_else_of_ours():
    files = (ROOT / "autograder" / "sandbox" / "worker").glob("*.py")
    foreign = re.compile(r"(?m)^\s*(?:from|import) (?:autograder|\.\.)")
    assert [names(path) for path in files if foreign.search(path.read_text())] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_in_a_document_exists(document):
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    used = {match[1] for code in code_in(document) if (match := re.match(r"make ([a-z]+)", code))}
    assert used <= targets


def test_every_make_target_explains_itself():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"(?m)^\.PHONY: (.+)$", makefile)[1].split())
    assert phony == set(re.findall(r"(?m)^([a-z]+):.*## \S", makefile))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_option_in_a_document_exists(document):
    for code in code_in(document):
        match = re.match(r"(?:\.venv/bin/)?autograder ([a-z_]+)(.*)", code)
        if match:
            assert match[1] in COMMANDS, code
            options = {
                option
                for parameter in COMMANDS[match[1]].params
                for option in (*parameter.opts, *parameter.secondary_opts)
            }
            assert set(re.findall(r"--[a-z-]+", match[2])) <= options | {"--help"}, code


def test_every_command_is_documented():
    shown = [code for document in DOCUMENTS for code in code_in(document)]
    assert [name for name in COMMANDS if not any(f"autograder {name}" in code for code in shown)] == []


def test_every_page_of_the_docs_is_linked_from_the_readme_or_from_a_page_that_is():
    linked, found = {"README.md"}, ["README.md"]
    while found:
        page = ROOT / found.pop()
        for target in re.findall(r"\]\(([^)#\s]+\.md)\)", page.read_text()):
            if not target.startswith("https://"):
                name = names((page.parent / target).resolve())
                found += [name] if name not in linked else []
                linked.add(name)
    assert set(DOCUMENTS) - linked == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_local_link_leads_somewhere_and_every_picture_is_described(document):
    place = (ROOT / document).parent
    for picture, text, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)#\s]+)\)", (ROOT / document).read_text()):
        assert target.startswith("https://") or (place / target).exists(), target
        assert text or not picture, f"{target} has no description"


def test_conda_environment_names_the_courses_packages():
    """environment.yml: what pyproject.toml asks for, and what students open notebooks with."""
    lines = (ROOT / "environment.yml").read_text().splitlines()
    listed = [line.removeprefix("      - ") for line in lines if line.startswith("      - ")]
    opened_with = ("jupyterlab", "ipywidgets", "ipycanvas")
    students = [line for line in PROJECT["optional-dependencies"]["dev"] if package(line) in opened_with]
    assert listed == [*PROJECT["dependencies"], *students]


def test_every_package_asked_for_has_a_tested_version():
    pinned = {package(line) for line in (ROOT / ".ci/constraints.txt").read_text().splitlines() if "==" in line}
    asked = {package(line) for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]}
    assert asked - pinned == set()


def test_every_tested_version_runs_on_the_oldest_python_that_is_promised():
    oldest = PROJECT["requires-python"].removeprefix(">=") + ".0"
    lines = (ROOT / ".ci/constraints.txt").read_text().splitlines()
    asked = {package(line): metadata(package(line)).get("Requires-Python", "") for line in lines if "==" in line}
    assert {name: asks for name, asks in asked.items() if oldest not in SpecifierSet(asks)} == {}


def test_every_package_asked_for_is_used():
    files = [*(ROOT / "autograder").rglob("*.py"), *(ROOT / "assignments").rglob("*.py")]
    imports = set(re.findall(r"(?m)^\s*(?:from|import) (\w+)", "\n".join(path.read_text() for path in files)))
    asked = {IMPORTED_AS.get(package(line), package(line)) for line in PROJECT["dependencies"]}
    assert asked - imports == set()


def test_continuous_integration_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text().splitlines()[-1] == "exec make test"
