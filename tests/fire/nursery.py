"""Writers in processes of their own, forked from one that has everything imported and open.

Run as a process with a place as JSON; each line of its input is an order. Forking costs hundredths
of a second, so that hundreds of writers can be killed. A writer opens connections of its own: the
nursery has closed all of its. What a writer was told is done it adds to a file, line by line, as
the desk's person would have seen it: the file outlives the writer.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from app.models.errors import StorageError
from app.services.checks.violation import RulesBroken
from app.services.transactions.proposing import approve
from app.services.transactions.voting import Choice, vote
from tests.fire.crew import Crew, Place, insist

Order = dict[str, Any]


class _Notes:
    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def write(self, *words: object) -> None:
        os.write(self._file, (" ".join(map(str, words)) + "\n").encode())


def keep_writing(crew: Crew, order: Order, notes: _Notes) -> None:
    """Carry out numbered transfers until killed; first the ones `again` must be as they were."""
    name = order["name"]
    for number, transaction in order.get("again", {}).items():
        found, _ = insist(lambda number=number: crew.carry_out(name, int(number)))  # type: ignore[misc]
        assert found == transaction, f"{name}-{number} was {transaction} and became {found}"
    crew.found.clear()
    for number in range(order["first"], order.get("last", sys.maxsize)):
        transaction, broken = insist(
            lambda number=number: crew.carry_out(name, number),  # type: ignore[misc]
            patience_s=order.get("patience_s", 30.0),
        )
        notes.write(number, transaction, broken, len(crew.found))
        crew.found.clear()


def fill_up(crew: Crew, order: Order, notes: _Notes) -> None:
    """Carry out numbered transfers until the storage refuses; note with which code."""
    if "largest_file" in order:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    try:
        for number in range(order["first"], order["last"]):
            notes.write(number, crew.carry_out(order["name"], number))
    except StorageError as error:
        notes.write(error.code)


def _wait_for(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def spend(crew: Crew, order: Order, notes: _Notes) -> None:
    """Spend what others spend at the same moment; note each transfer that was done."""
    _wait_for(order["at"])
    for number in range(order["times"]):
        act = crew.transfer(order["quantity"])
        request = f"{order['name']}-{number}"
        try:
            insist(lambda: crew.complete(act, request, officer=order["officer"]))  # noqa: B023 - called at once
        except RulesBroken:
            notes.write("refused")
        else:
            notes.write("done")


def decide(crew: Crew, order: Order, notes: _Notes) -> None:
    """Approve what others approve at the same moment; note whether it was this one."""
    _wait_for(order["at"])
    person = crew.people["approver"]
    for transaction in order["transactions"]:
        try:
            insist(lambda: approve(crew.registry, transaction, person))  # noqa: B023 - called at once
        except RulesBroken:
            notes.write(transaction, "refused")
        else:
            notes.write(transaction, "done")


def cast(crew: Crew, order: Order, notes: _Notes) -> None:
    """Vote as one member, while others vote, and while the same member votes elsewhere."""
    _wait_for(order["at"])
    member = crew.people[order["member"]]
    try:
        insist(lambda: vote(crew.registry, order["transaction"], member, choice=Choice.YES))
    except RulesBroken:
        notes.write("refused")
    else:
        notes.write("done")


JOBS: dict[str, Callable[[Crew, Order, _Notes], None]] = {
    job.__name__: job for job in (keep_writing, fill_up, spend, decide, cast)
}


def _fork(crew: Crew, order: Order) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        JOBS[order["job"]](crew, order, _Notes(order["notes"]))
        status = 0
    except BaseException:  # noqa: BLE001 - the child must not go on as the nursery
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Serve orders: fork a writer and tell its process id, or wait for one to be gone."""
    place = json.loads(sys.argv[1])
    users = tuple(place.pop("users"))
    crew = Crew.board(Place(**place), users=users)
    crew.carry_out("nursery", 0)
    crew.rest()
    print("ready", flush=True)  # noqa: T201 - the answer
    for line in sys.stdin:
        order = json.loads(line)
        answer = os.waitpid(order["wait"], 0)[1] if "wait" in order else _fork(crew, order)
        print(answer, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
