"""A sentence to be said, without a language: its key and the values it names.

Owns the value; the view says it in the language in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phrase:
    """The key of a text and what stands in its `{names}`."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


def say(key: str, **values: object) -> Phrase:
    """Make a phrase."""
    return Phrase(key, values)
