"""Commands on what surrounds the ledger: trusted accounts, holidays, notices, periods.

Owns their arguments and what they print.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common, add_input, add_person, read_json
from app.commands.sessions import open_for_acting, open_for_reading
from app.models.errors import UsageError


def add_commands(commands: Commands) -> None:
    """Add trust, holiday, notice and period, each with its own commands."""
    _add_trust(commands)
    _add_holiday(commands)
    _add_notice(commands)
    _add_period(commands)


def _add_trust(commands: Commands) -> None:
    trust = commands.add(
        "trust",
        "keep the list of accounts that an account trusts",
        example="teak trust list TH-100-1042-0-52 --json",
        run=None,
    )
    family = Commands(trust, "trust commands")
    listing = family.add(
        "list", "list an account's entries", example="teak trust list NUMBER", run=_trust_list
    )
    listing.add_argument("number", metavar="NUMBER", help="the account")
    add_common(listing)
    propose = family.add(
        "propose",
        "propose that an account trusts another",
        example="teak trust propose NUMBER OTHER --as officer --approved-by approver",
        run=_trust_propose,
    )
    propose.add_argument("number", metavar="NUMBER", help="the account")
    propose.add_argument("other", metavar="OTHER", help="the account it is to trust")
    propose.add_argument("--note", metavar="TEXT", default="", help="who the other is")
    add_person(propose, approver=True)
    add_common(propose)
    for name, summary in (
        ("approve", "approve an entry; trusted after the delay"),
        ("reject", "reject a proposed entry"),
        ("remove", "take an account off the list, at once"),
    ):
        decide = family.add(
            name, summary, example=f"teak trust {name} 4 --as approver", run=_trust_decide
        )
        decide.add_argument("entry", metavar="ENTRY", type=int, help="the entry's number")
        decide.add_argument("--reason", metavar="TEXT", default="", help="why")
        decide.set_defaults(decision=name)
        add_person(decide)
        add_common(decide)


def _print_rows(
    output: Output, rows: Iterable[Mapping[str, Any]], columns: tuple[tuple[str, str], ...]
) -> int:
    if output.as_json:
        for row in rows:
            output.document(dict(row))
    else:
        output.table(columns, iter([dict(row) for row in rows]))
    return DONE


def _trust_list(arguments: Namespace, output: Output) -> int:
    from app.services.trust.trusted_accounts import list_trusted

    with open_for_reading(arguments) as registry:
        rows = [row.as_json() for row in list_trusted(registry, arguments.number)]
    columns = (
        ("id", "ENTRY"),
        ("trusted", "TRUSTED"),
        ("name", "NAME"),
        ("state", "STATE"),
        ("effective_at", "FROM"),
    )
    return _print_rows(output, rows, columns)


def _trust_propose(arguments: Namespace, output: Output) -> int:
    from app.models.codes import Role
    from app.services.listings.words import time_json
    from app.services.people.access import require_role
    from app.services.trust.trusted_accounts import approve_trusted, propose_trusted

    with open_for_acting(arguments) as acting:
        # Who cannot decide leaves no entry behind.
        if acting.approver is not None:
            require_role(
                acting.approver,
                Role.APPROVER,
                "decides on trusted accounts",
                "ตัดสินบัญชีที่เชื่อถือ",
            )
        entry = propose_trusted(
            acting.registry, acting.actor, arguments.number, arguments.other, note=arguments.note
        )
        effective_at = None
        if acting.approver is not None:
            effective_at = approve_trusted(acting.approver_registry, acting.approver, entry)
    content = {
        "entry": entry,
        "state": "proposed" if effective_at is None else "approved",
        "effective_at": time_json(effective_at),
    }
    return _print_one(output, content)


def _trust_decide(arguments: Namespace, output: Output) -> int:
    from app.services.listings.words import time_json
    from app.services.trust.trusted_accounts import (
        approve_trusted,
        reject_trusted,
        remove_trusted,
    )

    with open_for_acting(arguments) as acting:
        registry, actor, entry = acting.registry, acting.actor, arguments.entry
        if arguments.decision == "approve":
            effective_at = approve_trusted(registry, actor, entry)
            state, since = "approved", time_json(effective_at)
        elif arguments.decision == "reject":
            reject_trusted(registry, actor, entry, comment=arguments.reason)
            state, since = "rejected", None
        else:
            remove_trusted(registry, actor, entry, reason=arguments.reason)
            state, since = "removed", None
    return _print_one(output, {"entry": entry, "state": state, "effective_at": since})


def _print_one(output: Output, content: dict[str, Any]) -> int:
    if output.as_json:
        output.document(content)
    else:
        output.line("  ".join(str(value) for value in content.values() if value is not None))
    return DONE


def _add_holiday(commands: Commands) -> None:
    holiday = commands.add(
        "holiday",
        "keep the calendar of days on which no working hours count",
        example="teak holiday list",
        run=None,
    )
    family = Commands(holiday, "holiday commands")
    listing = family.add("list", "list the holidays", example="teak holiday list", run=_holidays)
    add_common(listing)
    add = family.add(
        "add",
        "add holidays, all or none",
        example="teak holiday add --input holidays.json --as admin",
        run=_holiday_add,
        more='Input: a list of {"day", "name", "name_th"}.',
    )
    add_input(add, "the holidays")
    remove = family.add(
        "remove",
        "take a day off the calendar",
        example="teak holiday remove 2026-12-31 --as admin",
        run=_holiday_remove,
    )
    remove.add_argument("day", metavar="DAY", type=date.fromisoformat, help="as YYYY-MM-DD")
    for parser in (add, remove):
        add_person(parser)
        add_common(parser)


def _holidays(arguments: Namespace, output: Output) -> int:
    from app.services.trust.holidays import list_holidays

    with open_for_reading(arguments) as registry:
        rows = [
            {"day": row.day.isoformat(), "name": row.name_en, "name_th": row.name_th}
            for row in list_holidays(registry)
        ]
    return _print_rows(output, rows, (("day", "DAY"), ("name", "NAME"), ("name_th", "ชื่อ")))


def _holiday_add(arguments: Namespace, output: Output) -> int:
    from app.services.trust.holidays import HolidayRow, add_holidays

    content = read_json(arguments.input, arguments)
    if not isinstance(content, list):
        raise UsageError("The holidays must be a JSON list.")
    rows = [
        HolidayRow(_day(item, "day"), _text(item, "name"), _text(item, "name_th"))
        for item in content
    ]
    with open_for_acting(arguments) as acting:
        add_holidays(acting.registry, acting.actor, rows)
    return _print_one(output, {"added": len(rows)})


def _holiday_remove(arguments: Namespace, output: Output) -> int:
    from app.services.trust.holidays import remove_holiday

    with open_for_acting(arguments) as acting:
        remove_holiday(acting.registry, acting.actor, arguments.day)
    return _print_one(output, {"removed": arguments.day.isoformat()})


def _text(item: Any, key: str, *, default: str | None = None) -> str:
    value = item.get(key, default) if isinstance(item, Mapping) else None
    if not isinstance(value, str):
        raise UsageError(f"“{key}” is {value!r}.", hint="Give a text.")
    return value


def _day(item: Any, key: str) -> date:
    text = _text(item, key)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"“{key}” is “{text}”.", hint="Give a day as YYYY-MM-DD.") from None


def _add_notice(commands: Commands) -> None:
    notice = commands.add(
        "notice",
        "record notices, follow how far they are fulfilled, close them",
        example="teak notice list --json",
        run=None,
    )
    family = Commands(notice, "notice commands")
    listing = family.add("list", "list the notices", example="teak notice list", run=_notices)
    add_common(listing)
    record = family.add(
        "record",
        "record a notice",
        example="teak notice record --input notice.json --as admin",
        run=_notice_record,
        more='Input: {"number", "type" (1 to 13), "message", "unit_type"?, "project"?, '
        '"account"?, "target_quantity"?, "period"?, "due_on"?}; due in thirty days without.',
    )
    add_input(record, "the notice")
    close = family.add(
        "close",
        "close a notice that is fulfilled, or that asks for nothing the ledger knows",
        example="teak notice close N-2026-7 --reason done --as admin",
        run=_notice_close,
    )
    close.add_argument("number", metavar="NUMBER", help="the notice")
    close.add_argument("--reason", metavar="TEXT", default="", help="why")
    for parser in (record, close):
        add_person(parser)
        add_common(parser)


def _notices(arguments: Namespace, output: Output) -> int:
    from app.services.notices.recording import list_notices

    with open_for_reading(arguments) as registry:
        rows = [row.as_json() for row in list_notices(registry)]
    columns = (
        ("number", "NUMBER"),
        ("name", "NOTICE"),
        ("status_name", "STATUS"),
        ("target_quantity", "ASKED"),
        ("fulfilled", "FULFILLED"),
        ("due_on", "DUE"),
    )
    return _print_rows(output, rows, columns)


_NOTICE_FIELDS = {
    "number",
    "type",
    "message",
    "unit_type",
    "project",
    "account",
    "target_quantity",
    "period",
    "due_on",
}


def _notice_record(arguments: Namespace, output: Output) -> int:
    from app.services.notices.recording import NewNotice, record_notice

    content = read_json(arguments.input, arguments)
    if not isinstance(content, Mapping) or set(content) - _NOTICE_FIELDS:
        raise UsageError(
            "The notice is no JSON object with fields Teak knows.",
            hint="Fields: " + ", ".join(sorted(_NOTICE_FIELDS)) + ".",
        )
    for key in ("type", "target_quantity", "period"):
        value = content.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise UsageError(f"“{key}” is {value!r}.", hint="Give a whole number.")
    notice = NewNotice(
        number=_text(content, "number"),
        type=content.get("type") or 0,
        message=_text(content, "message", default=""),
        unit_type=_text(content, "unit_type", default="") or None,
        project=_text(content, "project", default="") or None,
        account=_text(content, "account", default="") or None,
        target_quantity=content.get("target_quantity"),
        period=content.get("period"),
        due_on=_day(content, "due_on") if content.get("due_on") else None,
    )
    with open_for_acting(arguments) as acting:
        record_notice(acting.registry, acting.actor, notice)
    return _print_one(output, {"notice": notice.number, "status": "open"})


def _notice_close(arguments: Namespace, output: Output) -> int:
    from app.services.notices.recording import close_notice

    with open_for_acting(arguments) as acting:
        close_notice(acting.registry, acting.actor, arguments.number, reason=arguments.reason)
    return _print_one(output, {"notice": arguments.number, "status": "completed"})


def _add_period(commands: Commands) -> None:
    period = commands.add(
        "period",
        "list commitment periods and open the next",
        example="teak period list",
        run=None,
    )
    family = Commands(period, "period commands")
    listing = family.add("list", "list the periods", example="teak period list", run=_periods)
    add_common(listing)
    opening = family.add(
        "open",
        "open the next period with its built-in accounts",
        example="teak period open --last-day 2035-12-31 --as admin --approved-by admin2",
        run=_period_open,
    )
    opening.add_argument(
        "--last-day", metavar="DAY", required=True, type=date.fromisoformat, help="its last day"
    )
    add_person(opening, approver=True)
    add_common(opening)


def _periods(arguments: Namespace, output: Output) -> int:
    from app.services.registry.periods import list_periods

    with open_for_reading(arguments) as registry:
        rows = [row.as_json() for row in list_periods(registry)]
    columns = (("period", "PERIOD"), ("first_day", "FROM"), ("last_day", "TO"))
    return _print_rows(output, rows, columns)


def _period_open(arguments: Namespace, output: Output) -> int:
    from app.services.registry.periods import open_period

    with open_for_acting(arguments, needs_approver=True) as acting:
        period = open_period(
            acting.registry,
            acting.actor,
            acting.required_approver(),
            last_day=arguments.last_day,
        )
    return _print_one(output, period.as_json())
