"""Files in the making: their hidden name, who makes them, and what a killed maker left behind.

Owns the name (`.NAME.` and eight digits), the mark beside it (`….making`, locked by whoever makes
the files as long as they live) and the taking away of what nobody makes any more. Files without
such a mark are another program's: they are never touched. Must not know what the files say.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from app.models.storage.whole_files import try_lock

MARK_TEXT = b"Teak is making the files of this name. If no Teak is at work, they may be deleted.\n"
_MARK = ".making"
_OURS = re.compile(r"(?:\.keys|-wal|-shm|-journal|\.keys\.lock|\.keys\.[0-9a-f]{16}\.new)?")


@contextmanager
def making_aside(path: Path) -> Iterator[Path]:
    """Give a hidden name beside `path` under which files may be made; nothing of it is left.

    What is to stay must have got another name by then. A maker who is killed leaves the files
    and their mark, by which `remove_unfinished` knows them.
    """
    aside = path.with_name(f".{path.name}.{token_hex(4)}")
    mark = _mark_of(aside)
    descriptor = os.open(mark, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        try_lock(descriptor)
        os.write(descriptor, MARK_TEXT)
        yield aside
    finally:
        _remove_files(aside)
        # Windows removes no open file: there it goes once it is closed.
        with suppress(OSError):
            mark.unlink()
        os.close(descriptor)
        with suppress(OSError):
            mark.unlink(missing_ok=True)


def remove_unfinished(path: Path) -> tuple[Path, ...]:
    """Remove what makers of `path` who were killed left beside it; give the hidden names.

    What somebody is still making stays, and so does every file of another program.
    """
    name = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}{re.escape(_MARK)}")
    with suppress(OSError), os.scandir(path.parent) as entries:
        marks = sorted(entry.path for entry in entries if name.fullmatch(entry.name))
        left = [_remove_left(Path(mark), path) for mark in marks]
        return tuple(aside for aside in left if aside is not None)
    return ()


def _remove_left(mark: Path, path: Path) -> Path | None:
    aside = mark.with_name(mark.name.removesuffix(_MARK))
    try:
        descriptor = os.open(mark, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    try:
        text = os.read(descriptor, len(MARK_TEXT) + 1)
        # A maker killed at once has a mark that says nothing yet, and no file.
        if not MARK_TEXT.startswith(text) or not try_lock(descriptor):
            return None
        remove_unfinished(aside)
        _remove_half_named(aside, path)
        _remove_files(aside)
        with suppress(OSError):
            mark.unlink()
    finally:
        os.close(descriptor)
    with suppress(OSError):
        mark.unlink(missing_ok=True)
    return aside


def _remove_half_named(aside: Path, path: Path) -> None:
    """Remove key slots that got their last name, of a registry that did not get its own."""
    keys, final = (place.with_name(f"{place.name}.keys") for place in (aside, path))
    if os.path.lexists(path) or final.is_symlink():
        return
    with suppress(OSError):
        if keys.samefile(final):
            final.unlink()


def _remove_files(aside: Path) -> None:
    with suppress(OSError), os.scandir(aside.parent) as entries:
        for entry in entries:
            is_ours = entry.name.startswith(aside.name) and _OURS.fullmatch(
                entry.name.removeprefix(aside.name)
            )
            if is_ours and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _mark_of(aside: Path) -> Path:
    return aside.with_name(aside.name + _MARK)
