"""Lines break where a reader would break them, and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.certificates.line_breaks import wrap, wrap_evenly
from app.services.certificates.typefaces import printable, text_width

THAI = "บริษัท ศูนย์วิจัยและพัฒนาพลังงานหมุนเวียนเพื่อความยั่งยืนของชุมชนลุ่มน้ำ จำกัด (มหาชน)"


def squeezed(lines: list[str]) -> str:
    return "".join(lines).replace(" ", "")


@pytest.mark.parametrize("width", [60, 90, 150, 300])
@pytest.mark.parametrize(
    "text",
    [
        THAI,
        "臺灣綠色能源股份有限公司國際環境服務事業部",
        "9876-123456789-123456800-VCU-034-APX-ID-1234-01012015-31122015-0",
        "The Society of Ünïted Pe\u0301rsons",
    ],
)
def test_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    for lines in (wrap(text, "Regular", 10, width), wrap_evenly(text, "Regular", 10, width)):
        assert all(text_width(line, "Regular", 10) <= width for line in lines)
        assert squeezed(lines) == squeezed([printable(text)])


def test_thai_breaks_between_words_only() -> None:
    lines = wrap("โครงการป่าชุมชนบ้านห้วยสักเพื่อความยั่งยืน", "Regular", 10, 75)
    words = {"โครงการ", "ป่า", "ชุมชน", "บ้าน", "ห้วย", "สัก", "เพื่อ", "ความ", "ยั่งยืน"}
    assert len(lines) > 2
    for line in lines:
        assert any(line.startswith(word) for word in words), line
        assert any(line.endswith(word) for word in words), line


@given(
    st.text(st.sampled_from("กขปเแโใไะาำิีึืุู่้๊๋์็ฯๆ"), min_size=1, max_size=12),
    st.floats(min_value=80, max_value=120),
)
def test_no_line_begins_with_a_mark(text: str, width: float) -> None:
    lines = wrap(text, "Regular", 10, width)
    assert squeezed(lines) == squeezed([printable(text)])
    for line in lines[1:]:
        assert line[0] not in "ะาำิีึืุู่้๊๋์็ฯๆ"


@pytest.mark.parametrize("text", ["." * 300, "ๆ" * 300, "(" * 300, "ก" * 300, "W" * 300])
def test_one_endless_letter_still_breaks(text: str) -> None:
    lines = wrap(text, "Regular", 10, 100)
    assert "".join(lines) == text
    assert all(text_width(line, "Regular", 10) <= 100 for line in lines)


def test_even_lines_are_as_few_and_more_alike() -> None:
    plain, even = wrap(THAI, "Regular", 10, 250), wrap_evenly(THAI, "Regular", 10, 250)
    assert len(even) == len(plain) == 2

    def spread(lines: list[str]) -> float:
        widths = [text_width(line, "Regular", 10) for line in lines]
        return max(widths) - min(widths)

    assert spread(even) < spread(plain)


def test_brackets_stay_with_what_they_hold() -> None:
    for width in range(40, 200, 7):
        for line in wrap("จำกัด (มหาชน) สาขา (กรุงเทพ)", "Regular", 10, width):
            assert not line.endswith("(")
            assert not line.startswith(")")
