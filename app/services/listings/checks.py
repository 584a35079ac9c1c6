"""The checks, and the refusals of other acts, as a listing; it needs no registry's file.

Owns nothing but the form of a row: the rows themselves are those of
`app.services.checks.catalogue`, `refusals` and, for published checks that this registry does not
need, `not_applicable`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.models.codes import CheckCategory
from app.models.errors import UsageError
from app.services.checks.catalogue import CATALOGUE
from app.services.checks.engine import Check
from app.services.checks.not_applicable import NOT_APPLICABLE, NotApplicable
from app.services.checks.refusal import Refusal
from app.services.checks.refusals import REFUSALS
from app.services.listings.page import Page, PageRequest

NO_CATEGORY = "not-applicable"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check; `category_code` is the ITL's order, `types` the transactions it applies to.

    A refusal of an act that is no transaction has no types. `applies` is False for a published
    check that this registry does not need; its message says why.
    """

    code: int
    name: str
    category: str
    category_code: int
    types: tuple[str, ...]
    message: str
    message_th: str
    source: str
    only_notes: bool
    applies: bool = True

    @property
    def effect(self) -> str:
        """Say what it does: `refuses`, `notes`, or `not-needed` where it does not apply here."""
        if not self.applies:
            return "not-needed"
        return "notes" if self.only_notes else "refuses"

    def as_json(self) -> dict[str, Any]:
        """Write the check as the command line gives it."""
        return {
            "code": self.code,
            "name": self.name,
            "category": self.category,
            "category_code": self.category_code,
            "types": list(self.types),
            "message": self.message,
            "message_th": self.message_th,
            "source": self.source,
            "only_notes": self.only_notes,
            "applies": self.applies,
        }


def _row(check: Check | Refusal) -> CheckRow:
    return CheckRow(
        code=check.code,
        name=check.name,
        category=check.category.name.lower().replace("_", "-"),
        category_code=int(check.category),
        types=tuple(sorted(check.acts)) if isinstance(check, Check) else (),
        message=check.message,
        message_th=check.message_th,
        source=check.source,
        only_notes=isinstance(check, Check) and check.only_notes,
    )


def _row_of_the_others(item: NotApplicable) -> CheckRow:
    return CheckRow(
        code=item.code,
        name=item.name,
        category=NO_CATEGORY,
        category_code=len(CheckCategory) + 1,
        types=(),
        message=item.reason,
        message_th=item.reason_th,
        source=item.source,
        only_notes=False,
        applies=False,
    )


_ROWS: tuple[CheckRow, ...] = (
    *map(_row, CATALOGUE),
    *map(_row, REFUSALS),
    *map(_row_of_the_others, NOT_APPLICABLE),
)
_SORTS: dict[str, Callable[[CheckRow], tuple[Any, ...]]] = {
    "code": lambda row: (row.code,),
    "name": lambda row: (row.name, row.code),
    "category": lambda row: (row.category_code, row.code),
    "source": lambda row: (row.source, row.code),
}
_FILTERS: dict[str, Callable[[CheckRow, str], bool]] = {
    "code": lambda row, value: str(row.code) == value,
    "category": lambda row, value: value in (row.category, str(row.category_code)),
    "type": lambda row, value: value in row.types,
}


def list_checks(request: PageRequest) -> Page[CheckRow]:
    """List the checks; filters: code, category, type. Raises UsageError as all listings do."""
    order = _SORTS.get(request.sort or "category")
    unknown = sorted(set(request.filters) - set(_FILTERS))
    if order is None or unknown:
        raise UsageError(
            f"The checks have no {'filter' if unknown else 'sort'} "
            f"“{unknown[0] if unknown else request.sort}”.",
            hint=f"Filters: {', '.join(_FILTERS)}. Sorts: {', '.join(_SORTS)}.",
        )
    rows = sorted(
        (row for row in _ROWS if _is_kept(row, request)),
        key=order,
        reverse=request.descending,
    )
    first = _place_after(rows, request)
    page = rows[first : first + max(1, request.limit)]
    is_last = first + len(page) >= len(rows)
    return Page(tuple(page), None if is_last else (page[-1].code,), len(rows))


def _is_kept(row: CheckRow, request: PageRequest) -> bool:
    text = request.filter_text.strip().casefold()
    searched = f"{row.code} {row.name} {row.message} {row.message_th} {row.source}".casefold()
    return text in searched and all(
        not value or _FILTERS[name](row, value) for name, value in request.filters.items()
    )


def _place_after(rows: list[CheckRow], request: PageRequest) -> int:
    if request.after is None:
        return 0
    for place, row in enumerate(rows, start=1):
        if request.after == (row.code,):
            return place
    raise UsageError(
        f"{list(request.after)!r} is not a place in this listing as it is sorted now.",
        hint="Take the cursor from the page before, with the same filters.",
    )
