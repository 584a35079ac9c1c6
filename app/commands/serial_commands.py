"""Commands on serial numbers; they need no registry.

Owns arguments and output alone.
"""

from __future__ import annotations

import io
import sys
from argparse import Namespace

from app.commands.output import Output
from app.commands.parsing import ANSWER_IS_NO, DONE, Commands, add_common


def add_commands(commands: Commands) -> None:
    """Add serial parse."""
    serial = commands.add(
        "serial", "read serial numbers", example="teak serial parse < serials.txt", run=None
    )
    parse = Commands(serial, "serial commands").add(
        "parse",
        "read serial numbers from standard input, one a line",
        example="echo TH-TER-14-0042-2025--1-5000 | teak serial parse --json",
        run=_parse,
        more="For Cercarbono a line is PREFIX,START,END. Status 1 when a line cannot be read; "
        "the others are printed nevertheless.",
    )
    add_common(parse, registry=False)


def _parse(_arguments: Namespace, output: Output) -> int:
    from app.services.serial_lines import read_serial_lines

    status = DONE
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace")
    for line in read_serial_lines(lines):
        if line.error is not None:
            status = ANSWER_IS_NO
        if output.as_json:
            output.document(line.as_json())
        elif line.serial is None:
            output.tell(f"Line {line.line}: {line.error}")
        else:
            serial = line.serial
            output.line(
                f"{line.text}  {serial.grammar}, {serial.origin}, {serial.unit_type}, project "
                f"{serial.project or '–'}, vintage {serial.vintage or '–'}, "
                f"{serial.start}–{serial.end}, {serial.quantity:,} units"
            )
        if output.is_closed:
            break
    return status
