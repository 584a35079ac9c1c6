"""What stands on the pages, as a reader of the file finds it."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from app.models.errors import UsageError
from app.services.certificates.certificate import make_certificate
from app.services.certificates.statement import Holder, SerialRange, Statement
from tests.fixtures.certificate_samples import KEY, sample_ranges, sample_statement

LONG_TH = "ศูนย์วิจัยและพัฒนาพลังงานหมุนเวียนเพื่อความยั่งยืนของชุมชนลุ่มน้ำเจ้าพระยา "
LONG_EN = "The Consortium for Renewable Energy and Watershed Development of the Lower Basin "


def reader_of(statement: Statement, language: str = "both") -> PdfReader:
    return PdfReader(io.BytesIO(make_certificate(statement, KEY, language)))


def text_of(reader: PdfReader, page: int = 0) -> str:
    return reader.pages[page].extract_text()


def test_page_one_says_all(certificate_pdf: bytes) -> None:
    text = text_of(PdfReader(io.BytesIO(certificate_pdf)))
    for said in (
        "ทะเบียนคาร์บอนเครดิตแห่งประเทศไทย",
        "Thailand Carbon Credit Registry",
        "ใบรับรองการชดเชยคาร์บอน",
        "CERTIFICATE OF CARBON OFFSET",
        "บริษัท กรีนไทย จำกัด",
        "Green Thai Co., Ltd.",
        "1,204 tCO2e",
        "หนึ่งพันสองร้อยสี่ตันคาร์บอนไดออกไซด์เทียบเท่า",
        "One thousand, two hundred and four tonnes of carbon dioxide equivalent",
        "บริษัท น้ำมันแห่งภาคใต้ จำกัด (มหาชน)",
        "กรุงเทพฮาล์ฟมาราธอน 2569",
        "TH-TER-14-0042-2024--6797-8000",
        "0042 Ban Huai Sak Community Forest",
        "TER · Forestry",
        "2024",
        "TH-OC-2026-002106",
        "2026-11-20",
        "20 พฤศจิกายน พ.ศ. 2569",
        "20 November 2026 (B.E. 2569)",
        "1,204,331",
        "TH-100-1042-0-52",
    ):
        assert said in text, said


@pytest.mark.parametrize("text", ["โครงการป่าชุมชน ฝ้าย ปี่ญี่ปุ่น ฟ้าใส ป้ำ ผู้ป่วย กู้ภัย ฎุฏู"])
def test_thai_is_found_as_it_was_written_by_both_readers(text: str) -> None:
    pdf = make_certificate(sample_statement(purpose=text), KEY)
    assert text in text_of(PdfReader(io.BytesIO(pdf)))
    assert text in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()


def test_languages_keep_to_themselves() -> None:
    statement = sample_statement(beneficiary=None, purpose=None)
    thai, english = text_of(reader_of(statement, "th")), text_of(reader_of(statement, "en"))
    assert "This certifies" not in thai
    assert "Green Thai" not in thai
    assert "ขอรับรองว่า" in thai
    assert "ขอรับรองว่า" not in english
    assert "กรีนไทย" not in english
    assert "Certificate of Carbon Offset" in english


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="'fr'"):
        make_certificate(sample_statement(), KEY, "fr")


@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_title_language_and_metadata(language: str) -> None:
    reader = reader_of(sample_statement(), language)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == ("en-GB" if language == "en" else "th-TH")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    information = reader.metadata
    assert information is not None
    assert information.title is not None
    assert information.author is not None
    assert "TH-OC-2026-002106" in information.title
    assert ("ใบรับรอง" in information.title) == (language != "en")
    assert information.creation_date == sample_statement().issued_at
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert xmp.dc_title == {"x-default": information.title}
    assert xmp.dc_language == [root["/Lang"]]


def test_every_font_is_embedded_and_cut_to_its_glyphs() -> None:
    reader = reader_of(sample_statement(3, beneficiary="臺灣綠色能源 (国际)"))
    fonts: Any = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = set()
    for font in (reference.get_object() for reference in fonts.values()):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        tag, _, name = str(font["/BaseFont"]).lstrip("/").partition("+")
        names.add(name)
        assert len(tag) == 6
        assert tag.isupper()
        file = descriptor["/FontFile2"].get_object().get_data()
        assert len(file) == descriptor["/FontFile2"].get_object()["/Length1"]
        assert len(file) < 40_000
        assert "/ToUnicode" in font
    assert names == {"Sarabun-Regular", "Sarabun-Medium", "Sarabun-SemiBold", "NotoSansSC-Medium"}


@pytest.mark.parametrize(("ranges", "pages"), [(1, 1), (30, 2), (400, 14)])
def test_ranges_flow_over_pages(ranges: int, pages: int) -> None:
    reader = reader_of(sample_statement(ranges))
    assert len(reader.pages) == pages
    texts = [text_of(reader, page) for page in range(pages)]
    whole = "\n".join(texts)
    for each in sample_ranges(ranges):
        assert whole.count(each.serial) == 1
    for number, text in enumerate(texts, start=1):
        assert "TH-OC-2026-002106" in text
        assert (f"Page {number} / {pages}" in text) == (pages > 1)
    assert ("Total" in whole) == (ranges > 1)
    assert texts[-1].count(f"{ranges * 1204:,}") >= 1


def test_absent_parts_leave_no_label() -> None:
    text = text_of(reader_of(sample_statement(beneficiary=None, purpose=None), "en"))
    lines = text.splitlines()
    assert "on behalf of" not in lines
    assert "for" not in lines
    full = text_of(reader_of(sample_statement(), "en")).splitlines()
    assert "on behalf of" in full
    assert "for" in full


@pytest.mark.parametrize("times", [2, 4, 8])
def test_long_names_wrap_and_nothing_is_lost(times: int) -> None:
    names = {
        "holder": Holder("TH-100-1042-0-52", LONG_EN * times, LONG_TH * times),
        "beneficiary": LONG_TH * times + "ผู้รับ",
        "purpose": LONG_EN * times + "goal",
    }
    pdf = make_certificate(sample_statement(2, **names), KEY)
    reader = PdfReader(io.BytesIO(pdf))
    whole = "".join("".join(page.extract_text().split()) for page in reader.pages)
    for name in (LONG_EN * times, LONG_TH * times, names["beneficiary"], names["purpose"]):
        assert "".join(str(name).split()) in whole
    for page in pypdfium2.PdfDocument(pdf):
        assert_inside_the_frame(page)


def assert_inside_the_frame(page: pypdfium2.PdfPage) -> None:
    """See that the band between frame and text is bare at the sides of the page."""
    picture = page.render(scale=1).to_pil().convert("L")
    for left, right in ((50, 66), (530, 545)):
        band = picture.crop((left, 60, right, 780))
        assert band.getextrema() == (255, 255)


def test_page_one_never_runs_into_its_foot() -> None:
    names = {
        "holder": Holder("TH-100-1042-0-52", LONG_EN * 20, LONG_TH * 20),
        "beneficiary": LONG_TH * 20,
        "purpose": LONG_EN * 20,
    }
    pdf = make_certificate(sample_statement(5, **names), KEY)
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=1).to_pil().convert("L")
    # Between the last line of the body and the foot's first there is a bare band.
    rows = [picture.crop((68, row, 300, row + 1)).getextrema()[0] > 250 for row in range(620, 660)]
    assert any(all(rows[start : start + 3]) for start in range(len(rows) - 3))


def test_odd_characters_are_shown_by_their_code() -> None:
    text = text_of(reader_of(sample_statement(beneficiary="Tree \U0001f333 Łódź 臺灣")))
    assert "Tree [U+1F333] Łódź 臺灣" in text


def test_energy_certificates_speak_of_energy() -> None:
    text = text_of(reader_of(sample_statement(measure="toe", unit_type="EPC"), "en"))
    assert "1,204 toe" in text
    assert "tonnes of oil equivalent" in text
    assert "carbon" not in text.replace("Carbon Credit Registry", "").lower()


def test_foreign_serials_and_great_numbers_fit() -> None:
    serial = "9876-123456789-123456800-VCU-034-APX-ID-1234-01012015-31122015-0"
    great = SerialRange(serial, 1, 123_456_789_012, "1234", "Rimba Raya", None, None)
    pdf = make_certificate(sample_statement(serials=(great,)), KEY)
    text = "".join(text_of(PdfReader(io.BytesIO(pdf))).split())
    assert serial in text
    assert "123,456,789,012" in text
    assert_inside_the_frame(pypdfium2.PdfDocument(pdf)[0])
