"""Files are read strictly: their encoding, quoting and size, and the header they must have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.errors import NotFound, TeakError, UsageError
from app.services.imports import csv_file
from app.services.imports.csv_file import read_csv_file
from tests.fixtures.export_rows import acr_row, verra_row
from tests.services.imports.conftest import Importer, real_file


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_line_ends_and_byte_order_marks_make_no_difference(
    end: bytes, mark: bytes, tmp_path: Path
) -> None:
    lines = [b'a, b ,"c"', b'1,"2\n2",3', b"", "ไทย,中文,é".encode(), b""]
    file = read_csv_file(written(tmp_path / "x.csv", mark + end.join(lines)))
    assert file.header == ("a", "b", "c")
    assert [(record.row, record.cells) for record in file.records] == [
        (1, ("1", "2\n2", "3")),
        (2, ("ไทย", "中文", "é")),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a,b\n1,caf\xe9\n", "line 2 has a byte that cannot be read"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "workbook"),
        (b'a,b\n1,"2\n3,4\n', "cannot be read as CSV"),
        (b'a,b\n1,"2"3\n', "cannot be read as CSV"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "cannot be read as CSV"),
    ],
)
def test_what_is_no_such_file_is_said(content: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        read_csv_file(written(tmp_path / "export.csv", content))
    assert "export.csv" in raised.value.message
    assert raised.value.hint


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "LARGEST_FILE_BYTES", 10)
    with pytest.raises(UsageError, match="11 bytes"):
        read_csv_file(written(tmp_path / "x.csv", b"a,b\n1,2\n3,4"))


@pytest.mark.parametrize(
    ("path", "error"),
    [(lambda folder: folder / "none.csv", NotFound), (lambda folder: folder, UsageError)],
)
def test_a_missing_file_and_a_folder_are_said(
    path: Callable[[Path], Path], error: type[TeakError], tmp_path: Path
) -> None:
    with pytest.raises(error):
        read_csv_file(path(tmp_path))


# --- headers -------------------------------------------------------------------------------


def test_a_file_of_another_format_names_the_columns_it_lacks(importer: Importer) -> None:
    with pytest.raises(UsageError) as raised:
        importer.import_file(real_file("verra__transactions.csv"), "acr")
    assert "“Credit Serial Numbers”" in raised.value.message
    assert "“Project ID”" in raised.value.message
    assert "Name" not in raised.value.message.replace("Project Name", "")


@pytest.mark.parametrize("source", ["verra", "acr", "car"])
def test_a_gold_standard_file_is_no_other(source: str, importer: Importer) -> None:
    with pytest.raises(UsageError, match="it has no column"):
        importer.import_file(real_file("gold-standard__issuances.sample.csv"), source)


def test_an_unknown_format_names_the_known_ones(importer: Importer) -> None:
    with pytest.raises(UsageError) as raised:
        importer.import_file(real_file("verra__transactions.csv"), "vera")
    assert raised.value.hint == "Formats: verra, acr, car, gold-standard."


def test_a_column_that_is_there_twice_is_refused(importer: Importer) -> None:
    path = importer.folder / "twice.csv"
    row = verra_row()
    header = [*row, "Serial Number"]
    path.write_text(",".join(header) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="more than once"):
        importer.import_file(path, "verra")


def test_columns_may_stand_in_any_order_among_others(importer: Importer) -> None:
    row = dict(reversed([*acr_row().items(), ("Something new", "x")]))
    assert importer.import_rows([row], "acr").imported == 1


def test_a_header_alone_is_a_file_without_rows(importer: Importer) -> None:
    path = importer.folder / "header.csv"
    path.write_text(",".join(verra_row()) + "\n", encoding="utf-8")
    report = importer.import_file(path, "verra")
    assert (report.rows, report.imported, report.rejected) == (0, 0, ())
