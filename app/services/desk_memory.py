"""What a person's desk remembers between runs: language, colours, registries lately used.

Owns one small file in the person's own folder of settings. It holds no secret and no word of a
registry's content; one that cannot be read or written is as good as none.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.models.storage.whole_files import replace_file

MOST_RECENT = 8
_VERSION = 1
_LARGEST = 100_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeskMemory:
    """What is remembered; empty texts for what was never chosen.

    `recent` holds paths and addresses of registries, the latest first.
    """

    language: str = ""
    colours: str = ""
    recent: tuple[str, ...] = ()

    def with_used(self, place: str) -> DeskMemory:
        """Give the memory with a registry used now."""
        others = tuple(each for each in self.recent if each != place)
        return replace(self, recent=(place, *others)[:MOST_RECENT])

    def without(self, place: str) -> DeskMemory:
        """Give the memory without a registry."""
        return replace(self, recent=tuple(each for each in self.recent if each != place))


def memory_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Name the file of whoever runs the desk."""
    return _folder(environment, "XDG_CONFIG_HOME", ".config", "APPDATA") / "desk.json"


def demonstration_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Name the place of the demonstration registry of whoever runs the desk."""
    return _folder(environment, "XDG_DATA_HOME", ".local/share", "LOCALAPPDATA") / "demo.teak"


def recall(path: Path) -> DeskMemory:
    """Read what is remembered; nothing where the file is not there or no such file."""
    try:
        with path.open("rb") as file:
            content: Any = json.loads(file.read(_LARGEST))
        if content["version"] != _VERSION:
            return DeskMemory()
        recent = tuple(each for each in content["recent"] if isinstance(each, str))
        return DeskMemory(str(content["language"]), str(content["colours"]), recent[:MOST_RECENT])
    except (OSError, ValueError, KeyError, TypeError):
        return DeskMemory()


def remember(path: Path, memory: DeskMemory) -> None:
    """Keep what is to be remembered; a failure is logged and hinders nobody."""
    content = {"version": _VERSION, **asdict(memory)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, json.dumps(content, ensure_ascii=False, indent=2).encode())
    except OSError as error:
        _log.warning("the desk's settings cannot be kept in %s: %s", path, error)


def _folder(environment: Mapping[str, str], name: str, place: str, on_windows: str) -> Path:
    if sys.platform == "win32" and environment.get(on_windows):
        return Path(environment[on_windows]) / "Teak"
    named = environment.get(name, "")
    # A relative folder is to be passed over, says the desktops' own convention.
    base = Path(named) if Path(named).is_absolute() else Path.home() / place
    return base / "teak"
