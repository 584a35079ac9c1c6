"""Which acts a row applies to, and where its rule comes from."""

from __future__ import annotations

ISSUANCE = frozenset({"issuance"})
REGISTRATION = frozenset({"registration"})
TRANSFER = frozenset({"transfer"})
CANCELLATION = frozenset({"cancellation"})
CONVERSION = frozenset({"conversion"})
ROLLBACK = frozenset({"rollback"})
RETIREMENT = frozenset({"retirement"})
CARRY_OVER = frozenset({"carry-over"})
EXPIRY_CHANGE = frozenset({"expiry-change"})
REPLACEMENT = frozenset({"replacement"})
EXTERNAL_TRANSFER = frozenset({"external-transfer"})
ACQUISITION = frozenset({"acquisition"})
CORRECTIVE_TRANSFER = frozenset({"corrective-transfer"})
CLOSURE_TRANSFER = frozenset({"closure-transfer"})
BUFFER_DEPOSIT = frozenset({"buffer-deposit"})
BUFFER_HOLD = frozenset({"buffer-hold"})
BUFFER_RETURN = frozenset({"buffer-return"})
BUFFER_RELEASE = frozenset({"buffer-release"})
BUFFER_CANCELLATION = frozenset({"buffer-cancellation"})
BUFFER_COMPENSATION = frozenset({"buffer-compensation"})

STAYING = CARRY_OVER | EXPIRY_CHANGE
"""Acts that change units and leave them in their account."""
BETWEEN = (
    TRANSFER
    | CORRECTIVE_TRANSFER
    | CLOSURE_TRANSFER
    | BUFFER_DEPOSIT
    | BUFFER_RETURN
    | BUFFER_RELEASE
)
"""Acts that name both accounts."""
DESTINED = (
    CANCELLATION
    | RETIREMENT
    | REPLACEMENT
    | EXTERNAL_TRANSFER
    | BUFFER_HOLD
    | BUFFER_CANCELLATION
    | BUFFER_COMPENSATION
)
"""Acts whose units enter a built-in account of a type."""
ANSWERING = (
    CANCELLATION
    | REPLACEMENT
    | EXPIRY_CHANGE
    | EXTERNAL_TRANSFER
    | BUFFER_CANCELLATION
    | BUFFER_COMPENSATION
)
"""Acts that may answer a notice."""
EXPLAINED = (
    CORRECTIVE_TRANSFER
    | BUFFER_DEPOSIT
    | BUFFER_HOLD
    | BUFFER_RETURN
    | BUFFER_RELEASE
    | BUFFER_CANCELLATION
    | BUFFER_COMPENSATION
)
"""Acts of the administration that must give their reason."""
LIMITED = TRANSFER | EXTERNAL_TRANSFER
"""Acts that reserve and maximum-transfer rules limit."""
DISPOSAL = STAYING | BETWEEN | DESTINED
REGISTERING = REGISTRATION | ACQUISITION
"""Acts by which units of other registries come in as their record says."""
CREATION = ISSUANCE | REGISTERING | CONVERSION
LEAVING = DISPOSAL | ROLLBACK
"""Acts by which units leave an account."""
ALL = LEAVING | CREATION
ENTERING = ALL - STAYING
"""Acts by which units enter an account."""

UK = "UK registry checks (UKETS)"
DES = "Kyoto Data Exchange Standards"
CITL = "Regulation (EC) 2216/2004, annex XII (CITL)"
CMP = "Decisions 5/CMP.1 and 13/CMP.1"
NOTICES = "ITL notifications"
BUFFER = "Domain, Buffer"
TGO = "TGO registry technical infrastructure, 2015"
