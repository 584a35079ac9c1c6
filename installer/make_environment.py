"""Make `.venv`: the locked packages, hash by hash, and the `teak` command.

Owns the folder `.venv` and nothing outside it. Which package index is used is the machine's
affair: pip reads its own settings, and no address stands here. A folder that a killed run
left half made is made anew; a whole one is recognised by its stamp in milliseconds.
Standard library only: runs before anything is installed.

    make_environment.py runtime    what the desk needs
    make_environment.py dev        that, and what tests and checks need
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

LOCKS: Final = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
"""The lock of each kind of environment; that of `dev` holds all that `runtime` has."""

STAMP: Final = "teak-environment.json"
"""Written last, inside the folder: what the environment was made from."""

UNFINISHED: Final = "teak-unfinished"
"""There while packages are being put in; found at the start, it tells of a killed run."""


@dataclass(frozen=True)
class Made:
    """What an environment was made from, and where: a moved one does not run."""

    kind: str
    place: str
    digest: str


def digest_of(checkout: Path) -> str:
    """Digest what an environment follows from: both locks and the project's own table."""
    digest = hashlib.sha256()
    for lock in LOCKS.values():
        digest.update((checkout / "installer" / lock).read_bytes())
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    own = [project["project"], project["build-system"]]
    digest.update(json.dumps(own, sort_keys=True).encode())
    return digest.hexdigest()


def read_stamp(folder: Path) -> Made | None:
    """Read what the environment was made from; None when it does not say."""
    try:
        return Made(**json.loads((folder / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_current(folder: Path, wanted: Made) -> bool:
    """Say whether the environment is whole and holds what is wanted, or more."""
    made = read_stamp(folder)
    if made is None or (folder / UNFINISHED).exists():
        return False
    enough = made.kind in {wanted.kind, "dev"}
    runs = os.access(folder / "bin" / "python", os.X_OK)
    teak = (folder / "bin" / "teak").exists()
    return enough and runs and teak and (made.place, made.digest) == (wanted.place, wanted.digest)


def can_be_kept(folder: Path, wanted: Made) -> bool:
    """Say whether new packages may go into the folder as it stands."""
    made = read_stamp(folder)
    moved = made is not None and made.place != wanted.place
    if moved or (folder / UNFINISHED).exists():
        return False
    command = [str(folder / "bin" / "python"), "-m", "pip", "--version"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(checkout: Path, folder: Path, *, kind: str) -> None:
    """Put the locked packages in, then this checkout itself; raises CalledProcessError."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    lock = checkout / "installer" / LOCKS[kind]
    # The lock is whole, so pip need not look for dependencies; and all of it is wheels, so
    # nothing is built from source on the way.
    locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(lock)]
    subprocess.run([*pip, *quiet, *locked], check=True)
    editable = ["--no-deps", "--no-build-isolation", "--editable", str(checkout)]
    subprocess.run([*pip, "--quiet", *editable], check=True)


def make(checkout: Path, *, kind: str) -> bool:
    """Make or renew `.venv`; False when it was already as wanted."""
    folder = checkout / ".venv"
    wanted = Made(kind=kind, place=str(folder), digest=digest_of(checkout))
    if is_current(folder, wanted):
        return False
    print(f"Making {folder.name} ({LOCKS[kind]}); the first time takes minutes.", file=sys.stderr)
    keep = can_be_kept(folder, wanted)
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    unfinished = folder / UNFINISHED
    unfinished.touch()
    (folder / STAMP).unlink(missing_ok=True)
    if not keep:
        venv.create(folder, with_pip=True, symlinks=True)
    install(checkout, folder, kind=kind)
    (folder / STAMP).write_text(json.dumps(asdict(wanted), indent=1), encoding="utf-8")
    unfinished.unlink()
    return True


def main() -> int:
    """Make the environment named on the command line; say plainly when it cannot be."""
    parser = argparse.ArgumentParser(description="Make the .venv of this checkout.")
    parser.add_argument("kind", choices=sorted(LOCKS))
    kind = parser.parse_args().kind
    try:
        make(Path(__file__).resolve().parent.parent, kind=kind)
    except subprocess.CalledProcessError as failure:
        print(
            f"The environment is not complete: {failure.cmd[3:5]} ended with status"
            f" {failure.returncode}; the reason stands above. pip follows this machine's own"
            " settings (pip config list). Run make again when it is mended.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
