"""What is written into every new registry: its own row, signing key, people, rules, accounts.

Owns the order of the rows and of their log entries, on either engine; making the place they go
into is `creating` and `creating_networked`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.tables import CommitmentPeriod, RegistryRow, Rule, Scheme, UnitType
from app.services.people.enrolment import EnrolledPerson, add_person_row
from app.services.people.new_person import NewPerson
from app.services.registry.context import Actor
from app.services.registry.entry_writer import EntryWriter
from app.services.registry.first_accounts import (
    open_built_in_accounts,
    propose_built_in_accounts,
)
from app.services.registry.first_rows import PERIOD, RULES, SCHEMES, UNIT_TYPES
from app.services.registry.settings import LONGEST_IDLE_MINUTES
from app.services.signing_keys import add_signing_key


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegistry:
    """A registry to create; `country` is two capital letters. A demo stays one for ever."""

    name_en: str
    name_th: str
    country: str = "TH"
    is_demo: bool = False


class FirstContent:
    """What goes into a new registry, and what comes out of writing it.

    `secret` wraps the signing key where the registry is networked; `role_prefix` then begins the
    names of its roles.
    """

    def __init__(
        self,
        new: NewRegistry,
        people: tuple[NewPerson, ...],
        now: datetime,
        *,
        role_prefix: str = "",
        secret: bytes | None = None,
    ) -> None:
        self._role_prefix = role_prefix
        self._secret = secret
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

    def write(self, connection: Connection, log: EntryWriter, registry_id: str) -> None:
        """Write all rows and their log entries."""
        first = next(item for item in self._people if item.role is Role.ADMINISTRATOR)
        self._by = {"done": first.user_name}
        self._write_registry(connection, log, registry_id)
        self._write_signing_key(connection, log)
        self._write_people(connection, log)
        self._write_unit_types(connection, log)
        self._write_rules(connection, log)
        proposer, *others = self._administrators
        accounts = propose_built_in_accounts(
            connection,
            log,
            country=self._new.country,
            period=PERIOD,
            proposer=proposer,
            now=self._now,
        )
        approver = others[0] if others else None
        open_built_in_accounts(
            connection, log, accounts, approver=approver, proposer=proposer, now=self._now
        )

    def _write_registry(self, connection: Connection, log: EntryWriter, registry_id: str) -> None:
        row = {
            "registry_id": registry_id,
            "country": self._new.country,
            "name_en": self._new.name_en,
            "name_th": self._new.name_th,
            "is_demo": self._new.is_demo,
            "idle_lock_minutes": LONGEST_IDLE_MINUTES,
        }
        connection.execute(
            insert(RegistryRow),
            {"id": 1, **row, "role_prefix": self._role_prefix, "created_at": self._now},
        )
        log.append("registry-created", at=self._now, persons=self._by, body=row)

    def _write_signing_key(self, connection: Connection, log: EntryWriter) -> None:
        add_signing_key(connection, self._signing_key, now=self._now, secret=self._secret)
        public_key = self._signing_key.public_key().public_bytes_raw()
        body = {"algorithm": "Ed25519", "public_key": public_key.hex()}
        log.append("signing-key-added", at=self._now, persons=self._by, body=body)

    def _write_people(self, connection: Connection, log: EntryWriter) -> None:
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

    def _write_unit_types(self, connection: Connection, log: EntryWriter) -> None:
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

    def _write_rules(self, connection: Connection, log: EntryWriter) -> None:
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


def require_registry(new: NewRegistry) -> NewRegistry:
    """Give the registry as it will be kept; UsageError for names that cannot be used."""
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
