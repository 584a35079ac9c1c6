"""Files that a person names: whole or not at all, and never through a link."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.models.errors import UsageError
from app.services.file_saving import save_file


def test_a_file_is_written_in_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * 250}.pdf"
    for content in (b"old", b"new"):
        assert save_file(path, content) == path
        assert [each.read_bytes() for each in tmp_path.iterdir()] == [content]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    link = tmp_path / "certificate.pdf"
    link.symlink_to(target)
    save_file(link, b"pdf")
    assert not link.is_symlink()
    assert (target.read_bytes(), link.read_bytes()) == (b"precious", b"pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such permissions there")
def test_a_result_may_be_read_as_any_other_new_file(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    saved = save_file(tmp_path / "saved", b"")
    assert saved.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("place", ["folder", "no such folder/file", "a\0b"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written") as refused:
        save_file(tmp_path / place, b"content")
    assert str(tmp_path / place) in refused.value.message
    assert refused.value.hint
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]
