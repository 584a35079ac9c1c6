"""Failures of the environment told in the desk's language, by code, with nothing left out."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import app
from app.models.errors import ServerUnreachable, SessionEnded, TeakError
from app.services.registry.opening import OlderRegistry
from app.views.components.problem import describe_problem
from app.views.language import Language

_ELSEWHERE = ("app.commands", "app.hardware", "app.models.migrations")
"""Where no failure is defined that the desk shows."""


def known_kinds() -> list[type[TeakError]]:
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if not found.name.startswith(_ELSEWHERE) and found.name != "app.__main__":
            importlib.import_module(found.name)
    waiting, kinds = [TeakError], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        kinds.add(kind)
    return sorted(
        (kind for kind in kinds - {TeakError} if not kind.__module__.startswith(_ELSEWHERE)),
        key=lambda kind: kind.code,
    )


def test_every_failure_of_the_environment_has_words_in_both_languages() -> None:
    kinds = known_kinds()
    assert len(kinds) > 40
    for code in ("en", "th"):
        language = Language(code)
        missing = {kind.code for kind in kinds if not language.has(f"errors.{kind.code}.title")}
        assert missing == set(), code


@pytest.mark.parametrize(
    ("error", "thai"),
    [
        (ServerUnreachable("There is no way to “db.example”.", hint="Look."), "ติดต่อเซิร์ฟเวอร์ไม่ได้"),
        (OlderRegistry("“a.teak” is of revision 1.", hint="Migrate."), "Teak รุ่นก่อน"),
        (SessionEnded(), "การเข้าใช้ของคุณ"),
    ],
)
def test_thai_says_it_in_thai_and_keeps_what_was_said(error: TeakError, thai: str) -> None:
    english, told = (describe_problem(error, Language(code)) for code in ("en", "th"))
    assert (english.message, english.hint) == (error.message, error.hint)
    assert thai in told.message
    assert error.message in told.hint
    assert told.code == english.code == error.code


def test_what_has_no_words_of_its_own_is_told_as_it_was_said() -> None:
    problem = describe_problem(TeakError("Something.", hint="Do."), Language("th"))
    assert (problem.message, problem.hint) == ("Something.", "Do.")
