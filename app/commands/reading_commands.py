"""Commands on stored readings: bundles exported, verified, enrolled and imported.

Owns arguments and what is printed; the acts are `app.services.readings`.
"""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    add_common,
    add_person,
    named_path,
)
from app.commands.sessions import open_for_acting, open_for_reading
from app.models.errors import UsageError

_KEY_BYTES = 32


def add_commands(commands: Commands) -> None:
    """Add readings and what follows it."""
    parser = commands.add(
        "readings",
        "export, verify and import signed readings of stations",
        example="teak readings verify bundle.zip --public-key KEY",
        run=None,
    )
    under = Commands(parser, "readings")
    _add_export(under)
    _add_check(under)
    _add_verify(under)
    _add_enrol(under)
    _add_import(under)
    _add_change_key(under)


def _add_export(commands: Commands) -> None:
    export = commands.add(
        "export",
        "write a station's readings of a span as an evidence bundle",
        example="teak readings export --station ST-01 --from 2026-01-01T00:00:00Z "
        "--to 2026-02-01T00:00:00Z --out january.zip --as technician",
        run=_export,
    )
    export.add_argument("--station", required=True, metavar="CODE", help="which station")
    export.add_argument("--from", dest="start", metavar="TIME", help="from when on (ISO 8601)")
    export.add_argument("--to", dest="end", metavar="TIME", help="before when (ISO 8601)")
    export.add_argument("--out", required=True, metavar="FILE", help="the file to write")
    add_person(export)
    add_common(export)


def _add_check(commands: Commands) -> None:
    check = commands.add(
        "check",
        "verify every record of readings in the registry: chain, signature, payload",
        example="teak --registry field.teak readings check --json",
        run=_check,
    )
    add_common(check)


def _add_verify(commands: Commands) -> None:
    verify = commands.add(
        "verify",
        "verify an evidence bundle; needs no registry",
        example="teak readings verify january.zip --public-key 3b6a27bc…",
        run=_verify,
        more="The station's public key comes from its owner on another way: never is a bundle "
        "judged by a key it brings along.",
    )
    verify.add_argument("file", metavar="BUNDLE", help="the file")
    verify.add_argument("--public-key", required=True, metavar="HEX", help="the station's key")
    add_common(verify, registry=False)


def _add_enrol(commands: Commands) -> None:
    enrol = commands.add(
        "enrol",
        "admit the station of a bundle, with the key its owner told you",
        example="teak readings enrol january.zip --public-key 3b6a27bc… --as admin",
        run=_enrol,
    )
    enrol.add_argument("file", metavar="BUNDLE", help="a bundle of the station")
    enrol.add_argument("--public-key", required=True, metavar="HEX", help="the station's key")
    add_person(enrol)
    add_common(enrol)


def _add_import(commands: Commands) -> None:
    taking = commands.add(
        "import",
        "take over the readings of a bundle, once however often it is sent",
        example="teak readings import january.zip --as technician",
        run=_import,
    )
    taking.add_argument("file", metavar="BUNDLE", help="the file")
    add_person(taking)
    add_common(taking)


def _add_change_key(commands: Commands) -> None:
    change = commands.add(
        "change-key",
        "retire a station's key and make another, which signs from now on",
        example="teak readings change-key --station ST-01 --reason 'Laptop replaced' "
        "--as technician",
        run=_change_key,
        more="What the old key signed still verifies. Tell the new key to whoever takes the "
        "station's bundles: they enrol it with the next one.",
    )
    change.add_argument("--station", required=True, metavar="CODE", help="which station")
    change.add_argument("--reason", required=True, metavar="TEXT", help="why, for the log")
    add_person(change)
    add_common(change)


def _export(arguments: Namespace, output: Output) -> int:
    from app.services.readings.bundle import export_bundle

    start = _time(arguments.start, "--from") or datetime(1970, 1, 1, tzinfo=UTC)
    end = _time(arguments.end, "--to") or datetime(9999, 1, 1, tzinfo=UTC)
    with open_for_acting(arguments) as acting:
        made = export_bundle(
            acting.registry,
            acting.actor,
            named_path(arguments.out),
            station=arguments.station,
            start=start,
            end=end,
        )
    if output.as_json:
        output.document(made.as_json())
    else:
        output.line(f"Wrote {made.records:,} records of {made.rows:,} rows to {made.path}.")
        output.line(f"Public key of the station: {made.public_key.hex()}")
    return DONE


def _check(arguments: Namespace, output: Output) -> int:
    from app.services.readings.verification import verify_readings

    with open_for_reading(arguments) as registry:
        verdict = verify_readings(registry)
    if output.as_json:
        output.document(verdict.as_json())
    elif verdict.ok:
        output.line(f"Holds: {verdict.records:,} records of {verdict.rows:,} rows.")
    else:
        output.line(f"Does not hold: {verdict.first_failure}.")
    return DONE if verdict.ok else ANSWER_IS_NO


def _verify(arguments: Namespace, output: Output) -> int:
    from app.services.readings.bundle_reading import verify_bundle

    verdict = verify_bundle(named_path(arguments.file), _key(arguments.public_key))
    if output.as_json:
        output.document(verdict.as_json())
    elif verdict.ok:
        output.line(f"All {verdict.records:,} records hold: {verdict.rows:,} rows.")
    else:
        for fault in verdict.faults:
            output.line(fault)
    return DONE if verdict.ok else ANSWER_IS_NO


def _enrol(arguments: Namespace, output: Output) -> int:
    from app.services.readings.bundle_enrolment import enrol_station

    with open_for_acting(arguments) as acting:
        enrol_station(
            acting.registry,
            acting.actor,
            named_path(arguments.file),
            public_key=_key(arguments.public_key),
        )
    if output.as_json:
        output.document({"ok": True})
    else:
        output.line("The station is enrolled; its bundles can be imported.")
    return DONE


def _import(arguments: Namespace, output: Output) -> int:
    from app.services.readings.bundle_import import import_bundle

    with open_for_acting(arguments) as acting:
        done = import_bundle(acting.registry, acting.actor, named_path(arguments.file))
    if output.as_json:
        output.document(done.as_json())
    else:
        output.line(
            f"Imported {done.records:,} records of {done.rows:,} rows; {done.already_there:,} "
            "were here already."
        )
        if done.calibrations or done.certificates:
            output.line(
                f"{done.calibrations:,} calibrations and {done.certificates:,} certificates came "
                "with them."
            )
    return DONE


def _change_key(arguments: Namespace, output: Output) -> int:
    from app.services.stations.keys import change_station_key

    with open_for_acting(arguments) as acting:
        key = change_station_key(
            acting.registry, acting.actor, arguments.station, reason=arguments.reason
        )
    if output.as_json:
        output.document({"ok": True, "public_key": key.hex()})
    else:
        output.line(f"Public key of the station from now on: {key.hex()}")
    return DONE


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise UsageError(f"“{text}” is no public key.", hint="It has 64 hexadecimal digits.")
    return key


def _time(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} takes a time, not “{text}”.", hint="Write 2026-01-31T00:00:00Z."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
