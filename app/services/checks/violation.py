"""A broken rule as a value, and the one exception that carries several.

Owns how a failing check is told: its permanent code, its category and a sentence in English
and Thai. Nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.codes import CheckCategory


@dataclass(frozen=True, slots=True)
class Violation:
    """One failing check; `field` is the form field it concerns, or empty."""

    code: int
    category: CheckCategory
    message: str
    message_th: str
    field: str = ""

    def as_json(self) -> dict[str, Any]:
        """Write the violation as the command line gives it."""
        return {
            "code": self.code,
            "category": self.category.name.lower().replace("_", "-"),
            "message": self.message,
            "message_th": self.message_th,
        }


class RulesBroken(Exception):
    """An act was carried out that the checks refuse; carries every violation."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__("; ".join(f"{item.code} {item.message}" for item in violations))
        self.violations = violations
