"""Sessions and people of a networked registry: their functions, and who may call them.

The functions belong to the migration of the same number; the rights are given when a registry is
created or migrated, for only then is it known what the names of its roles begin with.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent

IDENTITY: tuple[str, ...] = tuple(
    (_FOLDER / name).read_text(encoding="utf-8") for name in ("sessions.sql", "people.sql")
)

GROUPS = ("officer", "approver", "committee", "administrator", "technician", "auditor")

_FOR_EVERYBODY = (
    "now()",
    "person_id()",
    "person_role()",
    "user_name()",
    "is_signed_in()",
    "sign_in(text, text, text)",
    "sign_in_demo(text)",
    "demo_people()",
    "resume(text)",
    "sign_out(text)",
    "change_passphrase(text)",
)
_FOR_ADMINISTRATORS = (
    "add_person(text, text, text, text, text, text[], text)",
    "revoke_person(text, text)",
    "enrol_again(text, text, text[])",
    "reset_failures(text)",
    "sign_in_standing(text)",
    "reset_passphrase(text, text)",
)
_FOR_THE_WORKER = ("now()", "is_signed_in()", "person_id()", "person_role()", "user_name()")
_OF_ROLES = (
    "require_verifier(text)",
    "make_role(text, text, text, text)",
    "end_role(text)",
    "set_verifier(text, text)",
)


def identity_rights(prefix: str) -> tuple[str, ...]:
    """Write who may call what: everybody signs in, administrators administer, nobody else."""
    grants = {
        "person": _FOR_EVERYBODY,
        "administrator": _FOR_ADMINISTRATORS,
        "worker": _FOR_THE_WORKER,
    }
    given = tuple(
        f'GRANT EXECUTE ON FUNCTION teak.{function} TO "{prefix}_{group}"'
        for group, functions in grants.items()
        for function in functions
    )
    return (
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA teak FROM PUBLIC",
        f'GRANT USAGE ON SCHEMA teak TO "{prefix}_person", "{prefix}_worker", "{prefix}_roles"',
        *given,
        *_roles_of_their_own(prefix),
    )


def _roles_of_their_own(prefix: str) -> tuple[str, ...]:
    """Give the functions that make and alter roles to the one role that may, for its use alone.

    A new owner needs to be allowed to create in the schema, at the moment it becomes so.
    """
    owned = tuple(
        statement
        for function in _OF_ROLES
        for statement in (
            f'ALTER FUNCTION teak.{function} OWNER TO "{prefix}_roles"',
            f"REVOKE ALL ON FUNCTION teak.{function} FROM PUBLIC",
            f'GRANT EXECUTE ON FUNCTION teak.{function} TO "{prefix}_owner"',
        )
    )
    return (
        f'GRANT CREATE ON SCHEMA teak TO "{prefix}_roles"',
        *owned,
        f'REVOKE CREATE ON SCHEMA teak FROM "{prefix}_roles"',
    )
