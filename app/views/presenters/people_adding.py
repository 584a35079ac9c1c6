"""A person to be added, as they are typed: form values in, the service's values out.

Owns saying at the field, in the desk's language, what the service would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.models.codes import Role
from app.services.listings.page import PageRequest
from app.services.listings.people import list_people
from app.services.people.administration import add_person
from app.services.people.enrolment import EnrolledPerson
from app.services.people.new_person import DEMO_PASSPHRASE, NewPerson, fold_user_name
from app.services.registry.context import Actor, OpenRegistry
from app.views.presenters.people_passphrase import FieldPhrase, passphrase_problems
from app.views.presenters.phrases import say

_USER_NAME = re.compile(r"[a-z0-9._-]{2,32}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class ReadPerson:
    """The person the values make, or what is wrong with them."""

    person: NewPerson | None
    problems: tuple[FieldPhrase, ...] = ()


@dataclass(frozen=True)
class AddingOutcome:
    """What adding came to: somebody enrolled, or what stands against it."""

    enrolled: EnrolledPerson | None = None
    problems: tuple[FieldPhrase, ...] = ()


def read_new_person(values: Mapping[str, str], *, is_demo: bool) -> ReadPerson:
    """Read the form's values; in a demo registry no passphrase is typed."""
    problems = list(_problems(values))
    if not is_demo:
        problems += passphrase_problems(values)
    if problems:
        return ReadPerson(None, tuple(problems))
    person = NewPerson(
        user_name=fold_user_name(values["user_name"]),
        name=values["name"].strip(),
        role=Role(values["role"]),
        email=values["email"].strip(),
        passphrase=DEMO_PASSPHRASE if is_demo else values["passphrase"],
    )
    return ReadPerson(person)


def add_new_person(registry: OpenRegistry, actor: Actor, person: NewPerson) -> AddingOutcome:
    """Add the person unless their user name is taken; called off the window's thread.

    Raises what `add_person` raises.
    """
    same_name = PageRequest(filters={"user": person.user_name}, limit=1)
    if list_people(registry, same_name).rows:
        taken = FieldPhrase("user_name", say("people.taken", user=person.user_name))
        return AddingOutcome(problems=(taken,))
    return AddingOutcome(enrolled=add_person(registry, actor, person))


def _problems(values: Mapping[str, str]) -> tuple[FieldPhrase, ...]:
    found = []
    if not values["name"].strip():
        found.append(FieldPhrase("name", say("people.name_needed")))
    if _USER_NAME.fullmatch(fold_user_name(values["user_name"])) is None:
        found.append(FieldPhrase("user_name", say("people.user_name_form")))
    if values["role"] not in list(Role):
        found.append(FieldPhrase("role", say("people.role_needed")))
    email = values["email"].strip()
    if email and _ADDRESS.fullmatch(email) is None:
        found.append(FieldPhrase("email", say("people.email_form")))
    return tuple(found)
