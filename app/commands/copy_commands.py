"""`teak copy`: moving a registry between a file and a server.

Owns its arguments, whose passphrases are asked, and what it prints.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.output import Output, Progress
from app.commands.parsing import DONE, Commands, add_common, named_path
from app.commands.registry_commands import add_owner, owner_of
from app.commands.secrets import Secrets
from app.commands.sessions import named_place, open_file_for_reading
from app.models.errors import UsageError
from app.models.server_place import ServerPlace

if TYPE_CHECKING:
    from app.services.copying.sides import Copied, MovedRegistry, Source


def add_commands(commands: Commands) -> None:
    """Add copy."""
    copy = commands.add(
        "copy",
        "copy a whole registry from a file to a server, or from a server to a file",
        example="teak copy registry.teak postgresql://db.example.org/teak "
        "--owner postgresql://postgres@db.example.org/teak --secrets-file new.json",
        run=_copy,
        more="Every row is compared with its source, the log entry by entry, and the copy is "
        "verified whole before it is kept. A copy that fails leaves nothing. One that is killed "
        "is marked as unfinished, and nobody can work in it: the same command again takes away "
        "what is left, and never a finished registry. Its id, its "
        "public key and its people's one-time codes stay. Passphrases cannot be copied: new ones "
        'are read from --secrets-file ([{"user", "password"}]) or asked; of a demo registry they '
        "are “demo”. The source stays as it is: let nobody work in it any more.",
    )
    copy.add_argument("source", metavar="SOURCE", help="a registry file, or postgresql://…")
    copy.add_argument("target", metavar="TARGET", help="the other: nothing may stand there")
    add_owner(copy)
    copy.add_argument(
        "--worker-file",
        metavar="FILE",
        help="of the server: what `teak work` signs with; read from a source, written for a "
        "target (DATABASE.worker.json)",
    )
    copy.add_argument(
        "--secrets-file", metavar="FILE", help="the people's new passphrases, by user"
    )
    add_common(copy)


def _copy(arguments: Namespace, output: Output) -> int:
    source, target = named_place(arguments.source), named_place(arguments.target)
    if isinstance(source, ServerPlace) and isinstance(target, Path):
        copied = _to_file(source, target, arguments, output)
    elif isinstance(source, Path) and isinstance(target, ServerPlace):
        copied = _to_server(source, target, arguments, output)
    else:
        raise UsageError(
            "A registry is copied from a file to a server, or from a server to a file.",
            hint="Of a file, copy both NAME.teak and NAME.teak.keys; of a server, use its backup.",
        )
    if output.as_json:
        output.document(
            {"ok": True, "entries": copied.entries, "rows": copied.rows, "root": copied.root}
        )
    else:
        output.line(f"Copied {copied.rows:,} rows and {copied.entries:,} log entries; all agree.")
        output.line(f"Root {copied.root}")
    return DONE


def _to_server(source: Path, target: ServerPlace, arguments: Namespace, output: Output) -> Copied:
    from app.services.copying.sides import Source, read_source
    from app.services.copying.to_server import copy_to_server
    from app.services.registry.making_networked import require_nobody_s

    require_nobody_s(target)
    with open_file_for_reading(source, arguments) as registry:
        side = Source(registry.engine)
        passphrases = _passphrases(read_source(side), arguments)
        with _progress(output) as progress:
            return copy_to_server(
                side,
                target,
                owner=owner_of(arguments),
                worker_file=_worker_file(target, arguments),
                passphrases=passphrases,
                progress=progress,
                told=output.tell,
            )


def _to_file(source: ServerPlace, target: Path, arguments: Namespace, output: Output) -> Copied:
    from app.services.copying.sides import read_source
    from app.services.copying.to_file import copy_to_file

    side = _server_source(source, arguments)
    try:
        passphrases = _passphrases(read_source(side), arguments)
        with _progress(output) as progress:
            return copy_to_file(side, target, passphrases=passphrases, progress=progress)
    finally:
        side.engine.dispose()


def _server_source(place: ServerPlace, arguments: Namespace) -> Source:
    from app.services.copying.sides import Source
    from app.services.registry.opening_networked import open_as_owner
    from app.services.registry.worker_file import read_worker_file

    worker = read_worker_file(_worker_file(place, arguments))
    return Source(open_as_owner(place, owner_of(arguments)), worker.secret)


def _worker_file(place: ServerPlace, arguments: Namespace) -> Path:
    from app.services.registry.worker_file import worker_file_path

    named = arguments.worker_file
    return worker_file_path(place.database) if named is None else named_path(named)


def _passphrases(moved: MovedRegistry, arguments: Namespace) -> dict[str, str]:
    from app.services.people.new_person import DEMO_PASSPHRASE

    if moved.is_demo:
        return {person.user_name: DEMO_PASSPHRASE for person in moved.people}
    secrets = Secrets(arguments)
    return {
        person.user_name: secrets.second_passphrase(person.user_name) for person in moved.people
    }


@contextmanager
def _progress(output: Output) -> Iterator[Progress | None]:
    with output.progress("Copying") as progress:
        yield progress
