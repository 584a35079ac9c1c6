"""The `teak` command: parses arguments, runs one command, gives its exit status.

Owns the list of families and what happens to errors: status 1 when the answer is no, 2 when it
could not be tried, never a traceback. Heavy libraries are imported by the command that needs
them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import __version__
from app.commands import (
    account_commands,
    act_commands,
    calibration_commands,
    certificate_commands,
    collect_commands,
    committee_commands,
    copy_commands,
    decode_commands,
    import_commands,
    listing_commands,
    message_commands,
    policy_commands,
    proof_commands,
    quality_commands,
    reading_commands,
    registry_commands,
    rule_commands,
    serial_commands,
    simulation_commands,
    work_commands,
)
from app.commands.output import Output
from app.commands.parsing import ANSWER_IS_NO, COULD_NOT_TRY, Commands, Run, TeakParser
from app.models.errors import TeakError, UsageError

if TYPE_CHECKING:
    from app.services.checks.violation import RulesBroken

FAMILIES = (
    registry_commands,
    proof_commands,
    work_commands,
    copy_commands,
    account_commands,
    act_commands,
    committee_commands,
    listing_commands,
    message_commands,
    rule_commands,
    policy_commands,
    serial_commands,
    import_commands,
    certificate_commands,
    quality_commands,
    calibration_commands,
    simulation_commands,
    collect_commands,
    reading_commands,
    decode_commands,
)


def make_parser() -> TeakParser:
    """Build the parser of all commands; imports nothing heavy."""
    parser = TeakParser(
        prog="teak",
        description="The desk of a national carbon-credit registry. Without a command, `teak` "
        "opens the desk.",
        epilog="Example:\n  teak create demo.teak --demo\n  teak --registry demo.teak accounts\n\n"
        "Exit status: 0 done, or yes; 1 the answer is no; 2 it could not be tried.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"teak {__version__}")
    parser.add_argument(
        "--registry",
        metavar="PATH|URL",
        help="the registry file, or a server's address; else TEAK_REGISTRY",
    )
    parser.add_argument("--passphrase-file", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    commands = Commands(parser, "commands")
    for family in FAMILIES:
        family.add_commands(commands)
    return parser


def run_command(arguments: Sequence[str]) -> int:
    """Run one command and give its exit status; every failure ends in words."""
    _stand_in_for_closed_streams()
    _speak_utf8()
    output = Output(as_json="--json" in arguments)
    status = _run(arguments, output)
    try:
        output.flush()
    except TeakError as error:
        _print_error(output, error.code, error.message, error.hint)
        return COULD_NOT_TRY
    return status


def _run(arguments: Sequence[str], output: Output) -> int:
    try:
        _require_text(arguments)
        parsed = make_parser().parse_args(arguments)
        run: Run | None = getattr(parsed, "run", None)
        if run is None:
            raise UsageError("No command was given.", hint="`teak --help` lists them.")
        return run(parsed, output)
    except TeakError as error:
        _print_error(output, error.code, error.message, error.hint)
        return COULD_NOT_TRY
    except KeyboardInterrupt:
        _print_error(output, "interrupted", "Stopped.", "What was committed by then stays.")
        return COULD_NOT_TRY
    except Exception as error:  # noqa: BLE001 - the last resort of the whole program
        return _told_unexpected(output, error)


def _told_unexpected(output: Output, error: Exception) -> int:
    """Print a broken rule that no command answers itself; keep anything else in a log file."""
    from app.services.checks.violation import RulesBroken

    if isinstance(error, RulesBroken):
        _print_refusal(output, error)
        return ANSWER_IS_NO
    from app.commands.last_resort import keep_traceback

    place = keep_traceback(error)
    _print_error(
        output,
        "unexpected",
        "Teak met a fault of its own; what was not finished is undone.",
        f"Please report it with the file {place}." if place else "Please report it.",
    )
    return COULD_NOT_TRY


def _print_refusal(output: Output, error: RulesBroken) -> None:
    for violation in error.violations:
        output.tell(f"{violation.code} {violation.message}")
    if output.as_json:
        content: dict[str, Any] = _error("rules-broken", str(error), "")
        content["violations"] = [violation.as_json() for violation in error.violations]
        output.document(content)


def _print_error(output: Output, code: str, message: str, hint: str) -> None:
    output.tell(f"teak: {message}" + (f"\n  {hint}" if hint else ""))
    if output.as_json:
        output.document(_error(code, message, hint))


def _error(code: str, message: str, hint: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "hint": hint}}


def _require_text(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no UTF-8: what is given here is stored, compared and printed."""
    for argument in arguments:
        if any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise UsageError(
                f"The argument {argument!r} is not UTF-8 text.",
                hint="Write it in UTF-8; rename a file whose name is in another encoding.",
            )


def _stand_in_for_closed_streams() -> None:
    """Put nothing and nowhere where the caller closed a stream; Python leaves None there."""
    nowhere = Path(os.devnull)
    sys.stdin = sys.stdin or nowhere.open(encoding="utf-8")
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")


def _speak_utf8() -> None:
    """Write UTF-8 whatever the machine's locale says.

    Half a surrogate pair, which JSON input can hold, is written as its escape: that is JSON too.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
