"""The act by which units cancelled in another scheme's registry are reissued as our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from app.models.codes import Role, RuleKind, SupplementaryType, TransactionType
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError
from app.services.transactions.acts.act import Act
from app.services.transactions.acts.reading import ACCOUNT, DIGEST, Reader

REISSUED_AS = "TER"
"""What source units become: the TGO converts CDM CERs to T-VER credits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion(Act):
    """Reissue source units as domestic ones, one for one, when the committee agrees.

    `source_serials` are ranges that a voluntary-cancellation record registered, in the order in
    which their units are reissued; the quantity is their sum. `attestation_sha256` is the digest
    of the other registry's attestation as it was registered with them.
    """

    name = "conversion"
    type = TransactionType.CONVERSION
    decider = Role.COMMITTEE
    rule_kinds = frozenset({RuleKind.DEFAULT_EXPIRY, RuleKind.COMMITTEE_QUORUM})

    source_serials: tuple[str, ...]
    host_country: str
    attestation_sha256: str
    account: str
    project: str
    vintage: int

    @property
    def supplementary_type(self) -> SupplementaryType:
        """Give the supplementary type of the transaction it becomes."""
        return SupplementaryType.CONVERSION_TO_DOMESTIC

    @property
    def acquiring_number(self) -> str | None:
        """Give the account that receives the reissued units."""
        return self.account

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read the act's fields; UsageError names the one that is wrong."""
        serials = reader.texts("source_serials")
        return cls(
            source_serials=serials,
            host_country=reader.text("host_country", "a country such as TH").upper(),
            attestation_sha256=reader.text("attestation_sha256", DIGEST).lower(),
            account=reader.text("account", ACCOUNT),
            project=reader.text("project", "a project code such as 0042"),
            vintage=reader.year("vintage"),
            unit_type=REISSUED_AS,
            quantity=quantity_of(serials),
        )

    def as_json(self) -> dict[str, Any]:
        """Write the act as JSON; type and quantity follow from its source serials."""
        content = Act.as_json(self)
        for derived in ("unit_type", "quantity"):
            content.pop(derived, None)
        return content | {"source_serials": list(self.source_serials)}


def quantity_of(serials: tuple[str, ...]) -> int:
    """Add up the units of the serials that can be read; the others are for the checks."""
    total = 0
    for text in serials:
        try:
            total += read_serial(text).quantity
        except SerialError:
            continue
    return total
