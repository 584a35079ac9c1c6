"""What nobody means to type: closed streams, bytes that are no text, keys given twice."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.commands.conftest import TEAK, Desk, run_teak

LATIN = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize(("closed", "status"), [("<&-", 0), (">&-", 1), (">&- 2>&-", 1)])
def test_a_closed_stream_is_an_empty_or_a_deaf_one(closed: str, status: int) -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", f"'{TEAK}' serial parse --json {closed}"],
        input=b"not a serial\n",
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (status, b"", b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ("approve", LATIN, "--as", "approver"),
        ("account", "suspend", "TH-100-1000-0-68", "--reason", LATIN, "--as", "admin"),
        ("accounts", "--after", LATIN),
        ("accounts", "--registry", f"/{LATIN}.teak"),
    ],
)
def test_an_argument_that_is_no_text_is_refused_by_name(arguments: tuple[str, ...]) -> None:
    ran = run_teak(*arguments, "--json")
    assert ran.status == 2
    assert ran.json["error"]["code"] == "usage"
    assert "UTF-8" in ran.json["error"]["message"]


def test_half_a_surrogate_pair_in_the_input_is_told_in_json(desk: Desk) -> None:
    ran = desk.teak("preview", "transfer", "--input", "-", "--json", stdin=b'{"\\udc00": 1}')
    assert ran.status == 2
    assert ran.json["error"]["code"] == "usage"


def test_a_key_given_twice_is_refused(desk: Desk) -> None:
    act = {"from": desk.forest, "to": desk.green, "unit_type": "TER", "quantity": 5}
    twice = json.dumps(act).replace("{", '{"quantity": 500, ')
    ran = desk.teak("preview", "transfer", "--input", "-", "--json", stdin=twice)
    assert ran.status == 2
    assert "“quantity” is given twice" in ran.json["error"]["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("accounts", "--registry", "~nobody-here/a.teak"),
        ("certificate", "verify", "~nobody-here/a.pdf"),
    ],
)
def test_the_home_of_nobody_is_no_place(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = run_teak(*arguments, "--json", environment={"HOME": str(tmp_path)})
    assert ran.status == 2
    assert ran.json["error"]["code"] == "usage"
