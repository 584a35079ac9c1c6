"""One search over the whole registry: accounts, projects, transactions, serials, certificates.

Owns what a text may mean and the order of answers; each answer names what to open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.storage.unit_of_work import reading
from app.models.tables import TransactionRow
from app.services.listings.accounts import list_accounts
from app.services.listings.certificates import list_certificates
from app.services.listings.page import PageRequest
from app.services.listings.projects import list_projects
from app.services.listings.serial_history import find_blocks, list_block_moves
from app.services.listings.words import kind_word, status_word
from app.services.registry.context import OpenRegistry

MOST_OF_A_KIND = 8
_TRANSACTION = re.compile(r"([A-Za-z]{2})?([0-9]{1,15})")


class Found(StrEnum):
    """What a search result is."""

    ACCOUNT = "account"
    PROJECT = "project"
    TRANSACTION = "transaction"
    BLOCK = "block"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One answer; `key` opens it (account number, project code, TH12, serial, certificate)."""

    kind: Found
    key: str
    title: str
    detail: str
    state: str = ""

    def as_json(self) -> dict[str, Any]:
        """Write the answer as JSON."""
        return {
            "kind": str(self.kind),
            "key": self.key,
            "title": self.title,
            "detail": self.detail,
            "state": self.state or None,
        }


def search(registry: OpenRegistry, text: str) -> tuple[SearchResult, ...]:
    """Find what a text may mean, best first: serial number, transaction, then names.

    A serial number gives the blocks that hold its units and the transactions that concerned
    them. At most eight answers of a kind; an empty text gives none.
    """
    wanted = text.strip()
    if not wanted:
        return ()
    found = [*_by_serial(registry, wanted), *_by_transaction(registry, wanted)]
    if not found:
        found = [
            *_accounts(registry, wanted),
            *_projects(registry, wanted),
            *_certificates(registry, wanted),
        ]
    return tuple(dict.fromkeys(found))


def _by_serial(registry: OpenRegistry, text: str) -> Iterator[SearchResult]:
    serial = _read(text)
    if serial is None:
        return
    for block in find_blocks(registry, serial)[:MOST_OF_A_KIND]:
        yield SearchResult(
            Found.BLOCK,
            block.serial,
            block.serial,
            f"{block.quantity:,} {block.unit_type} · {block.account}",
            block.state,
        )
    for move in list_block_moves(registry, serial)[-MOST_OF_A_KIND:]:
        yield SearchResult(
            Found.TRANSACTION, move.transaction, move.transaction,
            f"{move.kind} · {move.serial}", move.status,
        )  # fmt: skip


def _read(text: str) -> SerialRange | None:
    try:
        return read_serial(text)
    except SerialError:
        return None


def _by_transaction(registry: OpenRegistry, text: str) -> Iterator[SearchResult]:
    match = _TRANSACTION.fullmatch(text)
    if match is None or (match[1] or registry.country).upper() != registry.country:
        return
    with reading(registry.engine) as connection:
        row = connection.execute(
            select(
                TransactionRow.id,
                TransactionRow.type,
                TransactionRow.supplementary_type,
                TransactionRow.status,
                TransactionRow.stage,
                TransactionRow.quantity,
                TransactionRow.unit_type,
            ).where(TransactionRow.id == int(match[2]))
        ).one_or_none()
    if row is not None:
        identifier = f"{registry.country}{row.id}"
        yield SearchResult(
            Found.TRANSACTION, identifier, identifier,
            f"{kind_word(row.type, row.supplementary_type)} · {row.quantity:,} {row.unit_type}",
            status_word(row.status, row.stage),
        )  # fmt: skip


def _request(text: str) -> PageRequest:
    return PageRequest(filter_text=text, limit=MOST_OF_A_KIND)


def _accounts(registry: OpenRegistry, text: str) -> Iterator[SearchResult]:
    for row in list_accounts(registry, _request(text)).rows:
        detail = f"{row.number} · {row.holder}" if row.holder else row.number
        yield SearchResult(Found.ACCOUNT, row.number, row.name, detail, row.state)


def _projects(registry: OpenRegistry, text: str) -> Iterator[SearchResult]:
    for row in list_projects(registry, _request(text)).rows:
        yield SearchResult(Found.PROJECT, row.code, row.name, f"{row.origin} {row.code}", row.state)


def _certificates(registry: OpenRegistry, text: str) -> Iterator[SearchResult]:
    for row in list_certificates(registry, _request(text)).rows:
        detail = f"{row.quantity:,} {row.unit_type} · {row.beneficiary or row.holder}"
        yield SearchResult(Found.CERTIFICATE, row.number, row.number, detail)
