"""The form of every command's arguments: common options, examples, JSON input.

Owns how a parser is built and how it speaks of mistakes; knows no command.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from app.commands.output import Output
from app.models.errors import UsageError

Run = Callable[[argparse.Namespace, Output], int]

DONE, ANSWER_IS_NO, COULD_NOT_TRY = 0, 1, 2
_LARGEST_INPUT = 20_000_000


class TeakParser(argparse.ArgumentParser):
    """A parser whose mistakes are errors like any other, in words or in JSON."""

    def error(self, message: str) -> NoReturn:
        """Raise the mistake instead of leaving the program."""
        raise UsageError(
            message[:1].upper() + message[1:] + ".", hint=f"`{self.prog} --help` shows how."
        )


class Commands:
    """The place where a family of commands puts its own."""

    def __init__(self, parser: TeakParser, title: str) -> None:
        self._commands = parser.add_subparsers(
            title=title, metavar="COMMAND", dest=f"{title}_command", parser_class=TeakParser
        )

    def add(
        self, name: str, summary: str, *, example: str, run: Run | None, more: str = ""
    ) -> TeakParser:
        """Add a command with its help, an example of use, and what runs it."""
        parser = self._commands.add_parser(
            name,
            help=summary,
            description=f"{summary[:1].upper()}{summary[1:]}.\n\n{more}".strip(),
            epilog=f"Example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if run is not None:
            parser.set_defaults(run=run)
        return parser


def add_common(parser: TeakParser, *, registry: bool = True) -> None:
    """Add --json and, for a command that needs one, the options that open a registry."""
    common = parser.add_argument_group("common options")
    if registry:
        common.add_argument(
            "--registry",
            metavar="PATH|URL",
            default=argparse.SUPPRESS,
            help="the registry file, or postgresql://[USER@]HOST/DATABASE; else TEAK_REGISTRY",
        )
        common.add_argument(
            "--passphrase-file",
            metavar="FILE",
            default=argparse.SUPPRESS,
            help="read the passphrase from FILE (-: standard input); else TEAK_PASSPHRASE_FILE",
        )
    common.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print the result as JSON"
    )


def add_person(parser: TeakParser, *, approver: bool = False) -> None:
    """Add the options of an act: on whose behalf, who agrees, where their secrets are."""
    person = parser.add_argument_group("who acts")
    person.add_argument("--as", dest="acting_as", metavar="USER", help="on whose behalf")
    if approver:
        person.add_argument("--approved-by", metavar="USER", help="a second person who agrees")
    person.add_argument(
        "--secrets-file",
        metavar="FILE",
        help="passphrases and one-time codes as JSON, for your eyes only: "
        '[{"user", "password", "code"}]',
    )


def add_input(parser: TeakParser, what: str) -> None:
    """Add --input for a JSON object from a file or standard input."""
    parser.add_argument(
        "--input", required=True, metavar="FILE", help=f"{what} as JSON (-: standard input)"
    )


def add_request_id(parser: TeakParser) -> None:
    """Add --request-id; an empty one, as of a script's unset variable, is refused."""
    parser.add_argument(
        "--request-id", metavar="ID", type=_request_id, help="your own name for this request"
    )


def _request_id(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; give an id, or leave the argument out")
    return text


def read_json(name: str, arguments: argparse.Namespace, *, has_fractions: bool = False) -> Any:
    """Read a JSON value from a file or from standard input; UsageError when it is none.

    Units are whole, so a fraction is refused, except where the input `has_fractions`: these are
    read as exact decimals.
    """
    if name == "-" == getattr(arguments, "passphrase_file", None):
        raise UsageError(
            "Passphrase and input cannot both come from standard input.",
            hint="Give one of them in a file.",
        )
    text = read_text(name)
    try:
        return json.loads(
            text,
            parse_float=Decimal if has_fractions else _refuse_fraction,
            parse_constant=_refuse_fraction,
            object_pairs_hook=_object_of_unlike_keys,
        )
    except (ValueError, RecursionError) as error:
        raise UsageError(f"“{name}” is not JSON Teak can read: {error}.") from None


def _object_of_unlike_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key given twice: readers differ in which of the two they take."""
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"“{twice}” is given twice")
    return content


def _refuse_fraction(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number, and units are whole")


def named_path(name: str) -> Path:
    """Give the path of a file as a person names it; UsageError for the home of nobody known."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise UsageError(
            f"“{name}” begins in the home folder of somebody this machine does not know.",
            hint="Write the path from / on, or from this folder on with ./ before it.",
        ) from None


def read_text(name: str) -> str:
    """Read a text file, or standard input for `-`."""
    try:
        if name == "-":
            content = sys.stdin.buffer.read(_LARGEST_INPUT)
        else:
            with named_path(name).open("rb") as file:
                content = file.read(_LARGEST_INPUT)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"“{name}” cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"“{name}” is not UTF-8 text.") from None


def write_file(name: str, content: bytes) -> Path:
    """Write a result to a file, whole or not at all; UsageError when it cannot be written."""
    from app.services.file_saving import save_file

    return save_file(named_path(name), content)
