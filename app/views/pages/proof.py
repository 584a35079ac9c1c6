"""Proof: the proof of the ledger for auditors and administrators, and the checkpoints.

Owns the order of the parts.
"""

from __future__ import annotations

from app.views.pages.checkpoints import CheckpointsPage
from app.views.pages.context import PageContext
from app.views.pages.proof_report import ProofReportPage
from app.views.pages.tabbed_page import Part, TabbedPage


class ProofPage(TabbedPage):
    """`ProofPage(context)`; parts: report, checkpoints."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "pages.proof",
            (
                Part("report", "proof.title", lambda: ProofReportPage(context)),
                Part("checkpoints", "proof.checkpoints", lambda: CheckpointsPage(context)),
            ),
            shows=frozenset({"log"}),
        )
