"""The desk's type: loads the shipped fonts and mixes Latin with Thai.

Owns families and their order; sizes come from the tokens. IBM Plex Sans has tabular
figures by design, and the feature is asked for besides, so numbers line up in columns.
"""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from app.models.resource_files import resource_path
from app.views.theme.tokens import BODY, TextStyle

LATIN = "IBM Plex Sans"
THAI = "IBM Plex Sans Thai Looped"
FALLBACK = ("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "sans-serif")
_FOLDERS = ("ibm-plex-sans", "ibm-plex-sans-thai-looped")


def load_fonts() -> list[str]:
    """Register the shipped fonts with Qt; return the families now known from them."""
    families: list[str] = []
    for folder in _FOLDERS:
        for path in sorted(resource_path("fonts", folder).glob("*.ttf")):
            number = QFontDatabase.addApplicationFont(str(path))
            families.extend(QFontDatabase.applicationFontFamilies(number))
    return families


def load_chinese_font() -> None:
    """Register the shipped face for Chinese names.

    Apart from the others: it is large, and the first window need not wait for it.
    """
    for path in sorted(resource_path("fonts", "noto-sans-sc").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


def font_families(language: str) -> list[str]:
    """Return the families in order; in Thai the looped face leads, for its line height."""
    first = [THAI, LATIN] if language == "th" else [LATIN, THAI]
    return [*first, *FALLBACK]


def desk_font(style: TextStyle = BODY, *, language: str = "en") -> QFont:
    """Make the font of one step of the type scale, in pixels, figures tabular."""
    font = QFont()
    font.setFamilies(font_families(language))
    font.setPixelSize(style.size)
    font.setWeight(QFont.Weight(style.weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
