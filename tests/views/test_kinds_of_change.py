"""What acts tell and what pages show meet: no page waits for a word that nobody says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.services.registry.server_line import _AFTER

VIEWS = Path(__file__).parents[2] / "app" / "views"


def trees() -> Iterator[ast.Module]:
    for path in sorted(VIEWS.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def words_in(node: ast.AST) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def told() -> set[str]:
    """Find every kind that an act of the desk or the server's news tells."""
    kinds = set().union(*_AFTER.values())
    for tree in trees():
        for node in ast.walk(tree):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr == "tell":  # type: ignore[attr-defined]
                kinds |= {word for each in node.args for word in words_in(each)}  # type: ignore[attr-defined]
    return kinds


def shown() -> dict[str, set[str]]:
    """Find what each class of page shows, where it says so."""
    found: dict[str, set[str]] = {}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                kinds = set()
                for each in ast.walk(node):
                    is_shows = isinstance(each, ast.keyword) and each.arg == "shows"
                    if isinstance(each, ast.Assign) and any(
                        ast.unparse(target) in ("shows", "self.shows") for target in each.targets
                    ):
                        is_shows = True
                    if is_shows:
                        kinds |= words_in(each.value)  # type: ignore[attr-defined]
                if kinds:
                    found[node.name] = kinds
    return found


def test_no_page_waits_for_what_nobody_tells() -> None:
    pages = shown()
    assert len(pages) > 20
    kinds = told()
    waiting_in_vain = {name: waits - kinds for name, waits in pages.items() if waits - kinds}
    assert waiting_in_vain == {}


def test_what_is_told_is_shown_somewhere() -> None:
    everywhere = set().union(*shown().values())
    listened_to_elsewhere = {"own-units", "trusted"}
    assert told() - everywhere - listened_to_elsewhere == set()
