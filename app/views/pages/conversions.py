"""Conversions: source units of other schemes, proposing their reissue, following a serial.

Owns the order of the parts and the way from chosen source units to the form.
"""

from __future__ import annotations

from app.views.pages.context import PageContext
from app.views.pages.conversion_form import ConversionFormPage
from app.views.pages.follow_serial import FollowSerialPage
from app.views.pages.source_units import SourceUnitsPage
from app.views.pages.tabbed_page import Part, TabbedPage


class ConversionsPage(TabbedPage):
    """`ConversionsPage(context)`; parts: sources, propose, follow."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "pages.conversions",
            (
                Part(
                    "sources",
                    "conversions.sources_title",
                    lambda: SourceUnitsPage(
                        context, lambda serials: self.show_part("propose", serials)
                    ),
                ),
                Part("propose", "conversions.propose_title", lambda: ConversionFormPage(context)),
                Part("follow", "conversions.follow_title", lambda: FollowSerialPage(context)),
            ),
            shows=frozenset({"sources", "transactions", "projects", "accounts"}),
        )
