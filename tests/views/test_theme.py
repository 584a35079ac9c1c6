from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from app.models.resource_files import resource_path
from app.views.components.labels import IconLabel, role_label
from app.views.desk import Desk
from app.views.theme.fonts import LATIN, THAI, desk_font, load_fonts
from app.views.theme.icons import icon_pixmap
from app.views.theme.theme import ThemeMode
from app.views.theme.tokens import (
    BODY,
    DARK,
    LIGHT,
    THAI_LINE_RATIO,
    Palette,
    Tone,
    tone_colours,
)

VIEWS = Path(__file__).parents[2] / "app" / "views"


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("palette", "least"), [(LIGHT, 5.0), (DARK, 6.5)])
@pytest.mark.parametrize("surface", ["page", "paper", "rail"])
@pytest.mark.parametrize("text", ["ink", "muted", "leaf", "teak", "amber", "red", "blue"])
def test_text_stands_out(palette: Palette, least: float, surface: str, text: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, surface)) >= least


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("tone", [tone for tone in Tone if tone is not Tone.QUIET])
def test_chip_words_are_readable(palette: Palette, tone: Tone) -> None:
    colours = tone_colours(palette, tone)
    assert contrast(colours.text, colours.tint) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_words_on_the_primary_act_are_readable(palette: Palette) -> None:
    assert contrast(palette.on_leaf, palette.leaf) >= 4.5
    assert contrast(palette.on_leaf, palette.leaf_pressed) >= 4.5


def test_no_colour_is_written_outside_the_tokens() -> None:
    found = [
        path.name
        for path in VIEWS.rglob("*.py")
        if path.name != "tokens.py" and re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))
    ]
    assert found == []


def test_fonts_are_shipped_and_loaded(desk: Desk) -> None:
    assert {LATIN, THAI} <= set(load_fonts())
    for folder in ("ibm-plex-sans", "ibm-plex-sans-thai-looped"):
        assert (resource_path("fonts", folder) / "OFL.txt").is_file()


def test_figures_line_up_and_thai_has_room(desk: Desk) -> None:
    metrics = QFontMetricsF(desk_font(BODY))
    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1
    thai = QFontMetricsF(desk_font(BODY, language="th"))
    assert thai.lineSpacing() >= THAI_LINE_RATIO * BODY.size


def test_scheme_changes_while_running(desk: Desk, qtbot: QtBot) -> None:
    label = role_label("title", "Teak")
    icon = IconLabel(desk, "trees", lambda palette: palette.teak)
    button = QToolButton()
    for widget in (label, icon, button):
        qtbot.addWidget(widget)
        widget.show()
    desk.theme.keep_icon(button, button.setIcon, "x")
    light = icon.grab().toImage()
    with qtbot.waitSignal(desk.theme.changed):
        desk.theme.set_mode(ThemeMode.DARK)
    assert desk.theme.palette == DARK
    assert label.palette().windowText().color() == QColor(DARK.ink)
    assert icon.grab().toImage() != light
    middle = button.icon().pixmap(16, 16).toImage().pixelColor(8, 8)
    assert middle.name().upper() == DARK.ink


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_drawn_at_the_screens_own_sharpness(desk: Desk, ratio: float) -> None:
    pixmap = icon_pixmap("trees", LIGHT.teak, size=16, ratio=ratio)
    assert pixmap.width() == round(16 * ratio)
    assert pixmap.devicePixelRatio() == ratio


def test_ten_thousand_texts_do_not_abort(qtbot: QtBot) -> None:
    """PySide6 6.12.0 on Python 3.11 drops a reference to None with each such call."""
    label = QLabel()
    qtbot.addWidget(label)
    none_before = sys.getrefcount(None)
    for number in range(10_000):
        label.setText(str(number))
    assert label.text() == "9999"
    assert sys.getrefcount(None) > none_before - 5_000


SCALED = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app.views.desk import Desk
from app.views.idle_lock import IdleLock
from app.views.language import Language
from app.views.main_window import MainWindow
from app.views.frame.top_bar import Person
from app.views.tasks import TaskRunner
from app.views.theme.theme import Theme, ThemeMode
desk = Desk(Language("th"), Theme(application, ThemeMode.DARK, "th"), TaskRunner())
window = MainWindow(
    desk, (), person=Person("officer 1", "sign_in.user"), search=lambda words: (),
    lock=IdleLock(application),
)
window.resize(1280, 800)
window.show()
application.processEvents()
picture = window.grab()
assert window.width() == 1280, window.width()
print(picture.width(), picture.height(), picture.devicePixelRatio())
"""


def test_the_desk_scales_to_two_hundred_per_cent() -> None:
    root = VIEWS.parents[1]
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": "2",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(root),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCALED],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["2560", "1600", "2.0"]


def test_only_icons_that_the_desk_names_are_shipped() -> None:
    app = Path(__file__).parents[2] / "app"
    source = "\n".join(path.read_text(encoding="utf-8") for path in app.rglob("*.py"))
    shipped = [path.stem for path in resource_path("icons").glob("*.svg")]
    assert shipped
    assert [name for name in shipped if f'"{name}"' not in source] == []
