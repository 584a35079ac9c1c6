"""`teak work`: the networked registry's background worker as a service.

Owns its arguments, signals and what it says. What it does is `app.services.worker`.
"""

from __future__ import annotations

import signal
from argparse import Namespace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common, named_path
from app.commands.sessions import registry_place
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.registry.context import OpenRegistry
    from app.services.registry.worker_file import WorkerFile


def add_commands(commands: Commands) -> None:
    """Add work."""
    work = commands.add(
        "work",
        "seal the log, sign checkpoints and make certificates of a networked registry",
        example="teak work --registry postgresql://db.example.org/teak --worker-file "
        "teak.worker.json",
        run=_work,
        more="Runs until SIGTERM or SIGINT, which finish what is at hand and end with status 0. "
        "One is active at a time: a second waits until the first has ended. With --once it does "
        "what waits, then ends. What the database itself refuses is set aside with its reason, "
        "which desks show, and tried again with --retry or at the next start; a damaged registry "
        "ends it with status 2.",
    )
    work.add_argument(
        "--worker-file",
        metavar="FILE",
        help="what `teak create` wrote for the worker (DATABASE.worker.json)",
    )
    work.add_argument("--once", action="store_true", help="do what waits now, then end")
    work.add_argument(
        "--rotate-key",
        action="store_true",
        help="retire the signing key and make a new one, then end; what it signed stays valid",
    )
    work.add_argument(
        "--retry",
        action="store_true",
        help="have the worker at work try again what it set aside, then end",
    )
    add_common(work)


def _work(arguments: Namespace, output: Output) -> int:
    from app.services.registry.opening import close_registry

    registry, worker_file = _open(arguments)
    try:
        if arguments.rotate_key:
            return _rotate(registry, worker_file, output)
        if arguments.retry:
            return _retry(registry, output)
        return _serve(registry, worker_file, output, once=arguments.once)
    finally:
        close_registry(registry)


def _open(arguments: Namespace) -> tuple[OpenRegistry, WorkerFile]:
    from app.services.registry.worker_file import open_worker, read_worker_file, worker_file_path

    place = registry_place(arguments)
    if isinstance(place, Path):
        raise UsageError(
            f"“{place}” is a registry file: its desk seals and signs by itself.",
            hint="`teak work` serves a registry on a server: --registry postgresql://…",
        )
    path = (
        worker_file_path(place.database)
        if arguments.worker_file is None
        else named_path(arguments.worker_file)
    )
    worker_file = read_worker_file(path)
    return open_worker(place, worker_file), worker_file


def _rotate(registry: OpenRegistry, worker_file: WorkerFile, output: Output) -> int:
    from app.services.worker.key_rotation import rotate_key

    public_key = rotate_key(registry, worker_file.secret)
    if output.as_json:
        output.document({"ok": True, "public_key": public_key.hex()})
    else:
        output.line(f"The registry signs with a new key: {public_key.hex()}")
    return DONE


def _retry(registry: OpenRegistry, output: Output) -> int:
    from app.services.worker.setting_aside import ask_for_retry

    ask_for_retry(registry)
    if output.as_json:
        output.document({"ok": True})
    else:
        output.line("The worker was asked to try again what it set aside.")
    return DONE


def _serve(registry: OpenRegistry, worker_file: WorkerFile, output: Output, *, once: bool) -> int:
    from app.services.worker.serving import Worker

    worker = Worker(registry, worker_file.secret, told=output.tell)

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    work = worker.work_off() if once else worker.serve()
    if output.as_json:
        output.document(
            {
                "ok": True,
                "entries": work.entries,
                "blocks": work.blocks,
                "certificates": work.certificates,
            }
        )
    else:
        output.line(
            f"Sealed {work.entries:,} entries in {work.blocks:,} blocks, made "
            f"{work.certificates:,} certificates."
        )
    return DONE
