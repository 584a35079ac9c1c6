"""Exporting a table: asks for the file, runs the export beside the window, tells the end.

Owns the conversation; the formats are `table_export`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.listings.page import PageRequest
from app.views.components.columns import CellKind, Column
from app.views.components.message_bar import MessageBar
from app.views.components.table_export import ExportColumn, export_rows, iterate_rows
from app.views.components.table_model import Fetch
from app.views.desk import Desk
from app.views.tasks import TaskControl
from app.views.theme.tokens import Tone


def ask_export_path(desk: Desk, parent: QWidget, title_key: str) -> Path | None:
    """Ask where to export to; None when the person thinks better of it."""
    language = desk.language
    title = language.text(title_key)
    name, chosen = QFileDialog.getSaveFileName(
        parent, language.text("table.export"), f"{title}.csv", "CSV (*.csv);;Excel (*.xlsx)"
    )
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_suffix(".xlsx" if "xlsx" in chosen else ".csv")


def export_to(
    desk: Desk,
    path: Path,
    *,
    fetch: Fetch,
    request: PageRequest,
    columns: Sequence[Column],
    message: MessageBar,
) -> None:
    """Write every row that matches to a path in the background, with progress and cancel."""
    chosen = [_export_column(desk, column) for column in columns]

    def work(control: TaskControl) -> int:
        rows = iterate_rows(lambda asked: control.on_registry(lambda: fetch(asked)), request)
        return export_rows(path, chosen, rows, control.progress)

    def tell(count: int) -> None:
        text = desk.language.text("table.exported", count=count, name=path.name)
        message.say(Tone.LEAF, text, str(path.parent))

    desk.tasks.run_long(
        work,
        title=desk.language.text("table.exporting", name=path.name),
        on_done=tell,
        on_error=message.say_problem,
        owner=message,
    )


def _export_column(desk: Desk, column: Column) -> ExportColumn:
    language = desk.language
    words: dict[str, str] = {}
    if column.kind is CellKind.CHIP:
        words = {value: language.text(look.text_key) for value, look in column.chips.items()}
    return ExportColumn(column, language.text(column.title_key), words)
