"""The state behind the issuance form: projects, bound accounts, verified reductions.

Owns reading its values into an issuance, and keeping the report's file with the proposal.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from app.models.errors import NotFound, UsageError
from app.services.checks.violation import RulesBroken
from app.services.documents import LARGEST_DOCUMENT_BYTES, add_document
from app.services.listings.choices import (
    ProjectChoice,
    ReductionChoice,
    UnitTypeChoice,
    list_domestic_unit_types,
    list_open_reductions,
    list_project_choices,
)
from app.services.transactions.acts import Act, Issuance
from app.services.transactions.proposing import Outcome
from app.views.components.fields import Option
from app.views.presenters.act_form import ActForm, FormReading, Values, ValuesReader, first_of
from app.views.presenters.disposal import account_options

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class IssuanceChoices:
    """What the form offers at first."""

    projects: tuple[ProjectChoice, ...]
    unit_types: tuple[UnitTypeChoice, ...]


class IssuanceForm(ActForm):
    """Units of a domestic project, against a verified reduction."""

    fields: ClassVar[Mapping[str, str]] = {"to": "account", "document": "document_sha256"}

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._choices = IssuanceChoices((), ())
        self._reductions: tuple[ReductionChoice, ...] = ()
        self.reductions_of = ""

    def read(self, values: Values) -> FormReading:
        """Read the form's values into an issuance."""
        reader = ValuesReader(values)
        content: dict[str, Any] = {
            "project": reader.needed("project", "acts.missing_project"),
            "account": reader.needed("account", "acts.missing_account"),
            "unit_type": reader.needed("unit_type", "acts.missing_unit_type"),
            "vintage": reader.whole("vintage", "acts.missing_vintage"),
            "period_from": reader.day("period_from", "acts.missing_day"),
            "period_to": reader.day("period_to", "acts.missing_day"),
            "verified_quantity": reader.whole("verified_quantity", "acts.missing_verified"),
            "verified_reference": reader.needed("verified_reference", "acts.missing_reference"),
            "document_sha256": reader.needed("document_sha256", "acts.missing_document").lower(),
            "quantity": reader.whole("quantity", "acts.missing_quantity"),
        }
        return FormReading(None, reader.gaps) if reader.gaps else FormReading(Issuance(**content))

    def propose(self, act: Act, values: Values) -> Outcome:
        """Propose, keeping the chosen file in the registry; called off the window's thread.

        Nothing is kept when the checks refuse. Raises UsageError when the file no longer is
        what its digest says.
        """
        path = values.get("document", "")
        if path:
            evaluation = self.preview(act)
            if evaluation.violations:
                raise RulesBroken(evaluation.violations)
            self._keep_document(Path(path), values["document_sha256"].lower())
        return super().propose(act, values)

    def _keep_document(self, path: Path, digest: str) -> None:
        content = _read_file(path)
        if sha256(content).hexdigest() != digest:
            raise UsageError(
                f"“{path.name}” is not the document whose digest stands in the form.",
                hint="Choose the file again, or clear it when the digest alone is meant.",
            )
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        add_document(
            self.registry, self.actor, name=path.name, media_type=media_type, content=content
        )

    def list_choices(self) -> IssuanceChoices:
        """List projects and unit types; called off the window's thread."""
        return IssuanceChoices(
            list_project_choices(self.registry), list_domestic_unit_types(self.registry)
        )

    def take_choices(self, choices: IssuanceChoices) -> None:
        """Keep what the form offers."""
        self._choices = choices

    def list_reductions(self, project: str) -> tuple[ReductionChoice, ...]:
        """List a project's verified reductions; called off the window's thread."""
        return list_open_reductions(self.registry, project)

    def take_reductions(self, project: str, reductions: tuple[ReductionChoice, ...]) -> None:
        """Keep the verified reductions of the chosen project."""
        self.reductions_of, self._reductions = project, reductions

    def project_options(self, language: str) -> tuple[Option, ...]:
        """Offer the projects of this registry by code and name."""
        return tuple(
            Option(each.code, f"{each.code}  {_named(each.name_en, each.name_th, language)}")
            for each in self._choices.projects
        )

    def unit_type_options(self, language: str) -> tuple[Option, ...]:
        """Offer the unit types this registry issues."""
        return tuple(
            Option(each.code, f"{each.code} · {_named(each.name_en, each.name_th, language)}")
            for each in self._choices.unit_types
        )

    def account_options(self, project: str) -> tuple[Option, ...]:
        """Offer the accounts bound to the project."""
        found = next((each for each in self._choices.projects if each.code == project), None)
        return () if found is None else account_options(found.accounts)

    def only_account(self, project: str) -> str:
        """Give the account when the project is bound to but one."""
        return first_of([option.value for option in self.account_options(project)])

    def reduction_options(self, day: Callable[[date], str]) -> tuple[Option, ...]:
        """Offer the verified reductions on record, written with days as `day` writes them."""
        return tuple(
            Option(
                each.reference,
                f"{each.reference} · {day(each.period_from)} – {day(each.period_to)}"
                f" · {each.quantity:,}",
            )
            for each in self._reductions
        )

    def values_of_reduction(self, reference: str) -> dict[str, str]:
        """Give the form values that a recorded verified reduction fills in."""
        found = next((each for each in self._reductions if each.reference == reference), None)
        if found is None:
            return {}
        return {
            "period_from": found.period_from.isoformat(),
            "period_to": found.period_to.isoformat(),
            "vintage": str(found.period_to.year),
            "verified_quantity": str(found.quantity),
            "quantity": str(found.quantity),
            "verified_reference": found.reference,
            "document_sha256": found.document_sha256,
        }


def _named(name_en: str, name_th: str, language: str) -> str:
    return (name_th or name_en) if language == "th" else (name_en or name_th)


def _read_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_DOCUMENT_BYTES:
            raise UsageError(
                f"“{path.name}” has {size:,} bytes.",
                hint=f"A document has at most {LARGEST_DOCUMENT_BYTES:,} bytes.",
            )
        return path.read_bytes()
    except OSError as error:
        raise NotFound(
            f"“{path.name}” cannot be read: {error.strerror}.", hint="Choose the file again."
        ) from error


def digest_file(path: Path, progress: Callable[[int], None]) -> str:
    """Compute a file's SHA-256 in hexadecimal, telling the bytes read so far.

    Raises NotFound when the file cannot be read.
    """
    digest, done = sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                done += len(chunk)
                progress(done)
    except OSError as error:
        raise NotFound(
            f"“{path.name}” cannot be read: {error.strerror}.", hint="Choose the file again."
        ) from error
    return digest.hexdigest()
