"""The documentation's page of checks is the catalogue's."""

from __future__ import annotations

from pathlib import Path

from app.services.checks.printed import print_catalogue

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == print_catalogue(), (
        "write it anew: python -m app.services.checks.printed > docs/checks.md"
    )
