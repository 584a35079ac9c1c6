"""Reading serial numbers of any grammar.

Owns the list of grammars and the sentence for a text that none of them reads. Must not know
any grammar's parts.
"""

from __future__ import annotations

from app.models.serials.acr import ACR
from app.models.serials.art import ART
from app.models.serials.car import CAR
from app.models.serials.carbonix import CARBONIX
from app.models.serials.cercarbono import CERCARBONO
from app.models.serials.domestic import DOMESTIC
from app.models.serials.gold_standard import GOLD_STANDARD
from app.models.serials.grammar import Grammar
from app.models.serials.itmo import ITMO
from app.models.serials.kyoto import KYOTO
from app.models.serials.serial_range import SerialError, SerialRange
from app.models.serials.verra import VERRA

GRAMMARS: tuple[Grammar, ...] = (
    VERRA, GOLD_STANDARD, ACR, CAR, ART, CERCARBONO, KYOTO, ITMO, DOMESTIC, CARBONIX,
)  # fmt: skip
_BY_NAME = {grammar.name: grammar for grammar in GRAMMARS}
_LONGEST_TEXT = 300
_SHOWN_TEXT = 80


def read_serial(text: str) -> SerialRange:
    """Read a serial number of any grammar; SerialError says what is wrong with the text.

    White space around the text is not part of a serial number: strip it first.
    """
    _check_length(text)
    for grammar in GRAMMARS:
        serial = grammar.read(text)
        if serial is not None:
            return serial
    raise SerialError(_why_unread(text))


def read_serial_as(grammar_name: str, text: str) -> SerialRange:
    """Read a serial number of the named grammar and no other; SerialError when it is none."""
    _check_length(text)
    grammar = _BY_NAME.get(grammar_name)
    if grammar is None:
        raise SerialError(f"There is no grammar {grammar_name!r}; there are {', '.join(_BY_NAME)}.")
    serial = grammar.read(text)
    if serial is None:
        raise SerialError(f"{_shown(text)} is no {grammar.name} serial number. {_form(grammar)}")
    return serial


def _check_length(text: str) -> None:
    if len(text) > _LONGEST_TEXT:
        raise SerialError(
            f"{_shown(text)} has {len(text)} characters; no serial number is longer than "
            f"{_LONGEST_TEXT}."
        )


def _why_unread(text: str) -> str:
    if not text:
        return "The text is empty; a serial number is expected."
    for grammar in GRAMMARS:
        if grammar.attempt.match(text):
            return f"{_shown(text)} is no {grammar.name} serial number. {_form(grammar)}"
    for grammar in GRAMMARS:
        if grammar.attempt.match(text.upper()):
            return (
                f"{_shown(text)} is in no known grammar: serial numbers are written in capitals, "
                f"as in {grammar.example}."
            )
    return f"{_shown(text)} is in no known grammar; known are {', '.join(_BY_NAME)}."


def _form(grammar: Grammar) -> str:
    return f"Expected is {grammar.form}, as in {grammar.example}."


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_TEXT else text[:_SHOWN_TEXT] + "…")
