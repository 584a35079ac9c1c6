"""The command that prints what another registry is told of units sent to it.

Owns arguments and output.
"""

from __future__ import annotations

import json
from argparse import Namespace

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common, write_file
from app.commands.sessions import open_for_reading


def add_commands(commands: Commands) -> None:
    """Add counterpart-message."""
    parser = commands.add(
        "counterpart-message",
        "print the message to the registry that an external transfer sends units to",
        example="teak counterpart-message TH12 --out TH12.json",
        run=_counterpart_message,
        more="With --json or --out it is the DES structure ProposalTransaction as canonical JSON, "
        "else text to read. External transfers are off-line: nothing is sent.",
    )
    parser.add_argument("id", metavar="ID", help="the external transfer, such as TH12")
    parser.add_argument("--out", metavar="FILE", help="write the canonical JSON to FILE")
    add_common(parser)


def _counterpart_message(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.counterpart_message import counterpart_message

    with open_for_reading(arguments) as registry:
        message = counterpart_message(registry, arguments.id)
    if arguments.out is not None:
        write_file(arguments.out, message.as_bytes())
    if output.as_json:
        output.document(json.loads(message.as_bytes()))
    elif arguments.out is None:
        output.line(message.as_text().rstrip("\n"))
    return DONE
