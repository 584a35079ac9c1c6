"""The worker's file: what `teak work` signs in with, and the secret its signing keys open by.

Owns the file's form (JSON, readable by its owner alone) and opening a registry as its worker. It
is written once, when the registry is created; whoever has it can sign in the registry's name.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.models.errors import RegistryExists, UsageError
from app.models.storage.translate import translating
from app.models.storage.unfinished_files import making_aside
from app.models.storage.whole_files import give_free_name, sync_folder
from app.services.registry.context import Clock, OpenRegistry, system_clock
from app.services.signing_keys import new_secret

if TYPE_CHECKING:
    from app.models.server_place import ServerPlace

_VERSION = 1
_LARGEST_FILE = 100_000


@dataclass(frozen=True, slots=True)
class WorkerFile:
    """The worker's password in the database, and the secret under which signing keys lie."""

    registry_id: str
    role: str
    password: str = field(repr=False)
    secret: bytes = field(repr=False)


def new_worker_file(*, registry_id: str, role: str) -> WorkerFile:
    """Draw a password and a secret for the worker of a new registry."""
    return WorkerFile(registry_id, role, secrets.token_urlsafe(32), new_secret())


def worker_file_path(database: str) -> Path:
    """Give where the worker's file is written unless another place is named."""
    return Path.cwd() / f"{database}.worker.json"


def write_worker_file(path: Path, content: WorkerFile) -> None:
    """Write the file for its owner alone; RegistryExists where something stands already."""
    text = json.dumps(
        {
            "version": _VERSION,
            "registry": content.registry_id,
            "role": content.role,
            "password": content.password,
            "signing_secret": content.secret.hex(),
        },
        indent=2,
    )
    try:
        # Whole or not at all: what a killed process leaves bears another name.
        with translating(path), making_aside(path) as aside:
            opened = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            give_free_name(aside, path)
            sync_folder(path.parent)
    except FileExistsError:
        raise RegistryExists(
            f'There is a file "{path}" already.',
            hint="Name another place for the worker's file with --worker-file FILE.",
        ) from None


def read_worker_file(path: Path) -> WorkerFile:
    """Read the file; UsageError for one that others can read, or that is none."""
    try:
        with path.open("rb") as file:
            _refuse_if_open_to_others(path, os.fstat(file.fileno()))
            content: Any = json.loads(file.read(_LARGEST_FILE))
        if content["version"] != _VERSION:
            raise ValueError("another version")
        return WorkerFile(
            registry_id=str(content["registry"]),
            role=str(content["role"]),
            password=str(content["password"]),
            secret=bytes.fromhex(content["signing_secret"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f'The worker\'s file "{path}" cannot be read: {error}.',
            hint="Name the file that `teak create` wrote, with --worker-file FILE.",
        ) from None


def find_worker_file(path: Path) -> WorkerFile | None:
    """Read the file; None for one that is not there or cannot be read as one."""
    try:
        return read_worker_file(path)
    except UsageError:
        return None


def open_worker(
    place: ServerPlace,
    worker: WorkerFile,
    *,
    clock: Clock = system_clock,
    is_making: bool = False,
) -> OpenRegistry:
    """Open a networked registry as its worker, whose rights are sealing and signing.

    With `is_making` it may be one that is still being filled. Raises the storage errors of a
    connection, UnfinishedRegistry, NewerRegistry and OlderRegistry, and UsageError when the file
    is another registry's.
    """
    from app.models.storage.postgresql import PATIENT_DEADLINES, ServerAccess
    from app.services.registry.opening_networked import read_registry

    access = ServerAccess(place.for_user(worker.role), worker.password, deadlines=PATIENT_DEADLINES)
    registry = read_registry(access, clock=clock, is_making=is_making)
    if registry.registry_id != worker.registry_id:
        registry.engine.dispose()
        raise UsageError(
            f"The worker's file belongs to the registry {worker.registry_id}, not to this one.",
            hint="Name the file that was written when this registry was created.",
        )
    return registry


def _refuse_if_open_to_others(path: Path, status: os.stat_result) -> None:
    if os.name == "posix" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(
            f'The worker\'s file "{path}" is open to others '
            f"(mode {stat.S_IMODE(status.st_mode):04o}); it was not read.",
            hint=f"Run `chmod 600 {path}`, and rotate the signing key if others may have seen it.",
        )
