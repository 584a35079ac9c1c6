"""How the desk names one project: its registry of origin and its code there.

Owns that form; codes alone are not one of a kind.
"""

from __future__ import annotations

_BETWEEN = " / "


def write_project_key(origin: str, code: str) -> str:
    """Name a project."""
    return f"{origin}{_BETWEEN}{code}"


def read_project_key(key: str) -> tuple[str, str]:
    """Give origin and code of a name."""
    origin, _between, code = key.partition(_BETWEEN)
    return origin, code
