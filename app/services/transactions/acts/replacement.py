"""The act by which lasting units take the place of temporary ones, and its kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from app.models.codes import AccountType, NoticeType, TransactionType
from app.services.transactions.acts.disposal import Disposal, read_disposal
from app.services.transactions.acts.reading import Reader


@dataclass(frozen=True, slots=True)
class ReplacementKind:
    """What is replaced, where replacing units go, which notice asks for it, what may replace.

    `same_project` are the types that may replace only units of the same project.
    """

    replaced_type: str
    account: AccountType
    notice: NoticeType
    may_replace: frozenset[str]
    same_project: frozenset[str] = frozenset()


_LASTING = frozenset({"AAU", "CER", "ERU", "RMU"})
REPLACEMENT_KINDS = {
    "tCER-expiry": ReplacementKind(
        "tCER",
        AccountType.REPLACEMENT,
        NoticeType.IMPENDING_EXPIRY,
        _LASTING | {"tCER"},
    ),
    "lCER-expiry": ReplacementKind(
        "lCER",
        AccountType.REPLACEMENT_LCER_EXPIRY,
        NoticeType.IMPENDING_EXPIRY,
        _LASTING,
    ),
    "lCER-reversal": ReplacementKind(
        "lCER",
        AccountType.REPLACEMENT_LCER_REVERSAL,
        NoticeType.REVERSAL_OF_STORAGE,
        _LASTING | {"lCER"},
        frozenset({"lCER"}),
    ),
    "lCER-report": ReplacementKind(
        "lCER",
        AccountType.REPLACEMENT_LCER_REPORT,
        NoticeType.NO_CERTIFICATION_REPORT,
        _LASTING | {"lCER"},
        frozenset({"lCER"}),
    ),
}
"""A tCER or an lCER that nears its expiry, an lCER whose storage was reversed, and one whose
certification report was not provided. Source: decision 5/CMP.1, annex, paragraphs 41 to 50;
registry codes 4.4 and 4.6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Disposal):
    """Use units for good in the place of temporary ones, which are named by their serials.

    `kind` is one of `REPLACEMENT_KINDS`.
    """

    name = "replacement"
    type = TransactionType.REPLACEMENT

    replaced: tuple[str, ...]
    kind: str
    notice: str = ""

    @property
    def of_kind(self) -> ReplacementKind:
        """Give what the kind says; that of an expiring tCER for one nobody knows."""
        return REPLACEMENT_KINDS.get(self.kind, REPLACEMENT_KINDS["tCER-expiry"])

    @property
    def destination(self) -> AccountType | None:
        """Give the type of the account that replacing units enter."""
        return self.of_kind.account

    @property
    def notice_number(self) -> str:
        """Give the number of the notice it answers; empty where none asks for it."""
        return self.notice

    @property
    def notice_types(self) -> frozenset[NoticeType]:
        """Give the types of notice that it fulfils."""
        return frozenset({self.of_kind.notice})

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        return cls(
            **read_disposal(reader),
            replaced=reader.serials("replaced"),
            kind=reader.text("kind", "one of " + ", ".join(REPLACEMENT_KINDS)),
            notice=reader.text("notice", "the number of the notice that asks for it", default=""),
        )
