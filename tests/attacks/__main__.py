"""`python -m tests.attacks`: every attack at every level of this machine, every control, and the table of SECURITY.md.

`landlock` is tried as an ordinary user where root's Python is closed to others: in a process of that user, which this
program starts from itself (tests/sandbox/hosts.py).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tqdm import tqdm

from autograder.sandbox import isolation
from tests.attacks import table
from tests.attacks.arena import Arena, Sighting
from tests.attacks.conftest import release
from tests.attacks.corpus import ATTACKS
from tests.attacks.outside import MARK
from tests.sandbox import hosts

Seen = dict[str, Sighting]


def main() -> int:
    """Try them all; 1 if one does not end as its declaration says."""
    arguments = _parse()
    wanted = [attack for attack in ATTACKS if arguments.only in attack.name or arguments.only == attack.family]
    isolation.ENVIRONMENT[MARK[0]] = MARK[1]
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        Path(folder).chmod(0o755)
        released = arguments.released or release(Path(folder) / "course")
        seen = {level: try_level(level, released, wanted, arguments.only) for level in arguments.levels}
    if arguments.json:
        print(
            json.dumps({name: [sighting.end, sighting.found] for name, sighting in seen[arguments.levels[0]].items()})
        )
        return 0
    wrong = [line for level, sightings in seen.items() for line in table.judge(level, sightings)]
    print(*wrong, sep="\n")
    if not wrong and set(arguments.levels) >= {*table.LEVELS, "none"} and not arguments.only:
        print(table.render())
    return bool(wrong)


def try_level(level: isolation.Level, released: Path, attacks: list, only: str) -> Seen:
    """What was seen of each attack at a level; on `none`, of its control."""
    if level == "landlock" and os.getuid() == 0:
        return _try_as_user(level, released, only)
    arena = Arena(level, released)
    attempt = arena.control if level == "none" else arena.try_attack
    try:
        return {attack.name: attempt(attack) for attack in tqdm(attacks, desc=level, unit="attack", disable=None)}
    finally:
        arena.close()


def _try_as_user(level: isolation.Level, released: Path, only: str) -> Seen:
    command = [*hosts.ordinary_user(released), sys.executable, "-m", "tests.attacks", "--levels", level, "--json"]
    command += ["--released", str(hosts.OPEN_COURSE), "--only", only]
    environment = {**os.environ, "PYTHONPATH": str(hosts.ROOT), "HOME": "/tmp", "TMPDIR": "/tmp"}
    done = subprocess.run(command, cwd=hosts.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return {name: Sighting(end, tuple(found)) for name, (end, found) in json.loads(done.stdout).items()}


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__.partition("\n")[0])
    parser.add_argument("--levels", nargs="+", choices=isolation.LEVELS, default=isolation.LEVELS)
    parser.add_argument("--only", default="", help="a family, or a part of an attack's name")
    parser.add_argument("--released", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
