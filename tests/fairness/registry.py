"""How a mangler is registered, and what manglers share: finding cells by role, new cells, stubs."""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

Notebook = dict[str, Any]
Mangler = Callable[[bytes], bytes]
MANGLERS: dict[str, Mangler] = {}
_REGION = re.compile(r"(?m)^( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.S)


def raw(function: Mangler) -> Mangler:
    """Register a mangler of bytes."""
    MANGLERS[function.__name__] = function
    return function


def edit(function: Callable[[Notebook], Notebook | None]) -> Callable[[Notebook], Notebook | None]:
    """Register a mangler of the notebook as a dict; it changes it in place or returns another."""

    def mangle(data: bytes) -> bytes:
        notebook = json.loads(data)
        return json.dumps(function(notebook) or notebook, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")

    mangle.__doc__ = function.__doc__
    MANGLERS[function.__name__] = mangle
    return function


def role(cell: dict) -> str:
    return cell.get("metadata", {}).get("autograder", {}).get("role", "")


def cells(notebook: Notebook, *roles: str) -> list[dict]:
    return [cell for cell in notebook["cells"] if role(cell) in roles]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def code(source: str) -> dict:
    """A new cell as JupyterLab makes it."""
    return {
        "cell_type": "code",
        "id": secrets.token_hex(4),
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": 7,
    }


def prose(source: str) -> dict:
    return {"cell_type": "markdown", "id": secrets.token_hex(4), "metadata": {}, "source": source}


def stub(source: str) -> str:
    """The cell as it was released."""
    return _REGION.sub(lambda match: f"{match[1]}# YOUR CODE HERE\n{match[1]}raise NotImplementedError()", source)


def headers(source: str) -> list[str]:
    """Names of the functions and classes of a cell."""
    return re.findall(r"(?m)^(?:def|class) (\w+)", source)


def strip_metadata(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def insert(notebook: Notebook, before: dict, *new: dict) -> None:
    at = next(index for index, cell in enumerate(notebook["cells"]) if cell is before)
    notebook["cells"][at:at] = new
