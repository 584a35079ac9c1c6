"""What a refusal outside the check catalogue is: a row with a code and words in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.codes import CheckCategory as Category
from app.services.checks.violation import Violation


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row; its sentences are filled in with the values of `violation`."""

    code: int
    name: str
    category: Category
    message: str
    message_th: str
    source: str
    field: str = ""

    def violation(self, **values: object) -> Violation:
        """Give the refusal as a value, its sentences filled in."""
        return Violation(
            code=self.code,
            category=self.category,
            message=self.message.format(**values),
            message_th=self.message_th.format(**values),
            field=self.field,
        )
