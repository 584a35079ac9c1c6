"""The state behind the proof of the ledger: making it, its words, checkpoints kept and compared.

Owns which sentences stand under which heading; what is proved, and how it is said, is the
service's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.models.errors import NotFound, UsageError
from app.services.certificates.wording import Phrase
from app.services.file_saving import save_file
from app.services.listings.checkpoints import CheckpointLine, list_checkpoints
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import make_checkpoint, read_checkpoint
from app.services.proofs import wording
from app.services.proofs.render import render_proof
from app.services.proofs.report import ProofReport, SerialCount, UnitBalance, make_proof
from app.services.registry.context import OpenRegistry

_LARGEST_NOTE_BYTES = 64 * 1024


@dataclass(frozen=True)
class ProofSection:
    """A heading and what was found, in the language asked for."""

    heading: str
    sentences: tuple[str, ...]


class Proofs:
    """Makes, compares and saves; called off the window's thread."""

    def __init__(self, registry: OpenRegistry) -> None:
        self.registry = registry

    def make(self, progress: Callable[[int, int], None], outside_path: str = "") -> ProofReport:
        """Look at everything once, against a checkpoint kept outside where one is given.

        Raises NotFound for a file that cannot be read, NotACheckpoint for one that is none.
        """
        outside = _read_outside(Path(outside_path)) if outside_path else None
        return make_proof(self.registry, outside=outside, progress=progress)

    def save(self, report: ProofReport, language: str, path: Path) -> Path:
        """Write the report as a PDF. Raises UsageError when the place cannot be written."""
        return save_file(path, render_proof(report, language))

    def list_checkpoints(self) -> list[CheckpointLine]:
        """List the checkpoints, the newest first."""
        return list_checkpoints(self.registry)

    def make_checkpoint(self) -> str:
        """Give the signed checkpoint of the whole log, made now where there is none yet."""
        return make_checkpoint(self.registry)

    def save_checkpoint(self, note: str, path: Path) -> Path:
        """Write a checkpoint to be kept outside."""
        return save_file(path, note.encode())


def _read_outside(path: Path) -> Outside:
    try:
        if path.stat().st_size > _LARGEST_NOTE_BYTES:
            raise UsageError(
                f"“{path.name}” is too large for a checkpoint.",
                hint="A checkpoint is a text of a few lines.",
            )
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(
            f"“{path.name}” cannot be read as text.", hint="Choose a saved checkpoint."
        ) from error
    return Outside(read_checkpoint(content))


def say(phrase: Phrase, language: str) -> str:
    """Say a phrase of the report in a language."""
    return (phrase.th or phrase.en) if language == "th" else (phrase.en or phrase.th)


def verdict(report: ProofReport, language: str) -> tuple[str, str]:
    """Give the verdict and what it rests on."""
    title = wording.HOLDS if report.holds else wording.FAILS
    return say(title, language), say(wording.verdict(report), language)


def moment(report: ProofReport, language: str) -> str:
    """Say of which moment it is."""
    return say(wording.moment(report.made_at), language)


def balances_said(report: ProofReport, language: str) -> ProofSection:
    """Say where units came from and where they are."""
    return ProofSection(
        say(wording.UNITS, language), (say(wording.balances_say(report), language),)
    )


def serials_said(report: ProofReport, language: str) -> ProofSection:
    """Say that no serial number is in two places."""
    said = (say(wording.serials_say(report), language),) if report.verification.ok else ()
    return ProofSection(say(wording.SERIALS, language), said)


def sections_said(report: ProofReport, language: str) -> tuple[ProofSection, ...]:
    """Say what else was proved, and what was not."""
    found = [
        ProofSection(
            say(section.heading, language),
            tuple(say(sentence, language) for sentence in section.sentences),
        )
        for section in wording.sections(report)
    ]
    found.append(
        ProofSection(
            say(wording.SCOPE, language),
            tuple(say(sentence, language) for sentence in wording.scope(report)),
        )
    )
    return tuple(found)


def balance_rows(report: ProofReport | None) -> tuple[UnitBalance, ...]:
    """Give the units by type."""
    return () if report is None else report.balances


def serial_rows(report: ProofReport | None) -> tuple[SerialCount, ...]:
    """Give the serial numbers by type."""
    return () if report is None else report.serials
