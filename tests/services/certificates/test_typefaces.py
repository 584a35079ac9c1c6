"""Shaping: Thai marks in their place, Chinese by fallback, nothing unseen."""

from __future__ import annotations

import pytest

from app.services.certificates.typefaces import (
    face,
    printable,
    shape,
)


def test_a_tone_mark_moves_left_of_a_tall_consonant() -> None:
    def offset(syllable: str) -> float:
        return next(glyph.x_offset for glyph in shape(syllable).runs[0].glyphs if "่" in glyph.text)

    assert offset("ปี่") < offset("ตี่") - 50


def test_sara_am_stacks_its_circle_under_the_tone_mark() -> None:
    glyphs = shape("น้ำ").runs[0].glyphs
    # The face has one glyph for circle and tone mark together; it stands over the first letter.
    assert "".join(glyph.text for glyph in glyphs) == "น้ำ"
    assert [glyph.advance > 0 for glyph in glyphs] == [True, False, True]


@pytest.mark.parametrize("weight", ["Regular", "Medium", "SemiBold", "Bold"])
def test_chinese_comes_from_the_fallback_and_nothing_is_a_box(weight: str) -> None:
    text = "บริษัท 臺灣綠色能源 国际 (Łódź Việt)"
    runs = shape(text, weight).runs
    assert [run.face for run in runs] == [
        f"Sarabun-{weight}",
        "NotoSansSC-Medium",
        f"Sarabun-{weight}",
        "NotoSansSC-Medium",
        f"Sarabun-{weight}",
    ]
    assert all(glyph.number != 0 for run in runs for glyph in run.glyphs)
    assert "".join(glyph.text for run in runs for glyph in run.glyphs) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Tree \U0001f333\ufe0f!", "Tree [U+1F333]!"),
        ("한", "[U+D55C]"),
        ("two\nlines\tand\u200bhere\x07", "two lines andhere"),
        ("\u202eright to left\u202c", "right to left"),
        ("e\u0301", "é"),
    ],
)
def test_odd_characters_are_written_not_lost(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert all(glyph.number for run in shape(text).runs for glyph in run.glyphs)


def test_faces_are_opened_once() -> None:
    assert face("Sarabun-Regular") is face("Sarabun-Regular")
