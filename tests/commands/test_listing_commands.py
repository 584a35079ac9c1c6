"""Listings from the command line: the contract's keys, paging by the last row, filters."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from app.commands.listing_commands import NOUNS, RULES, Noun
from app.services.listings.accounts import ACCOUNTS
from app.services.listings.blocks import BLOCKS
from app.services.listings.certificates import CERTIFICATES
from app.services.listings.people import PEOPLE
from app.services.listings.projects import PROJECTS
from app.services.listings.rules import RULES as RULES_SOURCE
from app.services.listings.transactions import TRANSACTIONS
from tests.commands.conftest import TEAK, Desk, run_teak

LEAST_KEYS = {
    "accounts": "number type name holder state opened_on",
    "blocks": "serial series origin unit_type project vintage start end quantity account state "
    "expiry",
    "transactions": "id type supplementary_type status from to unit_type quantity blocks "
    "proposed_by approved_by proposed_at completed_at codes",
    "projects": "code origin name",
    "people": "user name role",
}


@pytest.mark.parametrize("noun", list(LEAST_KEYS))
def test_every_line_has_the_keys_of_the_contract(desk_template: Desk, noun: str) -> None:
    ran = desk_template.teak(noun, "--json")
    assert ran.status == 0
    assert ran.lines
    for row in ran.lines:
        assert set(LEAST_KEYS[noun].split()) <= set(row)


def test_checks_and_rules_are_listed() -> None:
    ran = run_teak("checks", "--json")
    keys = {"code", "name", "category", "types", "message", "message_th", "source"}
    assert ran.status == 0
    assert all(keys <= set(row) for row in ran.lines)
    after = run_teak("checks", "--json", "--after", str(ran.lines[4]["code"]), "--limit", "3")
    assert after.lines == ran.lines[5:8]


def test_a_listing_goes_on_after_the_row_named(desk_template: Desk) -> None:
    for noun, key in (("accounts", "number"), ("people", "user"), ("blocks", "serial")):
        whole = desk_template.teak(noun, "--json", "--descending").lines
        first = desk_template.teak(noun, "--json", "--descending", "--limit", "1").lines
        rest = desk_template.teak(noun, "--json", "--descending", "--after", first[0][key]).lines
        assert first + rest == whole
    rules = desk_template.teak("rule", "list", "--json", "--limit", "2")
    assert len(rules.lines) == 2
    assert {"kind", "unit_type", "value", "valid_from", "valid_to"} <= set(rules.lines[0])
    lost = desk_template.teak("accounts", "--after", "TH-1", "--json")
    assert (lost.status, lost.json["error"]["code"]) == (2, "not-found")


def test_the_filters_offered_are_those_the_listings_have() -> None:
    sources = {
        "accounts": ACCOUNTS,
        "blocks": BLOCKS,
        "certificates": CERTIFICATES,
        "people": PEOPLE,
        "projects": PROJECTS,
        "transactions": TRANSACTIONS,
        "rules": RULES_SOURCE,
    }
    known: dict[str, Noun] = {noun.name: noun for noun in (*NOUNS, RULES)}
    for name, source in sources.items():
        assert set(known[name].filters) <= set(source.filters), name


def test_a_table_is_for_people(desk_template: Desk) -> None:
    ran = desk_template.teak("accounts", "--kind", "holder", cold=True)
    heading, *rows = ran.out.splitlines()
    assert heading.split() == ["NUMBER", "TYPE", "NAME", "HOLDER", "STATE", "OPENED"]
    assert [row.split()[0] for row in rows] == [desk_template.forest, desk_template.green]
    assert "2 rows" in ran.err


def test_a_table_parts_what_is_counted_and_not_what_is_named(desk_template: Desk) -> None:
    blocks = desk_template.teak("blocks").out
    assert " 2025 " in blocks
    assert "2,025" not in blocks
    assert re.search(r" \d+,\d{3} ", blocks)
    assert re.search(r"^9101 ", desk_template.teak("checks").out, re.MULTILINE)


def test_holdings_now_and_before(desk_template: Desk) -> None:
    now = desk_template.teak("holdings", "--json")
    assert sum(row["quantity"] for row in now.json) == 10_000
    assert set(now.json[0]) >= {"account", "unit_type", "quantity"}
    issued = desk_template.teak("transactions", "--json").lines[0]["completed_at"]
    then = desk_template.teak("holdings", "--at", issued, "--json").json
    assert [row["quantity"] for row in then] == [row["quantity"] for row in now.json]
    assert desk_template.teak("holdings", "--at", "2020-01-01", "--json").json == []
    mine = desk_template.teak("holdings", "--account", desk_template.forest, "--json").json
    assert [row["account"] for row in mine] == [desk_template.forest]
    for wrong in (("--at", "yesterday"), ("--account", "TH-100-9-0-1")):
        assert desk_template.teak("holdings", *wrong, "--json").status == 2


def test_a_reader_that_goes_away_is_no_error(desk_template: Desk) -> None:
    reader = subprocess.Popen(
        [TEAK, "checks", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert reader.stdout is not None
    reader.stdout.close()
    _, err = reader.communicate(timeout=30)
    assert (reader.returncode, err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_output_that_cannot_be_written_is_an_error() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [TEAK, "checks"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=30
        )
    assert ran.returncode == 2
    assert b"could not be written" in ran.stderr
    assert b"Traceback" not in ran.stderr
