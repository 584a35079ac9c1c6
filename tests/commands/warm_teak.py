"""A process that has imported what `teak` imports, and forks a child for each command asked.

Importing SQLAlchemy takes most of a second; a hundred commands would take minutes. Each child
is a process of its own with its own streams, folder and environment, and runs the same `main`
as the console script. Requests are lines of JSON on standard input, statuses lines on standard
output.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

WARM = (
    "app.composition",
    "app.commands.main",
    "app.services.certificates.issuing",
    "app.services.checks.violation",
    "app.services.listings.places",
    "app.services.people.demo",
    "app.services.people.sign_in",
    "app.services.registry.creating",
    "app.services.transactions.proposing",
)


def run(request: dict[str, object]) -> int:
    """Run one command in a child whose streams are files, and give its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    streams = ("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY)
    for number, (name, mode) in enumerate(streams):
        descriptor = os.open(str(request[name]), mode)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[call-overload]
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    status = 120
    try:
        from app.composition import main

        status = main(request["arguments"])  # type: ignore[arg-type]
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    for name in WARM:
        importlib.import_module(name)
    for line in sys.stdin:
        sys.stdout.write(f"{run(json.loads(line))}\n")
        sys.stdout.flush()
