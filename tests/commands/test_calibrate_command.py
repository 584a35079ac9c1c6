"""`teak calibrate`: figures as the contract names them, verdicts, mistakes by row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from GTC import type_a

from tests.commands.conftest import run_teak

POINTS = "gas,shown,u_gas,u_shown\n0,3,1,2\n400,411,4,2\n1000,1018,10,3\n1800,1829,18,4\n"
CONTRACT = {
    *("n", "slope", "intercept", "u_slope", "u_intercept", "covariance", "r2", "rmse"),
    *("nrmse", "bias", "accuracy", "verdict"),
}
LINE = ("--reference", "gas", "--measured", "shown")
BOTH = (*LINE, "--u-reference", "u_gas", "--u-measured", "u_shown")


@pytest.fixture
def points(tmp_path: Path) -> Path:
    path = tmp_path / "points.csv"
    path.write_text(POINTS, encoding="utf-8")
    return path


def test_least_squares(points: Path) -> None:
    ran = run_teak("calibrate", points, *LINE, "--json")
    assert ran.status == 0
    assert set(ran.json) >= CONTRACT
    x, y = [0, 400, 1000, 1800], [3, 411, 1018, 1829]
    intercept, slope = type_a.line_fit(x, y).a_b
    assert ran.json["slope"] == pytest.approx(slope.x, rel=1e-9)
    assert ran.json["u_intercept"] == pytest.approx(intercept.u, rel=1e-9)
    errors = [3, 11, 18, 29]
    assert ran.json["bias"] == pytest.approx(sum(errors) / 4)
    assert ran.json["rmse"] == pytest.approx((sum(error**2 for error in errors) / 4) ** 0.5)
    assert ran.json["nrmse"] == pytest.approx(ran.json["rmse"] / 800)
    shares = [1 - 11 / 400, 1 - 18 / 1000, 1 - 29 / 1800]
    assert ran.json["accuracy"] == pytest.approx(100 * sum(shares) / 3)
    assert (ran.json["n"], ran.json["verdict"], ran.json["method"]) == (4, None, "least-squares")


def test_errors_in_both_axes(points: Path) -> None:
    ran = run_teak("calibrate", points, *BOTH, "--json", "--floor", "500")
    assert ran.json["method"] == "errors-in-both-axes"
    fitted = type_a.line_fit_wtls(
        *([0, 400, 1000, 1800], [3, 411, 1018, 1829]), *([1, 4, 10, 18], [2, 2, 3, 4])
    )
    assert ran.json["slope"] == pytest.approx(fitted.a_b.b.x, rel=1e-6)
    assert ran.json["u_slope"] == pytest.approx(fitted.a_b.b.u, rel=0.01)
    assert ran.json["covariance"] < 0
    assert (ran.json["accuracy_pairs"], ran.json["below_floor"]) == (2, 2)


@pytest.mark.parametrize(
    ("options", "status", "verdict"),
    [
        (("--tolerance", "29"), 0, "pass"),
        (("--tolerance", "28.9"), 1, "fail"),
        ((*BOTH[4:], "--tolerance", "29", "--decision", "guard-band"), 1, "fail"),
        ((*BOTH[4:], "--tolerance", "70", "--decision", "guard-band"), 0, "pass"),
    ],
)
def test_verdict(points: Path, options: tuple[str, ...], status: int, verdict: str) -> None:
    ran = run_teak("calibrate", points, *LINE, *options, "--json")
    assert (ran.status, ran.json["verdict"]) == (status, verdict)
    assert ran.json["worst"]["error"] == 29


def test_text_for_people(points: Path) -> None:
    ran = run_teak("calibrate", points, *LINE, "--tolerance", "29")
    assert "slope" in ran.out
    assert "verdict             pass" in ran.out


@pytest.mark.parametrize(
    ("text", "options", "part"),
    [
        ("gas,shown\n", LINE, "0 points"),
        ("gas,shown\n1,2\n", LINE, "1 points"),
        ("gas,shown\n5,2\n5,3\n5,4\n", LINE, "are 5"),
        ("gas,shown\n1,2\n2,NaN\n3,4\n", LINE, "Row 2, column “shown”: “NaN”"),
        ("gas,shown\n1,2\n2,\n3,4\n", LINE, "Row 2, column “shown”: is empty"),
        ("gas,shown\n1,2\n2\n3,4\n", LINE, "Row 2, column “shown”: is empty"),
        ("gas,shown\n1,2\n2,-9999\n3,4\n", LINE, "“-9999” is no value"),
        ("gas,shown\n1,2\nx,3\n3,4\n", LINE, "Row 2, column “gas”: “x”"),
        (POINTS.replace("10,3", "10,-3"), BOTH, "Row 3, column “u_shown”: -3"),
        (POINTS.replace("4,2", "0,0"), BOTH, "Point 2 has no uncertainty"),
        (POINTS, ("--reference", "gas", "--measured", "zero"), "no column “zero”"),
        (POINTS, (*LINE, "--tolerance", "-1"), "tolerance -1"),
        (POINTS, (*LINE, "--tolerance", "nan"), "tolerance nan"),
        (POINTS, (*LINE, "--floor", "inf"), "--floor"),
        (POINTS, (*LINE, "--decision", "guard-band"), "--tolerance"),
        (POINTS, (*LINE, "--tolerance", "9", "--decision", "guard-band"), "--u-reference"),
    ],
)
def test_mistakes_name_the_value(
    tmp_path: Path, text: str, options: tuple[str, ...], part: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    ran = run_teak("calibrate", path, *options, "--json")
    assert ran.status == 2
    assert part in ran.json["error"]["message"]
    assert part in ran.err


def test_rows_with_a_missing_value_are_left_out_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("gas,shown\n1,2\n2,\n3,4\n4,-200\n5,6\n", encoding="utf-8")
    ran = run_teak("calibrate", path, *LINE, "--skip-missing", "--json")
    assert (ran.status, ran.json["n"], ran.json["left_out"]) == (0, 3, 2)
