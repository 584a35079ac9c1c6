"""The proposed rules held to what a sensor can tell apart: its resolution.

Owns that adjustment and the documented resolutions; thresholds somebody adopted are never
touched. A step of one or two of a sensor's own units says nothing of the air, however fast it came.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from app.models.resource_files import resource_path
from app.services.quality.rules import ColumnRules, FlatLine, Spike

STEPS = 2
"""So many units of resolution are never suspicious by rate or spike."""
_ROUNDING = 1 + 1e-6
"""Two steps of 0.1 may come to a little more than 0.2 in binary."""


def documented_resolution(protocol: str, channel: str) -> float | None:
    """Give the step by which what a device sends can change, in the channel's unit, if known."""
    return _documented().get(protocol, {}).get(channel)


def respect_resolution(rules: ColumnRules, resolution: float | None) -> ColumnRules:
    """Widen proposed thresholds that are finer than a sensor can tell; None: unknown, as they are.

    Rate and spike pass two steps; a flat line gets as many times longer as a step is coarser than
    its tolerance.
    """
    if not resolution:
        return rules
    steps = STEPS * resolution * _ROUNDING
    rate, spike, flat = rules.rate_of_change, rules.spike, rules.flat_line
    return replace(
        rules,
        rate_of_change=None if rate is None else replace(rate, least=max(rate.least, steps)),
        spike=None if spike is None else _wider(spike, steps),
        flat_line=None if flat is None else _longer(flat, resolution),
    )


def _wider(spike: Spike, steps: float) -> Spike:
    suspect, fail = (
        None if threshold is None else max(threshold, steps)
        for threshold in (spike.suspect, spike.fail)
    )
    return replace(spike, suspect=suspect, fail=fail)


def _longer(flat: FlatLine, resolution: float) -> FlatLine:
    if not flat.tolerance or resolution <= flat.tolerance:
        return flat
    times = resolution / flat.tolerance
    suspect_h, fail_h = (
        None if hours is None else hours * times for hours in (flat.suspect_h, flat.fail_h)
    )
    return replace(flat, suspect_h=suspect_h, fail_h=fail_h)


@cache
def _documented() -> Mapping[str, Mapping[str, float]]:
    path = resource_path("quality", "resolutions.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
