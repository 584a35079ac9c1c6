"""Creating a registry: its file, key slots, first people, rules and built-in accounts.

Owns the order of it all, in one unit of work after the migration. Whatever fails leaves no
file behind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.storage.key_slots import add_slot
from app.models.storage.key_wrapping import LIGHT, STANDARD, KdfProfile
from app.models.storage.registry_file import RegistryFile, create_registry_file
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import (
    CommitmentPeriod,
    RegistryRow,
    Rule,
    Scheme,
    SigningKey,
    UnitType,
)
from app.services.log.append import LogWriter
from app.services.people.enrolment import EnrolledPerson, add_person_row
from app.services.people.new_person import NewPerson, require_people
from app.services.registry.context import Actor, Clock, OpenRegistry, system_clock
from app.services.registry.first_accounts import open_built_in_accounts
from app.services.registry.first_rows import PERIOD, RULES, SCHEMES, UNIT_TYPES
from app.services.registry.settings import LONGEST_IDLE_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegistry:
    """A registry to create; `country` is two capital letters. A demo stays one for ever."""

    name_en: str
    name_th: str
    country: str = "TH"
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class CreatedRegistry:
    """A new registry, open, with what its people must be given once and for all."""

    registry: OpenRegistry
    public_key_pem: bytes
    people: tuple[EnrolledPerson, ...] = field(repr=False)


def create_registry(
    path: Path,
    *,
    new: NewRegistry,
    people: Sequence[NewPerson],
    clock: Clock = system_clock,
    profile: KdfProfile | None = None,
) -> CreatedRegistry:
    """Create a registry with its first people; it is open when this returns.

    `profile` is the cost of guessing a passphrase: by default the standard one, and a light
    one for a demo. Raises UsageError for people or names that cannot be used, and what
    `create_registry_file` raises; then no file is left.
    """
    new = _require_registry(new)
    people = require_people(people, is_demo=new.is_demo)
    making = _Making(new, people, clock())
    file = create_registry_file(
        path,
        user=people[0].user_name,
        passphrase=people[0].passphrase,
        profile=profile or (LIGHT if new.is_demo else STANDARD),
        prepare=making.prepare,
    )
    registry = OpenRegistry(
        engine=file.engine,
        registry_id=str(file.registry_id),
        country=new.country,
        name_en=new.name_en,
        name_th=new.name_th,
        is_demo=new.is_demo,
        idle_lock_minutes=LONGEST_IDLE_MINUTES,
        label=file.path.name,
        clock=clock,
        file=file,
    )
    return CreatedRegistry(registry, making.public_key_pem, tuple(making.enrolled))


class _Making:
    """What goes into a new file, and what comes out of writing it."""

    def __init__(self, new: NewRegistry, people: tuple[NewPerson, ...], now: datetime) -> None:
        self._new = new
        self._people = people
        self._now = now
        self._signing_key = Ed25519PrivateKey.generate()
        self._administrators: list[Actor] = []
        self._by: dict[str, str] = {}
        self.enrolled: list[EnrolledPerson] = []

    @property
    def public_key_pem(self) -> bytes:
        """The registry's public key, for anyone who checks a certificate."""
        return self._signing_key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def prepare(self, file: RegistryFile) -> None:
        """Make the tables and write the first rows."""
        # Alembic costs a tenth of a second to import; only those who create wait for it.
        from app.models.storage.migrate import upgrade

        upgrade(file.engine)
        for person in self._people[1:]:
            add_slot(file.path, file.key, user=person.user_name, passphrase=person.passphrase)
        with UnitOfWork(file.engine) as unit:
            log = LogWriter(unit.connection)
            self._write(unit.connection, log, str(file.registry_id))
            log.flush()
            unit.commit()

    def _write(self, connection: Connection, log: LogWriter, registry_id: str) -> None:
        first = next(item for item in self._people if item.role is Role.ADMINISTRATOR)
        self._by = {"done": first.user_name}
        self._write_registry(connection, log, registry_id)
        self._write_signing_key(connection, log)
        self._write_people(connection, log)
        self._write_unit_types(connection, log)
        self._write_rules(connection, log)
        proposer, *others = self._administrators
        open_built_in_accounts(
            connection,
            log,
            country=self._new.country,
            period=PERIOD,
            proposer=proposer,
            approver=others[0] if others else None,
            now=self._now,
        )

    def _write_registry(self, connection: Connection, log: LogWriter, registry_id: str) -> None:
        row = {
            "registry_id": registry_id,
            "country": self._new.country,
            "name_en": self._new.name_en,
            "name_th": self._new.name_th,
            "is_demo": self._new.is_demo,
            "idle_lock_minutes": LONGEST_IDLE_MINUTES,
        }
        connection.execute(
            insert(RegistryRow), {"id": 1, **row, "role_prefix": "", "created_at": self._now}
        )
        log.append("registry-created", at=self._now, persons=self._by, body=row)

    def _write_signing_key(self, connection: Connection, log: LogWriter) -> None:
        public_key = self._signing_key.public_key().public_bytes_raw()
        connection.execute(
            insert(SigningKey),
            {
                "public_key": public_key,
                "private_key": self._signing_key.private_bytes_raw(),
                "wrapping": "none",
                "created_at": self._now,
            },
        )
        body = {"algorithm": "Ed25519", "public_key": public_key.hex()}
        log.append("signing-key-added", at=self._now, persons=self._by, body=body)

    def _write_people(self, connection: Connection, log: LogWriter) -> None:
        for person in self._people:
            actor, enrolled = add_person_row(
                connection, person, registry_name=self._new.name_en, now=self._now
            )
            self.enrolled.append(enrolled)
            if person.role is Role.ADMINISTRATOR:
                self._administrators.append(actor)
            # Names and addresses stay out of the log, which can never forget.
            body = {"user": person.user_name, "role": str(person.role)}
            log.append("person-added", at=self._now, persons=self._by, body=body)

    def _write_unit_types(self, connection: Connection, log: LogWriter) -> None:
        rows = [
            {
                "code": item.code,
                "name_en": item.name_en,
                "name_th": item.name_th,
                "measure": item.measure,
                "is_domestic": item.is_domestic,
            }
            for item in UNIT_TYPES
        ]
        connection.execute(insert(UnitType), rows)
        for row in rows:
            log.append("unit-type-added", at=self._now, persons=self._by, body=row)
        schemes = [
            {
                "code": item.code,
                "name_en": item.name_en,
                "name_th": item.name_th,
                "unit_type": item.unit_type,
            }
            for item in SCHEMES
        ]
        connection.execute(insert(Scheme), schemes)
        for scheme in schemes:
            log.append("scheme-added", at=self._now, persons=self._by, body=scheme)

    def _write_rules(self, connection: Connection, log: LogWriter) -> None:
        connection.execute(
            insert(CommitmentPeriod),
            {
                "number": PERIOD.number,
                "first_day": PERIOD.first_day,
                "last_day": PERIOD.last_day,
            },
        )
        first_day, last_day = PERIOD.first_day.isoformat(), PERIOD.last_day.isoformat()
        period = {"period": PERIOD.number, "first_day": first_day, "last_day": last_day}
        log.append("commitment-period-opened", at=self._now, persons=self._by, body=period)
        for rule in RULES:
            subject = {
                "kind": str(rule.kind),
                "unit_type": rule.unit_type,
                "period": PERIOD.number,
            }
            result = connection.execute(
                insert(Rule).returning(Rule.id),
                {
                    **subject,
                    "value": rule.value,
                    "valid_from": PERIOD.first_day,
                    "valid_to": PERIOD.last_day,
                },
            )
            body = {
                "rule": int(result.scalar_one()),
                **subject,
                "value": format(rule.value, "f"),
                "valid_from": first_day,
                "valid_to": last_day,
            }
            log.append("rule-added", at=self._now, persons=self._by, body=body)


def _require_registry(new: NewRegistry) -> NewRegistry:
    if re.fullmatch(r"[A-Z]{2}", new.country) is None:
        raise UsageError(
            f"“{new.country}” is not a country code.",
            hint="Use the two capital letters of ISO 3166, such as TH.",
        )
    names = {"name_en": new.name_en.strip(), "name_th": new.name_th.strip()}
    if not all(names.values()):
        raise UsageError(
            "A registry needs a name in English and one in Thai.",
            hint="Give both; they stand on every certificate.",
        )
    return NewRegistry(country=new.country, is_demo=new.is_demo, **names)
