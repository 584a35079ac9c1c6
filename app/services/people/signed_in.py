"""What signing in gives: a registry, and who opened it.

Owns this value alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.registry.context import Actor, OpenRegistry


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A registry opened by a person, and the person."""

    registry: OpenRegistry
    actor: Actor
