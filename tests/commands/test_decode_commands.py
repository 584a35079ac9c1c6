"""`teak decode` by its contract: JSON Lines, counts last, status 1 when anything was dropped."""

from __future__ import annotations

import json
import os
import select
import subprocess
from typing import Any

import pytest

from tests.commands.conftest import TEAK, run_teak
from tests.fixtures.station_samples import CAPTURES, GMP252_REPLY, S8_REPLY, captured

NOTHING = {"checksum": 0, "length": 0, "garbage": 0, "unknown": 0}
FRAME = captured("PMSx003")[0]


def values(line: dict[str, Any]) -> dict[str, Any]:
    return {name: reading["value"] for name, reading in line["readings"].items()}


def test_a_dump_gives_a_line_for_each_frame_and_counts_last() -> None:
    dump = (CAPTURES / "PMSx003.hexdump").read_bytes()
    ran = run_teak("decode", "pms5003", "--hex", "--json", stdin=dump, cold=True)
    *frames, last = ran.lines
    assert ran.status == 0
    assert len(frames) == last["frames"] == 10
    assert last["dropped"] == NOTHING
    assert frames[0]["readings"]["pm2_5"] | {"flag": ""} == {
        "value": 8, "unit": "µg/m³", "flag": "",
    }  # fmt: skip
    assert frames[0]["readings"]["pm2_5_cf1"]["unit"] == "µg/m³"


@pytest.mark.parametrize(
    ("data", "dropped"),
    [
        (FRAME[:-1] + b"\x00", {"checksum": 1}),
        (FRAME[:20], {"length": 1}),
        (b"\x00\x01\x02", {"garbage": 1}),
        (bytes.fromhex("42 4D 00 04 E5 00 01 78"), {"unknown": 1}),
    ],
)
def test_what_is_dropped_is_counted_by_cause(data: bytes, dropped: dict[str, int]) -> None:
    ran = run_teak("decode", "pms5003", "--json", stdin=FRAME + data + FRAME)
    assert ran.status == 1
    assert ran.lines[-1]["frames"] == 2
    assert ran.lines[-1]["dropped"] == NOTHING | dropped
    assert ran.lines[-1]["dropped_bytes"] == len(data)


@pytest.mark.parametrize(
    ("arguments", "data", "expected"),
    [
        (("gmp252", "--request", "F0 03 00 00 00 02 D1 2A"), GMP252_REPLY, {"co2": 465.65997}),
        (("gmp252", "--map", "co2"), GMP252_REPLY, {"co2": 465.65997}),
        (("s8", "--request", "FE04000000 04E5C6"), S8_REPLY, {"co2": 400}),
        (("s8", "--map=-,-,-,co2"), S8_REPLY, {"co2": 400}),
        (("s8", "--map", "skip,skip,-,co2"), S8_REPLY, {"co2": 400}),
        (
            ("sdi12", "--map", "temperature,-,humidity"),
            b"0+3.14+2.718+1.414Ipz\r\n",
            {"temperature": 3.14, "humidity": 1.414},
        ),
        (("windsonic",), b"\x02Q,229,002.74,M,00,\x0316\r\n", {
            "wind_direction": 229, "wind_speed": 2.74,
        }),
    ],
)  # fmt: skip
def test_replies_without_names(
    arguments: tuple[str, ...], data: bytes, expected: dict[str, float]
) -> None:
    ran = run_teak("decode", *arguments, "--json", stdin=data)
    assert (ran.status, values(ran.lines[0])) == (0, expected)


@pytest.mark.parametrize(
    "arguments",
    [
        ("pms9",),
        ("gmp252",),
        ("sdi12",),
        ("s8", "--map", "co2,beauty"),
        ("s8", "--request", "FE 04 zz"),
        ("s8", "--request", "FE 04 00 00 00 04 E5 C7"),
        (),
    ],
)
def test_what_cannot_be_tried_is_said(arguments: tuple[str, ...]) -> None:
    ran = run_teak("decode", *arguments, "--json", stdin=b"")
    assert ran.status == 2
    assert set(ran.json["error"]) == {"code", "message", "hint"}


def test_hex_that_is_none_is_said() -> None:
    ran = run_teak("decode", "pms5003", "--hex", "--json", stdin=b"42 4d\nhello\n")
    assert ran.status == 2
    assert "Line 2" in ran.lines[-1]["error"]["message"]


def test_a_bad_reading_has_no_value_and_a_reason() -> None:
    ran = run_teak("decode", "wxt5xx", "--json", stdin=b"0R5,Th=25.4C,Vh=0.0#\r\n")
    assert ran.lines[0]["readings"]["heater_voltage"] == {
        "value": None, "unit": "V", "flag": "bad", "as_sent": "0.0#",
        "reason": "#: the transmitter marks it invalid",
    }  # fmt: skip


def test_words_for_people() -> None:
    ran = run_teak("decode", "nmea", stdin=b"$WIMWV,39,R,1.3,M,A*06\r\n$WIMWV,39,R,1.3,M,V*11\r\n")
    assert "wind_speed 1.3 m/s" in ran.out
    assert "[bad: status V: not valid]" in ran.out
    assert ran.out.splitlines()[-1].startswith("2 frames; dropped: 0 checksum")


def test_numbers_that_json_has_not_stay_text() -> None:
    line = b"0+" + b"9" * 9 + b"\r\n"
    assert values(run_teak("decode", "sdi12", "--map", "co2", "--json", stdin=line).lines[0]) == {
        "co2": 999_999_999
    }
    huge = b"o3 " + b"9" * 400 + b" ppb\r"
    shown = values(run_teak("decode", "thermo", "--json", stdin=huge).lines[0])["o3"]
    assert shown == int("9" * 400)


def test_nothing_is_no_frame_and_no_loss() -> None:
    ran = run_teak("decode", "toa5", "--json", stdin=b"")
    assert (ran.status, ran.lines) == (0, [{"frames": 0, "dropped": NOTHING, "dropped_bytes": 0}])


def test_a_frame_is_told_when_it_comes() -> None:
    with subprocess.Popen(
        [TEAK, "decode", "pms5003", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(FRAME)
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], 30)
        assert ready
        assert values(json.loads(os.read(process.stdout.fileno(), 65_536)))["pm2_5"] == 8
        process.stdin.close()
        assert process.wait(timeout=30) == 0
