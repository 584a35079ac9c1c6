"""Saving a result to a file that a person named: a certificate, a public key.

Owns what is said when the place cannot be written; how a file is written whole is the storage
room's, which desks and commands must not know.
"""

from __future__ import annotations

from pathlib import Path

from app.models.errors import UsageError
from app.models.storage.whole_files import replace_file

_FOR_EVERYBODY = 0o666


def save_file(path: Path, content: bytes) -> Path:
    """Write the file whole or not at all, in the place of one that is there, and give its path.

    Raises UsageError, naming the path, when it cannot be written; nothing is left beside it.
    """
    try:
        replace_file(path, content, permissions=_FOR_EVERYBODY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"“{path}” cannot be written: {reason}.",
            hint="Choose another name or folder, or make room on the disk.",
        ) from error
    return path
