"""One desk pair as a process: transfers through the service for some seconds, each timed.

    python -m benchmarks.desk ADDRESS SECONDS SEED SOURCE,… TARGET,…

Prints the milliseconds of each transfer as JSON. Signs in first, then waits for a line.
"""

from __future__ import annotations

import json
import random
import sys
import time

from app.models.server_place import read_server_place
from app.services.transactions.acts import Transfer
from app.services.transactions.proposing import approve, propose
from benchmarks.sample_registry import BLOCK, UNIT_TYPE
from benchmarks.server_registry import sign_in


def main(address: str, seconds: str, seed: str, sources: str, targets: str) -> None:
    """Transfer a part of a block, again and again, as an officer and an approver."""
    place, chance = read_server_place(address), random.Random(int(seed))
    officer, approver = sign_in(place, "officer"), sign_in(place, "approver")
    times: list[float] = []
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.perf_counter() + float(seconds)
    while (begun := time.perf_counter()) < until:
        act = Transfer(
            from_account=chance.choice(sources.split(",")),
            to_account=chance.choice(targets.split(",")),
            unit_type=UNIT_TYPE,
            quantity=chance.randint(5, BLOCK // 2),
        )
        outcome = propose(officer.registry, act, officer.actor)
        approve(approver.registry, outcome.transaction_id, approver.actor)
        times.append((time.perf_counter() - begun) * 1000)
    print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
