"""What people type: text that can be kept, printed and signed.

Owns the limits of free text; knows no field.
"""

from __future__ import annotations

import unicodedata

from app.models.errors import UsageError

LONGEST_TEXT = 1000
LONGEST_NAME = 300
_ALLOWED_CONTROLS = frozenset("\n\t")


def require_plain_text(text: str, *, what: str, longest: int = LONGEST_TEXT) -> str:
    """Give the text in NFC without white space around it.

    Raises UsageError, naming `what`, for control characters, half a surrogate pair, or more
    than `longest` characters.
    """
    plain = unicodedata.normalize("NFC", text).strip()
    for position, letter in enumerate(plain, start=1):
        category = unicodedata.category(letter)
        if category == "Cs" or (category == "Cc" and letter not in _ALLOWED_CONTROLS):
            raise UsageError(
                f"“{what}” has a character that cannot be printed at place {position} "
                f"(U+{ord(letter):04X}).",
                hint="Take it out.",
            )
    if len(plain) > longest:
        raise UsageError(
            f"“{what}” has {len(plain):,} characters.", hint=f"Give at most {longest:,}."
        )
    return plain
