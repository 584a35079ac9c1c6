"""Quality rules from a TOML file: a table per column, a column's own for one site.

Owns the written form and its mistakes, each named by table and key; must not judge readings.

    [pm2_5]
    gross_range = { suspect = [0, 250], fail = [0, 1000] }
    spike = { suspect = 30, fail = 100, method = "average" }
    [site.trang.pm2_5]
    rate_of_change = { per_hour = 800 }
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

from app.models.errors import UsageError
from app.models.resource_files import resource_path
from app.services.quality.rules import (
    REAL_TIME_TESTS,
    Agreement,
    ColumnRules,
    FlatLine,
    Gap,
    GrossRange,
    NotAbove,
    RateOfChange,
    RuleSet,
    Span,
    Spike,
    WindConsistency,
)

SITE = "site"
MISSING_CODES = "missing"
_GAP_H = 2.0
_FORMS: Mapping[str, Any] = {
    "gross_range": GrossRange,
    "spike": Spike,
    "rate_of_change": RateOfChange,
    "flat_line": FlatLine,
    "gap": Gap,
    "not_above": NotAbove,
    "wind_consistency": WindConsistency,
    "agreement": Agreement,
}


class BadRules(UsageError):
    """The file of quality rules cannot be understood; it names where."""

    code = "bad-quality-rules"


def load_proposed_rules() -> RuleSet:
    """Read the rules Teak proposes, by channel; nobody adopted them yet."""
    return replace(
        read_rule_file(resource_path("quality", "proposed-rules.toml")), is_proposal=True
    )


def read_rule_file(path: Path, *, site: str | None = None) -> RuleSet:
    """Read rules from a file, a site's own over the general ones; BadRules when it is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadRules(f"The rules “{path}” cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadRules(f"The rules “{path}” are not UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"The rules “{path}” are not TOML: {error}.") from None
    return read_rules(content, site=site)


def read_rules(content: Mapping[str, Any], *, site: str | None = None) -> RuleSet:
    """Read rules from what a TOML file holds; BadRules names table and key."""
    sites = content.get(SITE, {})
    if not isinstance(sites, dict):
        raise BadRules(f"[{SITE}] holds a table per site, not {sites!r}.")
    columns = {name: _table(name, table) for name, table in content.items() if name != SITE}
    if site is not None:
        if site not in sites:
            known = ", ".join(sites) or "none"
            raise BadRules(f"The rules know no site “{site}”.", hint=f"Sites there: {known}.")
        for name, table in _table(f"{SITE}.{site}", sites[site]).items():
            columns[name] = {**columns.get(name, {}), **_table(f"{SITE}.{site}.{name}", table)}
    return RuleSet({name: _column(name, table) for name, table in columns.items()})


def _table(name: str, table: Any) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise BadRules(
            f"“{name}” is {table!r}, not a table of tests.",
            hint=f"Write [{name}] and the tests below it.",
        )
    return table


def _column(name: str, table: Mapping[str, Any]) -> ColumnRules:
    known = (*REAL_TIME_TESTS, MISSING_CODES)
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        raise BadRules(f"[{name}] asks for “{unknown}”.", hint=f"Known are {', '.join(known)}.")
    tests = {
        test: _settings(f"[{name}] {test}", test, table[test])
        for test in REAL_TIME_TESTS
        if test in table
    }
    if MISSING_CODES in table:
        codes = table[MISSING_CODES]
        if not isinstance(codes, list):
            raise BadRules(f"[{name}] {MISSING_CODES} is {codes!r}, not a list of numbers.")
        tests[MISSING_CODES] = tuple(_number(f"[{name}] {MISSING_CODES}", code) for code in codes)
    return ColumnRules(**tests)


def _settings(place: str, test: str, written: Any) -> Any:
    if test == "gap" and not isinstance(written, dict):
        # A bare number is hours; a bare “true” the two hours of ioos_qc.
        written = {"fail_h": _GAP_H if written is True else written}
    if not isinstance(written, dict):
        raise BadRules(f"{place} is {written!r}, not a table of settings.")
    form = _FORMS[test]
    keys = [item.name for item in fields(form)]
    unknown = next((key for key in written if key not in keys), None)
    if unknown is not None:
        raise BadRules(f"{place} has “{unknown}”.", hint=f"Known are {', '.join(keys)}.")
    read = {key: _read_setting(test, key, place, value) for key, value in written.items()}
    wanting = [
        item.name for item in fields(form) if item.default is MISSING and item.name not in read
    ]
    if wanting:
        raise BadRules(f"{place} says nothing of {' and '.join(wanting)}.")
    settings = form(**read)
    _require_threshold(place, settings)
    _require_nested_spans(place, settings)
    return settings


def _read_setting(test: str, key: str, place: str, value: Any) -> Any:
    reader = _READERS.get((test, key))
    return (reader or _not_negative)(f"{place}.{key}", value)


def _require_threshold(place: str, settings: Any) -> None:
    """Refuse a test that could never say anything."""
    thresholds = [
        getattr(settings, item.name)
        for item in fields(settings)
        if item.name in ("suspect", "fail", "suspect_h", "fail_h")
    ]
    if thresholds and all(threshold is None for threshold in thresholds):
        raise BadRules(f"{place} has no threshold.", hint="Give suspect, fail or both.")


def _require_nested_spans(place: str, settings: Any) -> None:
    if isinstance(settings, GrossRange) and settings.suspect and settings.fail:
        (low, high), (least, most) = settings.suspect, settings.fail
        if low < least or high > most:
            raise BadRules(
                f"{place}: suspect {low:g} to {high:g} reaches outside fail {least:g} to {most:g}.",
                hint="What fails must lie outside what is suspect.",
            )


def _number(place: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadRules(f"{place} is {value!r}, not a number.")
    return float(value)


def _not_negative(place: str, value: Any) -> float:
    number = _number(place, value)
    if number < 0:
        raise BadRules(f"{place} is {number:g}; a threshold is not below zero.")
    return number


def _span(place: str, value: Any) -> Span:
    if not isinstance(value, list) or len(value) != 2:
        raise BadRules(f"{place} is {value!r}, not two numbers in brackets.")
    low, high = sorted(_number(place, bound) for bound in value)
    return low, high


def _method(place: str, value: Any) -> str:
    if value not in ("average", "differential"):
        raise BadRules(f"{place} is {value!r}.", hint="Write “average” or “differential”.")
    return str(value)


def _name(place: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise BadRules(f"{place} is {value!r}, not the name of a column.")
    return value


def _names(place: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise BadRules(f"{place} is {value!r}, not a list of columns.")
    return tuple(_name(place, name) for name in value)


def _yes_or_no(place: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRules(f"{place} is {value!r}, not true or false.")
    return value


_READERS: Mapping[tuple[str, str], Callable[[str, Any], Any]] = {
    ("gross_range", "suspect"): _span,
    ("gross_range", "fail"): _span,
    ("spike", "method"): _method,
    ("not_above", "column"): _name,
    ("wind_consistency", "direction"): _name,
    ("wind_consistency", "zero_without_direction"): _yes_or_no,
    ("agreement", "columns"): _names,
}
