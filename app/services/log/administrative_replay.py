"""Deriving accounts, people, rules and all else that is no unit from the log alone.

Owns what each kind of administrative entry says about which record. Knows no database;
`record_comparison` compares. A kind it does not know says nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.models.codes import AccountState, PersonState

Key = tuple[Any, ...]
Body = Mapping[str, Any]

MIGRATION = "migration"
"""Whose act it is when a registry of an earlier version is given what this one needs."""


class Expected:
    """The records that follow from the entries so far: by kind of record, then by key."""

    def __init__(self) -> None:
        self.records: dict[str, dict[Key, dict[str, Any]]] = {}

    def of(self, kind: str) -> dict[Key, dict[str, Any]]:
        """Give the records of a kind by their key."""
        return self.records.setdefault(kind, {})

    def apply(self, kind: str, body: Body, by: Mapping[str, str], day: str) -> None:
        """Take in one entry; `day` is the registry's day on which it was made."""
        told = _TELLERS.get(kind)
        subject, _, step = kind.rpartition("-")
        if told is not None:
            told(self, body)
        elif subject == "rule" and step in _RULE_STEPS:
            _tell_rule_change(self, body, step)
        elif kind == "committee-vote":
            said = {"choice": body["choice"], "comment_sha256": body["comment_sha256"]}
            self.set("vote", body["transaction"], by["done"], **said)
        elif subject == "trust":
            _tell_trust(self, body, step)
        elif kind.startswith("account-"):
            _tell_account(self, kind.removeprefix("account-"), body, by["done"], day)

    def reissue(self, body: Body) -> None:
        """Take in which new serials stand for which source units, from a conversion."""
        for item in body.get("reissues", ()):
            reissued = f"{item['series']} {item['start']} to {item['end']}"
            self.set("source unit", item["source_series"], item["source_start"], reissued=reissued)

    def set(self, kind: str, /, *key: Any, **values: Any) -> None:
        """Say what a record has, beside what is known of it."""
        self.of(kind).setdefault(key, {}).update(values)


def _tell_account(expected: Expected, state: str, body: Body, person: str, day: str) -> None:
    if state not in set(AccountState):
        return
    number = body["account"]
    if state == AccountState.PROPOSED:
        # Only the buffer of a scheme says which.
        known = {name: body[name] for name in ("type", "name", "holder", "scheme") if name in body}
        # A migration is nobody: the row names an administrator, as it must name a person.
        by = {} if person == MIGRATION else {"proposed_by": person}
        expected.set("account", number, **known, **by, state=state)
        return
    account = expected.of("account").setdefault((number,), {})
    if account.get("state") == AccountState.PROPOSED:
        # The first people of a registry may be one: then nobody is said to have approved.
        is_alone = person == account.get("proposed_by", MIGRATION)
        account["approved_by"] = None if is_alone else person
        if state == AccountState.OPEN:
            account["opened_on"] = day
    account["state"] = state


def _tell_registry(expected: Expected, body: Body) -> None:
    expected.set("registry", **body)


def _tell_idle_lock(expected: Expected, body: Body) -> None:
    expected.set("registry", idle_lock_minutes=body["minutes"])


def _tell_signing_key(expected: Expected, body: Body) -> None:
    expected.set("signing key", body["public_key"], is_retired=False)


def _tell_retired_key(expected: Expected, body: Body) -> None:
    expected.set("signing key", body["public_key"], is_retired=True)


def _tell_person(expected: Expected, body: Body) -> None:
    expected.set("person", body["user"], role=body["role"], state=str(PersonState.ACTIVE))


def _tell_revoked(expected: Expected, body: Body) -> None:
    expected.set("person", body["user"], state=str(PersonState.REVOKED))


def _tell_unit_type(expected: Expected, body: Body) -> None:
    expected.set("unit type", body["code"], **body)


def _tell_scheme(expected: Expected, body: Body) -> None:
    expected.set("scheme", body["code"], **body)


def _tell_period(expected: Expected, body: Body) -> None:
    days = {"first_day": body["first_day"], "last_day": body["last_day"]}
    expected.set("commitment period", body["period"], **days)


def _tell_rule(expected: Expected, body: Body) -> None:
    content = {name: body[name] for name in _RULE_COLUMNS}
    expected.set("rule", body["rule"], **content, change=body.get("change"), ended_by=None)


def _tell_ended_rule(expected: Expected, body: Body) -> None:
    expected.set("rule", body["rule"], valid_to=body["valid_to"], ended_by=body["change"])


def _tell_rule_change(expected: Expected, body: Body, status: str) -> None:
    content = {name: body[name] for name in _RULE_COLUMNS}
    expected.set("rule change", body["change"], **content, status=status)


def _tell_trust(expected: Expected, body: Body, state: str) -> None:
    content = {"account": body["account"], "trusted": body["trusted"]}
    expected.set("trusted account", body["entry"], **content, state=state)


def _tell_source(expected: Expected, body: Body) -> None:
    expected.set("source unit", body["series"], body["start"], **body, reissued=None)


def _tell_notice(expected: Expected, body: Body) -> None:
    expected.set("notice", body["notice"], **{k: v for k, v in body.items() if k != "notice"})


def _tell_holiday(expected: Expected, body: Body) -> None:
    expected.set("holiday", body["day"])


def _tell_no_holiday(expected: Expected, body: Body) -> None:
    expected.of("holiday").pop((body["day"],), None)


_RULE_STEPS = ("proposed", "approved", "rejected", "withdrawn")
_RULE_COLUMNS = ("kind", "unit_type", "period", "value", "valid_from", "valid_to")


def _tell_holder(expected: Expected, body: Body) -> None:
    expected.set("holder", body["holder"], kind=body["kind"])
    for digest in body["documents"]:
        expected.set("document of a holder", body["holder"], digest)


def _tell_project(expected: Expected, body: Body) -> None:
    expected.set("project", body["origin"], body["code"], **body)


def _tell_bound(expected: Expected, body: Body) -> None:
    expected.set("account of a project", body["origin"], body["project"], body["account"])


def _tell_reduction(expected: Expected, body: Body) -> None:
    content = {
        name: body[name] for name in ("period_to", "quantity", "reference", "document_sha256")
    }
    expected.set("verified reduction", body["project"], body["period_from"], **content)


def _tell_document(expected: Expected, body: Body) -> None:
    content = {name: body[name] for name in ("name", "media_type", "size_bytes")}
    expected.set("document", body["sha256"], **content)


_TELLERS: Mapping[str, Callable[[Expected, Body], None]] = {
    "registry-created": _tell_registry,
    "idle-lock-changed": _tell_idle_lock,
    "signing-key-added": _tell_signing_key,
    "signing-key-retired": _tell_retired_key,
    "person-added": _tell_person,
    "person-revoked": _tell_revoked,
    "unit-type-added": _tell_unit_type,
    "scheme-added": _tell_scheme,
    "commitment-period-opened": _tell_period,
    "rule-added": _tell_rule,
    "rule-ended": _tell_ended_rule,
    "source-unit-registered": _tell_source,
    "notice-recorded": _tell_notice,
    "holiday-added": _tell_holiday,
    "holiday-removed": _tell_no_holiday,
    "holder-added": _tell_holder,
    "project-registered": _tell_project,
    "project-account-bound": _tell_bound,
    "verified-reduction-recorded": _tell_reduction,
    "document-added": _tell_document,
}
