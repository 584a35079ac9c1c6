"""Commands that bring files in: exports of other registries, verified reductions, source units.

Owns arguments and output; everything goes in through the ledger's own acts.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from app.commands import import_readings_command
from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    TeakParser,
    add_common,
    add_person,
    named_path,
)
from app.commands.sessions import open_for_acting

FORMATS = ("verra", "acr", "car", "gold-standard")


def add_commands(commands: Commands) -> None:
    """Add import with its own commands."""
    family = Commands(
        commands.add(
            "import",
            "bring in exports of other registries, verified reductions, or cancelled source units",
            example="teak import registry-export verra.csv --format verra --as officer "
            "--approved-by approver",
            run=None,
        ),
        "import commands",
    )
    export = family.add(
        "registry-export",
        "import an export of another registry, through the ledger's own acts",
        example="teak import registry-export verra.csv --format verra --as officer "
        "--approved-by approver --json",
        run=_registry_export,
        more="A second import of the same file changes nothing; one that was killed half way "
        "can be run again.",
    )
    export.add_argument(
        "--format", required=True, choices=FORMATS, help="whose export it is: " + ", ".join(FORMATS)
    )
    add_person(export, approver=True)
    reductions = family.add(
        "verified-reductions",
        "import verified reductions from CSV, or from a JSON list in a .json file",
        example="teak import verified-reductions reductions.csv --as officer --json",
        run=_verified_reductions,
    )
    add_person(reductions)
    record = family.add(
        "cancellation-record",
        "register units that the CDM registry cancelled, so that they can be reissued here",
        example="teak import cancellation-record record.csv --attestation letter.pdf --as officer "
        "--json",
        run=_cancellation_record,
        more="CSV, or a JSON list in a .json file. Columns: serial, quantity, host_country, "
        "project, unit_type, cancelled_on; vintage, beneficiary and purpose where known; every "
        "further column is kept as it stands. The same record again adds nothing.",
    )
    record.add_argument(
        "--attestation",
        required=True,
        metavar="FILE",
        help="the CDM registry's attestation of the cancellation; kept with the record",
    )
    add_person(record)
    for parser in (export, reductions, record):
        _add_file(parser)
        add_common(parser)
    import_readings_command.add_command(family)


def _add_file(parser: TeakParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file")
    parser.add_argument(
        "--strict", action="store_true", help="refuse the file whole when any row is bad"
    )


def _registry_export(arguments: Namespace, output: Output) -> int:
    from app.services.imports.registry_export import import_registry_export

    with (
        open_for_acting(arguments, needs_approver=True) as acting,
        output.progress("Importing") as progress,
    ):
        report = import_registry_export(
            acting.registry,
            named_path(arguments.file),
            format=arguments.format,
            proposer=acting.actor,
            approver=acting.required_approver(),
            strict=arguments.strict,
            progress=progress,
        )
    return _print_report(output, report.as_json(), strict=arguments.strict)


def _verified_reductions(arguments: Namespace, output: Output) -> int:
    from app.services.imports.verified_reductions import import_verified_reductions

    with open_for_acting(arguments) as acting:
        report = import_verified_reductions(
            acting.registry, named_path(arguments.file), actor=acting.actor, strict=arguments.strict
        )
    return _print_report(output, report.as_json(), strict=arguments.strict)


def _cancellation_record(arguments: Namespace, output: Output) -> int:
    from app.services.conversions.sources import register_sources

    with open_for_acting(arguments) as acting:
        report = register_sources(
            acting.registry,
            named_path(arguments.file),
            attestation=named_path(arguments.attestation),
            actor=acting.actor,
            strict=arguments.strict,
        )
    return _print_report(output, report.as_json(), strict=arguments.strict)


def _print_report(output: Output, report: dict[str, Any], *, strict: bool) -> int:
    rejected = report["rejected"]
    if output.as_json:
        output.document(report)
    else:
        for key, value in report.items():
            if key != "rejected":
                output.line(f"{key.replace('_', ' ')}: {value}")
        output.line(f"rejected: {len(rejected)}")
    for row in () if output.as_json else rejected:
        output.tell(f"Row {row['row']}: {row['reason']} ({row['code']})")
    return ANSWER_IS_NO if strict and rejected else DONE
