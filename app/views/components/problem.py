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
    """What failed, its permanent code, what to do, and a headline of a few words."""

    message: str
    code: str = ""
    hint: str = ""
    headline: str = ""


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
    """Describe an expected error in the language in force.

    Services tell failures of the environment in English, with the values concerned. Another
    language has its own words by code, and the sentence as it was said below them.
    """
    if isinstance(error, RulesBroken):
        lines = [violation_text(each, language) for each in error.violations]
        codes = ", ".join(dict.fromkeys(str(each.code) for each in error.violations))
        return Problem("\n".join(lines), codes)
    if isinstance(error, TeakError):
        return _of_environment(error, language)
    return Problem(str(error))


def _of_environment(error: TeakError, language: Language) -> Problem:
    key = f"errors.{error.code}.title"
    if not language.has(key):
        return Problem(error.message, error.code, error.hint)
    headline, hint = language.text(key), language.text(f"errors.{error.code}.hint")
    if language.code == "en":
        return Problem(error.message, error.code, error.hint or hint, headline)
    as_said = language.text("errors_as_said.line", message=error.message)
    return Problem(headline, error.code, f"{hint}\n{as_said}", headline)
