"""The one place for colours, sizes and type of the desk.

Owns the numbers; must not build widgets or style sheets from them. Every other view file
takes its colours and measures from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Palette:
    """The colours of one scheme, as #RRGGBB."""

    page: str
    paper: str
    rail: str
    line: str
    ink: str
    muted: str
    leaf: str
    leaf_tint: str
    teak: str
    teak_tint: str
    amber: str
    amber_tint: str
    red: str
    red_tint: str
    blue: str
    blue_tint: str
    on_leaf: str
    leaf_pressed: str
    sand: str
    series: tuple[str, ...]
    """Nine lines of one chart; each also carries its number."""


LIGHT = Palette(
    page="#F4F2EC",
    paper="#FFFFFF",
    rail="#FBFAF7",
    line="#E3DFD5",
    ink="#1E2A2F",
    muted="#5B6770",
    leaf="#1B6B4A",
    leaf_tint="#E3F0EA",
    teak="#8A5426",
    teak_tint="#F4E9DE",
    amber="#8F5B00",
    amber_tint="#FBF0D9",
    red="#B3261E",
    red_tint="#FBE7E5",
    blue="#1D5FA6",
    blue_tint="#E4EEF8",
    on_leaf="#FFFFFF",
    leaf_pressed="#155239",
    sand="#CDBFA6",
    series=(
        *("#1B6B4A", "#1D5FA6", "#8A5426", "#7A3E9D", "#0B7285"),
        *("#A13670", "#5C6B00", "#3F4FA8", "#5B6770"),
    ),
)

DARK = Palette(
    page="#111416",
    paper="#1A1E21",
    rail="#16191B",
    line="#2C3236",
    ink="#E8EAE6",
    muted="#A3ADB2",
    leaf="#63C79A",
    leaf_tint="#1B3228",
    teak="#D9A066",
    teak_tint="#352819",
    amber="#E5B454",
    amber_tint="#352B14",
    red="#F28B82",
    red_tint="#3A1F1D",
    blue="#8AB4F8",
    blue_tint="#1B2A3D",
    on_leaf="#0F1A15",
    leaf_pressed="#7FD6AE",
    sand="#6B604C",
    series=(
        *("#63C79A", "#8AB4F8", "#D9A066", "#C9A2F2", "#5CC8D7"),
        *("#F29BC1", "#C3CF6A", "#A5B0FF", "#A3ADB2"),
    ),
)


class Tone(StrEnum):
    """What a colour says; a word always says the same beside it."""

    LEAF = "leaf"
    TEAK = "teak"
    AMBER = "amber"
    RED = "red"
    BLUE = "blue"
    QUIET = "quiet"


@dataclass(frozen=True)
class ToneColours:
    """The text colour of a tone and the tint behind it, as #RRGGBB."""

    text: str
    tint: str


def tone_colours(palette: Palette, tone: Tone) -> ToneColours:
    """Return the text and tint colours of a tone in a scheme."""
    return {
        Tone.LEAF: ToneColours(palette.leaf, palette.leaf_tint),
        Tone.TEAK: ToneColours(palette.teak, palette.teak_tint),
        Tone.AMBER: ToneColours(palette.amber, palette.amber_tint),
        Tone.RED: ToneColours(palette.red, palette.red_tint),
        Tone.BLUE: ToneColours(palette.blue, palette.blue_tint),
        Tone.QUIET: ToneColours(palette.muted, palette.page),
    }[tone]


GAP_XS = 4
GAP_S = 8
GAP_M = 12
GAP_L = 16
GAP_XL = 24

CONTROL_HEIGHT = 34
RADIUS = 6
CARD_RADIUS = 8
LINE_WIDTH = 1
FOCUS_WIDTH = 2

NAVIGATION_WIDTH = 216
TOP_BAR_HEIGHT = 52
STATUS_BAR_HEIGHT = 30
SEARCH_WIDTH = 560
SEARCH_LEAST_WIDTH = 168
NARROW_OUTCOME_WIDTH = 480
FILTER_BOX_WIDTH = 280
FILTER_LEAST_WIDTH = 128
TABLE_START = (640, 320)
SEARCH_POPUP_ROWS = 10
ROW_HEIGHT = 36
TALL_ROW_HEIGHT = 54
HEADER_HEIGHT = 34
CHIP_HEIGHT = 20
CODE_WIDTH = 36
BLOCK_BAR_HEIGHT = 26
BLOCK_MINIMUM_WIDTH = 24
MULTILINE_HEIGHT = 58
ICON_SIZE = 16
ICON_LARGE = 20
ICON_EMPTY = 32
DETAIL_PANE_WIDTH = 320
WIDE_PANE_WIDTH = 372
SIGN_IN_WIDTH = 380
WELCOME_SIZE = (980, 640)
DIALOG_WIDTH = 480
FORM_DIALOG_SIZE = (620, 720)
IMPORT_DIALOG_SIZE = (860, 700)
DOCUMENT_DIALOG_SIZE = (820, 720)
CHART_HEIGHT = 190
BAR_WIDTH = 14
LIVE_CHART_LEAST = (248, 110)
CHART_AXIS_WIDTH = 64
CHART_COMPACT_HEIGHT = 260
CHART_LOW_HEIGHT = 170
LIVE_TOOLS_WIDTH = 1340
ICON_ONLY_WIDTH = 42
COURSE_NAME_WIDTH = 84
FIGURES_BESIDE_MANY_WIDTH = 1200
CHART_FLAG_SIZE = 8
CHART_SIDE_WIDTH = 300
CHART_DRAG_PIXELS = 4
WIND_ROSE_LEAST = 280
CALENDAR_CELL = 23
CALENDAR_MONTH_WIDTH = 48
CHANNELS_DIALOG_SIZE = (720, 640)
NOTE_DIALOG_SIZE = (480, 360)
CONSOLE_LEAST_HEIGHT = 220
TARGET_HEIGHT = 60
TARGET_WIDTH = 132
NUMBER_PAD_KEY = 64
LAMP_SIZE = 64
SIGNAL_TRACE_HEIGHT = 120
FIT_CHART_LEAST = (320, 220)
CONSOLE_DIALOG_SIZE = (960, 560)
SCORE_COURSE_HEIGHT = 96
UNITS_TABLE_HEIGHT = 240
LIST_LEAST_HEIGHT = 320
NARROW_PAGE_WIDTH = 900
ACT_LIST_WIDTH = 284
WIDE_BOARD_WIDTH = 1120
ADD_PERSON_DIALOG_SIZE = (620, 660)
PASSPHRASE_DIALOG_SIZE = (480, 500)
ENROLMENT_DIALOG_SIZE = (880, 600)
QR_WIDTH = 325
DEMO_PANEL_WIDTH = 300
PROGRESS_WIDTH = 120
WINDOW_MINIMUM = (1024, 680)
WINDOW_START = (1440, 900)


@dataclass(frozen=True)
class TextStyle:
    """One step of the type scale: size and line height in pixels, weight 400 to 700."""

    size: int
    line: int
    weight: int = 400


BODY = TextStyle(14, 20)
STRONG = TextStyle(14, 20, 600)
LABEL = TextStyle(12, 16)
LABEL_STRONG = TextStyle(12, 16, 600)
SECTION = TextStyle(11, 16, 600)
TITLE = TextStyle(20, 28, 600)
FIGURE = TextStyle(26, 32, 600)
BRAND = TextStyle(16, 24, 700)

THAI_LINE_RATIO = 1.5
