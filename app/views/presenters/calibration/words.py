"""Findings and figures of a calibration in the words of the desk.

Owns choosing the language of what is kept in both; no Qt.
"""

from __future__ import annotations

from typing import Protocol

from app.views.presenters.calibration.steps import Blocked


class Texts(Protocol):
    """What gives the desk's texts."""

    @property
    def code(self) -> str:
        """The language in force, en or th."""

    def text(self, key: str, **values: object) -> str:
        """Give a text by key."""


def spoken(texts: Texts, message: str, message_th: str) -> str:
    """Give what is said in both languages in the one in force."""
    return message_th if texts.code == "th" and message_th else message


def why_not(texts: Texts, blocked: Blocked) -> str:
    """Say why one cannot go on."""
    if blocked.key:
        return texts.text(blocked.key, **dict(blocked.values))
    return spoken(texts, blocked.message, blocked.message_th)
