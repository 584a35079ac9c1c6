"""What every act's form has in common: values read into an act, and one request id for it.

Owns what is missing or cannot be read, said as phrases; whether an act is allowed is for
the checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar
from uuid import uuid4

from app.models.codes import Role, RuleKind
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Act
from app.services.transactions.evaluation import Evaluation, preview
from app.services.transactions.finding import find_proposal
from app.services.transactions.proposing import Outcome, propose
from app.services.transactions.records import act_text
from app.views.presenters.phrases import Phrase, say

Values = Mapping[str, str]

_REQUEST_ID, _REQUEST_OF = "request-id", "request-of"


@dataclass(frozen=True)
class Gap:
    """A field that is empty, or holds what cannot be read."""

    field: str
    phrase: Phrase
    is_empty: bool


@dataclass(frozen=True)
class FormReading:
    """The act that a form's values make, or what keeps them from making one."""

    act: Act | None
    gaps: tuple[Gap, ...] = ()

    @property
    def unreadable(self) -> tuple[Gap, ...]:
        """The gaps to show while one types: what was typed and cannot be read."""
        return tuple(gap for gap in self.gaps if not gap.is_empty)


class ValuesReader:
    """Takes a form's values one by one and remembers which are missing or unreadable."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._gaps: list[Gap] = []

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What was missing or could not be read, in the order in which it was asked for."""
        return tuple(self._gaps)

    def text(self, key: str) -> str:
        """Give a text that may be empty."""
        return self._values.get(key, "").strip()

    def needed(self, key: str, missing_key: str) -> str:
        """Give a text that must not be empty; `missing_key` says what is asked for."""
        value = self.text(key)
        if not value:
            self._gaps.append(Gap(key, say(missing_key), is_empty=True))
        return value

    def whole(self, key: str, missing_key: str) -> int:
        """Give a whole number; 0 when there is none."""
        value = self.needed(key, missing_key)
        if value and not (value.isascii() and value.isdigit() and len(value) < 19):
            self._gaps.append(Gap(key, say("acts.not_whole", value=value), is_empty=False))
            return 0
        return int(value or 0)

    def optional_whole(self, key: str) -> int | None:
        """Give a whole number; None when there is none."""
        return self.whole(key, "") if self.text(key) else None

    def optional_day(self, key: str) -> date | None:
        """Give a day; None when there is none."""
        return self.day(key, "") if self.text(key) else None

    def day(self, key: str, missing_key: str) -> date:
        """Give a day; the first day of all when there is none."""
        value = self.needed(key, missing_key)
        try:
            return date.fromisoformat(value) if value else date.min
        except ValueError:
            self._gaps.append(Gap(key, say("acts.not_a_day", value=value), is_empty=False))
            return date.min


class ActForm:
    """The state behind one act's form; subclasses say how values make an act.

    `fields` gives the form field of each field that a check names, where they differ.
    """

    fields: ClassVar[Mapping[str, str]] = {}

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor
        self._request_id = ""
        self._request_of = ""

    def read(self, values: Values) -> FormReading:
        """Read the form's values into an act."""
        raise NotImplementedError

    def proposers_of(self, values: Values) -> frozenset[Role]:
        """Give the roles that may propose what the values say."""
        return frozenset({Role.OFFICER})

    def field_of(self, named: str) -> str:
        """Give the form field of the field a check names."""
        return self.fields.get(named, named)

    def preview(self, act: Act, assumed: Mapping[RuleKind, Decimal] | None = None) -> Evaluation:
        """Tell what proposing the act would do; called off the window's thread.

        `assumed` rules stand in for those in force.
        """
        return preview(self.registry, act, self.actor, assumed=assumed)

    def propose(self, act: Act, values: Values) -> Outcome:
        """Propose the act; called off the window's thread. Raises RulesBroken.

        The same content gives the same transaction however often it is asked for.
        """
        return propose(self.registry, act, self.actor, request_id=self.request_id(act))

    def request_id(self, act: Act) -> str:
        """Give the request id of the act: one for one content, until it is done."""
        digest = sha256(act_text(act).encode()).hexdigest()
        if digest != self._request_of:
            self._request_of, self._request_id = digest, uuid4().hex
        return self._request_id

    def find_proposal(self, request_id: str) -> Outcome | None:
        """Find what a proposal became whose answer never came; off the window's thread."""
        return find_proposal(self.registry, self.actor, request_id)

    def kept_request(self, values: Values) -> dict[str, str]:
        """Give what is kept with a draft, so that no break makes two transactions of one act."""
        act = self.read(values).act
        if act is None:
            return {}
        return {_REQUEST_ID: self.request_id(act), _REQUEST_OF: self._request_of}

    def take_request(self, kept: Values) -> None:
        """Take up the request of a draft that was kept: the same content is the same request."""
        if _REQUEST_ID in kept and _REQUEST_OF in kept:
            self._request_id, self._request_of = kept[_REQUEST_ID], kept[_REQUEST_OF]

    def done(self) -> None:
        """Forget the request id: the same content once more is another transaction."""
        self._request_of = ""


def account_words(name: str, holder_en: str, holder_th: str) -> str:
    """Write an account's name with what its holder is called, each name once."""
    names: list[str] = []
    for each in (name, holder_en, holder_th):
        if each and each not in names:
            names.append(each)
    return " · ".join(names)


def first_of(options: Sequence[str]) -> str:
    """Give the only option there is; nothing when there are several or none."""
    return options[0] if len(options) == 1 else ""
