"""A person before they are in the registry, and what must be true of them.

Owns the form of user names and passphrases. Touches no database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.plain_text import LONGEST_NAME, require_plain_text

DEMO_PASSPHRASE = "demo"  # noqa: S105 - public on purpose
"""Everybody's passphrase in a demo registry: there is nothing to hide in one."""

SHORTEST_PASSPHRASE = 12
_USER_NAME = re.compile(r"[a-z0-9._-]{2,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to be given a key slot, a role and a one-time-code secret."""

    user_name: str
    name: str
    role: Role
    email: str = ""
    passphrase: str = field(repr=False)


def fold_user_name(text: str) -> str:
    """Give the form in which a user name is kept: without case or surrounding space."""
    return text.strip().casefold()


def has_form_of_user_name(text: str) -> bool:
    """Tell whether a folded text could be a user name at all."""
    return _USER_NAME.fullmatch(text) is not None


def require_new_person(person: NewPerson, *, is_demo: bool) -> NewPerson:
    """Give the person as they will be kept.

    Raises UsageError for a user name, name, role or passphrase that cannot be used.
    """
    user_name = fold_user_name(person.user_name)
    if not has_form_of_user_name(user_name):
        raise UsageError(
            f"“{person.user_name}” cannot be a user name.",
            hint="Use 2 to 32 small letters a-z, digits, points, hyphens or underscores.",
        )
    name = require_plain_text(person.name, what="name", longest=LONGEST_NAME)
    if not name:
        raise UsageError(f"The person “{user_name}” has no name.", hint="Give their full name.")
    require_passphrase(person.passphrase, user_name=user_name, is_demo=is_demo)
    return NewPerson(
        user_name=user_name,
        name=name,
        role=_require_role(person.role, user_name),
        email=require_plain_text(person.email, what="email", longest=LONGEST_NAME),
        passphrase=person.passphrase,
    )


def require_people(people: Sequence[NewPerson], *, is_demo: bool) -> tuple[NewPerson, ...]:
    """Give the first people of a registry as they will be kept.

    Raises UsageError for one that cannot be used, two of one name, or no administrator.
    """
    checked = tuple(require_new_person(person, is_demo=is_demo) for person in people)
    names = [person.user_name for person in checked]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"The user name “{twice[0]}” is given to two people.",
            hint="Give each person a user name of their own; large and small letters are one.",
        )
    if not any(person.role is Role.ADMINISTRATOR for person in checked):
        raise UsageError(
            "A registry needs an administrator, and none of its first people is one.",
            hint="Give at least one person the role “administrator”; two can check each other.",
        )
    return checked


def require_passphrase(passphrase: str, *, user_name: str, is_demo: bool) -> None:
    """Raise UsageError unless the passphrase may be used in such a registry."""
    if is_demo:
        if passphrase != DEMO_PASSPHRASE:
            raise UsageError(
                f"In a demo registry everybody's passphrase is “{DEMO_PASSPHRASE}”.",
                hint="Create a real registry to have passphrases of your own.",
            )
        return
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise UsageError(
            f"The passphrase of “{user_name}” is too short.",
            hint=f"Use at least {SHORTEST_PASSPHRASE} characters; several words are easy to keep.",
        )


def _require_role(role: str, user_name: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise UsageError(
            f"“{role}”, the role of “{user_name}”, is not a role.",
            hint=f"The roles are: {', '.join(Role)}.",
        ) from None
