"""A proposed account as it is typed: form values in, the service's values out.

Owns reading the lines of representatives and the kind of account that follows from its
holder; whether the account may be proposed is the service's.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.models.codes import AccountType
from app.models.errors import UsageError
from app.services.accounts import NewAccount, NewHolder, NewRepresentative, propose_account
from app.services.documents import add_document
from app.services.registry.context import Actor, OpenRegistry
from app.views.presenters.phrases import Phrase, say

RIGHTS = ("initiate", "approve", "both", "read")


@dataclass(frozen=True)
class UnreadLine:
    """A line of representatives that cannot be read."""

    field: str
    phrase: Phrase


@dataclass(frozen=True)
class ReadProposal:
    """The account the values make, or what is wrong with them."""

    account: NewAccount | None
    problems: tuple[UnreadLine, ...] = ()


def read_proposal(values: Mapping[str, str]) -> ReadProposal:
    """Read the form's values; representatives stand one a line: name, e-mail, right."""
    problems = list(_missing(values))
    representatives: list[NewRepresentative] = []
    for line in filter(None, map(str.strip, values.get("representatives", "").splitlines())):
        read = _representative(line)
        if read is None:
            problems.append(UnreadLine("representatives", say("accounts.bad_line", line=line)))
        else:
            representatives.append(read)
    if problems:
        return ReadProposal(None, tuple(problems))
    is_person = values["kind"] == "person"
    holder = NewHolder(
        name_en=values["name_en"],
        name_th=values["name_th"],
        kind=values["kind"],
        tax_id=values["tax_id"],
        country=values["country"].upper(),
        email=values["email"],
        identity_check=values["identity_check"],
    )
    return ReadProposal(
        NewAccount(
            name=values["name"] or values["name_en"] or values["name_th"],
            type=AccountType.PERSON_HOLDING if is_person else AccountType.HOLDING,
            holder=holder,
            representatives=tuple(representatives),
        )
    )


def _missing(values: Mapping[str, str]) -> tuple[UnreadLine, ...]:
    if values.get("name_en") or values.get("name_th"):
        return ()
    return (UnreadLine("name_en", say("accounts.name_needed")),)


def _representative(line: str) -> NewRepresentative | None:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) not in (2, 3) or not all(parts) or "@" not in parts[1]:
        return None
    rights = parts[2].lower() if len(parts) == 3 else "read"
    if rights not in RIGHTS:
        return None
    return NewRepresentative(name=parts[0], email=parts[1], rights=rights)


def propose_with_document(
    registry: OpenRegistry, actor: Actor, account: NewAccount, document: str, *, request_id: str
) -> str:
    """Keep the holder's document, if there is one, and propose the account; gives its number.

    Asked again with the same `request_id`, it gives the account of the first time. Called off the
    window's thread. Raises RulesBroken, and UsageError for a document that cannot be kept.
    """
    if document and isinstance(account.holder, NewHolder):
        digest = _keep(registry, actor, Path(document))
        account = replace(account, holder=replace(account.holder, documents=(digest,)))
    return propose_account(registry, actor, account, request_id=request_id)


def _keep(registry: OpenRegistry, actor: Actor, path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"“{path.name}” cannot be read: {error.strerror}.", hint="Choose the document again."
        ) from error
    kept = add_document(
        registry,
        actor,
        name=path.name,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        content=content,
    )
    return kept.sha256
