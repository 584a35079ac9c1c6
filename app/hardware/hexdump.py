"""Bytes written as hex digits, and back: captures, dumps, what a console shows.

Owns the two texts a dump can be: `xxd` (offset, colon, bytes, two spaces, text) and `hexdump -C`
(offset, bytes, text between bars), beside plain digits with any white space.
"""

from __future__ import annotations

import re

_XXD = re.compile(rb"\s*[0-9a-fA-F]+: ?((?: ?[0-9a-fA-F]{2})*)(?:[ \t]{2,}.*|\s*)\Z", re.DOTALL)
_CANONICAL = re.compile(rb"[0-9a-fA-F]{8}((?: {1,2}[0-9a-fA-F]{2})+)\s+\|.*\|\s*\Z", re.DOTALL)
_LAST_OF_CANONICAL = re.compile(rb"[0-9a-fA-F]{8}\s*\Z")
_DIGITS = re.compile(rb"[0-9a-fA-F\s]*\Z")
_LONGEST_LINE = 65_536


class NoHexDigits(ValueError):
    """A line that is neither hex digits nor a line of a dump."""


class HexReader:
    """Reads hex text as it comes, split anywhere, and gives the bytes."""

    def __init__(self) -> None:
        self._text = b""
        self._half = b""
        self._line = 0
        self._is_canonical = False

    def feed(self, text: bytes) -> bytes:
        """Take more text and give the bytes of the lines it ends; raises NoHexDigits."""
        *lines, self._text = (self._text + text).split(b"\n")
        data = b"".join(self._bytes(line) for line in lines)
        if len(self._text) > _LONGEST_LINE:
            # No dump has such lines: plain digits without a line end.
            data += self._plain(self._text)
            self._text = b""
        return data

    def finish(self) -> bytes:
        """Give the bytes of the last line; raises NoHexDigits, also for half a byte."""
        data = self._bytes(self._text)
        self._text = b""
        if self._half:
            raise NoHexDigits(f"The last digit, {self._half.decode()}, is half a byte.")
        return data

    def _bytes(self, line: bytes) -> bytes:
        self._line += 1
        if found := _XXD.match(line):
            return bytes.fromhex(found[1].decode("ascii"))
        if found := _CANONICAL.match(line):
            self._is_canonical = True
            return bytes.fromhex(found[1].decode("ascii"))
        if self._is_canonical and _LAST_OF_CANONICAL.match(line):
            return b""
        return self._plain(line)

    def _plain(self, text: bytes) -> bytes:
        if not _DIGITS.match(text):
            shown = text.decode("utf-8", "replace").strip()[:40]
            raise NoHexDigits(f"Line {self._line} holds what is no hex digit: “{shown}”.")
        digits = self._half + b"".join(text.split())
        whole = len(digits) // 2 * 2
        self._half = digits[whole:]
        return bytes.fromhex(digits[:whole].decode("ascii"))


def dumped(data: bytes, *, offset: int = 0) -> list[str]:
    """Write bytes as lines of sixteen: offset, hex digits, and text with dots for the rest."""
    return [
        f"{offset + at:08x}: {row.hex(' '):<47}  "
        + "".join(chr(octet) if 0x20 <= octet <= 0x7E else "." for octet in row)
        for at in range(0, len(data), 16)
        for row in (data[at : at + 16],)
    ]
