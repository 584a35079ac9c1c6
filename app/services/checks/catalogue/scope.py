"""Which acts a row applies to, and where its rule comes from."""

from __future__ import annotations

ISSUANCE = frozenset({"issuance"})
REGISTRATION = frozenset({"registration"})
TRANSFER = frozenset({"transfer"})
CANCELLATION = frozenset({"cancellation"})
CONVERSION = frozenset({"conversion"})
ROLLBACK = frozenset({"rollback"})
DISPOSAL = TRANSFER | CANCELLATION
CREATION = ISSUANCE | REGISTRATION | CONVERSION
LEAVING = DISPOSAL | ROLLBACK
"""Acts by which units leave an account."""
ALL = LEAVING | CREATION

UK = "UK registry checks (UKETS)"
DES = "Kyoto Data Exchange Standards"
TGO = "TGO registry technical infrastructure, 2015"
