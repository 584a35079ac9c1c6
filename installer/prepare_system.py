"""See to it that the system holds what Teak's Python packages need.

Owns the question "what is missing?" and the one command that answers it: carried out where
that is allowed (as root, or where sudo asks for no password, with apt-get), else printed.
Must run on a bare Python 3.11: standard library only, and even that not whole. A second run
on a complete system only looks and says nothing.

Exit status: 0 nothing is missing any more, 1 something is, and the command has been named.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from system_packages import ALWAYS, ON_WAYLAND, ON_X11, Need, python_modules

HANDS_OFF: Final = "TEAK_NO_SYSTEM_INSTALL"
"""When this is in the environment nothing is installed; the command is named."""

OFFSCREEN: Final = "TEAK_OFFSCREEN"
"""When this is in the environment no window will be shown, display or not."""

ONE_COMMAND: Final = {
    "apt-get": (
        "{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {packages}"
    ),
    "dnf": "{sudo}dnf install -y {packages}",
    "pacman": "{sudo}pacman -S --needed {packages}",
}

Probe = Callable[[str], bool]


def library_loads(name: str) -> bool:
    """Say whether the system's loader finds a shared library by its name."""
    try:
        ctypes = importlib.import_module("ctypes")
        ctypes.CDLL(name)
    except (ImportError, OSError):
        return False
    return True


def module_imports(name: str) -> bool:
    """Say whether this Python can import one of its own modules."""
    importlib.invalidate_caches()
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def missing(
    environment: Mapping[str, str],
    *,
    library_probe: Probe = library_loads,
    module_probe: Probe = module_imports,
) -> list[Need]:
    """List what is needed and not there; the libraries of a display only where there is one."""
    libraries = list(ALWAYS)
    if environment.get("DISPLAY") and not environment.get(OFFSCREEN):
        libraries += ON_X11
    if environment.get("WAYLAND_DISPLAY") and not environment.get(OFFSCREEN):
        libraries += ON_WAYLAND
    modules = python_modules(major=sys.version_info.major, minor=sys.version_info.minor)
    return [need for need in modules if not module_probe(need.name)] + [
        need for need in libraries if not library_probe(need.name)
    ]


def packages_for(needs: Iterable[Need], *, manager: str) -> list[str]:
    """Name each package once, in the words of one package manager."""
    field = "apt" if manager == "apt-get" else manager
    return sorted({str(getattr(need, field)) for need in needs})


def find_manager(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """Name the system's package manager, or None where it is one we do not speak."""
    return next((name for name in ONE_COMMAND if which(name)), None)


def one_command(needs: Iterable[Need], *, manager: str, root: bool) -> str:
    """Write the one command that a person can run to install everything missing."""
    packages = " ".join(packages_for(needs, manager=manager))
    return ONE_COMMAND[manager].format(sudo="" if root else "sudo ", packages=packages)


def privilege(environment: Mapping[str, str]) -> list[str] | None:
    """Give the words before a command that may change the system; None when it may not."""
    if environment.get(HANDS_OFF):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def run_quietly(command: Sequence[str]) -> str | None:
    """Run a command nobody can answer; None when it went well, else what it complained of."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return None if done.returncode == 0 else done.stderr


def install_with_apt(prefix: Sequence[str], packages: Sequence[str]) -> None:
    """Install packages, refreshing the lists only when they turn out to be missing or old."""
    # sudo passes no environment on, so the word that keeps apt from asking goes with the command.
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    # Another program may be installing at this moment: wait for it a minute.
    apt = [*prefix, *quiet, "-o", "DPkg::Lock::Timeout=60"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if run_quietly(install) is None:
        return
    run_quietly([*apt, "update"])
    complaint = run_quietly(install)
    if complaint is not None:
        print(complaint, file=sys.stderr)


def explain(needs: Sequence[Need], *, manager: str | None, root: bool) -> str:
    """Say what is missing and the one command that installs it."""
    names = ", ".join(need.name for need in needs)
    if manager is None:
        return f"Teak needs, and this system does not have: {names}."
    command = one_command(needs, manager=manager, root=root)
    return (
        f"Teak needs, and this system does not have: {names}.\n"
        f"Install with this one command, then run make again:\n\n    {command}\n"
    )


def main() -> int:
    """Install what is missing where that is allowed, else name the command."""
    needs = missing(os.environ)
    if not needs:
        return 0
    manager = find_manager()
    prefix = privilege(os.environ)
    if manager == "apt-get" and prefix is not None:
        packages = packages_for(needs, manager=manager)
        print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr)
        install_with_apt(prefix, packages)
        needs = missing(os.environ)
        if not needs:
            return 0
    print(explain(needs, manager=manager, root=os.geteuid() == 0), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
