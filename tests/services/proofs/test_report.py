"""The proof report: its figures, and that it claims nothing that does not hold."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from sqlalchemy import text

from app.models.errors import UsageError
from app.models.storage.unit_of_work import UnitOfWork
from app.services.certificates.issuing import issue_certificate
from app.services.listings.holdings import holdings
from app.services.log.checkpoint_comparison import Outside
from app.services.log.checkpoints import make_checkpoint, read_checkpoint
from app.services.proofs import wording
from app.services.proofs.render import render_proof
from app.services.proofs.report import ProofReport, UnitBalance, make_proof
from tests.fixtures.ledger import Ledger


@pytest.fixture
def used(ledger: Ledger) -> Ledger:
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.transfer(700))
    cancelled = ledger.complete(ledger.cancellation(1_204))
    ledger.complete(ledger.cancellation(96))
    issue_certificate(ledger.registry, cancelled.transaction_id)
    return ledger


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_units_are_balanced_and_each_serial_is_counted_once(used: Ledger) -> None:
    report = make_proof(used.registry)
    assert report.holds
    assert report.balances == (
        UnitBalance("TER", 10_000, 0, held=8_700, cancelled=1_300, retired=0, replaced=0, sent=0),
    )
    (serials,) = report.serials
    assert (serials.unit_type, serials.series, serials.serials) == ("TER", 1, 10_000)
    assert report.certificates.cancellations == 2
    assert (report.certificates.certificates, report.certificates.units) == (1, 1_204)


def test_the_document_says_it_in_both_languages(used: Ledger) -> None:
    note = make_checkpoint(used.registry)
    report = make_proof(used.registry, outside=Outside(read_checkpoint(note)))
    english = words_of(render_proof(report, "en"))
    for words in (
        "Everything that was checked holds",
        "10,000",
        "1,300",
        "Of 2 voluntary cancellations, 1 have a certificate, over 1,204 units",
        "not even by the database’s own administrator",
        note.splitlines()[2],
    ):
        assert words in english, words
    thai = PdfReader(io.BytesIO(render_proof(report, "th")))
    assert thai.metadata is not None
    assert str(thai.metadata.title).startswith(wording.TITLE.th)
    with pytest.raises(UsageError):
        render_proof(report, "both")


def test_every_sentence_is_there_in_both_languages(used: Ledger) -> None:
    report = make_proof(used.registry)
    phrases = [
        wording.verdict(report),
        wording.balances_say(report),
        wording.serials_say(report),
        wording.checkpoint_says(report),
        wording.moment(report.made_at),
        *wording.scope(report),
        *(item for section in wording.sections(report) for item in section.sentences),
    ]
    for phrase in phrases:
        assert phrase.en
        assert phrase.th
        assert phrase.en.isascii() or "“" in phrase.en or "’" in phrase.en
        assert any("\u0e01" <= letter <= "\u0e5b" for letter in phrase.th)


def test_without_a_checkpoint_from_outside_it_says_what_it_cannot_show(used: Ledger) -> None:
    english = words_of(render_proof(make_proof(used.registry), "en"))
    assert "No checkpoint from outside was compared" in english
    assert "The registry has signed no checkpoint yet" in english


def test_what_does_not_hold_is_said_and_nothing_else_claimed(used: Ledger) -> None:
    with UnitOfWork(used.registry.engine) as unit:
        for name in unit.connection.execute(
            text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        ).scalars().all():  # fmt: skip
            unit.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        unit.connection.exec_driver_sql("UPDATE holding SET quantity = quantity + 1")
        unit.commit()
    report = make_proof(used.registry)
    assert not report.holds
    english = words_of(render_proof(report, "en"))
    assert "Something does not hold" in english
    assert "holding of TER" in english
    for claim in ("no two overlap", "Not one appeared", "converts once", "agrees with"):
        assert claim not in english


def test_units_that_do_not_balance_are_shown(used: Ledger) -> None:
    report = make_proof(used.registry)
    wrong = replace(report, balances=(replace(report.balances[0], held=8_699),))
    assert not wrong.holds
    english = words_of(render_proof(wrong, "en"))
    assert "Of TER, 10,000 came and 9,999 are there" in english
    assert "Something does not hold" in english


def scanned(report: ProofReport) -> set[str]:
    content = QByteArray(render_proof(report, "en"))
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    found = set()
    for page in range(document.pageCount()):
        drawn = document.render(page, QSize(1600, 2263))
        image = QImage(drawn.size(), QImage.Format.Format_RGB32)
        image.fill(0xFFFFFFFF)
        painter = QPainter(image)
        painter.drawImage(0, 0, drawn)
        painter.end()
        data = bytes(image.constBits())
        size = (image.width(), image.height())
        picture = Image.frombytes("RGB", size, data, "raw", "BGRX")
        found |= {code.text for code in zxingcpp.read_barcodes(picture)}
    return found


def test_the_printed_code_is_the_checkpoint(used: Ledger, qapp: QGuiApplication) -> None:
    note = make_checkpoint(used.registry)
    assert scanned(make_proof(used.registry)) == {note}


@pytest.mark.both_engines
def test_the_figures_are_the_same_on_either_engine(ledger: Ledger) -> None:
    ledger.complete(ledger.issuance())
    ledger.complete(ledger.transfer(700))
    ledger.complete(ledger.cancellation(1_300))
    ledger.propose(ledger.transfer(50))
    report = make_proof(ledger.registry)
    assert report.holds, report.verification
    assert report.balances == (
        UnitBalance("TER", 10_000, 0, held=8_700, cancelled=1_300, retired=0, replaced=0, sent=0),
    )
    at_once = {(row.account, row.quantity) for row in holdings(ledger.registry)}
    now = ledger.registry.now()
    assert {(row.account, row.quantity) for row in holdings(ledger.registry, at=now)} == at_once
