"""A passphrase as it is typed, twice: what is wrong with it, and how strong it is.

Owns the words for it; what is refused is the service's rule, of which this says the same
sooner. Must not keep or log what is typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.models.errors import SignInLocked, SignInRefused
from app.services.people.new_person import SHORTEST_PASSPHRASE, fold_user_name
from app.views.presenters.phrases import Phrase, say
from app.views.theme.tokens import Tone

_FEW_LETTERS = 6
"""A passphrase of fewer different letters than these is soon guessed."""


@dataclass(frozen=True)
class FieldPhrase:
    """What is to be said under a field."""

    field: str
    phrase: Phrase


@dataclass(frozen=True)
class Strength:
    """How a passphrase stands; `tone` says the same as the words."""

    tone: Tone
    phrase: Phrase


def strength_of(passphrase: str, *, user_name: str) -> Strength | None:
    """Say how a passphrase stands; None while nothing is typed."""
    typed = passphrase.strip()
    if not typed:
        return None
    if len(typed) < SHORTEST_PASSPHRASE:
        phrase = say("people.letters_so_far", count=len(typed), least=SHORTEST_PASSPHRASE)
        return Strength(Tone.AMBER, phrase)
    if _is_easy(typed.casefold(), fold_user_name(user_name)):
        return Strength(Tone.AMBER, say("people.easily_guessed"))
    return Strength(Tone.LEAF, say("people.long_enough"))


def passphrase_problems(values: Mapping[str, str]) -> tuple[FieldPhrase, ...]:
    """List what stands against `passphrase` and `again`, when the act is asked for."""
    typed = values["passphrase"]
    if len(typed.strip()) < SHORTEST_PASSPHRASE:
        return (FieldPhrase("passphrase", say("people.too_short", least=SHORTEST_PASSPHRASE)),)
    if values["again"] != typed:
        return (FieldPhrase("again", say("people.not_the_same")),)
    return ()


def problems_while_typing(values: Mapping[str, str]) -> tuple[FieldPhrase, ...]:
    """List what can no longer become right by typing on: a repetition that differs."""
    typed, again = values.get("passphrase", ""), values.get("again", "")
    if typed.startswith(again):
        return ()
    return (FieldPhrase("again", say("people.not_the_same")),)


def old_passphrase_problem(error: Exception) -> tuple[FieldPhrase, ...]:
    """Say that one's present passphrase is not right, if that is what the error says."""
    if isinstance(error, SignInRefused) and not isinstance(error, SignInLocked):
        return (FieldPhrase("old", say("people.old_not_right")),)
    return ()


def _is_easy(typed: str, user_name: str) -> bool:
    return len(set(typed)) < _FEW_LETTERS or (bool(user_name) and user_name in typed)
