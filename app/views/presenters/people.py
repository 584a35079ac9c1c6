"""What an administrator may do for a person, and why an act is off.

Owns the reasons shown beside acts that are off; the service decides again when one is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.models.codes import PersonState, Role
from app.services.listings.page import PageRequest
from app.services.listings.people import PersonRow, list_people
from app.services.people.standing import SignInStanding, get_sign_in_standing
from app.services.registry.context import Actor, OpenRegistry


class PersonAct(StrEnum):
    """What can be done for a person who is in the registry."""

    ENROL_AGAIN = "enrol_again"
    RESET_FAILURES = "reset_failures"
    RESET_PASSPHRASE = "reset_passphrase"  # noqa: S105 - an act, no secret
    REVOKE = "revoke"


@dataclass(frozen=True)
class OfferedAct:
    """An act; `reason_key` says why it is off, and is empty when it is not."""

    act: PersonAct
    reason_key: str = ""


@dataclass(frozen=True)
class ShownPerson:
    """What the pane shows of a person."""

    row: PersonRow
    standing: SignInStanding


def read_person(registry: OpenRegistry, user: str, actor: Actor) -> ShownPerson | None:
    """Read a person and how they stand at sign-in; None for somebody the registry never had.

    Only administrators do something about failed sign-ins, and a server tells them alone.
    """
    page = list_people(registry, PageRequest(filters={"user": user}, limit=1))
    if not page.rows:
        return None
    if actor.role is not Role.ADMINISTRATOR:
        return ShownPerson(page.rows[0], SignInStanding(failures=0, wait_s=0, is_locked=False))
    return ShownPerson(page.rows[0], get_sign_in_standing(registry, user))


def reason_against_administering(actor: Actor) -> str:
    """Say why this person does not manage people and settings; nothing when they do."""
    return "" if actor.role is Role.ADMINISTRATOR else "people.only_administrator"


def reason_against_passphrases(registry: OpenRegistry) -> str:
    """Say why nobody's passphrase can be changed here; nothing when it can."""
    return "people.demo_passphrase" if registry.is_demo else ""


def person_acts(shown: ShownPerson, actor: Actor, registry: OpenRegistry) -> tuple[OfferedAct, ...]:
    """List the acts for a person, each on, or off with its reason; none for a revoked one."""
    if shown.row.state == PersonState.REVOKED:
        return ()
    against = reason_against_administering(actor)
    is_oneself = shown.row.user == actor.user_name
    has_failures = shown.standing.failures > 0
    own = {
        PersonAct.ENROL_AGAIN: "",
        PersonAct.RESET_FAILURES: "" if has_failures else "people.no_failures",
        PersonAct.RESET_PASSPHRASE: reason_against_passphrases(registry)
        or ("people.own_passphrase" if is_oneself else ""),
        PersonAct.REVOKE: "people.not_oneself" if is_oneself else "",
    }
    return tuple(OfferedAct(act, against or own[act]) for act in PersonAct)
