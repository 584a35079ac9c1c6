"""An error, or a broken rule, as people read it: what failed, why with the code, what to do.

Owns turning exceptions and violations into words; must not show them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.models.errors import TeakError
from app.services.checks.violation import RulesBroken, Violation
from app.views.components.fields import FieldProblem
from app.views.language import Language


@dataclass(frozen=True)
class Problem:
    """What failed, its permanent code, and what to do."""

    message: str
    code: str = ""
    hint: str = ""


def violation_text(violation: Violation, language: Language) -> str:
    """Return a violation's sentence in the language in force."""
    return violation.message_th if language.code == "th" else violation.message


def field_problems(violations: Iterable[Violation], language: Language) -> list[FieldProblem]:
    """Turn violations into what a form shows under its fields."""
    return [
        FieldProblem(each.field, str(each.code), violation_text(each, language))
        for each in violations
    ]


def describe_problem(error: Exception, language: Language) -> Problem:
    """Describe an expected error in the language in force, as far as it has one."""
    if isinstance(error, RulesBroken):
        lines = [violation_text(each, language) for each in error.violations]
        codes = ", ".join(dict.fromkeys(str(each.code) for each in error.violations))
        return Problem("\n".join(lines), codes)
    if isinstance(error, TeakError):
        return Problem(error.message, error.code, error.hint)
    return Problem(str(error))
