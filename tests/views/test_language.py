from __future__ import annotations

import ast
import string
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.models.resource_files import resource_path
from app.views.language import CODES, DateStyle, Language, load_texts, parse_day

APP = Path(__file__).parents[2] / "app"
# Where a call takes its keys by place.
TEXT_CALLS: dict[str, tuple[int, ...]] = {
    "text": (0,),
    "keep": (2,),
    "text_button": (1,),
    "icon_button": (1,),
    "Column": (1,),
    "ChipLook": (1,),
    "Field": (1,),
    "Filter": (1,),
    "EmptyText": (0, 1, 2),
    "EmptyState": (1, 2),
    "Card": (1,),
    "FigureCard": (1,),
    "Detail": (0,),
    "PageEntry": (1, 3),
    "PageHeader": (1, 2),
    "__init__": (1, 2),
}


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def literal_keys(path: Path) -> Iterator[tuple[str, int]]:
    """Find the keys written out in calls that take one, and in arguments named *_key."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        places = [place for place in TEXT_CALLS.get(name, ()) if place < len(node.args)]
        candidates = [node.args[place] for place in places]
        candidates += [each.value for each in node.keywords if (each.arg or "").endswith("_key")]
        for each in candidates:
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                yield each.value, node.lineno


def test_both_languages_say_the_same_things() -> None:
    english, thai = (load_texts(code) for code in CODES)
    assert set(english) == set(thai)
    differing = [key for key in english if placeholders(english[key]) != placeholders(thai[key])]
    assert differing == []
    assert [key for key in english if not english[key].strip() or not thai[key].strip()] == []


def test_every_key_in_the_views_has_a_text() -> None:
    texts = load_texts("en")
    missing = [
        f"{path.relative_to(APP)}:{line} {key}"
        for path in sorted((APP / "views").rglob("*.py"))
        for key, line in literal_keys(path)
        if "." in key and key != "latest_key" and key not in texts
    ]
    assert missing == []


def test_the_scan_finds_keys() -> None:
    found = {key for key, _line in literal_keys(APP / "views" / "components" / "table.py")}
    assert {"table.count", "table.lift_filters", "table.loading"} <= found


ICON_CALLS = {"IconLabel": 1, "icon_button": 2, "EmptyText": 3, "PageEntry": 2}


def literal_icons(path: Path) -> Iterator[str]:
    """Find the icon names written out in calls that take one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        place = ICON_CALLS.get(name)
        candidates = [] if place is None else node.args[place : place + 1]
        candidates += [each.value for each in node.keywords if each.arg in ("icon", "act_icon")]
        for each in candidates:
            if isinstance(each, ast.Constant) and each.value:
                yield str(each.value)


def test_icons_named_in_the_views_are_shipped() -> None:
    shipped = {path.stem for path in resource_path("icons").glob("*.svg")}
    named = {icon for path in (APP / "views").rglob("*.py") for icon in literal_icons(path)}
    assert {"list-checks", "x"} <= named
    assert named - shipped == set()


@pytest.mark.parametrize(
    ("code", "style", "expected"),
    [
        ("en", None, "2026-11-21"),
        ("en", DateStyle.GREGORIAN, "21 Nov 2026"),
        ("en", DateStyle.BUDDHIST, "21 Nov 2569"),
        ("th", None, "21 พ.ย. 2569"),
        ("th", DateStyle.ISO, "2026-11-21"),
    ],
)
def test_days_are_written_in_the_chosen_style(
    code: str, style: DateStyle | None, expected: str
) -> None:
    assert Language(code, date_style=style).day(date(2026, 11, 21)) == expected


@pytest.mark.parametrize("machine", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
def test_moments_are_the_registry_s_wherever_the_desk_stands(
    monkeypatch: pytest.MonkeyPatch, machine: str
) -> None:
    moment = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)
    with monkeypatch.context() as changed:
        changed.setenv("TZ", machine)
        time.tzset()
        shown = Language("en").moment(moment)
    time.tzset()
    assert shown == "2026-11-21 01:05"
    zone = timezone(timedelta(hours=-5))
    assert Language("en", zone=zone).moment(moment) == "2026-11-20 13:05"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (19482106, "19,482,106"),
        (Decimal("1234.50"), "1,234.50"),
        (-5000, "-5,000"),
        (True, "yes"),
        (None, "–"),
    ],
)
def test_values_are_written_as_people_read_them(value: object, expected: str) -> None:
    assert Language("en").show(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        (" 2569-11-21 ", date(2026, 11, 21)),
        ("2026-02-30", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_days_are_read_in_both_eras(text: str, expected: date | None) -> None:
    assert parse_day(text) == expected


def test_kept_texts_follow_the_language_and_end_with_their_owner(qtbot: QtBot) -> None:
    language = Language("en")
    label, gone = QLabel(), QLabel()
    qtbot.addWidget(label)
    language.keep(label, label.setText, "table.count", count=1200)
    language.keep(gone, gone.setText, "table.count", count=1)
    assert label.text() == "1,200 rows"
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    language.set_code("th")
    assert label.text() == "1,200 แถว"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'xx'"):
        Language("en").set_code("xx")


def test_an_unknown_key_shows_itself() -> None:
    assert Language("en").text("no.such.key") == "no.such.key"
