"""Where a person's passphrase and one-time code come from: files, else the terminal.

Owns reading them, never from an argument, and refusing at once where nothing could answer.
Nothing here is kept longer than the command runs.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from app.models.errors import UsageError

PASSPHRASE_VARIABLE = "TEAK_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable
_LARGEST_FILE = 1_000_000


class Secrets:
    """The passphrases and codes one command may use."""

    def __init__(self, arguments: Namespace) -> None:
        named = getattr(arguments, "secrets_file", None)
        self._entries = {} if named is None else _read_secrets_file(Path(named))
        self._named_file: str | None = getattr(arguments, "passphrase_file", None)
        self._lines: list[str] | None = None

    @property
    def has_named_file(self) -> bool:
        """Whether the command itself names a passphrase file."""
        return self._named_file is not None

    def passphrase_lines(self) -> list[str]:
        """Give the lines of the passphrase file; none when there is no such file."""
        name = self._named_file or os.environ.get(PASSPHRASE_VARIABLE) or None
        if self._lines is None:
            self._lines = [] if name is None else _read_lines(name)
        return self._lines

    def only_user(self) -> str | None:
        """Give the one person the secrets file is of, or None when it is of none or of several."""
        return next(iter(self._entries)) if len(self._entries) == 1 else None

    def find_own(self, user: str) -> str | None:
        """Find the person's passphrase in the secrets file alone."""
        return self._entries.get(user.casefold(), {}).get("password")

    def find_passphrase(self, user: str | None) -> str | None:
        """Find a passphrase without asking: the person's in the secrets file, else the file's."""
        own = self.find_own(user or "")
        if own is not None:
            return own
        lines = self.passphrase_lines()
        return lines[0] if lines else None

    def passphrase(self, user: str | None) -> str:
        """Give a person's passphrase, asked on the terminal when no file has it."""
        found = self.find_passphrase(user)
        if found is not None:
            return found
        return _ask(
            "Passphrase: " if user is None else f"Passphrase of {user}: ",
            missing="No passphrase was given" + (f" for {user}." if user else "."),
            hint="Give --passphrase-file FILE, set TEAK_PASSPHRASE_FILE, or run on a terminal.",
        )

    def second_passphrase(self, user: str) -> str:
        """Give the passphrase of a second person: the passphrase file is the first one's."""
        own = self.find_own(user)
        if own is not None:
            return own
        return _ask(
            f"Passphrase of {user}: ",
            missing=f"No passphrase was given for {user}.",
            hint="Put both people into --secrets-file FILE, or run on a terminal.",
        )

    def code(self, user: str) -> str:
        """Give a person's one-time code, asked on the terminal when the secrets file has none."""
        entry = self._entries.get(user.casefold(), {})
        if "code" in entry:
            return entry["code"]
        return _ask(
            f"One-time code of {user}: ",
            missing=f"No one-time code was given for {user}.",
            hint='Put it into --secrets-file FILE as [{"user", "password", "code"}], or run on a '
            "terminal.",
        )


def _ask(prompt: str, *, missing: str, hint: str) -> str:
    # Only standard input counts: a pipe means that nobody is there to answer.
    if not sys.stdin.isatty():
        raise UsageError(missing, hint=hint)
    from getpass import getpass

    return getpass(prompt, stream=sys.stderr)


def _read_lines(name: str) -> list[str]:
    try:
        if name == "-":
            text = sys.stdin.read(_LARGEST_FILE)
        else:
            with Path(name).open(encoding="utf-8-sig", newline="") as file:
                text = file.read(_LARGEST_FILE)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The passphrase file “{name}” cannot be read: {_reason(error)}.",
            hint="Name a text file whose first line is the passphrase, or - for standard input.",
        ) from None
    lines = text.replace("\r\n", "\n").split("\n")
    while lines and not lines[-1]:
        lines.pop()
    if not lines or not lines[0]:
        raise UsageError(
            f"The passphrase file “{name}” is empty.", hint="Its first line is the passphrase."
        )
    return lines


def _read_secrets_file(path: Path) -> dict[str, dict[str, str]]:
    try:
        with path.open("rb") as file:
            _refuse_if_open_to_others(path, os.fstat(file.fileno()))
            content = json.loads(file.read(_LARGEST_FILE).decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The secrets file “{path}” cannot be read: {_reason(error)}.",
            hint='It is JSON: [{"user": "...", "password": "...", "code": "..."}].',
        ) from None
    if not isinstance(content, list):
        raise _wrong_secrets(path)
    return dict(_read_entry(path, entry) for entry in content)


def _refuse_if_open_to_others(path: Path, status: os.stat_result) -> None:
    if os.name != "posix":
        return
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(
            f"The secrets file “{path}” is open to others "
            f"(mode {stat.S_IMODE(status.st_mode):04o}); it was not read.",
            hint=f"Run `chmod 600 {path}`, and change the passphrases if others may have seen it.",
        )


def _read_entry(path: Path, entry: Any) -> tuple[str, dict[str, str]]:
    if not isinstance(entry, dict) or not isinstance(entry.get("user"), str):
        raise _wrong_secrets(path)
    values = {key: entry[key] for key in ("password", "code") if entry.get(key) is not None}
    if not all(isinstance(value, str) for value in values.values()):
        raise _wrong_secrets(path)
    return entry["user"].strip().casefold(), values


def _wrong_secrets(path: Path) -> UsageError:
    return UsageError(
        f"The secrets file “{path}” has another form than expected.",
        hint='It is a JSON list: [{"user": "...", "password": "...", "code": "..."}], all texts.',
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it cannot be opened"
    return "it is no such text"
