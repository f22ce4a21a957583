"""The modules beside a notebook, compiled once in the zygote: each worker would need thirty milliseconds for it.

Nothing of them runs here; and where a worker finds another file in the place of a released one, it compiles that.
"""

import os
import sys
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from types import CodeType

_compiled: dict[str, CodeType] = {}
_folders: set[Path] = set()


def compile_modules(released: Path) -> None:
    """Compile an assignment's modules, the first time that it is asked for; what cannot be read is left to workers."""
    if released in _folders:
        return
    _folders.add(released)
    for path in sorted(released.glob("*.py")):
        place = os.path.realpath(path)
        try:
            _compiled[place] = compile(path.read_bytes(), place, "exec", dont_inherit=True)
        except (OSError, SyntaxError, ValueError):
            continue


def import_from(folder: Path) -> None:
    """Let imports find the modules of the working folder first."""
    sys.path.insert(0, str(folder))
    sys.path_importer_cache[str(folder)] = FileFinder(str(folder), (_ReleasedLoader, [".py"]))


class _ReleasedLoader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        """What was compiled before, where the path leads to the released file itself."""
        return _compiled.get(os.path.realpath(self.path)) or super().get_code(fullname)
