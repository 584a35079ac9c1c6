"""Attacks on the log with the worker's role, whose machine somebody has taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.fixtures.attackers import Attackers, Raw, refused
from tests.fixtures.networked import PREFIX

pytestmark = pytest.mark.postgres

SEAL = (
    "INSERT INTO teak.log_entry (sequence, kind, entry, leaf_hash, chain_hash, transaction_id) "
    "SELECT sequence + place, kind, entry, leaf, sha256('\\x02'::bytea || chain || leaf), "
    "transaction_id FROM (SELECT 1 AS place, kind, entry, sha256('\\x00'::bytea || entry) AS leaf, "
    "transaction_id FROM ({waiting}) one) hashed, (SELECT sequence, chain_hash AS chain "
    "FROM teak.log_entry ORDER BY sequence DESC LIMIT 1) last"
)
"""Continues number and chain as the worker does, with whatever entry."""

FIRST = "SELECT * FROM teak.log_queue ORDER BY id LIMIT 1"
ENTRY = "convert_to(teak.envelope(q)::text, 'UTF8')"


@pytest.fixture
def storage() -> str:
    return "networked"


@pytest.fixture
def worker(attackers: Attackers, seal: Callable[[], None]) -> Raw:
    """The worker's rights, where the log is sealed but for one entry that waits."""
    seal()
    attackers.connect("officer").execute("SELECT teak.log('test-entry', '{\"n\": 1}')")
    connection = attackers.owner()
    connection.execute(f"SET SESSION AUTHORIZATION {PREFIX}_worker")
    return connection


FORGED = {
    "an entry that never waited": "SELECT 'x-y-z' AS kind, convert_to('{\"kind\": \"x-y-z\", "
    "\"at\": \"2026-01-01T00:00:00Z\"}', 'UTF8') AS entry, NULL::bigint AS transaction_id",
    "what waits, changed": f"SELECT kind, convert_to(jsonb_set(teak.envelope(q), '{{body}}', "
    f"'{{}}')::text, 'UTF8') AS entry, transaction_id FROM ({FIRST}) q",
    "what waits, as another kind": f"SELECT 'transaction' AS kind, {ENTRY} AS entry, "
    f"transaction_id FROM ({FIRST}) q",
    "what waits, for a transaction": f"SELECT kind, {ENTRY} AS entry, (SELECT max(id) FROM "
    f"teak.registry_transaction WHERE status = 2) AS transaction_id "
    f"FROM ({FIRST}) q",
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_the_worker_seals_nothing_but_what_waits(worker: Raw, name: str) -> None:
    forge = SEAL.format(waiting=FORGED[name])
    refused(partial(worker.execute, forge), "one that waited for the log")


def test_what_waits_is_sealed(worker: Raw) -> None:
    """So that the refusals above are for what is wrong."""
    waiting = f"SELECT kind, {ENTRY} AS entry, transaction_id FROM ({FIRST}) q"
    assert worker.execute(SEAL.format(waiting=waiting)).rowcount == 1
