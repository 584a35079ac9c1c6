"""Projects: what is told of an account they cannot be bound to."""

from __future__ import annotations

import pytest

from app.models.errors import NotFound
from app.models.storage.unit_of_work import reading
from app.services.checks.violation import RulesBroken
from app.services.projects import NewProject, find_project_id, register_project
from tests.fixtures.ledger import Ledger

pytestmark = pytest.mark.both_engines

FOREST = NewProject(origin="TH", code="0777", name_en="Mangrove", country="TH")


def test_an_unknown_account_is_named_and_nothing_is_registered(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="TH-100-9-0-9"):
        register_project(ledger.registry, ledger.officer, FOREST, accounts=("TH-100-9-0-9",))
    with reading(ledger.registry.engine) as connection:
        assert find_project_id(connection, "TH", "0777") is None


def test_who_may_not_register_a_project_and_what_is_taken(ledger: Ledger) -> None:
    with pytest.raises(RulesBroken) as refused:
        register_project(ledger.registry, ledger.approver, FOREST)
    assert [item.code for item in refused.value.violations] == [9402]
    register_project(ledger.registry, ledger.officer, FOREST)
    with pytest.raises(RulesBroken) as refused:
        register_project(ledger.registry, ledger.officer, FOREST)
    assert [(item.code, item.field) for item in refused.value.violations] == [(9401, "code")]
