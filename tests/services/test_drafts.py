from __future__ import annotations

import pytest

from app.services.drafts import PersonalDrafts
from app.services.registry.context import Actor, OpenRegistry

pytestmark = pytest.mark.both_engines

VALUES = {"from": "TH-100-1042-0-52", "reason": "สัญญาซื้อขาย 2569/118"}


def test_a_draft_comes_back_as_it_was_kept(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    drafts = PersonalDrafts(registry, people["officer"])
    assert drafts.load("transfer") == {}
    drafts.save("transfer", {"from": "another"})
    drafts.save("transfer", VALUES)
    assert PersonalDrafts(registry, people["officer"]).load("transfer") == VALUES


def test_drafts_are_apart_by_person_and_form(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    one = PersonalDrafts(registry, people["officer"])
    other = PersonalDrafts(registry, people["officer2"])
    one.save("transfer", VALUES)
    assert other.load("transfer") == {}
    assert one.load("cancellation") == {}
    other.save("transfer", {"from": "mine"})
    one.clear("transfer")
    assert one.load("transfer") == {}
    assert other.load("transfer") == {"from": "mine"}
