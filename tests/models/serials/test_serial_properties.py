"""What holds for every serial number, tried on generated ones."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.serials.reading import GRAMMARS, read_serial, read_serial_as
from app.models.serials.serial_range import (
    LARGEST_NUMBER,
    SerialError,
    SerialRange,
    print_from_template,
    print_serial,
    with_range,
)

CAPITALS = string.ascii_uppercase
NAMES = [grammar.name for grammar in GRAMMARS]

codes = st.integers(0, 99999).map(str)
countries = st.text(CAPITALS, min_size=2, max_size=2)
parties = st.text(CAPITALS, min_size=3, max_size=3)
types = st.text(CAPITALS, min_size=2, max_size=8)
years = st.integers(1900, 2099).map(str)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
frees = st.text(string.ascii_letters + string.digits + "._/", max_size=20)
numbers = st.one_of(st.integers(1, 2000), st.integers(1, LARGEST_NUMBER))
ranges = st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))
separators = st.sampled_from([" - ", " – ", " — ", " to ", " … ", "…", " ... ", "  -  "])
widths = st.integers(1, 9)


@st.composite
def verra_texts(draw: st.DrawFn) -> str:
    start, end = draw(ranges)
    width = draw(widths)
    first, last = sorted([draw(days), draw(days)])
    programme = draw(st.sampled_from(["VCS-VCU", "VCU"]))
    kept_by = draw(st.sampled_from(["VER", "MER", "APX"]))
    return (
        f"{draw(codes)}-{start:0{width}}-{end:0{width}}-{programme}-{draw(codes)}-{kept_by}-"
        f"{draw(countries)}-{draw(st.integers(1, 16))}-{draw(codes)}-"
        f"{first:%d%m}{first.year}-{last:%d%m}{last.year}-{draw(st.integers(0, 9))}"
    )


@st.composite
def block_texts(draw: st.DrawFn, before: str) -> str:
    start, end = draw(ranges)
    joint = "-" if before in {"GS1", "domestic"} else " to "
    country, batch, year = draw(countries), draw(codes), draw(years)
    heads = {
        "GS1": f"GS1-1-{country}-GS{draw(codes)}-{draw(codes)}-{year}-{batch}",
        "ACR": f"ACR-{country}-{draw(codes)}-{year}-{batch}",
        "CAR": f"CAR-{draw(st.sampled_from(['', '1-', 'ROC-']))}{country}-{draw(codes)}-"
        f"{draw(codes)}-{draw(codes)}-{draw(countries)}-{year}-{batch}",
        "ART": f"{draw(st.sampled_from(['ART', 'FCPF', 'ISFL']))}-{country}-{batch}-{year}-7",
        "domestic": f"{country}-{draw(types)}-{draw(st.integers(1, 15))}-"
        f"{draw(frees) or '0042'}-{year}-{draw(frees)}",
    }
    return f"{heads[before]}-{start}{joint}{end}"


@st.composite
def cercarbono_texts(draw: st.DrawFn) -> str:
    start, end = draw(ranges)
    middle = draw(st.lists(st.text(CAPITALS + string.digits, min_size=1, max_size=4), max_size=9))
    return f"{'_'.join(['CDC', draw(codes), *middle, draw(years)])},{start - 1},{end}"


@st.composite
def pair_texts(draw: st.DrawFn, before: str, after: str, number_format: str) -> str:
    start, end = draw(ranges)
    first = f"{before}{start:{number_format}}{after}"
    if draw(st.booleans()):
        return first
    return f"{first}{draw(separators)}{before}{end:{number_format}}{after}"


def identifier_parts(grammar: str) -> st.SearchStrategy[str]:
    if grammar == "kyoto":
        return st.tuples(countries, st.integers(1, 7), st.integers(0, 3), codes).flatmap(
            lambda part: pair_texts(f"{part[0]}-{part[1]}-", f"-1-{part[2]}-0-{part[3]}", "")
        )
    if grammar == "itmo":
        return st.tuples(parties, parties, years, st.sampled_from(["", ","])).flatmap(
            lambda part: pair_texts(f"CA0007-{part[0]}01-{part[1]}-", f"-{part[2]}", part[3])
        )
    return st.tuples(countries, types, years, codes, widths).flatmap(
        lambda part: pair_texts("-".join((*part[:4], "1", "")), "", f"0{part[4]}")
    )


texts: dict[str, st.SearchStrategy[str]] = {
    "verra": verra_texts(),
    "gold-standard": block_texts("GS1"),
    "acr": block_texts("ACR"),
    "car": block_texts("CAR"),
    "art": block_texts("ART"),
    "cercarbono": cercarbono_texts(),
    "kyoto": identifier_parts("kyoto"),
    "itmo": identifier_parts("itmo"),
    "domestic": block_texts("domestic"),
    "carbonix": identifier_parts("carbonix"),
}
any_text = st.one_of(list(texts.values()))


def grammars_reading(text: str) -> list[str]:
    names = []
    for name in NAMES:
        try:
            names.append(read_serial_as(name, text).grammar)
        except SerialError:
            continue
    return names


@pytest.mark.parametrize("grammar", NAMES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_printing_gives_back_what_was_read(grammar: str, data: st.DataObject) -> None:
    text = data.draw(texts[grammar])
    serial = read_serial(text)
    assert serial.grammar == grammar
    assert print_serial(serial) == text
    assert grammars_reading(text) == [grammar]


@pytest.mark.parametrize("grammar", NAMES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_sub_range_prints_and_reads_back(grammar: str, data: st.DataObject) -> None:
    block = read_serial(data.draw(texts[grammar]))
    start = data.draw(st.integers(block.start, block.end))
    end = data.draw(st.integers(start, block.end))
    part = with_range(block, start, end)
    printed = print_from_template(block.template, start, end)
    again = read_serial(printed)
    assert printed == print_serial(part)
    assert print_serial(again) == printed
    assert attributes(again) == attributes(part)
    assert attributes(with_range(part, block.start, block.end)) == attributes(block)


@settings(max_examples=150, deadline=None)
@given(first=any_text, second=any_text)
def test_grammars_never_share_a_series(first: str, second: str) -> None:
    one, other = read_serial(first), read_serial(second)
    assert one.grammar == other.grammar or one.series != other.series


@settings(max_examples=200, deadline=None)
@given(
    beginning=st.sampled_from(["", *(grammar.example[:12] for grammar in GRAMMARS)]),
    garbage=st.one_of(st.text(), st.text("0123456789-ACRTHV_ to,…๑"), st.binary().map(repr)),
)
def test_garbage_raises_nothing_but_a_serial_error(beginning: str, garbage: str) -> None:
    check_refused_or_printed_back(beginning + garbage)


@settings(max_examples=200, deadline=None)
@given(text=any_text, data=st.data())
def test_damaged_serial_is_refused_or_printed_as_it_stands(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(["", "0", "9", "-", " ", "A", "๑", "{", "}", "\n"]))
    check_refused_or_printed_back(text[:place] + other + text[place + 1 :])


def check_refused_or_printed_back(text: str) -> None:
    if readers := grammars_reading(text):
        serial = read_serial(text)
        assert readers == [serial.grammar]
        assert print_serial(serial) == text
    else:
        with pytest.raises(SerialError, match=r"\.$") as refused:
            read_serial(text)
        assert len(str(refused.value)) < 1000


def attributes(serial: SerialRange) -> tuple[object, ...]:
    """Return all but the template: a part need not show the padding of the whole."""
    return (
        serial.grammar, serial.series, serial.origin, serial.country, serial.unit_type,
        serial.project, serial.vintage, serial.start, serial.end, serial.details,
    )  # fmt: skip
