"""`teak quality`: a line for each row, agreement with ioos_qc, mistakes that name their place."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
from ioos_qc import qartod

from tests.commands.conftest import run_teak

RULES = """
[pm2_5]
gross_range = {suspect = [0, 60], fail = [-5, 90]}
spike = {suspect = 15, fail = 40, method = "average"}
rate_of_change = {per_hour = 120}
flat_line = {suspect_h = 0.5, fail_h = 1.0, tolerance = 0.5}
gap = 0.2
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_flags_are_those_of_ioos(tmp_path: Path) -> None:
    chance = random.Random(5)
    times, values, now = [], [], 1_704_067_200
    for _ in range(400):
        now += chance.choice((300, 300, 300, 300, 900))
        times.append(now)
        values.append(chance.choice((20.0, 20.1, 20.0, 35.5, 80.0, 95.0, math.nan)))
    values[100:130] = [20.0] * 30
    lines = [
        f"{np.datetime64(time, 's')}Z,{'' if math.isnan(value) else value}"
        for time, value in zip(times, values, strict=True)
    ]
    file = written(tmp_path, "a.csv", "\n".join(["time,pm2_5", *lines]))
    rules = written(tmp_path, "rules.toml", RULES)
    ran = run_teak(
        "quality", file, "--time", "time", "--value", "pm2_5", "--rules", rules, "--json"
    )
    when = np.array(times, dtype="datetime64[s]")
    theirs: dict[str, Any] = {
        "gross_range": qartod.gross_range_test(values, (-5, 90), (0, 60)),
        "spike": qartod.spike_test(values, 15, 40),
        "rate_of_change": qartod.rate_of_change_test(values, when, 120 / 3600),
        "flat_line": qartod.flat_line_test(values, when, 1800, 3600, 0.5),
    }
    if hasattr(qartod, "time_gap_test"):  # ioos_qc has it from 3.0 on
        theirs["gap"] = qartod.time_gap_test(when, 0.2)
    assert ran.status == 0
    assert [line["row"] for line in ran.lines] == list(range(1, 401))
    for test, flags in theirs.items():
        assert [line["tests"][test] for line in ran.lines] == np.ma.getdata(flags).tolist(), test
    assert {line["flag"] for line in ran.lines} == {"good", "suspicious", "bad"}
    words = {1: "good", 3: "suspicious", 4: "bad", 9: "bad"}
    assert all(line["flag"] == words[line["qartod"]] for line in ran.lines)


def test_several_columns_and_what_cannot_be_read(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "b.csv",
        "time,pm2_5,pm10\n"
        "2024-01-01 07:00,10,20\n2024-01-01 07:05,x,20\n25:00,10,20\n2024-01-01 07:15,-9999\n",
    )
    ran = run_teak(
        *("quality", file, "--time", "time", "--value", "pm2_5", "--value", "pm10"),
        *("--time-zone", "Asia/Bangkok", "--json"),
    )
    assert ran.status == 1
    assert "Row 2, column “pm2_5”: “x”" in ran.err
    assert "Row 3, column “time”: “25:00”" in ran.err
    assert "nobody adopted" in ran.err
    first, second, third, fourth = ran.lines
    assert (first["time"], first["flag"]) == ("2024-01-01T00:00:00Z", "good")
    assert (second["flag"], second["columns"]["pm2_5"]["text"]) == ("bad", "x")
    assert (third["time"], third["tests"]["syntax"]) == (None, 4)
    assert [fourth["columns"][name]["qartod"] for name in ("pm2_5", "pm10")] == [9, 9]
    assert fourth["columns"]["pm2_5"]["text"] == "-9999"


def test_mistakes_are_named(tmp_path: Path) -> None:
    file = written(tmp_path, "c.csv", "time,pm2_5\n2024-01-01T00:00:00Z,1\n")
    rules = written(tmp_path, "r.toml", '[pm2_5]\nnot_above = {column = "pm10"}\n')
    bad = written(tmp_path, "bad.toml", "[pm2_5]\nspike = {suspect = -3}\n")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("time,µg\n".encode("latin-1"))
    start = ("--time", "time", "--value", "pm2_5")
    for arguments, part in (
        ((file, *start, "--rules", rules), "no column “pm10”"),
        ((file, *start, "--rules", bad), "[pm2_5] spike.suspect"),
        ((file, *start, "--rules", tmp_path / "none"), "none"),
        ((file, "--time", "when", "--value", "pm2_5"), "“when”"),
        ((file, "--time", "time", "--value", "dust"), "“dust”"),
        ((file, *start, "--time-zone", "Bangkok"), "“Bangkok”"),
        ((file, *start, "--site", "trang"), "--site"),
        ((file, *start, "--delimiter", ";;"), "“;;”"),
        ((file, *start, "--skip-lines", "-1"), "--skip-lines"),
        ((file, *start, "--skip-lines", "9"), "is empty"),
        ((latin, *start), "UTF-8"),
        ((tmp_path, *start), str(tmp_path)),
        ((tmp_path / "gone.csv", *start), "gone.csv"),
    ):
        ran = run_teak("quality", *arguments, "--json")
        assert ran.status == 2, arguments
        assert part in ran.json["error"]["message"], ran.json


def test_text_for_people(tmp_path: Path) -> None:
    file = written(tmp_path, "d.csv", "x\ntime;pm2_5\n2024-01-01T00:00:00Z;1200\n")
    ran = run_teak(
        *("quality", file, "--time", "time", "--value", "pm2_5", "--delimiter", ";"),
        *("--skip-lines", "1"),
    )
    assert ran.status == 0
    assert "bad  pm2_5: 1200 lies outside 0 – 1000." in ran.out
