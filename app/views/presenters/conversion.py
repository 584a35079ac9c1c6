"""The state behind conversions: source units picked into a proposal, a record looked through.

Owns reading the form's values into a conversion, and what follows from the picked source units;
which of them can be converted is for the checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.serials.reading import read_serial
from app.models.serials.serial_range import SerialError
from app.services.conversions.listing import SourceUnitRow, list_source_units
from app.services.conversions.previewing import RecordPreview, preview_record
from app.services.conversions.sources import SourceReport, register_sources
from app.services.conversions.tracing import ReissuedRange, find_reissue
from app.services.documents import StoredDocument, find_documents, read_document
from app.services.listings.choices import ProjectChoice, list_project_choices
from app.services.listings.page import Page, PageRequest
from app.services.registry.context import Actor, OpenRegistry
from app.services.transactions.acts import Conversion
from app.services.transactions.acts.conversion import REISSUED_AS, quantity_of
from app.views.components.fields import Option
from app.views.presenters.act_form import (
    ActForm,
    FormReading,
    Values,
    ValuesReader,
    first_of,
)
from app.views.presenters.disposal import account_options
from app.views.presenters.phrases import Phrase, say

_MOST_PICKED = 10_000


def reason_against_registering(actor: Actor) -> str:
    """Say why this person registers no source units; nothing when they do."""
    return "" if actor.role is Role.OFFICER else "conversions.only_officers_register"


@dataclass(frozen=True)
class SourceShown:
    """What is known of a registered range: its row, its documents, and what stands for it."""

    row: SourceUnitRow
    documents: tuple[StoredDocument, ...]
    reissued: tuple[ReissuedRange, ...]


@dataclass(frozen=True)
class ConversionChoices:
    """What the form offers: source units that can be picked, and projects with accounts."""

    sources: tuple[SourceUnitRow, ...]
    projects: tuple[ProjectChoice, ...]


class SourceUnits:
    """Lists, reads, registers and follows; called off the window's thread."""

    def __init__(self, registry: OpenRegistry, actor: Actor) -> None:
        self.registry = registry
        self.actor = actor

    def list_rows(self, request: PageRequest) -> Page[SourceUnitRow]:
        """List the registered ranges."""
        return list_source_units(self.registry, request)

    def read(self, row: SourceUnitRow) -> SourceShown:
        """Read what stands behind a range and what became of it."""
        digests = [row.record_sha256, row.attestation_sha256]
        reissued = find_reissue(self.registry, read_serial(row.serial))
        return SourceShown(row, find_documents(self.registry, digests), reissued)

    def read_bytes(self, digest: str) -> bytes:
        """Give a document's bytes."""
        return read_document(self.registry, digest)

    def preview(self, record: str, attestation: str) -> RecordPreview:
        """Look a record through, row by row; writes nothing."""
        return preview_record(
            self.registry, Path(record), attestation=Path(attestation) if attestation else None
        )

    def register(self, record: str, attestation: str) -> SourceReport:
        """Register every row that can go in, with both documents."""
        return register_sources(
            self.registry, Path(record), attestation=Path(attestation), actor=self.actor
        )

    def follow(self, text: str) -> tuple[ReissuedRange, ...]:
        """Follow a serial from either end to the other. Raises UsageError for no serial."""
        try:
            serial = read_serial(text.strip())
        except SerialError as error:
            raise UsageError(
                f"“{text}” is no serial number: {error}.",
                hint="Write it as it is printed, source or domestic.",
            ) from error
        return find_reissue(self.registry, serial)


class ConversionForm(ActForm):
    """Source units of one attestation reissued as domestic ones, when the committee agrees."""

    fields: ClassVar[dict[str, str]] = {
        "source_serials": "sources",
        "host_country": "sources",
        "attestation_sha256": "sources",
        "to": "account",
    }

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._choices = ConversionChoices((), ())

    def list_choices(self) -> ConversionChoices:
        """List what can be picked; called off the window's thread."""
        request = PageRequest(filters={"state": "registered"}, limit=_MOST_PICKED)
        return ConversionChoices(
            list_source_units(self.registry, request).rows, list_project_choices(self.registry)
        )

    def take_choices(self, choices: ConversionChoices) -> None:
        """Keep what the form offers."""
        self._choices = choices

    def read(self, values: Values) -> FormReading:
        """Read the form's values; country and attestation are those of the picked units."""
        reader = ValuesReader(values)
        serials = lines_of(reader.needed("sources", "conversions.missing_sources"))
        account = reader.needed("account", "acts.missing_account")
        project = reader.needed("project", "acts.missing_project")
        vintage = reader.whole("vintage", "acts.missing_vintage")
        if reader.gaps:
            return FormReading(None, reader.gaps)
        first = next(iter(self.picked(serials)), None)
        return FormReading(
            Conversion(
                source_serials=serials,
                host_country="" if first is None else first.host_country,
                attestation_sha256="" if first is None else first.attestation_sha256,
                account=account,
                project=project,
                vintage=vintage,
                unit_type=REISSUED_AS,
                quantity=quantity_of(serials),
            )
        )

    def picked(self, serials: Sequence[str]) -> tuple[SourceUnitRow, ...]:
        """Give the registered ranges among the serials, in the order in which they are named."""
        known = {row.serial: row for row in self._choices.sources}
        return tuple(known[text] for text in serials if text in known)

    def evidence(self, serials: Sequence[str]) -> tuple[StoredDocument, ...]:
        """Describe the documents the committee will read; called off the window's thread."""
        rows = self.picked(serials)
        digests = dict.fromkeys(
            digest for row in rows for digest in (row.record_sha256, row.attestation_sha256)
        )
        return find_documents(self.registry, list(digests))

    def free_sources(self, request: PageRequest) -> Page[SourceUnitRow]:
        """List the ranges that can be picked."""
        filters = {**request.filters, "state": "registered"}
        return list_source_units(
            self.registry,
            PageRequest(
                sort=request.sort,
                descending=request.descending,
                filter_text=request.filter_text,
                filters=filters,
                after=request.after,
                limit=request.limit,
            ),
        )

    def project_options(self, language: str) -> tuple[Option, ...]:
        """Offer this registry's projects."""
        return tuple(
            Option(each.code, f"{each.code}  {_named(each, language)}")
            for each in self._choices.projects
        )

    def account_options(self, project: str) -> tuple[Option, ...]:
        """Offer the accounts bound to the project."""
        found = next((each for each in self._choices.projects if each.code == project), None)
        return () if found is None else account_options(found.accounts)

    def only_account(self, project: str) -> str:
        """Give the account when the project is bound to but one."""
        return first_of([option.value for option in self.account_options(project)])

    def vintage_of(self, serials: Sequence[str]) -> str:
        """Give the vintage that the picked units' record states, where it is one for all."""
        stated = {str(row.attributes.get("vintage", "")) for row in self.picked(serials)}
        return stated.pop() if len(stated) == 1 else ""

    def sum_said(self, serials: Sequence[str]) -> Phrase | None:
        """Say how many units the named serials have."""
        units = quantity_of(tuple(serials))
        return say("conversions.picked_sum", count=units) if units else None


def lines_of(text: str) -> tuple[str, ...]:
    """Give the lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _named(project: ProjectChoice, language: str) -> str:
    names = (project.name_th, project.name_en)
    first, second = names if language == "th" else names[::-1]
    return first or second
