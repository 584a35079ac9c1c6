"""Recovery codes: spares for a lost authenticator, each good once.

Owns drawing, reading and using them. Only digests are kept; the codes are random enough (80
bits) that a plain SHA-256 tells nothing about them.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from app.models.tables import RecoveryCode

CODE_COUNT = 10
_RANDOM_BYTES = 10
_LETTERS = 16
_GROUP = 4
_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})
"""Figures that base 32 does not have, as the letters they are mistaken for."""


def draw_recovery_codes() -> tuple[str, ...]:
    """Draw a person's new recovery codes; the result is their only copy."""
    return tuple(_draw() for _ in range(CODE_COUNT))


def code_digests(codes: Sequence[str]) -> list[str]:
    """Give what is kept of recovery codes: their digests, in hexadecimal digits."""
    return [_digest(_letters(code)).hex() for code in codes]


def replace_recovery_codes(connection: Connection, person_id: int) -> tuple[str, ...]:
    """Give a person new recovery codes; the old ones are good no longer.

    The result is their only copy.
    """
    codes = draw_recovery_codes()
    connection.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    connection.execute(
        insert(RecoveryCode),
        [{"person_id": person_id, "code_digest": _digest(_letters(code))} for code in codes],
    )
    return codes


def use_recovery_code(connection: Connection, person_id: int, typed: str, *, now: datetime) -> bool:
    """Use up the recovery code that was typed; False when it is not one, or used already."""
    used = connection.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_digest == _digest(_letters(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return bool(used.rowcount == 1)


def looks_like_recovery_code(typed: str) -> bool:
    """Tell whether the text has the form of a recovery code."""
    return len(_letters(typed)) == _LETTERS


def _draw() -> str:
    letters = base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode("ascii")
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))


def _letters(typed: str) -> str:
    """Read a code as typed: in any case, with hyphens or spaces anywhere."""
    return "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_READ_AS)


def _digest(letters: str) -> bytes:
    return hashlib.sha256(letters.encode()).digest()
