"""The checkout keeps its promises: two commands, a lock in step, sources named, nothing private."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.models.serials.reading import read_serial

ROOT: Final = Path(__file__).resolve().parent.parent
INSTALLER: Final = ROOT / "installer"

MADE: Final = {"out", "build", "dist", "__pycache__"}
"""Folders that are made, not kept; so is every folder whose name starts with a dot but `.ci`."""

KEPT_AS_FOUND: Final = (ROOT / "resources" / "demo", ROOT / "tests" / "data")
"""Real files from elsewhere: their words are not ours."""

LONGEST_FILE_LINES: Final = 400

MIGRATIONS: Final = ROOT / "app" / "models" / "migrations" / "versions"
"""A migration is written once, says a whole schema, and is never edited again."""

# Put together here, so that this file does not hold what it looks for.
PRIVATE: Final = tuple(
    "".join(parts).encode()
    for parts in (
        ("/wo", "rk/"),
        ("/ro", "ot/"),
        ("/tmp/ba", "sh_jobs"),
        ("/opt/py", "pi"),
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("ana", "conda.org"),
        ("--index", "-url http"),
        ("--find", "-links /"),
    )
)

LATER: Final = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME")) + r")\b")


def files_of(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in MADE and not path.name.endswith(".egg-info"):
                yield from files_of(path)
        elif path.suffix not in {".teak", ".pyc"}:
            yield path


def text_of(path: Path) -> str:
    """The text of a file, empty for what is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared() -> list[Requirement]:
    return [Requirement(text) for text in project()["project"]["dependencies"]]


def declared_for_developers() -> list[Requirement]:
    groups = project()["dependency-groups"]
    return [Requirement(text) for text in [*groups["build"], *groups["dev"]]]


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of every package in a lock."""
    text = (INSTALLER / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    found: dict[str, tuple[str, int]] = {}
    for entry in entries:
        head = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", entry)
        assert head is not None, entry
        found[canonicalize_name(head[1])] = (head[2], entry.count("--hash=sha256:"))
    return found


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))


# --- the two commands ----------------------------------------------------------------------


def test_the_readme_names_the_two_commands_and_no_command_that_is_not() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", readme, flags=re.DOTALL))
    named = set(re.findall(r"\bmake ([a-z-]+)", code))
    assert {"run", "test"} <= named
    assert named <= make_targets()


def test_the_makefile_has_what_was_asked() -> None:
    assert {"help", "env", "run", "test", "check", "bench"} <= make_targets()


def test_every_kept_picture_and_page_that_the_readme_names_is_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(((?!https?:|#)[^)]+)\)", readme)
    assert named
    assert [name for name in named if not (ROOT / name.split("#")[0]).exists()] == []


def test_the_serial_number_that_the_readme_shows_can_be_read() -> None:
    shown = re.findall(r"echo '(.+)' \| teak serial", (ROOT / "README.md").read_text("utf-8"))
    assert [read_serial(text).quantity for text in shown] == [4212]


def test_continuous_integration_runs_the_same_tests_as_a_person() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "make test" in text


# --- dependencies --------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_is_in_step_with_the_declaration(lock: str) -> None:
    versions = locked(lock)
    wanted = declared() + (declared_for_developers() if "dev" in lock else [])
    for requirement in wanted:
        version, hashes = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement
        assert hashes > 0, requirement


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_hashes_and_no_address(lock: str) -> None:
    assert [name for name, (_, hashes) in locked(lock).items() if hashes == 0] == []
    assert "://" not in (INSTALLER / lock).read_text(encoding="utf-8")


def test_the_desk_is_tested_with_the_versions_it_runs_with() -> None:
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


def test_extras_are_locked_too() -> None:
    assert {"psycopg-binary", "uharfbuzz"} <= locked("requirements.txt").keys()


def test_only_one_package_brings_sqlcipher() -> None:
    names = [name for name in locked("requirements-dev.txt") if name.startswith("sqlcipher3")]
    assert names == ["sqlcipher3"]


def test_every_dependency_is_decided_in_writing() -> None:
    text = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8")
    names = [requirement.name for requirement in declared() + declared_for_developers()]
    assert [name for name in names if f"| {name}".lower() not in text.lower()] == []


def test_every_ignored_rule_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = text[text.index("ignore = [") : text.index("[tool.ruff.lint.mccabe]")]
    rules = [line for line in table.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line)]
    assert len(rules) > 10
    assert [line for line in rules if "#" not in line] == []


# --- what the tree holds -------------------------------------------------------------------


def test_no_file_names_a_machine_path_or_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word.decode()}"
        for path in files_of(ROOT)
        for word in PRIVATE
        if word in path.read_bytes()
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in files_of(ROOT)
        if not any(path.is_relative_to(folder) for folder in KEPT_AS_FOUND)
        and LATER.search(text_of(path))
    ]
    assert found == []


def test_no_python_file_is_too_long_to_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(text_of(path).splitlines())
        for path in files_of(ROOT)
        if path.suffix == ".py" and path.parent != MIGRATIONS
    }
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE_LINES}
    assert long == {}


def test_no_file_hides_behind_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "misc", "helpers", "helper", "common", "manager", "managers"}
    found = [
        str(path.relative_to(ROOT))
        for path in files_of(ROOT / "app")
        if empty & {path.stem, path.parent.name}
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["resources", "tests/data"])
def test_every_resource_stands_beside_its_source_and_licence(folder: str) -> None:
    top = ROOT / folder

    def has_source(path: Path) -> bool:
        chain = [parent for parent in path.parents if parent.is_relative_to(top) and parent != top]
        notes = [
            note
            for parent in chain
            for note in parent.iterdir()
            if re.match(r"(source|licen[cs]e|ofl|terms)", note.name, flags=re.IGNORECASE)
        ]
        return any(re.search(r"licen[cs]e", text_of(note), re.IGNORECASE) for note in notes)

    assert [str(path.relative_to(top)) for path in files_of(top) if not has_source(path)] == []


# --- papers --------------------------------------------------------------------------------


def test_the_licence_is_apache_2_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert project()["project"]["license"] == "Apache-2.0"
    for part in ("Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS"):
        assert part in text
    assert re.findall(r"^   (\d)\. ", text, flags=re.MULTILINE) == list("123456789")


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert text.startswith("# Changelog\n")
    assert heads[0] == "[Unreleased]"
    released = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d\d-\d\d)", h) for h in heads[1:]]
    assert None not in released
    found = [match for match in released if match is not None]
    versions = [tuple(int(match[i]) for i in (1, 2, 3)) for match in found]
    days = [date.fromisoformat(match[4]) for match in found]
    assert versions == sorted(versions, reverse=True)
    assert days == sorted(days, reverse=True)
    kinds = set(re.findall(r"^### (.+)$", text, flags=re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_decisions_are_numbered_without_a_gap_and_stay_short() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for page in pages:
        assert text_of(page).startswith(f"# {page.name[:4]} "), page.name
        assert len(text_of(page).splitlines()) <= 100, page.name
