"""The reader: the bytes a student handed in, beside the released notebook, become a Submission.

Theory of operation. A submission is a stranger's file, saved by any tool: roles, points and what grading skips come
from the master (the released notebook), the student's cells give only text. Cells are matched by nbgrader's grade_id,
cell id, the functions they define, or likeness. Nothing is compiled or run here, every step is linear in the size of
the file, only Unreadable leaves `read_submission`, and only the standard library is imported: students get a copy.
"""

import copy
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise, takewhile
from typing import Any, Literal

MAX_BYTES = 64 * 2**20
MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 1_000_000
MAX_CHARACTERS = 2_000_000  # of all cells; outputs don't count
MAX_JSON_TOKENS = 4_000_000  # strings, commas and opening brackets: about 60 bytes of memory each
STUB = "YOUR ANSWER HERE"  # nbgrader's, in written questions
ALIKE = 0.6  # a cell with a few lines changed shares more of its word pairs with the original, unrelated cells fewer
_JSON_TOKEN = re.compile(r'[,\[{]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.S)
_DEFINITIONS = (
    re.compile(r"(?m)^(?:async[ \t]++)?(?:def|class)[ \t]++(\w++)"),
    re.compile(r"(?m)^([A-Za-z_][\w, \t]*+)(?::[^=\n]*+)?=(?!=)"),  # a name or several are assigned
    re.compile(r"(?m)^(\w++)\.\w++[ \t]*+=(?!=)"),  # a class is patched
)


class Unreadable(ValueError):
    """The file is no notebook and cannot be made one; the message says what was found and what the student can do."""


@dataclass(frozen=True, eq=False)
class MasterCell:
    """One cell of the release; its id is the grade_id where it has one."""

    index: int
    id: str
    kind: str
    role: str
    source: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Master:
    """What the reader knows of the release: cells by id, exercises with their entry points, written questions."""

    cells: dict[str, MasterCell]
    exercises: dict[str, tuple[str, ...]]
    questions: tuple[str, ...]
    metadata: dict[str, Any]


@dataclass(frozen=True)
class PlannedCell:
    """A cell for the worker to run: "all" of it, or "definitions" (its imports, functions and classes)."""

    id: str
    exercise: str | None
    source: str
    run: Literal["all", "definitions"]


@dataclass(frozen=True)
class Submission:
    """A submission, repaired; `notebook` is nbformat 4.5 with the master's metadata, without outputs or attachments."""

    cells: tuple[PlannedCell, ...]
    repairs: tuple[str, ...]
    missing: tuple[str, ...]
    answers: dict[str, str]
    notebook: dict[str, Any]


@dataclass(eq=False)
class _Cell:
    """One cell of the student's (position from 1), or one that was put back (position 0)."""

    position: int
    kind: str
    source: str
    body: str = ""  # what of the source runs
    grade_id: str = ""
    cell_id: str = ""
    master: MasterCell | None = None
    untouched: bool = False
    exercises: list[str] = field(default_factory=list)  # those it answers
    blocks: list[MasterCell] = field(default_factory=list)  # master cells that stand in it word for word
    bears: str = ""  # the exercise whose grade_id it gets


def read_master(notebook: dict[str, Any]) -> Master:
    """The reader's view of a released notebook (nbformat 4.5); KeyError if it is none that the course built."""
    cells: dict[str, MasterCell] = {}
    for index, cell in enumerate(notebook["cells"]):
        metadata, kind = copy.deepcopy(dict(cell["metadata"])), "code" if cell["cell_type"] == "code" else "markdown"
        role = metadata.get("autograder", {}).get("role", "show" if kind == "code" else "prose")
        name = metadata.get("nbgrader", {}).get("grade_id", cell["id"])
        cells[name] = MasterCell(index, name, kind, role, _clean(cell["source"]), metadata)
    asked = notebook["metadata"]["autograder"]["exercises"]
    exercises = {name: tuple(asked[name]) for name, cell in cells.items() if cell.role == "exercise"}
    questions = tuple(name for name, cell in cells.items() if cell.role == "question")
    return Master(cells, exercises, questions, copy.deepcopy(dict(notebook["metadata"])))


def read_submission(data: bytes, master: Master) -> Submission:
    """Read what a student handed in, repair it and plan what of it runs; Unreadable if there is nothing to read."""
    reading = _Reading(master)
    reading.parse(data)
    for step in (reading.recognise, reading.recover_code, reading.find_merged):
        step()
    answers, missing = reading.collect_answers(), reading.settle_exercises()
    reading.put_back()
    plan = tuple(step for cell in reading.cells for step in reading.plan(cell))
    pages = [page for cell in reading.cells for page in reading.restore(cell, answers)]
    notebook = {"cells": pages, "metadata": copy.deepcopy(master.metadata), "nbformat": 4, "nbformat_minor": 5}
    return Submission(plan, tuple(reading.repairs), missing, answers, notebook)


def _core(source: str) -> str:
    """The text without what editors, formatters and converters change: layout, quotes, commas, comment lines."""
    return re.sub(r"[\s'\",()\\]++", "", re.sub(r"(?m)^[ \t]*+#.*$", "", source))


def _pairs(source: str) -> Counter[tuple[str, str]]:
    """Neighbouring words, counted: what two texts share of them shows likeness in linear time (difflib needs more)."""
    return Counter(pairwise(re.findall(r"\w+|[^\w\s]", source[:20_000])))


def _defined(source: str, depth: int) -> set[str]:
    """Names a text defines, by the first `depth` of _DEFINITIONS."""
    found = ",".join(names for pattern in _DEFINITIONS[:depth] for names in pattern.findall(source))
    return {name.strip() for name in found.split(",")}


def _without(text: str, block: str) -> str | None:
    """The text without the lines of `block`; None if they do not stand in it together, as whole statements."""
    lines = text.split("\n")
    trimmed, wanted = ("\n".join(["", *map(str.rstrip, part), ""]) for part in (lines, block.strip("\n").split("\n")))
    start = trimmed.find(wanted)
    if start < 0 or re.match(r"\n*+(?:[ \t]|(?:else|elif|except|finally)\b)", trimmed[start + len(wanted) :]):
        return None
    return "\n".join(lines[: (first := trimmed.count("\n", 0, start))] + lines[first + wanted.count("\n") - 1 :])


def _clean(source: Any) -> str:
    """Text that every later step can encode: Unix line ends, no byte order mark, NUL or lone surrogate."""
    if isinstance(source, list):
        lines = [line for line in source if isinstance(line, str)]
        source = ("" if any("\n" in line for line in lines) else "\n").join(lines)  # some tools leave line ends out
    text = (source if isinstance(source, str) else "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.replace("\ufeff", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unreadable(found: str, before: str = "") -> Unreadable:
    return Unreadable(f"expected a notebook, found {found}; {before}save it again and hand in the .ipynb file")


class _Reading:
    """One submission on its way through the steps of `read_submission`."""

    def __init__(self, master: Master) -> None:
        self.master, self.named, self.shown = master, Counter[str](), set[str]()
        self.cells, self.repairs, self.room = list[_Cell](), list[str](), MAX_CHARACTERS

    def parse(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise _unreadable(f"{len(data) >> 20} MB (at most {MAX_BYTES >> 20})", "clear all outputs, then ")
        if data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"7z\xbc\xaf", b"Rar!")):
            raise _unreadable("an archive, a PDF or a picture")
        try:
            text = data.decode(json.detect_encoding(data), "surrogatepass")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
            self.repairs.append("file: not UTF-8, read as Windows text")
        text = text.replace("\0", "").lstrip("\ufeff \t\r\n")
        if not text or text.startswith("<"):
            raise _unreadable("a web page (HTML)" if text else "an empty file")
        if text.startswith(("{", "[")):
            found = self.load(text)
        elif self.answered(text, 1):
            # marks of Jupytext and VS Code (# %%), nbconvert (# In[1]:); Colab has none and writes Markdown as strings
            prose = r'|^("""(?:(?!""")[\s\S])*+""")$' if "generated by Colab" in text[:1000] else ""
            parts = filter(None, re.split(r"(?m)^# ?(?:%%.*|In ?\[[ \d]*+\]:?[ \t]*+)$" + prose, _clean(text)))
            found = [{"cell_type": "raw" if p[:3] == '"""' or not _core(p) else "code", "source": p} for p in parts]
            self.repairs.append("file: a Python script, read as a notebook; hand in the .ipynb file next time")
        else:
            raise _unreadable("text that is neither a notebook nor a script of this assignment")
        if len(found) > MAX_CELLS:
            raise _unreadable(f"{len(found)} cells (at most {MAX_CELLS})", "delete those that are not needed, ")
        self.cells = [self.take_cell(position, cell) for position, cell in enumerate(found, 1)]

    def load(self, text: str) -> list[dict[str, Any]]:
        """The cells of JSON text, parsed in bounded memory: nbformat 4 and 3, a bare list."""
        if sum(1 for _ in islice(_JSON_TOKEN.finditer(text), MAX_JSON_TOKENS)) == MAX_JSON_TOKENS:
            raise _unreadable("more data than text", "clear all outputs, then ")
        try:  # parse_int: a number of a million digits is an error as int, as float it is inf
            value, end = json.JSONDecoder(strict=False, parse_int=float).raw_decode(text)
        except (ValueError, RecursionError, MemoryError) as error:
            found = "marks of a Git conflict (<<<<<<<)" if "\n<<<<<<<" in text else "text that is damaged or breaks off"
            raise _unreadable(f"{found}: {error}") from None
        if text[end:].strip():
            self.repairs.append("file: text behind the end of the notebook ignored")
        sheets = value.get("worksheets") if isinstance(value, dict) else None
        value = sheets[0] if isinstance(sheets, list) and sheets else value
        cells = value.get("cells") if isinstance(value, dict) else value
        if not isinstance(cells, list) or not any(isinstance(cell, dict) for cell in cells or [{}]):
            raise _unreadable("JSON without a list of cells")
        return [cell for cell in cells if isinstance(cell, dict)]

    def take_cell(self, position: int, found: dict[str, Any]) -> _Cell:
        """Text, kind and ids of one cell, whatever else it holds."""
        source, metadata = _clean(found.get("source", found.get("input"))), found.get("metadata")
        if len(source) > min(MAX_CELL_CHARACTERS, self.room):
            self.repairs.append(f"cell {position}: {len(source):,} characters are too many, left out")
            source = ""
        self.room -= len(source)
        nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
        cell_id = found.get("id", metadata.get("id") if isinstance(metadata, dict) else None)  # Colab: in the metadata
        run = found.get("cell_type", "code" if {"outputs", "input", "execution_count"} & found.keys() else "") == "code"
        return _Cell(position, "code" if run else "markdown", source, source, _clean(grade_id), _clean(cell_id))

    def answered(self, source: str, depth: int) -> list[str]:
        """Exercises whose entry points the text defines."""
        defined = _defined(source, depth)
        return [exercise for exercise, names in self.master.exercises.items() if defined & set(names)]

    def recognise(self) -> None:
        known, taken = self.master.cells, set[str]()
        twins = defaultdict[str, list[MasterCell]](list)
        for original in known.values():
            twins[_core(original.source)].append(original)
        for cell in self.cells:
            claimed, core = known.get(cell.grade_id) or known.get(cell.cell_id), _core(cell.source)
            same = twins[core] if core else []
            if same:
                free = [original for original in same if original.id not in taken]
                cell.master = claimed if claimed in same else (free or same)[0]
                cell.untouched, cell.kind = True, cell.master.kind
            elif claimed and claimed.kind == cell.kind == "markdown":
                cell.master = claimed
            elif core and cell.kind == "code":
                self.match_code(cell, claimed)
            taken.add(cell.master.id if cell.master else "")
        self.match_by_likeness([cell for cell in self.cells if not cell.master], taken)

    def match_code(self, cell: _Cell, claimed: MasterCell | None) -> None:
        """An id is believed as far as the text bears it out: copies keep the id of what they were copied from."""
        cell.master = claimed if claimed and claimed.role != "prose" else None
        cell.exercises = self.answered(cell.source, 1 if claimed and claimed.role == "training" else 3)
        if claimed and claimed.role == "exercise":
            cell.exercises = sorted(cell.exercises, key=lambda name: name != claimed.id) or [claimed.id]
        cell.master = self.master.cells[cell.exercises[0]] if cell.exercises else cell.master
        cell.kind = cell.master.kind if cell.master else "code"

    def match_by_likeness(self, unknown: list[_Cell], taken: set[str]) -> None:
        originals = [(cell, _pairs(cell.source.replace(STUB, ""))) for cell in self.master.cells.values()]
        for cell in unknown:
            found, best = _pairs(cell.source), ALIKE
            for known, pairs in originals:
                whole, likeness = max(5, pairs.total()), 0.0
                if known.role == "question":  # an answer may be long: only the question's share counts
                    likeness = (pairs & found).total() / whole
                elif cell.kind == known.kind == "code" and known.role != "exercise":
                    likeness = 2 * (pairs & found).total() / (whole + found.total())
                if likeness > best and (known.role == "training" or known.id not in taken):
                    best, cell.master = likeness, known
            cell.kind = cell.master.kind if cell.master else cell.kind
            taken.add(cell.master.id if cell.master else "")

    def recover_code(self) -> None:
        """For exercises that no code cell answers: look into Markdown and raw cells, also behind the course's prose."""
        filled = {exercise for cell in self.cells for exercise in cell.exercises}
        prose = [None, *(known for known in self.master.cells.values() if known.role == "prose")]
        for cell in (c for c in self.cells if c.kind == "markdown" and not c.untouched and c.master in prose):
            own = (_without(cell.source, cell.master.source) if cell.master else None) or cell.source
            own = "\n".join(re.findall(r"(?ms)^```[^\n]*\n(.*?)^```", own)) or own
            named = [name for name in self.answered(own, 1) if name not in filled]
            cell.exercises = [name for name in named if _without(own, self.master.cells[name].source) is None]
            if cell.exercises:
                cell.kind, cell.source, cell.body, cell.master = "code", own, own, self.master.cells[cell.exercises[0]]
                self.repairs.append(f"cell {cell.exercises[0]}: was not a code cell, read as one")

    def find_merged(self) -> None:
        """Find master cells inside other cells, word for word; those that grading skips are taken out of the body."""
        code = [known for known in self.master.cells.values() if known.kind == "code" and len(known.source) > 20]
        for cell in self.cells:
            own = cell.exercises or not cell.master or (cell.master.role == "setup" and not cell.untouched)
            for block in code if own and cell.kind == "code" else ():
                rest = _without(cell.body, block.source) if block.source.split("\n")[0].rstrip() in cell.body else None
                if rest is not None and block is not cell.master and block.role != "exercise":
                    cell.blocks.append(block)
                    cell.body = cell.body if block.role == "setup" else rest

    def collect_answers(self) -> dict[str, str]:
        """What was written to each question, without the question itself; "" if nothing."""
        answers = {}
        for known in (self.master.cells[name] for name in self.master.questions):
            parts = sorted((part.strip() for part in known.source.split(STUB)), key=len)
            holders = [cell for cell in self.cells if cell.master is known]
            merged = [cell for cell in self.cells if cell.kind == "markdown" and parts[-1] and parts[-1] in cell.source]
            asked, at = holders or merged, self.cells.index(holders[-1]) + 1 if holders else self.place(known.index)
            below = list(takewhile(lambda c: not (c.master or (c.kind == "code" and _core(c.source))), self.cells[at:]))
            texts = [cell.source for cell in [*asked, *below]]
            for part, times in ((STUB, -1), (parts[-1], -1), *((part, 1) for part in parts[:-1])):  # pasted twice, too
                texts = [text.replace(part, "", times).strip() for text in texts]
            lines = {line.strip() for line in known.source.split("\n")}
            texts = [text if {line.strip() for line in text.split("\n")} - lines else "" for text in texts]
            if any(texts[: len(asked)]):  # else it stands, perhaps, in new cells below the question's
                texts, below = texts[: len(asked)], []
            self.cells = [cell for cell in self.cells if cell not in [*holders[1:], *below]]
            answers[known.id] = "\n\n".join(filter(None, texts))
        return answers

    def settle_exercises(self) -> tuple[str, ...]:
        """Choose for each exercise what runs and which cell bears its grade_id; returns those nobody answered."""
        for exercise, names in self.master.exercises.items():
            answering = [cell for cell in self.cells if exercise in cell.exercises]
            defining = [cell for cell in answering if _defined(cell.source, 2) & set(names)]
            stubs = [cell for cell in self.cells if cell.untouched and cell.master is self.master.cells[exercise]]
            if answering and stubs:  # they must not undo the answer: one runs first if the answer builds on it
                self.repairs.append(f"cell {exercise}: left untouched, the answer stands in another cell")
                self.cells = [cell for cell in self.cells if cell not in stubs]
                stubs = stubs[: not _defined(stubs[0].source, 2) <= _defined("\n".join(c.source for c in answering), 2)]
                self.cells[(first := self.cells.index(answering[0])) : first] = stubs
            if len(defining) > len(names):
                self.repairs.append(f"exercise {exercise}: answered {len(defining)} times, the last definition counts")
            free = [cell for cell in [*(defining or answering), *stubs] if not cell.bears]
            for cell in sorted(free, key=lambda cell: (exercise in (cell.grade_id, cell.cell_id), cell.position))[-1:]:
                cell.bears = exercise
        if not any(cell.master for cell in self.cells):
            self.repairs.append("file: holds nothing of this assignment; is it the right notebook?")
        return tuple(name for name in self.master.exercises if not any(name in cell.exercises for cell in self.cells))

    def place(self, index: int) -> int:
        """Where the master's cell `index` belongs among the student's: before any successor, behind its predecessor."""
        orders = [[known.index for known in (cell.master, *cell.blocks) if known] for cell in self.cells]
        place = next((at for at, order in enumerate(orders) if order and max(order) > index), len(orders))
        return max((at + 1 for at, order in enumerate(orders[:place]) if order), default=0)

    def put_back(self) -> None:
        """Insert what must be there and is not; setup that stands behind an exercise also runs where it belongs."""
        for known in (cell for cell in self.master.cells.values() if cell.role not in ("training", "show", "prose")):
            holders = [c for c in self.cells if c.bears == known.id or (c.master is known and not c.exercises)]
            merged = any(known in cell.blocks or known.id in cell.exercises for cell in self.cells)
            what, place = "merged into another" if merged else "deleted", self.place(known.index)
            if holders:
                late = any(cell.exercises for cell in self.cells[place : self.cells.index(holders[0])])
                what = "stood too late" if late and known.role == "setup" else ""
            how = {"exercise": "function name", "question": "text"}.get(known.role)
            if holders and how and known.id not in [cell.grade_id for cell in holders]:
                how = "cell id" if holders[0].cell_id == known.id else how
                self.repairs.append(f"cell {known.id}: metadata restored by {how}")
            if what:
                source, body = ("# see the cell above", "") if merged else (known.source, known.source)
                bears = known.id if known.role == "exercise" else ""
                self.cells.insert(place, _Cell(0, known.kind, source, body, master=known, untouched=True, bears=bears))
                self.repairs.append(f"cell {known.id}: {what}, put back where it belongs")

    def plan(self, cell: _Cell) -> Iterator[PlannedCell]:
        """What of one cell runs, in order."""
        known, own, steps = cell.master, f"cell_{cell.position}", list[PlannedCell]()
        if cell.kind == "code" and (cell.exercises or known is None):
            steps = [PlannedCell(cell.bears or own, cell.exercises[0] if cell.exercises else None, cell.body, "all")]
            steps += [PlannedCell(b.id, None, b.source, "definitions") for b in cell.blocks if b.role == "training"]
        elif known and known.role == "setup":
            steps = [] if cell.untouched else [PlannedCell(own, None, cell.body, "all")]
            steps += [PlannedCell(known.id, None, known.source, "all")] if cell.body else []
        elif known and known.role == "exercise":
            steps = [PlannedCell(known.id, known.id, cell.body, "all")]
        elif known and (known.role == "training" or (known.kind == "code" and not cell.untouched)):
            steps = [PlannedCell(known.id, None, cell.source, "definitions")]
        for step in (step for step in steps if step.source.strip()):
            self.named[step.id] += 1
            yield replace(step, id=f"{step.id}_{self.named[step.id]}") if self.named[step.id] > 1 else step

    def restore(self, cell: _Cell, answers: dict[str, str]) -> Iterator[dict[str, Any]]:
        """What one cell becomes in the repaired notebook; the master's metadata stands on one cell each."""
        known = self.master.cells[cell.bears] if cell.bears else None if cell.exercises else cell.master
        if known and (known.id in self.shown or (known.role == "exercise" and not cell.bears)):
            known = None
        if not known or (known.role in ("setup", "check", "prose") and not cell.untouched):
            yield _write(f"cell_{cell.position}", cell.kind, cell.source, {})
        if known:
            self.shown.add(known.id)
            source = cell.source if known.role in ("exercise", "training", "show") else known.source
            if answers.get(known.id):
                source = f"{source.replace(STUB, '').strip()}\n\n{answers[known.id]}"
            yield _write(known.id, known.kind, source, copy.deepcopy(known.metadata))


def _write(name: str, kind: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": name, "metadata": metadata, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
