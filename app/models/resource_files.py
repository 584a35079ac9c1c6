"""Where the shipped files are: fonts, icons, translations, reference tables.

Owns the one rule of where resources lie; must not read or interpret them.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resource_root() -> Path:
    """Return the folder of resources: inside an installed package, else of the checkout."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Return the path of one shipped file or folder; it need not exist."""
    return resource_root().joinpath(*parts)
