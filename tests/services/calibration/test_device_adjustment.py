"""What each protocol lets Teak write into a device, and why the rest stays in the registry."""

from __future__ import annotations

import pytest

from app.services.calibration.device_adjustment import (
    LIMITS,
    Adjustment,
    DeviceAdjustment,
    NotInDevice,
    adjustment_for,
)
from app.services.calibration.limits import Procedure
from tests.fixtures.benches import gas

OFFSET, GAIN = Procedure.ONE_POINT_OFFSET, Procedure.ONE_POINT_GAIN


@pytest.mark.parametrize(
    ("protocol", "procedure", "channel", "value", "kind", "told"),
    [
        ("s8", OFFSET, "co2", 400.0, Adjustment.BACKGROUND, 400.0),
        ("s8", OFFSET, "co2", 409.9, Adjustment.BACKGROUND, 400.0),
        ("s8", OFFSET, "co2", 390.0, Adjustment.BACKGROUND, 400.0),
        ("s8", OFFSET, "co2", 0.4, Adjustment.ZERO, 0.0),
        ("mhz19b", OFFSET, "co2", 402.0, Adjustment.BACKGROUND, 400.0),
        ("mhz19b", GAIN, "co2", 1000.0, Adjustment.SPAN, 1000.0),
        ("mhz19b", GAIN, "co2", 5000.0, Adjustment.SPAN, 5000.0),
        ("thermo", OFFSET, "co", 0.0, Adjustment.ZERO, 0.0),
        ("thermo", OFFSET, "o3", 0.0, Adjustment.ZERO, 0.0),
    ],
)
def test_what_a_device_takes(
    protocol: str, procedure: Procedure, channel: str, value: float, kind: Adjustment, told: float
) -> None:
    found = adjustment_for(protocol, procedure, channel, [gas("A", value)])
    assert found == DeviceAdjustment(protocol, kind, channel, told)


@pytest.mark.parametrize(
    ("protocol", "procedure", "channel", "values", "code"),
    [
        ("gmp252", OFFSET, "co2", (400.0,), "maker-only"),
        ("gmp252-ascii", Procedure.TWO_POINT, "co2", (0.0, 400.0), "maker-only"),
        ("sps30", OFFSET, "pm2_5", (0.0,), "no-adjustment"),
        ("", OFFSET, "co2", (400.0,), "no-adjustment"),
        ("s8", Procedure.TWO_POINT, "co2", (0.0, 400.0), "one-point-only"),
        ("s8", Procedure.COLOCATION, "co2", (), "one-point-only"),
        ("s8", OFFSET, "temperature", (400.0,), "other-channel"),
        ("s8", OFFSET, "co2", (410.1,), "not-at-this-reference"),
        ("s8", OFFSET, "co2", (1.5,), "not-at-this-reference"),
        ("s8", GAIN, "co2", (400.0,), "not-at-this-reference"),
        ("s8", OFFSET, "co2", (), "not-at-this-reference"),
        ("mhz19b", OFFSET, "co2", (0.0,), "not-at-this-reference"),
        ("mhz19b", GAIN, "co2", (999.0,), "not-at-this-reference"),
        ("mhz19b", GAIN, "co2", (5001.0,), "not-at-this-reference"),
        ("mhz19b", GAIN, "co2", (2000.5,), "not-at-this-reference"),
        ("mhz19b", OFFSET, "co2", (2000.0,), "not-at-this-reference"),
        ("thermo", OFFSET, "co2", (0.0,), "other-channel"),
        ("thermo", OFFSET, "no", (40.0,), "not-at-this-reference"),
        ("thermo", GAIN, "no", (0.0,), "not-at-this-reference"),
    ],
)
def test_what_stays_in_the_registry(
    protocol: str, procedure: Procedure, channel: str, values: tuple[float, ...], code: str
) -> None:
    references = [gas(f"G{value}", value) for value in values]
    found = adjustment_for(protocol, procedure, channel, references)
    assert isinstance(found, NotInDevice)
    assert found.code == code
    assert found.message
    assert found.message_th != found.message


def test_vaisalas_own_adjustment_reaches_so_far() -> None:
    assert set(LIMITS) == {"gmp252", "gmp252-ascii"}
    assert {(each.absolute, each.relative) for each in LIMITS.values()} == {(1000.0, 0.25)}
