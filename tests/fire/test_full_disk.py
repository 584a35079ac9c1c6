"""The disk used up, or the allowed size of a file: what was acknowledged stays, the rest waits."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fire.conftest import registry_on
from tests.fire.crew import Place
from tests.fire.judging import Start, judge, look
from tests.fire.processes import Nursery, Writer
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.postgres_server import PostgresServer, packaged_programs
from tests.fixtures.registries import copy_registry
from tests.fixtures.small_disk import small_disk

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="limits and mounts of POSIX"),
]

ROUNDS = times(3, 30)
MANY = 5_000
"""More acts than any of the disks here has room for."""

PAGE = 4096
MEGABYTE = 1024 * 1024


def fill(nursery: Nursery, writer: Writer, **order: int) -> str:
    """Write until the storage refuses; give the code it was refused with."""
    first = max(writer.acknowledged(), default=-1) + 1
    nursery.start(writer, "fill_up", first=first, last=first + MANY, **order)
    assert nursery.wait(writer) == 0
    return writer.lines()[-1][0]


def test_no_file_may_grow(place: Place, start: Start, nursery: Nursery, figures: Figures) -> None:
    """Each round lets the files grow a little further; every refusal leaves the file whole."""
    writer, size = nursery.new("limited"), Path(place.address).stat().st_size
    refusals = []
    for number in range(ROUNDS):
        limit = size + number * 37 * PAGE + 123
        refusals.append(fill(nursery, writer, largest_file=limit))
        judge(place, start, {"limited": writer.acknowledged()}).require()
    assert refusals == ["disk-full"] * ROUNDS
    nursery.start(writer, "fill_up", first=max(writer.acknowledged()) + 1, last=2 * MANY)
    nursery.kill(writer)
    found = judge(place, start, {"limited": writer.acknowledged()})
    found.require()
    figures("file size limit reached, embedded", refusals=len(refusals), **found.as_figures())


def test_a_small_disk_full(place: Place, start: Start, tmp_path: Path, figures: Figures) -> None:
    with small_disk(tmp_path / "disk", size=64 * MEGABYTE) as disk:
        path = copy_registry(Path(place.address), disk.folder / "small.teak")
        small = replace(place, address=str(path))
        used = sum(file.stat().st_size for file in disk.folder.iterdir())
        with Nursery(small, tmp_path) as nursery:
            writer = nursery.new("small")
            for number in range(ROUNDS):
                disk.resize(used + (number * 50 + 300) * 1024)
                assert fill(nursery, writer) == "disk-full"
            disk.resize(64 * MEGABYTE)
            judge(small, start, {"small": writer.acknowledged()}).require()
            first = max(writer.acknowledged()) + 1
            nursery.start(writer, "keep_writing", first=first, last=first + 5)
            assert nursery.wait(writer) == 0
        found = judge(small, start, {"small": writer.acknowledged()})
        found.require()
    figures("small disk full, embedded", refusals=ROUNDS, **found.as_figures())


@pytest.mark.postgres
def test_the_servers_disk_full(tmp_path: Path, figures: Figures) -> None:
    """Its log has no room: the server stops itself, and starts once there is room again."""
    # Into the folders of tests nobody but their owner may look, and the server is another user.
    folder = Path(tempfile.mkdtemp(prefix="teak-fire-"))
    try:
        with small_disk(folder, size=256 * MEGABYTE) as disk:
            server = PostgresServer(
                packaged_programs(), disk.folder, min_wal_size="32MB", max_wal_size="32MB"
            )
            try:
                server.start()
                place = registry_on(server, tmp_path)
                start = look(place)
                writer = _fill_server(place, server, disk.folder, tmp_path)
                found = judge(place, start, {"server": writer.acknowledged()})
                found.require()
            finally:
                server.remove()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures(
        "server's disk full", refused_with=[line[0] for line in writer.lines() if len(line) == 1],
        **found.as_figures(),
    )  # fmt: skip


def _fill_server(place: Place, server: PostgresServer, disk: Path, tmp_path: Path) -> Writer:
    """Leave the server no room, write until it refuses, make room, and go on."""
    ballast = disk / "ballast"
    with Nursery(place, tmp_path) as nursery:
        writer = nursery.new("server")
        nursery.start(writer, "keep_writing", first=0, last=3)
        assert nursery.wait(writer) == 0
        with ballast.open("wb") as file:
            _write_until_full(file.fileno())
        assert fill(nursery, writer) in {"disk-full", "connection-lost", "no-connection"}
        ballast.unlink()
        server.stop()
        server.start()
        first = max(writer.acknowledged()) + 1
        nursery.start(writer, "keep_writing", first=first, last=first + 3)
        assert nursery.wait(writer) == 0
    return writer


def _write_until_full(file: int) -> None:
    block = bytes(64 * 1024)
    try:
        while True:
            os.write(file, block)
    except OSError:
        return
