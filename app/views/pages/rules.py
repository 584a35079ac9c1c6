"""Rules: the business logic tables, changing them, and the calendar they are counted by.

Owns the order of the parts and the way from a rule to its form.
"""

from __future__ import annotations

from app.views.pages.calendar import HolidaysPage, PeriodsPage
from app.views.pages.context import PageContext
from app.views.pages.rule_changes import RuleChangesPage
from app.views.pages.rule_form import RuleFormPage
from app.views.pages.rule_tables import RuleTablesPage
from app.views.pages.tabbed_page import Part, TabbedPage


class RulesPage(TabbedPage):
    """`RulesPage(context)`; parts: tables, propose, changes, holidays, periods."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "pages.rules",
            (
                Part(
                    "tables",
                    "rules.title",
                    lambda: RuleTablesPage(context, lambda key: self.show_part("propose", key)),
                ),
                Part("propose", "rules.propose_title", lambda: RuleFormPage(context)),
                Part("changes", "rules.changes_title", lambda: RuleChangesPage(context)),
                Part("holidays", "calendar.holidays", lambda: HolidaysPage(context)),
                Part("periods", "calendar.periods", lambda: PeriodsPage(context)),
            ),
            shows=frozenset({"rules", "holidays", "periods"}),
        )
