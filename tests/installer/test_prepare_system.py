"""What is missing on a system is noticed, and the one command that installs it is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import prepare_system
import pytest
from system_packages import ALWAYS, ON_WAYLAND, ON_X11, Need, python_modules

SCRIPT: Final = Path(prepare_system.__file__)
EVERY_NEED: Final = (*ALWAYS, *ON_X11, *ON_WAYLAND, *python_modules(major=3, minor=11))


def names(
    environment: dict[str, str], *, libraries: bool = False, modules: bool = True
) -> set[str]:
    found = prepare_system.missing(
        environment,
        library_probe=lambda name: libraries,
        module_probe=lambda name: modules,
    )
    return {need.name for need in found}


def test_a_complete_system_misses_nothing() -> None:
    assert names({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, libraries=True) == set()


@pytest.mark.parametrize(
    ("environment", "asked_for"),
    [
        ({}, (False, False)),
        ({"DISPLAY": ":0"}, (True, False)),
        ({"WAYLAND_DISPLAY": "wayland-0"}, (False, True)),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, (True, True)),
        ({"DISPLAY": ":0", "TEAK_OFFSCREEN": "1"}, (False, False)),
    ],
)
def test_a_display_s_libraries_are_wanted_only_where_there_is_one(
    environment: dict[str, str], asked_for: tuple[bool, bool]
) -> None:
    found = names(environment)
    assert "libGL.so.1" in found
    assert ("libxcb-cursor.so.0" in found, "libwayland-client.so.0" in found) == asked_for


def test_the_part_of_python_that_debian_ships_apart_is_missed() -> None:
    found = prepare_system.missing(
        {}, library_probe=lambda name: True, module_probe=lambda name: name != "ensurepip"
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert prepare_system.packages_for(found, manager="apt-get") == [f"python{version}-venv"]


@pytest.mark.parametrize(
    ("manager", "root", "command"),
    [
        (
            "apt-get",
            True,
            "apt-get update && apt-get install -y --no-install-recommends libegl1 libgl1",
        ),
        (
            "apt-get",
            False,
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1",
        ),
        ("dnf", False, "sudo dnf install -y libglvnd-egl libglvnd-glx"),
        ("pacman", False, "sudo pacman -S --needed libglvnd"),
    ],
)
def test_the_one_command_names_each_package_once(manager: str, root: bool, command: str) -> None:
    needs = [need for need in ALWAYS if need.name in {"libGL.so.1", "libEGL.so.1"}]
    assert prepare_system.one_command([*needs, *needs], manager=manager, root=root) == command


def test_a_system_whose_packages_we_do_not_know_is_told_the_names() -> None:
    text = prepare_system.explain([Need("libGL.so.1", "a", "b", "c")], manager=None, root=False)
    assert "libGL.so.1" in text
    assert "sudo" not in text


@pytest.mark.parametrize("need", EVERY_NEED, ids=lambda need: need.name)
def test_every_need_has_a_package_everywhere(need: Need) -> None:
    assert need.apt
    assert need.dnf
    assert need.pacman


def test_the_loader_tells_what_is_there_from_what_is_not() -> None:
    assert prepare_system.library_loads("libc.so.6")
    assert not prepare_system.library_loads("libteak-has-none.so.9")
    assert prepare_system.module_imports("venv")
    assert not prepare_system.module_imports("teak_has_no_such_module")


@pytest.fixture
def fake_tools(tmp_path: Path) -> Path:
    """A folder of tools in which apt-get and sudo write down what they were asked."""
    folder = tmp_path / "tools"
    folder.mkdir()
    said = tmp_path / "said"
    for name, ending in (("apt-get", "exit 0"), ("sudo", 'shift; exec "$@"')):
        tool = folder / name
        tool.write_text(f'#!/bin/sh\necho "{name} $*" >> {said}\n{ending}\n')
        tool.chmod(0o755)
    return folder


def run_with_a_missing_library(
    tools: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the script as on a system that lacks libGL, whose package manager is a scribe."""
    program = (
        "import sys, prepare_system as p\n"
        "real = p.missing\n"
        "p.missing = lambda env: real(env, library_probe=lambda n: n != 'libGL.so.1',"
        " module_probe=lambda n: True)\n"
        "p.os.geteuid = lambda: 1000\n"
        "sys.exit(p.main())\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": f"{tools}:/usr/bin:/bin", "PYTHONPATH": str(SCRIPT.parent), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_where_it_is_not_allowed_nothing_is_installed_and_the_status_is_1(
    fake_tools: Path,
) -> None:
    result = run_with_a_missing_library(fake_tools, {"TEAK_NO_SYSTEM_INSTALL": "1"})
    assert result.returncode == 1
    assert "install -y --no-install-recommends libgl1" in result.stderr
    assert not (fake_tools.parent / "said").exists()


def test_where_sudo_asks_no_password_the_package_is_installed(fake_tools: Path) -> None:
    result = run_with_a_missing_library(fake_tools, {})
    said = (fake_tools.parent / "said").read_text(encoding="utf-8")
    assert "DPkg::Lock::Timeout=60 install -y --no-install-recommends libgl1" in said
    # The scribe installs nothing, so the library is still missing and that is said.
    assert result.returncode == 1
    assert "libGL.so.1" in result.stderr


def test_a_second_look_is_quick_and_silent() -> None:
    result = subprocess.run(
        [sys.executable, SCRIPT],
        env={**os.environ, "TEAK_NO_SYSTEM_INSTALL": "1", "TEAK_OFFSCREEN": "1"},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
