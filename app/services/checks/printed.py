"""The catalogue of checks as a page of the documentation.

`python -m app.services.checks.printed > docs/checks.md` writes it; a test keeps it current.
"""

from __future__ import annotations

import sys

from app.models.codes import CheckCategory
from app.services.checks.catalogue import CATALOGUE
from app.services.checks.engine import Check
from app.services.checks.not_applicable import NOT_APPLICABLE, NotApplicable
from app.services.checks.refusal import Refusal
from app.services.checks.refusals import REFUSALS

_HEAD = (
    "# The checks\n\n"
    "Every transaction is judged by these checks, category by category in this order; all "
    "failures of one category are told together, and later categories are then skipped. Codes "
    "below 9000 are those of the UK registry and the Kyoto Data Exchange Standards; from 9000 up "
    "they are project-assigned. A *note* never refuses. This page is printed from the catalogue "
    "(`app/services/checks/catalogue/`).\n"
)

_REFUSALS_HEAD = (
    "\n## Refusals of other acts\n\n"
    "What is done to accounts, projects, people, settings and certificates, and how a pending "
    "transaction is ended, is refused by the act itself, by the first of these that is broken "
    "(`app/services/checks/refusals.py`). 9104 refuses every act of a person whose access was "
    "revoked.\n\n"
    "| code | name | category | what the operator reads | source |\n|---|---|---|---|---|\n"
)


_NOT_APPLICABLE_HEAD = (
    "\n## Published checks that do not apply\n\n"
    "Every code of the UK registry, and every code of the Data Exchange Standards and the EU "
    "transaction log whose meaning is public, is built or stands here "
    "(`app/services/checks/not_applicable.py`). UK code 2017, the route of a central transfer, "
    "does not apply either; the DES check of that number is built.\n\n"
    "| code | name | why not here | source |\n|---|---|---|---|\n"
)


def print_catalogue() -> str:
    """Print the catalogue as Markdown: a section a category, refusals, what does not apply."""
    sections = [_HEAD]
    for category in CheckCategory:
        rows = [_row(check) for check in CATALOGUE if check.category is category]
        title = category.name.capitalize().replace("_", " ")
        sections.append(
            f"\n## {category.value}. {title}\n\n"
            "| code | name | acts | what the operator reads | source |\n|---|---|---|---|---|\n"
            + "\n".join(rows)
            + "\n"
        )
    sections.append(_REFUSALS_HEAD + "\n".join(map(_refusal_row, REFUSALS)) + "\n")
    left_out = "\n".join(map(_left_out_row, NOT_APPLICABLE))
    sections.append(_NOT_APPLICABLE_HEAD + left_out + "\n")
    return "".join(sections)


def _row(check: Check) -> str:
    name = f"{check.name} (note)" if check.only_notes else check.name
    acts = ", ".join(sorted(check.acts))
    return (
        f"| {check.code} | {name} | {acts} | {check.message}<br>{check.message_th} "
        f"| {check.source} |"
    )


def _refusal_row(refusal: Refusal) -> str:
    category = refusal.category.name.lower().replace("_", " ")
    return (
        f"| {refusal.code} | {refusal.name} | {category} "
        f"| {refusal.message}<br>{refusal.message_th} | {refusal.source} |"
    )


def _left_out_row(row: NotApplicable) -> str:
    return f"| {row.code} | {row.name} | {row.reason}<br>{row.reason_th} | {row.source} |"


if __name__ == "__main__":
    sys.stdout.write(print_catalogue())
