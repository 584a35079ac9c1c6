"""The line between a desk and its server: does it hold, and what has changed over there.

Owns one connection beside the registry's own, that listens and now and then asks for a sign of
life, and closing the registry's idle connections when none comes. When to look again is the
caller's; so is the thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.models.errors import SessionEnded
from app.models.storage.postgresql import Deadlines, ServerAccess
from app.models.storage.translate import translating
from app.models.storage.unit_of_work import place_of
from app.services.people.networked_sign_in import access_of
from app.services.registry.context import OpenRegistry
from app.services.worker.listening import Listener

_AFTER: dict[str, frozenset[str]] = {
    "transactions": frozenset(
        {"transactions", "holdings", "inbox", "sources", "reductions", "own-units"}
    ),
    "accounts": frozenset({"accounts", "inbox", "trusted"}),
    "projects": frozenset({"projects", "reductions"}),
    "people": frozenset({"people"}),
    "rules": frozenset({"rules", "periods", "holidays", "inbox"}),
    "certificates": frozenset({"certificates"}),
    "notices": frozenset({"notices", "inbox"}),
    "source-units": frozenset({"sources"}),
    "log": frozenset({"log"}),
    "registry": frozenset({"settings"}),
}
"""The desk's kinds of change for each word of the server's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePatience:
    """How long to wait, in seconds: for an answer, between signs of life."""

    answer_s: float = 5.0
    between_s: float = 10.0


STANDARD_PATIENCE = LinePatience()


def kinds_of_change(words: frozenset[str]) -> frozenset[str]:
    """Give the kinds of change of the desk that the server's words stand for."""
    return frozenset[str]().union(*(_AFTER.get(word, frozenset({word})) for word in words))


class ServerLine:
    """All but `wake` and `hold_back` are for one thread. Errors are Teak's storage errors."""

    def __init__(self, registry: OpenRegistry, patience: LinePatience = STANDARD_PATIENCE) -> None:
        self._registry = registry
        self._access = access_of(registry)
        self._place = place_of(registry.engine)
        self._patience = patience
        self._listener = Listener(self._own_access())

    def wait(self) -> frozenset[str]:
        """Wait for news and give the kinds of change; nothing once woken, or after a while."""
        with translating(self._place):
            return kinds_of_change(self._listener.wait(self._patience.between_s))

    def ask(self) -> None:
        """Ask for a sign of life; raises ConnectionLost when none comes in time.

        Raises SessionEnded when the server answers that the person's session is over.
        """
        with translating(self._place):
            if not self._listener.is_signed_in():
                raise SessionEnded

    def connect(self) -> None:
        """Open the connection anew, with the session taken up, and let others connect too.

        Raises SessionEnded when there is none to take up.
        """
        self._listener.drop()
        self._listener.use(self._own_access())
        self.ask()
        self._access.is_held_back = False

    def hold_back(self) -> None:
        """Let nobody else wait for a server that does not answer."""
        self._access.is_held_back = True
        self._registry.engine.dispose()

    def pause(self, seconds: float) -> None:
        """Wait without a connection, as long as nobody wakes."""
        self._listener.pause(seconds)

    def wake(self) -> None:
        """End a wait; for any thread."""
        self._listener.wake()

    def close(self) -> None:
        """Close the connection."""
        self._listener.close()

    def _own_access(self) -> ServerAccess:
        answer_s = self._patience.answer_s
        return replace(
            self._access,
            deadlines=Deadlines(connect_s=max(2, round(answer_s)), call_s=answer_s),
            is_held_back=False,
        )
