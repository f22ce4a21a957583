"""Files that no notebook program writes, each as a submission of its own; and what its record must say.

Each maker gets the bytes of a right notebook and the folder to write to; most only return other bytes for
`small.ipynb`.
"""

import json
import os
import socket
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

GIGABYTE = 1 << 30
FULL = 5.0  # points of the small assignment
RIGHT_CELLS = ("def double(x):\n    return 2 * x", "def halve(x):\n    return x / 2")


def edited(right: bytes, **changes: Any) -> bytes:
    """The right notebook with other values on its top level."""
    return json.dumps({**json.loads(right), **changes}).encode()


def with_cell(right: bytes, **cell: Any) -> bytes:
    """The right notebook with one more cell in front."""
    notebook = json.loads(right)
    return edited(right, cells=[{"cell_type": "code", "metadata": {}, "source": "", **cell}, *notebook["cells"]])


def in_metadata(right: bytes, text: bytes) -> bytes:
    """The right notebook with this JSON value in its metadata."""
    return right.replace(b'"metadata": {', b'"metadata": {"planted": ' + text + b", ", 1)


def cells_of_every_wrong_type(right: bytes) -> bytes:
    values = (None, 1, -1.5, True, "text", [], [1, None], {}, {"a": []})
    cells: list[Any] = [*values]
    for key in ("cell_type", "source", "metadata", "id", "outputs", "execution_count"):
        cells += [{"cell_type": "code", "source": "pass", key: value} for value in values]
    cells += [{"source": "pass", "metadata": {"nbgrader": value}} for value in values]
    cells += [{"source": "pass", "metadata": {"nbgrader": {"grade_id": value}, "id": value}} for value in values]
    return edited(right, cells=[*cells, *json.loads(right)["cells"]])


def archive(members: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return file.getvalue()


def nested_archive(depth: int) -> bytes:
    data = archive({"bomb": bytes(1 << 24)})
    for level in range(depth):
        data = archive({f"{level}-{copy}.zip": data for copy in range(4)})
    return data


def locked_archive(name: str, data: bytes) -> bytes:
    """An archive that says of its member that it is encrypted."""
    packed = bytearray(archive({name: data}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", packed, packed.index(signature) + offset, 1)
    return bytes(packed)


CONTENTS: dict[str, tuple[Callable[[bytes], bytes], float | None, str]] = {
    # name: (bytes from those of a right notebook, points or None where it cannot be read, words of the record)
    "empty": (lambda right: b"", None, "an empty file"),
    "white space": (lambda right: b" \n\t" * 1000, None, "an empty file"),
    "zeros": (lambda right: bytes(1 << 20), None, "an empty file"),
    "noise": (lambda right: bytes(range(256)) * 400, None, "neither a notebook nor a script"),
    "half": (lambda right: right[: len(right) // 2], None, "breaks off"),
    "web page": (lambda right: b"<!doctype html><title>Sign in</title>", None, "web page"),
    "archive": (lambda right: archive({"small.ipynb": right}), None, "an archive"),
    "archive in archives": (lambda right: nested_archive(3), None, "an archive"),
    "archive of 20,000 files": (lambda right: archive({str(n): b"" for n in range(20_000)}), None, "an archive"),
    "locked archive": (lambda right: locked_archive("small.ipynb", right), None, "an archive"),
    "one million cells": (lambda right: b'{"cells": [' + b"{}," * 999_999 + b"{}]}", None, "cells"),
    "one million full cells": (
        lambda right: b'{"cells": [' + b",".join([b'{"cell_type":"code","source":"1"}'] * 1_000_000) + b"]}",
        None,
        "more data than text",
    ),
    "ten million numbers": (lambda right: in_metadata(right, b"[" + b"0," * 10_000_000 + b"0]"), None, "more data"),
    "deep lists": (lambda right: b"[" * 100_000, None, "breaks off"),
    "deep lists in metadata": (lambda right: in_metadata(right, b"[" * 100_000 + b"]" * 100_000), None, "damaged"),
    "deep objects": (lambda right: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, None, "damaged"),
    "cells are a number": (lambda right: edited(right, cells=5), None, "without a list of cells"),
    "cells are an object": (lambda right: edited(right, cells={"0": {}}), None, "without a list of cells"),
    "no cells": (lambda right: b"{}", None, "without a list of cells"),
    "a number": (lambda right: b"[1, 2, 3]", None, "without a list of cells"),
    "conflict": (lambda right: right.replace(b"\n", b"\n<<<<<<< HEAD\n", 1)[:-20], None, ""),
    "cell of 50 MB": (lambda right: with_cell(right, source="#" * 50_000_000), FULL, "too many"),
    "picture of 50 MB": (
        lambda right: with_cell(right, outputs=[{"data": {"image/png": "A" * 50_000_000}}]),
        FULL,
        "",
    ),
    "a million digits": (lambda right: in_metadata(right, b"9" * 1_000_000), FULL, ""),
    "not a number": (lambda right: in_metadata(right, b"[NaN, Infinity, -Infinity]"), FULL, ""),
    "keys twice": (lambda right: right.replace(b'"cells"', b'"cells": [], "cells"', 1), FULL, ""),
    "lone surrogates": (lambda right: with_cell(right, source='x = "\ud800\udfff\udc00"'), FULL, ""),
    "surrogate bytes": (lambda right: with_cell(right, source="#Q").replace(b"#Q", b"#\xed\xa0\x80"), FULL, ""),
    "invalid UTF-8": (lambda right: with_cell(right, source="#Q").replace(b"#Q", b"#\xff\xfe\xc3"), FULL, "UTF-8"),
    "byte order mark": (lambda right: b"\xef\xbb\xbf" + right, FULL, ""),
    "UTF-16": (lambda right: right.decode().encode("utf-16"), FULL, ""),
    "UTF-32": (lambda right: right.decode().encode("utf-32-be"), FULL, ""),
    "NUL characters": (lambda right: with_cell(right, source="#\0\0"), FULL, ""),
    "format 99": (lambda right: edited(right, nbformat=99, nbformat_minor=-1), FULL, ""),
    "format of text": (lambda right: edited(right, nbformat="four", nbformat_minor=[5]), FULL, ""),
    "format 2": (
        lambda right: json.dumps(
            {
                "nbformat": 2,
                "worksheets": [{"cells": [{"cell_type": "code", "input": text} for text in RIGHT_CELLS]}],
            }
        ).encode(),
        FULL,
        "",
    ),
    "metadata is a list": (lambda right: edited(right, metadata=[1, 2]), FULL, ""),
    "wrong types everywhere": (cells_of_every_wrong_type, FULL, ""),
    "only a list": (lambda right: json.dumps(json.loads(right)["cells"]).encode(), FULL, ""),
    "text behind it": (lambda right: right + b'{"more": 1}' * 1000, FULL, "text behind the end"),
}


def make_pipe(folder: Path) -> None:
    os.mkfifo(folder / "small.ipynb")


def make_socket(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # the address of a socket is a short one
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("small.ipynb")
    finally:
        os.chdir(here)


def make_sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(GIGABYTE)


PLACES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    # name: (what to put into the folder in place of a notebook, status, words of the record)
    "folder": (lambda folder: (folder / "small.ipynb").mkdir(), "missing", "no notebook"),
    "pipe": (make_pipe, "unreadable", "device or pipe"),
    "socket": (make_socket, "unreadable", "device or pipe"),
    "endless link": (lambda folder: (folder / "small.ipynb").symlink_to("/dev/zero"), "unreadable", "symbolic link"),
    "dangling link": (lambda folder: (folder / "small.ipynb").symlink_to("gone"), "unreadable", "symbolic link"),
    "link to itself": (
        lambda folder: (folder / "small.ipynb").symlink_to("small.ipynb"),
        "unreadable",
        "symbolic link",
    ),
    "one gigabyte": (lambda folder: make_sparse(folder / "small.ipynb"), "unreadable", "64 MB"),
}

STAMPS: dict[str, Callable[[Path], object]] = {
    # what to put in place of timestamp.txt, beside a right notebook
    "stamp is a folder": lambda folder: (folder / "timestamp.txt").mkdir(),
    "stamp is a pipe": lambda folder: os.mkfifo(folder / "timestamp.txt"),
    "stamp is endless": lambda folder: (folder / "timestamp.txt").symlink_to("/dev/zero"),
    "stamp of one gigabyte": lambda folder: make_sparse(folder / "timestamp.txt"),
    "stamp of another era": lambda folder: (folder / "timestamp.txt").write_text("9999-12-31 23:59:59 Etc/GMT+12"),
    "stamp in no zone": lambda folder: (folder / "timestamp.txt").write_text("2026-01-01 00:00:00 ../../etc/passwd"),
}

NAMES: dict[str, str] = {
    # a student's folder, and the name it gets; none of them may lead anywhere or start a formula
    "-rf": "-rf",
    "=cmd|' C calc'!A0": "=cmd_' C calc'!A0",
    "@SUM(1)": "@SUM(1)",
    "two\nlines": "two_lines",
    "\x1b[31mred": "_[31mred",
    "\u202eevil": "_evil",
    "Zoë Ægir 学生": "Zoë Ægir 学生",
    "n" * 255: "n" * 100,
    "学" * 85: "学" * 33,
    "not \udcff text": "not _ text",
    "<script>alert(1)": "_script_alert(1)",
    "' or 1=1; drop table grade; --": "' or 1=1; drop table grade; --",
}

# Members of an archive as Canvas exports it: name, what is packed, points or None, words of the record.
MEMBERS: dict[str, tuple[str, Callable[[bytes], bytes], float | None, str]] = {
    "packed": ("packed_1_1_small.ipynb", lambda right: right, FULL, ""),
    "bomb": ("bomb_2_2_small.ipynb", lambda right: bytes(100 << 20), None, "64 MB"),
    "inner": ("inner_3_3_small.ipynb", lambda right: nested_archive(2), None, "an archive"),
    "slip": ("../../../../slip/small/small.ipynb", lambda right: right, FULL, ""),
    "etc": ("/etc/small.ipynb", lambda right: right, FULL, ""),
}
