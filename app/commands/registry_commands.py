"""Commands on the registry as a whole: create, migrate, its keys.

Owns their arguments and what they print.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import (
    DONE,
    Commands,
    TeakParser,
    add_common,
    add_person,
    named_path,
    read_json,
    write_file,
)
from app.commands.secrets import Secrets
from app.commands.sessions import (
    named_place,
    open_for_acting,
    open_for_reading,
    registry_place,
)
from app.models.errors import UsageError
from app.models.server_place import ServerPlace

if TYPE_CHECKING:
    from app.services.people.new_person import NewPerson
    from app.services.registry.creating import CreatedRegistry, NewRegistry
    from app.services.registry.creating_networked import OwnerAccess
    from app.services.registry.migrating import Migrated
    from app.services.registry.worker_file import WorkerFile


def add_commands(commands: Commands) -> None:
    """Add create, migrate, public-key and key."""
    _add_create(commands)
    migrate = commands.add(
        "migrate",
        "bring a registry of an earlier version up to this one",
        example="teak migrate --registry registry.teak",
        run=_migrate,
    )
    add_owner(migrate)
    add_common(migrate)
    public_key = commands.add(
        "public-key",
        "print the public key by which certificates are checked",
        example="teak public-key --registry demo.teak --out registry.pem",
        run=_public_key,
    )
    public_key.add_argument("--out", metavar="FILE", help="write the PEM into FILE")
    add_common(public_key)
    _add_key(commands)


def _add_create(commands: Commands) -> None:
    create = commands.add(
        "create",
        "create an encrypted registry, as a file or on a PostgreSQL server",
        example="teak create demo.teak --demo",
        run=_create,
        more="A real registry needs its first people: --people people.json with "
        '[{"user", "name", "role", "e-mail"}], an administrator among them. Their passphrases '
        'are read from --secrets-file ([{"user", "password"}]), from --passphrase-file (a line '
        "each, in that order) or asked. What is printed for each person is shown only now. What "
        "was cut off leaves nothing open: run it again, and the remnants are taken away.",
    )
    create.add_argument(
        "path",
        metavar="PATH|URL",
        help="the new file, where nothing may stand; or postgresql://HOST/DATABASE",
    )
    add_owner(create)
    create.add_argument(
        "--worker-file",
        metavar="FILE",
        help="of a server: where what `teak work` signs with is written (DATABASE.worker.json)",
    )
    create.add_argument("--demo", action="store_true", help="a demo registry, for ever")
    create.add_argument("--people", metavar="FILE", help="the first people as JSON")
    create.add_argument("--country", metavar="CC", help="two capital letters (TH)")
    create.add_argument("--name", metavar="TEXT", help="the registry's name in English")
    create.add_argument("--name-th", metavar="TEXT", help="the registry's name in Thai")
    create.add_argument("--secrets-file", metavar="FILE", help="the people's passphrases")
    add_common(create)


def add_owner(parser: TeakParser) -> None:
    """Add --owner, by which somebody makes roles and schemas on a server."""
    parser.add_argument(
        "--owner",
        metavar="URL",
        help="of a server: the address, with the user, of somebody who may make roles and "
        "schemas; their password is best kept in ~/.pgpass",
    )


def _add_key(commands: Commands) -> None:
    key = commands.add(
        "key",
        "show the raw database key, or change the key that signs",
        example="teak key show --as admin",
        run=None,
    )
    commands_of_key = Commands(key, "key commands")
    rotate = commands_of_key.add(
        "rotate",
        "retire the signing key of a registry file and make a new one",
        example="teak key rotate --as admin --registry demo.teak",
        run=_key_rotate,
        more="What the retired key signed stays valid, and it vouches for the new one. Of a "
        "networked registry whoever has its worker's file does it: `teak work --rotate-key`.",
    )
    add_person(rotate)
    add_common(rotate)
    show = commands_of_key.add(
        "show",
        "show the raw database key to an administrator; the log says so",
        example="teak key show --as admin --registry demo.teak --json",
        run=_key_show,
    )
    add_person(show)
    add_common(show)


def _create(arguments: Namespace, output: Output) -> int:
    place = named_place(arguments.path)
    created = _created(place, arguments, output)
    public_key = created.public_key_pem.decode("ascii")
    people = [
        {
            "user": person.user,
            "role": str(person.role),
            "enrolment_uri": person.enrolment_uri,
            "recovery_codes": list(person.recovery_codes),
        }
        for person in created.people
    ]
    if output.as_json:
        output.document({"registry": str(place), "public_key": public_key, "people": people})
        return DONE
    output.line(f"Created {place}")
    output.line(public_key.strip())
    for person in people:
        output.line(f"{person['user']} ({person['role']}): {person['enrolment_uri']}")
        output.line("  recovery codes: " + " ".join(person["recovery_codes"]))
    return DONE


def _created(place: Path | ServerPlace, arguments: Namespace, output: Output) -> CreatedRegistry:
    from app.services.registry.creating import NewRegistry, create_registry
    from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
    from app.services.registry.opening import close_registry

    standard = (
        DEMO_REGISTRY
        if arguments.demo
        else NewRegistry(name_en="Carbon Credit Registry", name_th="ทะเบียนคาร์บอนเครดิต")
    )
    listed = None if arguments.people is None else _listed_people(arguments)
    if arguments.demo:
        people = [*DEMO_PEOPLE, *(() if listed is None else _people_of_demo(listed))]
    else:
        people = _with_passphrases(listed or [_ADMINISTRATOR], Secrets(arguments), output)
    new = NewRegistry(
        name_en=arguments.name or standard.name_en,
        name_th=arguments.name_th or arguments.name or standard.name_th,
        country=arguments.country or standard.country,
        is_demo=arguments.demo,
    )
    if isinstance(place, ServerPlace):
        created = _created_on_server(place, arguments, output, new=new, people=people)
    elif arguments.demo:
        from app.services.registry.demo import make_demo_registry

        return make_demo_registry(place, new=new, people=people, exports=False, told=output.tell)
    else:
        created = create_registry(place, new=new, people=people)
    close_registry(created.registry)
    return created


def _created_on_server(
    place: ServerPlace,
    arguments: Namespace,
    output: Output,
    *,
    new: NewRegistry,
    people: list[NewPerson],
) -> CreatedRegistry:
    from app.services.registry.creating_networked import create_networked_registry
    from app.services.registry.making_networked import require_nobody_s
    from app.services.registry.worker_file import worker_file_path

    # Before an owner is asked for: this is wrong whoever it is.
    require_nobody_s(place)
    named = arguments.worker_file
    worker_file = worker_file_path(place.database) if named is None else named_path(named)

    def fill(place: ServerPlace, worker: WorkerFile) -> None:
        from app.services.registry.demo import fill_demo_on_server

        fill_demo_on_server(place, worker, told=output.tell)

    created = create_networked_registry(
        place,
        owner=owner_of(arguments),
        new=new,
        people=people,
        worker_file=worker_file,
        fill=fill if new.is_demo else None,
        told=output.tell,
    )
    output.tell(
        f"Wrote {worker_file}: `teak work` signs with it. Keep it where the worker runs, and "
        "nowhere else."
    )
    return created


def owner_of(arguments: Namespace) -> OwnerAccess:
    """Give the access of the server's owner whom --owner names; UsageError without one."""
    from app.services.registry.creating_networked import owner_access

    if not arguments.owner:
        raise UsageError(
            "A registry on a server is made by somebody who may make roles and schemas.",
            hint="Give their address: --owner postgresql://postgres@HOST/postgres",
        )
    address = owner_access(arguments.owner)
    found = Secrets(arguments).find_own(address.place.user)
    if found is not None:
        address.passphrase = found
    return address


_ADMINISTRATOR = {"user": "admin", "name": "Administrator", "role": "administrator", "email": ""}


def _listed_people(arguments: Namespace) -> list[dict[str, str]]:
    content = read_json(arguments.people, arguments)
    if not isinstance(content, list) or not content:
        raise UsageError(
            f"“{arguments.people}” names no people.",
            hint='It is a JSON list: [{"user", "name", "role", "e-mail"}].',
        )
    return [_listed_person(entry) for entry in content]


def _listed_person(entry: Any) -> dict[str, str]:
    if not isinstance(entry, Mapping):
        raise UsageError(f"{entry!r} is no person.", hint="Each is an object with user and role.")
    known = {"user", "name", "role", "e-mail", "email"}
    unknown = sorted(set(entry) - known)
    person = {
        "user": entry.get("user"),
        "name": entry.get("name", entry.get("user")),
        "role": entry.get("role"),
        "email": entry.get("e-mail", entry.get("email", "")),
    }
    wrong = [key for key, value in person.items() if not isinstance(value, str)]
    if unknown or wrong:
        raise UsageError(
            f"The person {dict(entry)!r} has "
            + (f"an unknown field “{unknown[0]}”." if unknown else f"no text as “{wrong[0]}”."),
            hint="A person has user, name, role and e-mail.",
        )
    return {key: str(value) for key, value in person.items()}


def _people_of_demo(listed: list[dict[str, str]]) -> list[NewPerson]:
    from app.services.people.new_person import DEMO_PASSPHRASE

    return [_new_person(person, DEMO_PASSPHRASE) for person in listed]


def _with_passphrases(
    listed: list[dict[str, str]], secrets: Secrets, output: Output
) -> list[NewPerson]:
    lines = secrets.passphrase_lines()
    if len(lines) == len(listed):
        return [
            _new_person(person, secrets.find_own(person["user"]) or line)
            for person, line in zip(listed, lines, strict=True)
        ]
    if len(lines) == 1:
        output.tell("Everybody begins with the one passphrase of the file; let each change it.")
    return [_new_person(person, secrets.passphrase(person["user"])) for person in listed]


def _new_person(person: Mapping[str, str], passphrase: str) -> NewPerson:
    from app.models.codes import Role
    from app.services.people.new_person import NewPerson

    try:
        role = Role(person["role"].strip().lower())
    except ValueError:
        raise UsageError(
            f"“{person['role']}”, the role of “{person['user']}”, is not a role.",
            hint="Roles: " + ", ".join(Role) + ".",
        ) from None
    return NewPerson(
        user_name=person["user"],
        name=person["name"],
        role=role,
        email=person["email"],
        passphrase=passphrase,
    )


def _migrate(arguments: Namespace, output: Output) -> int:
    from app.models.errors import WrongPassphrase
    from app.services.people.new_person import DEMO_PASSPHRASE
    from app.services.registry.migrating import Migrated, migrate_registry

    place, secrets = registry_place(arguments), Secrets(arguments)
    if isinstance(place, ServerPlace):
        from app.services.registry.creating_networked import migrate_networked_registry

        return _print_migrated(
            output, Migrated(*migrate_networked_registry(place, owner=owner_of(arguments)))
        )
    try:
        if secrets.has_named_file:
            result = migrate_registry(place, passphrase=secrets.passphrase(None))
        else:
            result = migrate_registry(place, passphrase=DEMO_PASSPHRASE)
    except WrongPassphrase:
        if secrets.has_named_file:
            raise
        result = migrate_registry(place, passphrase=secrets.passphrase(None))
    return _print_migrated(output, result)


def _print_migrated(output: Output, result: Migrated) -> int:
    if output.as_json:
        output.document(result.as_json())
    elif result.before == result.after:
        output.line(f"Schema revision {result.after}: nothing to do.")
    else:
        output.line(f"Schema revision {result.before} became {result.after}.")
    return DONE


def _public_key(arguments: Namespace, output: Output) -> int:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from app.services.certificates.signing import key_fingerprint, public_key_pem
    from app.services.listings.signing_keys import read_public_keys

    with open_for_reading(arguments) as registry:
        key = Ed25519PublicKey.from_public_bytes(read_public_keys(registry)[0])
    pem = public_key_pem(key)
    if arguments.out is not None:
        write_file(arguments.out, pem)
    if output.as_json:
        output.document(
            {
                "public_key": pem.decode("ascii"),
                "fingerprint": key_fingerprint(key),
                "file": arguments.out,
            }
        )
    elif arguments.out is None:
        output.line(pem.decode("ascii").rstrip())
    else:
        output.tell(f"Wrote {arguments.out}")
    return DONE


def _key_show(arguments: Namespace, output: Output) -> int:
    from app.services.registry.key_showing import show_raw_key

    with open_for_acting(arguments) as acting:
        key = show_raw_key(acting.registry, acting.actor)
    if output.as_json:
        output.document({"raw_key": key})
    else:
        output.line(key)
    return DONE


def _key_rotate(arguments: Namespace, output: Output) -> int:
    from app.services.signing_key_rotation import rotate_signing_key

    with open_for_acting(arguments) as acting:
        public_key = rotate_signing_key(acting.registry, acting.actor)
    if output.as_json:
        output.document({"ok": True, "public_key": public_key.hex()})
    else:
        output.line(f"The registry signs with a new key: {public_key.hex()}")
    return DONE
