from __future__ import annotations

from datetime import date

from app.services.projects import NewProject, register_project
from app.services.transactions.acts import Acquisition
from app.views.presenters.acquisition import AcquisitionForm, quantity_of_serial
from tests.fixtures.ledger import Ledger

SERIAL = "RW-5-1-2-2-0-7014 - RW-5-100-2-2-0-7014"
VALUES = {
    "sender_registry": "RW",
    "sender_account": "RW-100-1-0-1",
    "reference": "RW1",
    "project": "CDM / 7014",
    "unit_type": "CER",
    "vintage": "",
    "serial": SERIAL,
    "quantity": "100",
    "issued_on": "",
    "expires_on": "2027-12-31",
    "account": "TH-100-1042-0-52",
}


def form(ledger: Ledger) -> AcquisitionForm:
    return AcquisitionForm(ledger.registry, ledger.officer)


def test_values_make_an_acquisition(ledger: Ledger) -> None:
    assert form(ledger).read(VALUES).act == Acquisition(
        origin="CDM",
        project="7014",
        account="TH-100-1042-0-52",
        unit_type="CER",
        vintage=None,
        quantity=100,
        serial=SERIAL,
        issued_on=None,
        expires_on=date(2027, 12, 31),
        sender_registry="RW",
        sender_account="RW-100-1-0-1",
        reference="RW1",
    )


def test_what_the_record_must_say_is_asked_for(ledger: Ledger) -> None:
    asked = [gap.field for gap in form(ledger).read({}).gaps]
    assert asked == [
        "project", "sender_registry", "account", "unit_type", "serial", "quantity", "reference"
    ]  # fmt: skip


def test_a_day_that_is_none_is_shown_while_typing(ledger: Ledger) -> None:
    reading = form(ledger).read(VALUES | {"issued_on": "last year"})
    assert [gap.field for gap in reading.unreadable] == ["issued_on"]


def test_a_serial_range_says_how_many_units_it_names() -> None:
    assert quantity_of_serial(SERIAL) == "100"
    assert quantity_of_serial("nothing like it") == ""


def test_units_and_projects_of_other_registries_are_offered(ledger: Ledger) -> None:
    project = NewProject(
        origin="CDM", code="7014", name_en="Wind", name_th="ลม", country="TH", sectoral_scope=1
    )
    register_project(ledger.registry, ledger.officer, project, accounts=())
    presenter = form(ledger)
    presenter.take_choices(presenter.list_choices())
    english, thai = presenter.options("en"), presenter.options("th")
    assert [each.value for each in english["project"]] == ["CDM / 7014"]
    assert english["project"][0].text == "CDM 7014 · Wind"
    assert thai["project"][0].text == "CDM 7014 · ลม"
    codes = {each.value for each in english["unit_type"]}
    assert {"CER", "tCER"} <= codes
    assert not {"TER", "EPC"} & codes
    assert ledger.green in [each.value for each in english["account"]]
