"""A passphrase typed twice, as fields of a form, and what is said of it while one types.

Owns the two fields and their words; the rule is the service's. The fields are secrets: no
draft keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.views.components.fields import Field, FieldKind, FieldProblem
from app.views.components.form import Form
from app.views.language import Language
from app.views.presenters.people_passphrase import (
    FieldPhrase,
    problems_while_typing,
    strength_of,
)

PASSPHRASE_FIELDS = (
    Field(
        "passphrase", "people.new_passphrase", FieldKind.SECRET, hint_key="people.passphrase_rule"
    ),
    Field("again", "people.again", FieldKind.SECRET),
)


def said_problems(phrases: Sequence[FieldPhrase], language: Language) -> list[FieldProblem]:
    """Say what stands under fields in the language in force."""
    return [
        FieldProblem(each.field, "", language.text(each.phrase.key, **each.phrase.values))
        for each in phrases
    ]


def show_typed_passphrase(
    form: Form, values: Mapping[str, str], language: Language, *, user_name: str
) -> None:
    """Show how strong the passphrase is, and whether its repetition went astray."""
    strength = strength_of(values["passphrase"], user_name=user_name)
    words = language.text(strength.phrase.key, **strength.phrase.values) if strength else ""
    form.field("passphrase").set_suffix(words)
    form.show_problems(said_problems(problems_while_typing(values), language))
