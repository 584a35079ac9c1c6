"""Facts that acts read and none of them changes: projects and series.

Owns reading them, each once within a unit of work; so a caller with thousands of acts in one
hands the same value to all of them. What is not found is asked for again, since it may be
added meanwhile.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.services.transactions import statements
from app.services.transactions.facts import PeriodFacts, ProjectFacts


class SteadyFacts:
    """Reads through one connection and remembers; must not outlive its unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._projects: dict[tuple[str, str], ProjectFacts] = {}
        self._series: dict[str, int] = {}
        self._periods: tuple[PeriodFacts, ...] = ()

    def project(self, code: str, origin: str) -> ProjectFacts | None:
        """Find a project by its code; of several, the one of the origin given."""
        key = (code, origin)
        if key not in self._projects:
            found = self._read_project(code, origin)
            if found is None or found.origin != origin:
                return found
            self._projects[key] = found
        return self._projects[key]

    def _read_project(self, code: str, origin: str) -> ProjectFacts | None:
        rows = statements.PROJECTS_BY_CODE.records(self._connection, {"code": code})
        row = next((row for row in rows if row.origin == origin), rows[0] if rows else None)
        if row is None:
            return None
        bound = statements.BOUND_ACCOUNTS.rows(self._connection, {"code": code})
        return ProjectFacts(
            id=row.id,
            origin=row.origin,
            code=row.code,
            name=row.name_en,
            country=row.country,
            sectoral_scope=row.sectoral_scope,
            scheme=row.scheme,
            is_registered=row.state == "registered",
            bound_accounts=frozenset(account for project, account in bound if project == row.id),
        )

    def periods(self) -> tuple[PeriodFacts, ...]:
        """Give the commitment periods by their number."""
        if not self._periods:
            rows = statements.PERIODS.rows(self._connection, {})
            self._periods = tuple(PeriodFacts(*row) for row in rows)
        return self._periods

    def series_id(self, key: str) -> int | None:
        """Find the number of a series."""
        if key not in self._series:
            found = statements.SERIES_ID.find(self._connection, {"key": key})
            if found is None:
                return None
            self._series[key] = int(found[0])
        return self._series[key]
