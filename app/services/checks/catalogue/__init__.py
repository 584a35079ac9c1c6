"""The catalogue of checks: one row a check, both languages side by side.

A check is added with one small function in its subject's file and one row in the file of its
category, or of its family of acts. Codes below 9000 are those of the UK registry and the DES;
from 9100 up they are project-assigned. Codes are permanent.
"""

from __future__ import annotations

from app.services.checks.catalogue import (
    abroad,
    administrative,
    buffer,
    conversion,
    data_integrity,
    general,
    message_sequence,
    message_validity,
    notices,
    periods,
    registry_validity,
    replacement,
    rollback,
    transaction_specific,
    version_and_authentication,
)
from app.services.checks.catalogue.scope import ALL
from app.services.checks.engine import Check

CATALOGUE: tuple[Check, ...] = tuple(
    sorted(
        (
            *version_and_authentication.CHECKS,
            *message_validity.CHECKS,
            *registry_validity.CHECKS,
            *data_integrity.CHECKS,
            *message_sequence.CHECKS,
            *general.CHECKS,
            *transaction_specific.CHECKS,
            *conversion.CHECKS,
            *rollback.CHECKS,
            *notices.CHECKS,
            *periods.CHECKS,
            *replacement.CHECKS,
            *abroad.CHECKS,
            *buffer.CHECKS,
            *administrative.CHECKS,
        ),
        key=lambda check: check.category,
    )
)
"""In the order in which they run; a family of acts may keep its rows in a file of its own."""

APPLYING: dict[str, tuple[Check, ...]] = {
    act: tuple(check for check in CATALOGUE if act in check.acts) for act in sorted(ALL)
}
"""The checks that apply to an act, by the act's name."""
