"""Commands that list: accounts, projects, transactions, blocks, holdings and the rest.

Owns their filters and columns; paging, sorting and finding are the listings'. Rows are fetched
page by page and printed as they come, so a listing of millions needs no memory.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import DONE, Commands, add_common
from app.commands.sessions import open_for_reading
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.listings.page import Page, PageRequest
    from app.services.registry.context import OpenRegistry

_PAGE_ROWS = 500
_COLUMN_NAMES = {"from": "from_account", "to": "to_account", "certificate": "number"}
"""Keys of rows whose column goes by another name inside."""


@dataclass(frozen=True)
class Noun:
    """A listing as a command: its filters, the name of a row, and the columns of its table."""

    name: str
    summary: str
    filters: tuple[str, ...]
    row_key: str
    columns: tuple[tuple[str, str], ...]
    example: str
    needs_registry: bool = True


NOUNS = (
    Noun(
        "accounts",
        "list accounts",
        ("number", "state", "type", "kind", "proposed_by"),
        "its number",
        (
            ("number", "NUMBER"),
            ("type", "TYPE"),
            ("name", "NAME"),
            ("holder", "HOLDER"),
            ("state", "STATE"),
            ("opened_on", "OPENED"),
        ),
        "teak accounts --state open --json",
    ),
    Noun(
        "projects",
        "list projects",
        ("origin", "code", "country", "state", "sectoral_scope", "account"),
        "CODE or ORIGIN:CODE",
        (
            ("origin", "ORIGIN"),
            ("code", "CODE"),
            ("name", "NAME"),
            ("country", "COUNTRY"),
            ("kind", "KIND"),
            ("state", "STATE"),
        ),
        "teak projects --origin TH",
    ),
    Noun(
        "transactions",
        "list transactions",
        (
            "id",
            "type",
            "status",
            "account",
            "from",
            "to",
            "unit_type",
            "proposed_by",
            "decided_by",
        ),
        "its id",
        (
            ("id", "ID"),
            ("kind", "TYPE"),
            ("status", "STATUS"),
            ("from", "FROM"),
            ("to", "TO"),
            ("quantity", "UNITS"),
            ("unit_type", "UNIT TYPE"),
            ("proposed_at", "PROPOSED"),
            ("completed_at", "COMPLETED"),
        ),
        "teak transactions --status 'awaiting approval' --json",
    ),
    Noun(
        "blocks",
        "list unit blocks",
        (
            "account",
            "unit_type",
            "project",
            "origin",
            "vintage",
            "state",
            "series",
            "serial",
            "reserved_by",
        ),
        "its serial",
        (
            ("serial", "SERIAL"),
            ("quantity", "UNITS"),
            ("account", "ACCOUNT"),
            ("state", "STATE"),
            ("vintage", "VINTAGE"),
            ("expiry", "EXPIRY"),
        ),
        "teak blocks --account TH-100-1042-0-52 --state held --json",
    ),
    Noun(
        "certificates",
        "list offset certificates",
        ("number", "transaction", "account", "issued_by"),
        "its number",
        (
            ("certificate", "CERTIFICATE"),
            ("transaction", "TRANSACTION"),
            ("quantity", "UNITS"),
            ("beneficiary", "BENEFICIARY"),
            ("cancelled_on", "CANCELLED"),
        ),
        "teak certificates --account TH-100-1042-0-52",
    ),
    Noun(
        "people",
        "list the people of the desk",
        ("user", "role", "state"),
        "its user name",
        (("user", "USER"), ("name", "NAME"), ("role", "ROLE"), ("state", "STATE")),
        "teak people --role approver",
    ),
    Noun(
        "source-units",
        "list units of other schemes that were cancelled there to be reissued here",
        ("state", "project", "host_country", "unit_type", "attestation_sha256"),
        "its id",
        (
            ("id", "ID"),
            ("serial", "SERIAL"),
            ("quantity", "UNITS"),
            ("host_country", "HOST"),
            ("state", "STATE"),
            ("conversion", "CONVERSION"),
        ),
        "teak source-units --state registered --json",
    ),
    Noun(
        "checks",
        "list the checks every act is judged by; needs no registry",
        ("code", "category", "type"),
        "its code",
        (("code", "CODE"), ("category", "CATEGORY"), ("name", "NAME"), ("types", "TYPES")),
        "teak checks --type transfer --json",
        needs_registry=False,
    ),
)
RULES = Noun(
    "rules",
    "list the rules: levy rates and expiries by days of validity",
    ("kind", "unit_type", "period"),
    "its id",
    (
        ("id", "ID"),
        ("kind", "KIND"),
        ("unit_type", "UNIT TYPE"),
        ("value", "VALUE"),
        ("valid_from", "FROM"),
        ("valid_to", "TO"),
    ),
    "teak rule list --kind levy-rate",
)


def add_commands(commands: Commands) -> None:
    """Add every listing, and holdings."""
    for noun in NOUNS:
        add_listing(commands, noun.name, noun)
    holdings = commands.add(
        "holdings",
        "give what accounts hold, now or at a past moment",
        example="teak holdings --at 2026-06-30 --json",
        run=_holdings,
        more="The past is added up from completed transactions. A day means its end in the "
        "registry's own time; a time without a zone is UTC.",
    )
    holdings.add_argument("--account", metavar="NUMBER", help="of this account alone")
    holdings.add_argument("--at", metavar="TIME", help="a day or time, ISO 8601")
    add_common(holdings)


def add_listing(commands: Commands, name: str, noun: Noun) -> None:
    """Add the command that lists a noun."""
    parser = commands.add(
        name,
        noun.summary,
        example=noun.example,
        run=lambda arguments, output: _list(noun, arguments, output),
        more="With --json every row is a line of its own (JSON Lines).",
    )
    for filter_name in noun.filters:
        parser.add_argument(
            f"--{filter_name.replace('_', '-')}",
            dest=f"filter_{filter_name}",
            metavar="VALUE",
            help=f"rows whose {filter_name.replace('_', ' ')} is VALUE",
        )
    parser.add_argument("--text", metavar="TEXT", default="", help="rows that contain TEXT")
    parser.add_argument("--sort", metavar="COLUMN", default="", help="another order")
    parser.add_argument("--descending", action="store_true", help="the last row first")
    parser.add_argument("--limit", metavar="N", type=number_of_rows, help="at most N rows")
    parser.add_argument("--after", metavar="ROW", help=f"go on after the row named: {noun.row_key}")
    if noun.name == "checks":
        parser.add_argument(
            "--transaction",
            metavar="ID",
            help="what each check said of this transaction, at each step; needs its registry",
        )
    add_common(parser)


def number_of_rows(text: str) -> int:
    """Read how many rows are wanted, at least one."""
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


def _list(noun: Noun, arguments: Namespace, output: Output) -> int:
    if getattr(arguments, "transaction", None):
        return _list_transaction_checks(arguments, output)
    opened = open_for_reading(arguments) if noun.needs_registry else nullcontext(None)
    with opened as registry:
        request = _first_request(noun, arguments, registry)
        rows = _rows(_fetcher(noun, registry), request, arguments.limit)
        if not output.as_json:
            count = output.table(noun.columns, (row.as_json() for row in rows))
            output.tell(f"{count:,} row{'' if count == 1 else 's'}")
            return DONE
        for row in rows:
            if output.is_closed:
                break
            output.document(row.as_json())
    return DONE


def _list_transaction_checks(arguments: Namespace, output: Output) -> int:
    from app.services.listings.transaction_checks import list_transaction_checks

    with open_for_reading(arguments) as registry:
        steps = list_transaction_checks(registry, arguments.transaction)
    rows = [
        {"transaction": step.transaction, "step": step.status, "by": step.by}
        | check.as_json()
        | {"at": step.as_json()["at"]}
        for step in steps
        for check in step.checks
    ]
    if not output.as_json:
        columns = (
            ("step", "STEP"),
            ("code", "CODE"),
            ("name", "NAME"),
            ("outcome", "OUTCOME"),
            ("message", "WHAT IT SAID"),
        )
        output.table(columns, iter(rows))
        return DONE
    for row in rows:
        output.document(row)
    return DONE


def _first_request(noun: Noun, arguments: Namespace, registry: OpenRegistry | None) -> PageRequest:
    from app.services.listings.page import PageRequest

    given = {name: getattr(arguments, f"filter_{name}") for name in noun.filters}
    request = PageRequest(
        sort=_COLUMN_NAMES.get(arguments.sort, arguments.sort.replace("-", "_")),
        descending=arguments.descending,
        filter_text=arguments.text,
        filters={name: value for name, value in given.items() if value is not None},
    )
    if arguments.after is None:
        return request
    if registry is None:
        code = arguments.after
        return replace(request, after=(int(code) if code.isdigit() else code,))
    from app.services.listings.places import after_row

    return after_row(registry, noun.name, request, arguments.after)


def _fetcher(noun: Noun, registry: OpenRegistry | None) -> Callable[[PageRequest], Page[Any]]:
    if registry is None:
        from app.services.listings.checks import list_checks

        return list_checks
    from app.services.conversions.listing import list_source_units
    from app.services.listings.accounts import list_accounts
    from app.services.listings.blocks import list_blocks
    from app.services.listings.certificates import list_certificates
    from app.services.listings.people import list_people
    from app.services.listings.projects import list_projects
    from app.services.listings.rules import list_rules
    from app.services.listings.transactions import list_transactions

    listings: dict[str, Callable[[OpenRegistry, PageRequest], Page[Any]]] = {
        "accounts": list_accounts,
        "blocks": list_blocks,
        "certificates": list_certificates,
        "people": list_people,
        "projects": list_projects,
        "rules": list_rules,
        "source-units": list_source_units,
        "transactions": list_transactions,
    }
    return lambda request: listings[noun.name](registry, request)


def _rows(
    fetch: Callable[[PageRequest], Page[Any]], request: PageRequest, limit: int | None
) -> Iterator[Any]:
    left = limit
    while True:
        wanted = _PAGE_ROWS if left is None else min(left, _PAGE_ROWS)
        page = fetch(replace(request, limit=wanted))
        yield from page.rows
        left = None if left is None else left - len(page.rows)
        if page.next is None or left == 0:
            return
        request = replace(request, after=page.next)


def _holdings(arguments: Namespace, output: Output) -> int:
    from app.services.listings.account_detail import get_account
    from app.services.listings.holdings import holdings

    at = None if arguments.at is None else _moment(arguments.at)
    with open_for_reading(arguments) as registry:
        if arguments.account is not None:
            get_account(registry, arguments.account)
        rows = [row.as_json() for row in holdings(registry, account=arguments.account, at=at)]
    if output.as_json:
        output.document(rows)
        return DONE
    columns = (
        ("account", "ACCOUNT"),
        ("account_name", "NAME"),
        ("unit_type", "UNIT TYPE"),
        ("quantity", "UNITS"),
    )
    output.table(columns, iter(rows))
    return DONE


def _moment(text: str) -> datetime:
    """Read a day as its end in Thailand, and a time; UsageError for anything else."""
    try:
        if len(text) <= len("2026-06-30"):
            day = date.fromisoformat(text)
            return datetime.combine(day, time.max, timezone(timedelta(hours=7)))
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"“{text}” is neither a day nor a time.",
            hint="Write 2026-06-30 or 2026-06-30T17:00:00Z.",
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
