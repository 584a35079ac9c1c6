"""Icons: Lucide drawings tinted with a colour of the scheme, sharp at any scale.

Owns reading and tinting; which colour an icon has comes from the theme.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.models.resource_files import resource_path
from app.views.theme.tokens import ICON_SIZE

_RATIOS = (1.0, 1.5, 2.0, 3.0)
_KEPT_PIXMAPS = 1024


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=_KEPT_PIXMAPS)
def icon_pixmap(name: str, colour: str, *, size: int = ICON_SIZE, ratio: float = 1.0) -> QPixmap:
    """Render one icon; `size` in device-independent pixels, `colour` as #RRGGBB."""
    edge = round(size * ratio)
    pixmap = QPixmap(QSize(edge, edge))
    pixmap.fill(Qt.GlobalColor.transparent)
    source = _drawing(name).replace("currentColor", colour)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def tinted_icon(
    name: str, colour: str, *, disabled_colour: str = "", size: int = ICON_SIZE
) -> QIcon:
    """Make an icon in a colour, with another for its disabled state."""
    icon = QIcon()
    for ratio in _RATIOS:
        icon.addPixmap(icon_pixmap(name, colour, size=size, ratio=ratio))
        if disabled_colour:
            faded = icon_pixmap(name, disabled_colour, size=size, ratio=ratio)
            icon.addPixmap(faded, QIcon.Mode.Disabled)
    return icon


def write_tinted(name: str, colour: str, folder: Path) -> str:
    """Write one tinted drawing for a style sheet to show; return its path with slashes.

    Qt style sheets take pictures from files only, and do not know `currentColor`.
    """
    path = folder / f"{name}-{colour.lstrip('#')}.svg"
    if not path.exists():
        path.write_text(_drawing(name).replace("currentColor", colour), encoding="utf-8")
    return path.as_posix()
