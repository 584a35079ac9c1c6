"""What can be asked of the ledger: one frozen value per kind of act.

Owns the table of all acts and reading one by its name: from the command line, a form, or the
stored request. A value of the wrong form raises `UsageError` naming the field; whether the act
is allowed is for the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.models.errors import UsageError
from app.services.transactions.acts.abroad import Acquisition, ExternalTransfer
from app.services.transactions.acts.act import Act
from app.services.transactions.acts.administrative import ClosureTransfer, CorrectiveTransfer
from app.services.transactions.acts.buffer import (
    BufferCancellation,
    BufferCompensation,
    BufferDeposit,
    BufferHold,
    BufferRelease,
    BufferReturn,
)
from app.services.transactions.acts.conversion import Conversion
from app.services.transactions.acts.creation import Issuance, Registration
from app.services.transactions.acts.disposal import Cancellation, Disposal, Transfer
from app.services.transactions.acts.period import CarryOver, ExpiryChange, Retirement
from app.services.transactions.acts.reading import Reader
from app.services.transactions.acts.replacement import Replacement
from app.services.transactions.acts.rollback import Rollback

__all__ = [
    "ACTS",
    "PROPOSABLE",
    "Acquisition",
    "Act",
    "BufferCancellation",
    "BufferCompensation",
    "BufferDeposit",
    "BufferHold",
    "BufferRelease",
    "BufferReturn",
    "Cancellation",
    "CarryOver",
    "ClosureTransfer",
    "Conversion",
    "CorrectiveTransfer",
    "Disposal",
    "ExpiryChange",
    "ExternalTransfer",
    "Issuance",
    "Registration",
    "Replacement",
    "Retirement",
    "Rollback",
    "Transfer",
    "act_as_json",
    "read_act",
    "read_proposal",
]

ACTS: dict[str, type[Act]] = {
    act.name: act
    for act in (
        Issuance,
        Registration,
        Transfer,
        Cancellation,
        Conversion,
        Rollback,
        Retirement,
        CarryOver,
        ExpiryChange,
        Replacement,
        ExternalTransfer,
        Acquisition,
        CorrectiveTransfer,
        ClosureTransfer,
        BufferDeposit,
        BufferHold,
        BufferReturn,
        BufferRelease,
        BufferCancellation,
        BufferCompensation,
    )
}
PROPOSABLE = tuple(name for name in ACTS if name != Registration.name)
"""Acts a person proposes; registrations come from an import."""

_IMPORTED = frozenset(
    {"source_word", "source_date", "source_reason", "source_serial", "issued_on", "expires_on"}
)
"""Fields that keep what another registry recorded."""


def act_as_json(act: Act) -> dict[str, Any]:
    """Write an act as the JSON the command line reads, with its name under `act`."""
    return act.as_json()


def read_proposal(name: str, content: Mapping[str, Any]) -> Act:
    """Read an act as a person proposes it.

    What another registry recorded is an import's to say: a proposal with a `source_…` field of
    its own would put another day or reason on the certificate. Raises UsageError as `read_act`.
    """
    act = read_act(name, content)
    kept = sorted((_IMPORTED - act.told_by_counterpart) & content.keys())
    if name not in PROPOSABLE or kept:
        raise UsageError(
            f"“{kept[0] if kept else name}” is for imports; nobody proposes it.",
            hint="Take it out." if kept else "Acts: " + ", ".join(PROPOSABLE) + ".",
        )
    return act


def read_act(name: str, content: Mapping[str, Any]) -> Act:
    """Read an act of the given name from JSON, as it is stored with a transaction.

    Raises UsageError naming the field that is missing, unknown or of the wrong form.
    """
    if name not in ACTS:
        raise UsageError(
            f"“{name}” is not an act Teak knows.", hint="Acts: " + ", ".join(PROPOSABLE) + "."
        )
    reader = Reader(name, content)
    act = ACTS[name].read(reader)
    reader.refuse_unknown()
    return act
