"""The message that tells another registry which units were sent to it.

Owns the DES structure ProposalTransaction (registry codes 4.5) of an external transfer, as
canonical JSON and as text to read. Sends nothing: external transfers are off-line, so the
message is carried by whatever way the two registries agree on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.models.codes import TransactionStatus
from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.models.tables import (
    Account,
    Notice,
    Project,
    TransactionBlock,
    TransactionRow,
    UnitBatch,
    UnitBlock,
)
from app.models.tables.base import AnyRow
from app.services.checks.refusals import refuse
from app.services.log.canonical import canonical_bytes
from app.services.registry.context import OpenRegistry
from app.services.transactions.acts.abroad import ExternalTransfer
from app.services.transactions.proposing import transaction_number
from app.services.transactions.situation import stored_act

MAJOR_VERSION, MINOR_VERSION = 1, 1
"""The version of the exchange standards that registries last spoke to the transaction log."""

UNIT_TYPE_CODES = {"AAU": 1, "RMU": 2, "ERU": 3, "CER": 5, "tCER": 6, "lCER": 7}
"""Unit types of the DES; every other unit is 0, no Kyoto unit, and its name stands beside."""

_NO_EXPIRY = date.max

_LIVE = (
    TransactionStatus.PROPOSED,
    TransactionStatus.CHECKED,
    TransactionStatus.COMPLETED,
)


@dataclass(frozen=True, slots=True)
class CounterpartMessage:
    """A message: its content by the names of the DES."""

    content: Mapping[str, Any]

    def as_bytes(self) -> bytes:
        """Write the message as canonical JSON (RFC 8785), in UTF-8."""
        return canonical_bytes(dict(self.content))

    def as_text(self) -> str:
        """Write the message as lines to read."""
        header, proposal = self.content["header"], self.content["proposal"]
        kind = f"{proposal['transactionType']}-{proposal['suppTransactionType']}"
        lines = [
            f"From registry {header['from']} to registry {header['to']}",
            f"Transaction {proposal['transactionIdentifier']}, {kind}, {self.content['status']}",
            f"Transferring account {self.content['transferringAccountNumber']}",
            f"Acquiring account {self.content['acquiringAccountNumber']}",
        ]
        if "notificationIdentifier" in proposal:
            lines.append(f"Answers notice {proposal['notificationIdentifier']}")
        lines.append(f"{self.content['quantity']:,} {self.content['unitType']}:")
        lines += [
            f"  {block['serial']}  ({block['quantity']:,})" for block in self.content["serials"]
        ]
        return "\n".join(lines) + "\n"


def counterpart_message(registry: OpenRegistry, identifier: str) -> CounterpartMessage:
    """Prepare the message of an external transfer, pending or completed.

    Raises NotFound where there is no such transaction, RulesBroken (9270) where it is of
    another kind or ended otherwise.
    """
    number = transaction_number(registry, identifier)
    with reading(registry.engine) as connection:
        row = connection.execute(_TRANSACTION.where(TransactionRow.id == number)).one_or_none()
        if row is None:
            raise NotFound(
                f"There is no transaction {registry.country}{number}.",
                hint="`teak transactions` lists them.",
            )
        act = stored_act(row.act)
        name = f"{registry.country}{number}"
        if not isinstance(act, ExternalTransfer) or TransactionStatus(row.status) not in _LIVE:
            raise refuse(9270, transaction=name)
        blocks = _read_blocks(connection, number)
    return CounterpartMessage(_content(registry.country, name, act, row, blocks))


_TRANSACTION = (
    select(
        TransactionRow.act,
        TransactionRow.status,
        TransactionRow.type,
        TransactionRow.supplementary_type,
        TransactionRow.unit_type,
        TransactionRow.quantity,
        Account.number,
        Account.type_code,
        Account.identifier,
        Notice.number.label("notice"),
    )
    .outerjoin(Account, Account.id == TransactionRow.from_account_id)
    .outerjoin(Notice, Notice.id == TransactionRow.notice_id)
)


def _read_blocks(connection: Connection, number: int) -> Sequence[AnyRow]:
    """Read the ranges sent, with what their batch and their block say of them."""
    return connection.execute(
        select(
            TransactionBlock.serial,
            TransactionBlock.first_serial,
            TransactionBlock.last_serial,
            UnitBatch.origin,
            UnitBatch.original_period,
            UnitBatch.lulucf_activity,
            UnitBatch.track,
            UnitBatch.vintage,
            UnitBlock.applicable_period,
            UnitBlock.fifo_expiry,
            Project.code.label("project"),
        )
        .join(UnitBatch, UnitBatch.id == TransactionBlock.batch_id)
        .join(
            UnitBlock,
            (UnitBlock.batch_id == TransactionBlock.batch_id)
            & (UnitBlock.first_serial == TransactionBlock.first_serial),
        )
        .join(Project, Project.id == UnitBatch.project_id)
        .where(TransactionBlock.transaction_id == number)
        .order_by(TransactionBlock.id)
    ).all()


def _content(
    country: str, name: str, act: ExternalTransfer, row: AnyRow, blocks: Sequence[AnyRow]
) -> dict[str, Any]:
    proposal: dict[str, Any] = {
        "transactionIdentifier": name,
        "transactionType": row.type,
        "suppTransactionType": row.supplementary_type,
        "transferringRegistryCode": country,
        "transferringRegistryAccountType": row.type_code,
        "transferringRegistryAccountIdentifier": row.identifier,
        "acquiringRegistryCode": act.registry,
        **_acquiring(act.account),
        "proposalUnitBlocks": [_block(country, act.unit_type, block) for block in blocks],
    }
    if row.notice is not None:
        proposal["notificationIdentifier"] = row.notice
    return {
        "header": {
            "from": country,
            "to": act.registry,
            "majorVersion": MAJOR_VERSION,
            "minorVersion": MINOR_VERSION,
        },
        "proposal": proposal,
        "status": TransactionStatus(row.status).words,
        "transferringAccountNumber": row.number,
        "acquiringAccountNumber": act.account,
        "unitType": row.unit_type,
        "quantity": row.quantity,
        "serials": [
            {
                "serial": block.serial,
                "quantity": block.last_serial - block.first_serial + 1,
            }
            for block in blocks
        ],
    }


def _acquiring(account: str) -> dict[str, Any]:
    """Take type and identifier out of an account number of the DES; others have none."""
    parts = account.strip().split("-")
    if len(parts) < 3 or not (parts[1].isdigit() and parts[2].isdigit()):
        return {}
    return {
        "acquiringRegistryAccountType": int(parts[1]),
        "acquiringRegistryAccountIdentifier": int(parts[2]),
    }


def _block(country: str, unit_type: str, block: AnyRow) -> dict[str, Any]:
    content: dict[str, Any] = {
        "unitSerialBlockStart": block.first_serial,
        "unitSerialBlockEnd": block.last_serial,
        "originatingRegistryCode": block.origin or country,
        "unitType": UNIT_TYPE_CODES.get(unit_type, 0),
        "originalCommitPeriod": block.original_period,
        "applicableCommitPeriod": block.applicable_period,
        "projectIdentifier": block.project,
    }
    if block.lulucf_activity:
        content["LULUCFActivity"] = block.lulucf_activity
    if block.track:
        content["track"] = block.track
    if block.vintage:
        content["yearInCommitmentPeriod"] = block.vintage
    if block.fifo_expiry != _NO_EXPIRY:
        content["expiryDate"] = block.fifo_expiry.isoformat()
    return content
