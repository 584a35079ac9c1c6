"""Every page of the desk over a registry on a server."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QTableView

from tests.views.server.conftest import Visits

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("user", ["officer", "approver", "admin", "auditor"])
def test_every_page_opens_lists_and_details(visit: Visits, user: str) -> None:
    made = visit(user)
    for key in made.keys:
        page = made.show(key)
        for table in page.findChildren(QTableView):
            if table.isVisible() and table.model().rowCount():
                table.selectRow(0)
                made.settle()
