"""Which acts a row applies to, and where its rule comes from."""

from __future__ import annotations

ISSUANCE = frozenset({"issuance"})
REGISTRATION = frozenset({"registration"})
TRANSFER = frozenset({"transfer"})
CANCELLATION = frozenset({"cancellation"})
DISPOSAL = TRANSFER | CANCELLATION
CREATION = ISSUANCE | REGISTRATION
ALL = DISPOSAL | CREATION

UK = "UK registry checks (UKETS)"
DES = "Kyoto Data Exchange Standards"
TGO = "TGO registry technical infrastructure, 2015"
