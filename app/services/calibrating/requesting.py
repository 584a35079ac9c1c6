"""Asking a networked registry's worker for a calibration's certificate: no desk can sign.

Owns the request, the wait for its answer, and how one stands. The file that the worker made is a
document of the registry, so that a reprint needs no worker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import CalibrationCertificateRequest, WorkerLease
from app.models.tables.base import inserted_id
from app.services.calibrating.certifying import (
    IssuedCalibrationCertificate,
    read_issued,
    require_authoriser,
)
from app.services.certificates.requesting import (
    ASKED,
    FAILED,
    LONGEST_WAIT_S,
    LOOK_EVERY_S,
    MADE,
    CertificateNotMade,
)
from app.services.certificates.wording import known_language
from app.services.people.access import require_access
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.kept_calibrations import KeptCalibration, get_calibration

_Request = CalibrationCertificateRequest


@dataclass(frozen=True, slots=True)
class CertificateState:
    """How a calibration's certificate stands; `asked_at` while the worker is to make it.

    `problem` is why the last request came to nothing.
    """

    reference: str
    number: str | None
    asked_at: datetime | None
    problem: str
    is_of_elsewhere: bool


def request_calibration_certificate(
    registry: OpenRegistry,
    actor: Actor,
    kept: KeptCalibration,
    *,
    language: str = "both",
    wait_s: float | None = None,
) -> IssuedCalibrationCertificate:
    """Give a calibration's certificate, made by the worker; the first is authorised by the actor.

    One made before is read from the registry. Waits `wait_s` seconds at most (`LONGEST_WAIT_S`);
    then raises CertificateNotMade: it is queued, and the worker makes it when it runs. Raises
    RulesBroken.
    """
    chosen = str(known_language(language))
    with reading(registry.engine_for(actor)) as connection:
        made = _find_made(connection, kept.id, chosen)
    if made is None:
        number = _ask(registry, actor, kept, chosen)
        made = _wait(registry, kept, number, LONGEST_WAIT_S if wait_s is None else wait_s)
    return read_issued(registry, made)


def read_certificate_state(registry: OpenRegistry, code: str) -> CertificateState:
    """Say how the certificate of a calibration stands; NotFound."""
    kept = get_calibration(registry, code)
    asked_at, problem = None, ""
    if kept.certificate_number is None:
        with reading(registry.engine) as connection:
            row = connection.execute(
                select(_Request.state, _Request.asked_at, _Request.problem)
                .where(_Request.calibration_id == kept.id)
                .order_by(_Request.id.desc())
                .limit(1)
            ).one_or_none()
        if row is not None:
            asked_at = row.asked_at if row.state == ASKED else None
            problem = row.problem
    return CertificateState(
        kept.reference, kept.certificate_number, asked_at, problem, kept.is_of_elsewhere
    )


def _find_made(connection: Connection, calibration_id: int, language: str) -> str | None:
    return connection.execute(
        select(_Request.file_sha256)
        .where(
            _Request.calibration_id == calibration_id,
            _Request.language == language,
            _Request.state == MADE,
        )
        .limit(1)
    ).scalar()


def _ask(registry: OpenRegistry, actor: Actor, kept: KeptCalibration, language: str) -> int:
    """Ask, unless the same is asked already; give the request's number."""
    with UnitOfWork(registry.engine_for(actor)) as unit:
        connection = unit.connection
        require_access(connection, actor)
        if kept.certificate_sha256 is None:
            require_authoriser(connection, actor)
        waiting = (
            connection.execute(
                select(_Request.id).where(
                    _Request.calibration_id == kept.id,
                    _Request.language == language,
                    _Request.state == ASKED,
                )
            )
            .scalars()
            .first()
        )
        if waiting is not None:
            return int(waiting)
        number = inserted_id(
            connection.execute(
                insert(_Request),
                {
                    "calibration_id": kept.id,
                    "asked_by": actor.id,
                    "asked_at": registry.now(),
                    "language": language,
                    "state": ASKED,
                    "problem": "",
                },
            )
        )
        unit.commit()
    return number


def _wait(registry: OpenRegistry, kept: KeptCalibration, number: int, wait_s: float) -> str:
    until = time.monotonic() + wait_s
    wanted = select(_Request.state, _Request.file_sha256, _Request.problem).where(
        _Request.id == number
    )
    while True:
        with reading(registry.engine) as connection:
            row = connection.execute(wanted).one()
        if row.state == MADE and row.file_sha256 is not None:
            return str(row.file_sha256)
        if row.state == FAILED:
            raise CertificateNotMade(
                f"The certificate of calibration {kept.code} could not be made: {row.problem}",
                hint="Look at what the registry's worker says.",
            )
        if time.monotonic() >= until:
            raise _not_in_time(registry, kept.code)
        time.sleep(LOOK_EVERY_S)


def _not_in_time(registry: OpenRegistry, code: str) -> CertificateNotMade:
    with reading(registry.engine) as connection:
        ready = select(WorkerLease.id).where(WorkerLease.expires_at > func.clock_timestamp())
        is_running = connection.execute(ready).one_or_none() is not None
    if is_running:
        return CertificateNotMade(
            f"The certificate of calibration {code} is queued: the registry's worker has not made "
            "it yet.",
            hint="Ask again in a minute.",
        )
    return CertificateNotMade(
        f"The certificate of calibration {code} is queued, but no worker of the registry is "
        "running.",
        hint="Ask the administrator to start `teak work`; then ask again.",
    )
