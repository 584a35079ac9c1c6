"""SDI-12 1.4: the examples of 4.4.12 and of a sensor's manual."""

from __future__ import annotations

import pytest

from app.hardware.channels import Channel
from app.hardware.crc16 import sdi12_crc
from app.hardware.decoding import Cause, Flag
from app.hardware.protocols import make_decoder, sdi12

THREE = [Channel.TEMPERATURE, Channel.HUMIDITY, Channel.PRESSURE]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("0+3.14", "OqZ"), ("0r1", "Goe"), ("0r2", "Gje"), ("0r3", "Kid"), ("0r5", "Kcd"),
        ("0r", "BVT"), ("0r0", "Kld"), ("0tX,Use chksum Goe", "IU~"),
        ("0+3.14+2.718+1.414", "Ipz"),
        ("0r1,Dn=236D,Dm=283D,Dx=031D,Sn=0.0M,Sm=1.0M,Sx=2.2M", "J\\Y"),
    ],
)  # fmt: skip
def test_the_three_letters_of_the_standard_and_of_vaisala(text: str, letters: str) -> None:
    assert sdi12_crc(text.encode()) == letters.encode()


@pytest.mark.parametrize(
    ("reply", "values"),
    [
        ("0+3.14OqZ", ["3.14"]),
        ("0+3.14+2.718+1.414Ipz", ["3.14", "2.718", "1.414"]),
        ("5+0.00180+26.15", ["0.00180", "26.15"]),
        ("0D0!0+3.14OqZ", ["3.14"]),
        ("a-12-.5", ["-12", "-0.5"]),
    ],
)
def test_values_are_named_in_their_order(reply: str, values: list[str]) -> None:
    decoder = make_decoder("sdi12", channels=THREE)
    (frame,) = decoder.feed(reply.encode() + b"\r\n")
    read = [(reading.channel, str(reading.value)) for reading in frame.readings]
    assert read == list(zip(THREE, values, strict=False))
    assert {reading.flag for reading in frame.readings} == {Flag.GOOD}


def test_values_beyond_the_names_are_not_lost() -> None:
    decoder = make_decoder("sdi12", channels=[None, Channel.HUMIDITY])
    (frame,) = decoder.feed(b"1+20.5+60+7\r\n")
    assert [str(reading.value) for reading in frame.readings] == ["60"]
    assert dict(frame.details) == {"address": "1", "value_1": "+20.5", "value_3": "+7"}


@pytest.mark.parametrize(
    ("reply", "request_text", "cause"),
    [
        ("0+3.14OqY", None, Cause.CHECKSUM),
        ("0+3.14Oq", None, Cause.CHECKSUM),
        ("0+3.14", b"0MC!", Cause.CHECKSUM),
        ("0+3.14", b"0RC0!", Cause.CHECKSUM),
        ("hello world, this is", None, Cause.UNKNOWN),
        ("\x7f\xff+\x01", None, Cause.GARBAGE),
        ("0+3.1A4+5", None, Cause.LENGTH),
    ],
)
def test_broken_replies(reply: str, request_text: bytes | None, cause: Cause) -> None:
    decoder = make_decoder("sdi12", request=request_text, channels=THREE)
    assert decoder.feed(reply.encode("latin-1") + b"\r\n") == []
    assert decoder.dropped.by_cause()[cause] == decoder.dropped.total == 1


def test_other_replies_say_what_they_promise() -> None:
    decoder = make_decoder("sdi12", channels=THREE)
    promise, concurrent, identity, ready = decoder.feed(
        b"50012\r\n500512\r\n013NRSYSINC1000001.2abc\r\n5\r\n"
    )
    assert dict(promise.details) == {"address": "5", "wait_s": 1, "values": 2}
    assert concurrent.details["values"] == 12
    assert (identity.kind, identity.details["vendor"]) == ("identity", "NRSYSINC")
    assert (ready.kind, ready.details["address"]) == ("ready", "5")


@pytest.mark.parametrize("code", ["-9999", "-200"])
def test_codes_for_no_value_are_kept_and_bad(code: str) -> None:
    decoder = make_decoder("sdi12", channels=THREE)
    (frame,) = decoder.feed(f"0{code}+5\r\n".encode())
    first, second = frame.readings
    assert (str(first.value), first.flag, bool(first.reason)) == (code, Flag.BAD, True)
    assert second.flag is Flag.GOOD


def test_a_last_line_without_end_or_check_is_doubted() -> None:
    decoder = make_decoder("sdi12", channels=THREE)
    assert decoder.feed(b"0+3.14+2.7") == []
    (frame,) = decoder.finish()
    assert [reading.flag for reading in frame.readings] == [Flag.GOOD, Flag.SUSPICIOUS]
    checked = make_decoder("sdi12", channels=THREE)
    checked.feed(b"0+3.14OqZ")
    assert checked.finish()[0].readings[0].flag is Flag.GOOD


def test_commands() -> None:
    assert sdi12.address_request() == b"?!"
    assert sdi12.identity_request("5") == b"5I!"
    assert sdi12.measure_request("5", checked=False) == b"5M!"
    assert sdi12.measure_request("5") == b"5MC!"
    assert sdi12.data_request("5") == b"5D0!"
    assert sdi12.continuous_request("a", 3) == b"aRC3!"
    assert sdi12.change_address_request("0", to="7") == b"0A7!"
    for wrong in ("", "12", "é", "!"):
        with pytest.raises(ValueError, match="address"):
            sdi12.identity_request(wrong)
    with pytest.raises(ValueError, match="10"):
        sdi12.data_request("0", 10)
