"""An error as people read it: what failed, why with the code, what to do.

Owns turning an exception into words; must not show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.views.language import Language


@dataclass(frozen=True)
class Problem:
    """What failed, its permanent code, and what to do."""

    message: str
    code: str = ""
    hint: str = ""


def describe_problem(error: Exception, language: Language) -> Problem:
    """Describe an expected error; a text under `errors.<code>` says the hint in the language."""
    code = str(getattr(error, "code", ""))
    message = str(getattr(error, "message", "") or error)
    hint = str(getattr(error, "hint", ""))
    violations: Any = getattr(error, "violations", ())
    if violations:
        lines = [_violation_line(each, language) for each in violations]
        return Problem("\n".join(lines), code or "rules", hint)
    return Problem(message, code, hint)


def _violation_line(violation: Any, language: Language) -> str:
    message = getattr(violation, "message", violation)
    text = getattr(message, language.code, message)
    return f"{getattr(violation, 'code', '')} · {text}"
