"""What is wrong with a line, in the words of the desk's language."""

from __future__ import annotations

import pytest

from app.hardware import errors
from app.views.language import CODES, Language
from app.views.presenters.charts.live_source import LineReport, LineState
from app.views.presenters.station_words import line_words

_VALUES = {
    "port": "/dev/ttyUSB0",
    "settings": "9600 8N1",
    "others": "19200 8N2",
    "seconds": "10",
    "protocol": "s8",
    "seen": "42 4D",
    "reason": "busy",
}
_NEVER_A_GAP = {"unknown-model", "reader-stopped"}


def report(code: str, **values: str) -> LineReport:
    return LineReport(
        "S", "A", LineState.LOST, message="As it was said.", hint="Do so.", code=code, values=values
    )


@pytest.mark.parametrize("code", CODES)
def test_every_failure_of_a_line_has_words(code: str) -> None:
    language = Language(code)
    kinds: list[type[errors.HardwareError]] = [
        errors.HardwareError,
        *errors.HardwareError.__subclasses__(),
    ]
    named = {kind.code for kind in kinds if kind.__module__ == errors.__name__} - _NEVER_A_GAP
    assert len(named) == 9
    for each in named:
        said = line_words(report(each, **_VALUES), language.text, language.has)
        assert "/dev/ttyUSB0" in said
        assert "As it was said" not in said


@pytest.mark.parametrize(("code", "name"), [("port-busy", "holder"), ("wrong-answer", "guesses")])
def test_what_more_is_known_is_said_too(code: str, name: str) -> None:
    for each in CODES:
        language = Language(each)
        values = {**_VALUES, name: "minicom 17"}
        assert "minicom 17" in line_words(report(code, **values), language.text, language.has)


def test_what_has_no_words_or_names_too_little_is_told_as_it_was_said() -> None:
    language = Language("th")
    for given in (report("never-heard-of"), report("no-answer", port="x"), report("")):
        assert line_words(given, language.text, language.has) == "As it was said. Do so."
