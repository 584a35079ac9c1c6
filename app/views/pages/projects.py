"""Projects: the list, and of each its units by state, its accounts, its verified reductions.

Owns the widgets; registering a project is not done here.
"""

from __future__ import annotations

from app.services.listings.project_detail import ProjectDetail, get_project
from app.services.listings.projects import ProjectRow, ReductionRow, list_projects
from app.views.components.columns import CellKind, ChipLook, Column
from app.views.components.detail_pane import Detail
from app.views.components.listing import EmptyText, Filter, Listing
from app.views.components.serial_list import SerialLine, SerialList
from app.views.pages.context import PageContext
from app.views.pages.listing_page import ListingPage
from app.views.presenters.project_key import read_project_key, write_project_key
from app.views.theme.tokens import Tone

_ORIGINS = ("Verra", "Gold Standard", "ACR", "CAR")
_UNIT_STATES = ("held", "cancelled", "retired", "replaced")
_COLUMNS = (
    Column("code", "projects.code", width=90, hideable=False, strong=True),
    Column("name", "projects.name", width=240, stretch=True, second="name_th"),
    Column("origin", "projects.origin", width=120),
    Column("country", "projects.country", width=80),
    Column("kind", "projects.kind", width=160),
    Column(
        "sectoral_scope",
        "projects.scope",
        width=80,
        right=True,
        value=lambda row: str(row.sectoral_scope or ""),
    ),
    Column(
        "state",
        "projects.state",
        width=110,
        kind=CellKind.CHIP,
        chips={"registered": ChipLook(Tone.LEAF, "projects.registered")},
    ),
)


class ProjectsPage(ListingPage):
    """Everybody reads."""

    shows = frozenset({"projects", "reductions", "transactions", "holdings"})

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "projects.title", "projects.sentence", _listing(context))
        self.reductions = SerialList(context.desk, "projects.reductions")
        self.pane.extra.addWidget(self.reductions)

    def read_detail(self, key: str) -> ProjectDetail:
        origin, code = read_project_key(key)
        return get_project(self.context.registry, origin, code)

    def show_detail(self, detail: ProjectDetail) -> None:
        project = detail.project
        self.pane.show_details(
            f"{project.code}\n{project.name}",
            self._details(detail),
            chip=self.context.language.text("projects.registered")
            if project.state == "registered"
            else project.state,
            tone=Tone.LEAF if project.state == "registered" else Tone.QUIET,
        )
        self.reductions.show_lines([self._reduction(each) for each in reversed(detail.reductions)])

    def _details(self, detail: ProjectDetail) -> list[Detail]:
        language, project = self.context.language, detail.project
        lines = (
            ("projects.name_th", project.name_th),
            ("projects.units", self._units(detail)),
            ("projects.origin", project.origin),
            ("projects.proponent", project.proponent),
            ("projects.kind", self._kind(project)),
            ("projects.methodology", project.methodology),
            ("projects.accounts", "\n".join(detail.accounts)),
            ("projects.registered_at", language.day(project.created_at.date())),
        )
        return [Detail(key, value) for key, value in lines if value]

    def _kind(self, project: ProjectRow) -> str:
        language = self.context.language
        parts = [project.kind, project.country]
        if project.sectoral_scope:
            scope = language.text(f"projects.scopes.{project.sectoral_scope}")
            parts.append(
                language.text("projects.in_scope", number=str(project.sectoral_scope), scope=scope)
            )
        return " · ".join(filter(None, parts))

    def _units(self, detail: ProjectDetail) -> str:
        language = self.context.language
        lines = [
            language.text(
                f"projects.unit_states.{each.state}",
                quantity=each.quantity,
                unit_type=each.unit_type,
            )
            for state in _UNIT_STATES
            for each in detail.units
            if each.state == state
        ]
        return "\n".join(lines) or language.text("projects.no_units")

    def _reduction(self, row: ReductionRow) -> SerialLine:
        language = self.context.language
        state = language.text(f"projects.reduction.{row.state}", transaction=row.issued_by or "")
        period = f"{language.day(row.period_from)} – {language.day(row.period_to)}"
        return SerialLine(row.reference, row.quantity, f"{period} · {state}")


def _listing(context: PageContext) -> Listing:
    registry = context.registry
    origins = (
        (registry.country, "projects.of_this_registry"),
        *((origin, f"projects.of.{origin}") for origin in _ORIGINS),
    )
    return Listing(
        columns=_COLUMNS,
        fetch=lambda request: list_projects(registry, request),
        title_key="projects.title",
        row_key=lambda row: write_project_key(row.origin, row.code),
        empty=EmptyText("projects.none", "projects.none_sentence", icon="sprout"),
        filters=(Filter("origin", "projects.origin", origins),),
        sort="code",
    )
