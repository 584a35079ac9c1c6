"""The pages of the desk in the order of the navigation.

Owns that order, and how each page is made; a page's module is imported when it is first
shown, so that the first window stands early.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from app.views.components.page import Page
from app.views.frame.navigation import PageEntry
from app.views.pages.context import PageContext
from app.views.verification_state import VerificationState
from app.views.worker_state import WorkerState

_WORK, _REGISTRY = "groups.work", "groups.registry"
_STATIONS = "groups.stations"
_EVIDENCE, _ADMINISTRATION = "groups.evidence", "groups.administration"

# Key, icon, group, module under `app.views.pages`, class.
_PAGES = (
    ("home", "house", _WORK, "home", "HomePage"),
    ("inbox", "inbox", _WORK, "inbox", "InboxPage"),
    ("committee", "users", _WORK, "committee", "CommitteePage"),
    ("accounts", "wallet", _REGISTRY, "accounts", "AccountsPage"),
    ("projects", "sprout", _REGISTRY, "projects", "ProjectsPage"),
    ("issuance", "circle-plus", _REGISTRY, "issuance", "IssuancePage"),
    ("transfer", "arrow-left-right", _REGISTRY, "transfer", "TransferPage"),
    ("cancellation", "circle-slash-2", _REGISTRY, "cancellation", "CancellationPage"),
    ("further", "list-plus", _REGISTRY, "further_acts", "FurtherActsPage"),
    ("buffer", "umbrella", _REGISTRY, "buffer", "BufferPage"),
    ("expiry", "hourglass", _REGISTRY, "expiry", "ExpiryPage"),
    ("conversions", "refresh-cw", _REGISTRY, "conversions", "ConversionsPage"),
    ("notices", "bell", _REGISTRY, "notices", "NoticesPage"),
    ("certificates", "award", _REGISTRY, "certificates", "CertificatesPage"),
    ("stations", "radio-tower", _STATIONS, "stations", "StationsPage"),
    ("live", "activity", _STATIONS, "live", "LivePage"),
    ("calibrations", "gauge", _STATIONS, "calibrations", "CalibrationsPage"),
    ("colocation", "chart-column", _STATIONS, "colocation", "ColocationPage"),
    ("transactions", "list-tree", _EVIDENCE, "transactions", "TransactionsPage"),
    ("checks", "list-checks", _ADMINISTRATION, "checks", "ChecksPage"),
    ("rules", "settings", _ADMINISTRATION, "rules", "RulesPage"),
    ("people", "users", _ADMINISTRATION, "people", "PeoplePage"),
    ("verification", "shield-check", _ADMINISTRATION, "verification", "VerificationPage"),
    ("proof", "stamp", _ADMINISTRATION, "proof", "ProofPage"),
)


def page_entries(
    context: PageContext, verification: VerificationState, worker: WorkerState
) -> tuple[PageEntry, ...]:
    """List every page; all of them are shown to everyone, acts are on or off by role."""

    def maker(key: str, module: str, name: str) -> Callable[[], Page]:
        def make() -> Page:
            page = getattr(import_module(f"app.views.pages.{module}"), name)
            more = {"home": (verification,), "verification": (verification, worker)}.get(key, ())
            made: Page = page(context, *more)
            return made

        return make

    return tuple(
        PageEntry(key, f"pages.{key}", icon, group, maker(key, module, name))
        for key, icon, group, module, name in _PAGES
    )
