"""What the People page knows and decides, without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.models.codes import Role
from app.models.errors import SignInLocked, SignInRefused, UsageError
from app.services.people.administration import add_person, revoke_person
from app.services.people.new_person import DEMO_PASSPHRASE, NewPerson
from app.services.people.standing import SignInStanding
from app.services.registry.context import Actor, OpenRegistry
from app.views.presenters.people import PersonAct, ShownPerson, person_acts, read_person
from app.views.presenters.people_adding import add_new_person, read_new_person
from app.views.presenters.people_enrolment import (
    columns_of,
    grouped,
    is_whole_code,
    save_sheet,
    write_sheet,
)
from app.views.presenters.people_passphrase import (
    old_passphrase_problem,
    passphrase_problems,
    problems_while_typing,
    strength_of,
)
from app.views.theme.tokens import Tone
from tests.fixtures.registries import read_people

VALUES = {
    "name": " Nok Thongchai ",
    "user_name": " Nok ",
    "role": "officer",
    "email": "nok@registry.example",
    "passphrase": "four green parrots",
    "again": "four green parrots",
}


def read(registry: OpenRegistry, user: str) -> ShownPerson:
    shown = read_person(registry, user, read_people(registry)["admin"])
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("actor", "user", "is_real", "off"),
    [
        ("admin", "officer", True, {PersonAct.RESET_FAILURES: "people.no_failures"}),
        (
            "admin",
            "admin",
            True,
            {
                PersonAct.RESET_FAILURES: "people.no_failures",
                PersonAct.RESET_PASSPHRASE: "people.own_passphrase",
                PersonAct.REVOKE: "people.not_oneself",
            },
        ),
        (
            "admin",
            "officer",
            False,
            {
                PersonAct.RESET_FAILURES: "people.no_failures",
                PersonAct.RESET_PASSPHRASE: "people.demo_passphrase",
            },
        ),
        ("auditor", "officer", True, dict.fromkeys(PersonAct, "people.only_administrator")),
    ],
)
def test_acts_are_on_or_off_with_a_reason(
    registry: OpenRegistry,
    people: dict[str, Actor],
    actor: str,
    user: str,
    *,
    is_real: bool,
    off: dict[PersonAct, str],
) -> None:
    context = replace(registry, is_demo=not is_real)
    acts = person_acts(read(registry, user), people[actor], context)
    assert [each.act for each in acts] == list(PersonAct)
    assert {each.act: each.reason_key for each in acts if each.reason_key} == off


def test_failures_can_be_reset_where_there_are_some(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    standing = SignInStanding(failures=3, wait_s=1, is_locked=False)
    shown = replace(read(registry, "officer"), standing=standing)
    acts = {each.act: each.reason_key for each in person_acts(shown, people["admin"], registry)}
    assert acts[PersonAct.RESET_FAILURES] == ""


def test_nothing_more_is_done_for_a_revoked_person(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    revoke_person(registry, people["admin"], "officer", reason="Left the office")
    assert person_acts(read(registry, "officer"), people["admin"], registry) == ()
    assert read_person(registry, "nobody", people["admin"]) is None


def test_values_make_a_person() -> None:
    assert read_new_person(VALUES, is_demo=False).person == NewPerson(
        user_name="nok",
        name="Nok Thongchai",
        role=Role.OFFICER,
        email="nok@registry.example",
        passphrase="four green parrots",
    )
    typed = {key: VALUES[key] for key in ("name", "user_name", "role", "email")}
    person = read_new_person(typed, is_demo=True).person
    assert person is not None
    assert person.passphrase == DEMO_PASSPHRASE


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": "  "}, ["name"]),
        ({"user_name": "n"}, ["user_name"]),
        ({"user_name": "นก"}, ["user_name"]),
        ({"user_name": "n" * 33}, ["user_name"]),
        ({"role": ""}, ["role"]),
        ({"role": "director"}, ["role"]),
        ({"email": "nok@"}, ["email"]),
        ({"email": ""}, []),
        ({"passphrase": "eleven char"}, ["passphrase"]),
        ({"again": "four green parrot"}, ["again"]),
        ({"name": "", "passphrase": ""}, ["name", "passphrase"]),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    changes: dict[str, str], fields: list[str]
) -> None:
    found = read_new_person(VALUES | changes, is_demo=False)
    assert [each.field for each in found.problems] == fields
    assert (found.person is None) is bool(fields)


@pytest.mark.parametrize("user_name", ["n", "นก", "n" * 33, "no k", "nok@x"])
def test_the_form_and_the_service_refuse_the_same_user_names(
    registry: OpenRegistry, people: dict[str, Actor], user_name: str
) -> None:
    assert read_new_person(VALUES | {"user_name": user_name}, is_demo=False).person is None
    person = read_new_person(VALUES, is_demo=True).person
    assert person is not None
    with pytest.raises(UsageError, match="cannot be a user name"):
        add_person(registry, people["admin"], replace(person, user_name=user_name))


def test_a_taken_name_is_a_problem_of_its_field(
    registry: OpenRegistry, people: dict[str, Actor]
) -> None:
    person = read_new_person(VALUES, is_demo=True).person
    assert person is not None
    taken = add_new_person(registry, people["admin"], replace(person, user_name="auditor"))
    assert taken.enrolled is None
    assert [each.field for each in taken.problems] == ["user_name"]
    added = add_new_person(registry, people["admin"], person)
    assert added.enrolled is not None
    assert (added.enrolled.user, added.problems) == ("nok", ())


@pytest.mark.parametrize(
    ("passphrase", "tone", "key"),
    [
        ("four gre", Tone.AMBER, "people.letters_so_far"),
        ("aaaaaaaaaaaabbb", Tone.AMBER, "people.easily_guessed"),
        ("nok is my name", Tone.AMBER, "people.easily_guessed"),
        ("four green parrots", Tone.LEAF, "people.long_enough"),
        ("นกแก้วสีเขียวสี่ตัว", Tone.LEAF, "people.long_enough"),
    ],
)
def test_a_passphrase_is_judged(passphrase: str, tone: Tone, key: str) -> None:
    found = strength_of(passphrase, user_name="Nok")
    assert found is not None
    assert (found.tone, found.phrase.key) == (tone, key)


def test_nothing_is_said_of_nothing() -> None:
    assert strength_of("  ", user_name="nok") is None
    assert problems_while_typing({"passphrase": "", "again": ""}) == ()


def test_a_repetition_is_wrong_only_when_typing_on_cannot_mend_it() -> None:
    typed = {"passphrase": "four green parrots", "again": "four gr"}
    assert problems_while_typing(typed) == ()
    assert [each.field for each in passphrase_problems(typed)] == ["again"]
    assert [each.field for each in problems_while_typing(typed | {"again": "five"})] == ["again"]


def test_only_a_wrong_passphrase_is_a_problem_of_the_old_one() -> None:
    assert [each.field for each in old_passphrase_problem(SignInRefused("no"))] == ["old"]
    assert old_passphrase_problem(SignInLocked("wait")) == ()
    assert old_passphrase_problem(UsageError("short")) == ()


def test_a_secret_is_written_in_groups() -> None:
    assert grouped("ABCDEFGHIJ") == "ABCD EFGH IJ"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [("123456", True), ("123 456", True), ("๑๒๓๔๕๖", True), ("12345", False), ("12345x", False)],
)
def test_a_code_is_tried_when_it_is_whole(typed: str, *, whole: bool) -> None:
    assert is_whole_code(typed) is whole


def test_codes_stand_in_two_columns_read_downwards() -> None:
    placed = columns_of(("A", "B", "C", "D"))
    assert placed == ((0, 0, "1. A"), (1, 0, "2. B"), (0, 1, "3. C"), (1, 1, "4. D"))


def test_a_sheet_is_for_its_owner_alone(tmp_path: Path) -> None:
    sheet = write_sheet("รหัสกู้คืน", "Each once.", ("AAAA-BBBB", "CCCC-DDDD"))
    assert sheet == "รหัสกู้คืน\n\nEach once.\n\n 1. AAAA-BBBB\n 2. CCCC-DDDD\n"
    save_sheet(tmp_path / "codes.txt", sheet)
    assert (tmp_path / "codes.txt").read_text(encoding="utf-8") == sheet
    with pytest.raises(UsageError, match="cannot be written"):
        save_sheet(tmp_path, sheet)
