"""Documents kept inside the registry, encrypted with it and addressed by their digest.

Owns adding and reading them. Never a file path: the bytes themselves are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, bindparam, insert, select

from app.models.errors import NotFound, UsageError
from app.models.plain_text import LONGEST_NAME, require_plain_text
from app.models.storage.prepared import Prepared, Read
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Document
from app.services.log.append import append_entry
from app.services.people.access import require_access
from app.services.registry.context import Actor, OpenRegistry

LARGEST_DOCUMENT_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document without its bytes."""

    sha256: str
    name: str
    media_type: str
    size_bytes: int


def add_document(
    registry: OpenRegistry, actor: Actor, *, name: str, media_type: str, content: bytes
) -> StoredDocument:
    """Keep a document and give its digest; the same bytes are kept once.

    Raises UsageError for an empty or too large one, or a name that cannot be kept; RulesBroken
    when the actor's access was revoked.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        document = add_document_within(
            unit.connection, registry, actor, name=name, media_type=media_type, content=content
        )
        unit.commit()
    return document


def add_document_within(
    connection: Connection,
    registry: OpenRegistry,
    actor: Actor,
    *,
    name: str,
    media_type: str,
    content: bytes,
) -> StoredDocument:
    """Keep a document inside a unit of work of the caller's; raises as `add_document`."""
    if not 0 < len(content) <= LARGEST_DOCUMENT_BYTES:
        raise UsageError(
            f"“{name}” has {len(content):,} bytes.",
            hint=f"A document has between 1 and {LARGEST_DOCUMENT_BYTES:,} bytes.",
        )
    name = require_plain_text(name, what="document name", longest=LONGEST_NAME)
    document = StoredDocument(sha256(content).hexdigest(), name, media_type, len(content))
    require_access(connection, actor)
    if not _is_kept(connection, document.sha256):
        _keep(connection, registry, actor, document, content)
    return document


def require_document(connection: Connection, digest: str) -> None:
    """Raise NotFound unless the document is kept in this registry."""
    if not _is_kept(connection, digest):
        raise NotFound(
            f"No document with the digest “{digest}” is kept in this registry.",
            hint="Add the document first; its digest is 64 hexadecimal digits.",
        )


_KEPT = Prepared(select(Document.sha256).where(Document.sha256 == bindparam("digest")))


def document_ahead(digest: str) -> Read:
    """Give what `require_document` asks for, to be asked together with other things."""
    return _KEPT, {"digest": digest}


def _is_kept(connection: Connection, digest: str) -> bool:
    return _KEPT.find(connection, {"digest": digest}) is not None


def _keep(
    connection: Connection,
    registry: OpenRegistry,
    actor: Actor,
    document: StoredDocument,
    content: bytes,
) -> None:
    now = registry.now()
    connection.execute(
        insert(Document),
        {
            "sha256": document.sha256,
            "name": document.name,
            "media_type": document.media_type,
            "size_bytes": document.size_bytes,
            "content": content,
            "added_at": now,
            "added_by": actor.id,
        },
    )
    append_entry(
        connection,
        "document-added",
        at=now,
        persons={"done": actor.user_name},
        body={
            "sha256": document.sha256,
            "name": document.name,
            "media_type": document.media_type,
            "size_bytes": document.size_bytes,
        },
    )


def find_documents(registry: OpenRegistry, digests: Sequence[str]) -> tuple[StoredDocument, ...]:
    """Describe the documents of some digests, in their order; those not kept are left out."""
    with reading(registry.engine) as connection:
        rows = connection.execute(
            select(Document.sha256, Document.name, Document.media_type, Document.size_bytes).where(
                Document.sha256.in_(digests)
            )
        )
        found = {row.sha256: StoredDocument(*row) for row in rows}
    return tuple(found[digest] for digest in digests if digest in found)


def read_document(registry: OpenRegistry, digest: str) -> bytes:
    """Give a document's bytes; raises NotFound."""
    with reading(registry.engine) as connection:
        content = connection.execute(
            select(Document.content).where(Document.sha256 == digest)
        ).scalar()
    if content is None:
        raise NotFound(f"No document with the digest {digest} is kept in this registry.")
    return bytes(content)
