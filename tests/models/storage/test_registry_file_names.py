"""Names under which no registry can lie: too long, or links that lead in a circle."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.models.errors import RegistryMissing, StorageError
from app.models.storage.key_wrapping import LIGHT
from app.models.storage.registry_file import create_registry_file, open_registry_file
from app.services.registry.opening import open_demo

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names and links of POSIX")


def test_a_name_too_long_for_the_disk_is_told(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 300)
    for act in (
        lambda: create_registry_file(path, user="a", passphrase="b", profile=LIGHT),
        lambda: open_registry_file(path, passphrase="b"),
        lambda: open_demo(path),
    ):
        with pytest.raises(StorageError, match="too long") as told:
            act()
        assert told.value.code == "storage"
    assert list(tmp_path.iterdir()) == []


def test_links_in_a_circle_lead_to_no_registry(tmp_path: Path) -> None:
    circle = tmp_path / "circle.teak"
    circle.symlink_to(circle)
    for act in (
        lambda: open_registry_file(circle, passphrase="b"),
        lambda: open_registry_file(circle / "a.teak", passphrase="b"),
        lambda: open_demo(circle),
        lambda: create_registry_file(circle / "a.teak", user="a", passphrase="b", profile=LIGHT),
    ):
        with pytest.raises(RegistryMissing):
            act()
