"""What verification says when something does not hold."""

from __future__ import annotations


class DoesNotHold(Exception):
    """The first thing found that is not as it should be: where, and why."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where, self.reason = where, reason
