"""What the global search found opens the page that shows it."""

from __future__ import annotations

from app.views.found import find_hits
from app.views.presenters.project_key import read_project_key
from tests.fixtures.ledger import Ledger


def test_what_is_found_opens_the_page_that_shows_it(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance(10_000))
    hits = {hit.page_key: hit.target for hit in find_hits(ledger.registry, "0042")}
    assert read_project_key(hits["projects"]) == ("TH", "0042")
    assert [hit.target for hit in find_hits(ledger.registry, ledger.green)] == [ledger.green]
    block = find_hits(ledger.registry, "TH-TER-14-0042-2025--1-1")
    assert (block[0].page_key, block[0].target) == ("accounts", ledger.forest)
    assert {hit.page_key for hit in block} == {"accounts", "transactions"}
