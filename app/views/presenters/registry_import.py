"""The state behind importing a registry's export: which file, which format, who agrees.

Owns guessing the format from the file's header and carrying the import out on behalf of two
people; counting and judging rows are the services'.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.models.errors import TeakError
from app.services.imports.import_preview import ImportPreview
from app.services.imports.import_report import ImportReport
from app.services.imports.registry_export import (
    FORMATS,
    import_registry_export,
    preview_registry_export,
)
from app.services.people.sign_in import authenticate, dismiss
from app.services.registry.context import Actor, OpenRegistry

FORMAT_NAMES = tuple(FORMATS)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadFile:
    """A file whose header one format knows, and what importing it would do."""

    path: Path
    format: str
    preview: ImportPreview


@dataclass(frozen=True)
class Credentials:
    """What the approver enters to agree."""

    user: str
    passphrase: str
    code: str


def read_file(registry: OpenRegistry, path: Path, wanted: str) -> ReadFile:
    """Count what importing the file would do; an empty `wanted` tries every format.

    Called off the window's thread. Raises NotFound or UsageError, for a file that no format
    reads that of the last one tried.
    """
    *others, last = (wanted,) if wanted else FORMAT_NAMES
    for name in others:
        with suppress(TeakError):
            return ReadFile(path, name, preview_registry_export(registry, path, format=name))
    return ReadFile(path, last, preview_registry_export(registry, path, format=last))


def carry_out(
    registry: OpenRegistry,
    officer: Actor,
    file: ReadFile,
    credentials: Credentials,
    *,
    strict: bool,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> ImportReport:
    """Admit the approver and import on behalf of both; called off the window's thread.

    Raises SignInRefused, SignInLocked, and what `import_registry_export` raises.
    """
    host = socket.gethostname()
    approver = authenticate(
        registry,
        user=credentials.user,
        passphrase=credentials.passphrase,
        code=credentials.code,
        host=host,
        act="agree-to-import",
    )
    try:
        return import_registry_export(
            registry,
            file.path,
            format=file.format,
            proposer=officer,
            approver=approver,
            strict=strict,
            progress=progress,
            cancelled=cancelled,
        )
    finally:
        _let_go(registry, approver, host)


def _let_go(registry: OpenRegistry, approver: Actor, host: str) -> None:
    try:
        dismiss(registry, approver, host=host)
    except TeakError as error:
        # Their session ends by itself, and what was imported is not undone by this.
        _log.warning("the sign-out of %s is not recorded: %s", approver.user_name, error)
