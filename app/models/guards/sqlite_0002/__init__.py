"""Triggers of the whole ledger by which an SQLite registry itself refuses.

Whoever holds the connection, these acts fail: overlapping serials within a series, units
without an approved issuance, a change of quantity, a move without its completed transaction,
reviving a cancelled unit, deciding one's own proposal, changing a final transaction, editing or
deleting anything append-only. Each message starts with `teak:`, by which
`app.models.storage.translate` knows it. Summaries (`holding`) are kept here as well, so that
they cannot differ from the blocks.

These statements belong to the migration of the same number and are never edited afterwards.
"""

from __future__ import annotations

from app.models.guards.sqlite_0002.records import (
    APPEND_ONLY,
    CHECKPOINTS,
    LOG,
    NEVER_REPLACED,
    NOTICES,
    REGISTRY,
    RULE_CHANGES,
    RULES,
    TRUST,
)
from app.models.guards.sqlite_0002.transactions import (
    COMPLETION,
    REDUCTIONS,
    REPLACED,
    SOURCES,
    TRANSACTIONS,
    VOTES,
)
from app.models.guards.sqlite_0002.units import BATCHES, BLOCKS, HOLDINGS, OWN_UNITS

STATEMENTS: tuple[str, ...] = (
    *APPEND_ONLY,
    *NEVER_REPLACED,
    *LOG,
    *CHECKPOINTS,
    *REGISTRY,
    *TRANSACTIONS,
    *COMPLETION,
    *REDUCTIONS,
    *REPLACED,
    *VOTES,
    *SOURCES,
    *RULE_CHANGES,
    *RULES,
    *TRUST,
    *NOTICES,
    *BATCHES,
    *BLOCKS,
    *HOLDINGS,
    *OWN_UNITS,
)
