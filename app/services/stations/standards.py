"""The reference materials and instruments of the registry, with their certificates.

Owns keeping and listing them. Whether one may be used on a day is judged by
`app.services.calibration.reference_materials`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from app.models.errors import NotFound
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import ReferenceStandard
from app.models.tables.base import inserted_id
from app.services.calibration.reference_materials import ReferenceMaterial
from app.services.checks.refusals import refuse
from app.services.documents import require_document
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.access import require_technician
from app.services.stations.registering import Within

_ACT, _ACT_TH = "keeps reference materials", "จัดการสารอ้างอิง"


@dataclass(frozen=True, slots=True)
class KeptStandard:
    """A reference material of the registry; its certificate may be a document of it."""

    id: int
    material: ReferenceMaterial
    document_sha256: str | None
    is_retired: bool


def add_standard(
    registry: OpenRegistry,
    actor: Actor,
    material: ReferenceMaterial,
    *,
    document_sha256: str | None = None,
) -> int:
    """Keep a reference material and give its id; raises RulesBroken, NotFound (its document)."""
    name = require_plain_text(material.identification, what="identification", longest=40)
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act=_ACT, act_th=_ACT_TH)
        if document_sha256 is not None:
            require_document(unit.connection, document_sha256)
        taken = select(ReferenceStandard.id).where(ReferenceStandard.identification == name)
        if unit.connection.execute(taken).scalar() is not None:
            raise refuse(9702, what="reference", what_th="สารอ้างอิง", given=name)
        made = inserted_id(
            unit.connection.execute(
                insert(ReferenceStandard),
                {
                    "identification": name,
                    "channel": material.channel,
                    "value": material.value,
                    "unit": material.unit,
                    "expanded": material.expanded,
                    "factor": material.factor,
                    "certificate": material.certificate,
                    "issuer": material.issuer,
                    "traceable_to": material.traceable_to,
                    "expires_on": material.expires_on,
                    "document_sha256": document_sha256,
                    "added_at": within.now,
                    "added_by": actor.id,
                    "retired_at": None,
                },
            )
        )
        within.log("reference-standard-added", {"identification": name})
        unit.commit()
    return made


def retire_standard(registry: OpenRegistry, actor: Actor, standard_id: int) -> None:
    """Take a reference material out of use; raises RulesBroken, NotFound."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        within = Within(unit.connection, registry, actor, registry.now())
        require_technician(unit.connection, actor, act=_ACT, act_th=_ACT_TH)
        changed = unit.connection.execute(
            update(ReferenceStandard)
            .where(ReferenceStandard.id == standard_id, ReferenceStandard.retired_at.is_(None))
            .values(retired_at=within.now)
        )
        if changed.rowcount != 1:
            raise NotFound(f"There is no reference material {standard_id} in use.")
        within.log("reference-standard-retired", {"id": standard_id})
        unit.commit()


def list_standards(
    registry: OpenRegistry, *, channel: str | None = None
) -> tuple[KeptStandard, ...]:
    """List the reference materials, of a channel or all, by name."""
    statement = select(*ReferenceStandard.__table__.columns).order_by(
        ReferenceStandard.identification
    )
    if channel is not None:
        statement = statement.where(ReferenceStandard.channel == channel)
    with reading(registry.engine) as connection:
        rows = connection.execute(statement).all()
    return tuple(
        KeptStandard(
            row.id,
            ReferenceMaterial(
                row.identification,
                row.channel,
                row.value,
                row.unit,
                row.expanded,
                row.factor,
                row.certificate,
                row.issuer,
                row.expires_on,
                row.traceable_to,
            ),
            row.document_sha256,
            row.retired_at is not None,
        )
        for row in rows
    )
