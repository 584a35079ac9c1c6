from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hardware.channels import Channel
from app.hardware.concentration import MOLAR_MASS_G_PER_MOL, mg_per_m3_from_ppm, ppm_from_mg_per_m3

GASES = sorted(MOLAR_MASS_G_PER_MOL)


@pytest.mark.parametrize(
    ("gas", "temperature_c", "factor"),
    [
        # EU guidance on air-quality limits (20 °C, 1013 hPa): µg/m³ of one ppb.
        (Channel.O3, "20", "2.00"),
        (Channel.NO2, "20", "1.91"),
        (Channel.NO, "20", "1.25"),
        (Channel.CO, "20", "1.16"),
        (Channel.SO2, "20", "2.66"),
        # The EBAS data base converts ozone at 293.15 K and 1013.25 hPa with 1.99534.
        (Channel.O3, "20", "1.995"),
        (Channel.CO2, "25", "1.80"),
        (Channel.CH4, "25", "0.66"),
    ],
)
def test_published_factors(gas: Channel, temperature_c: str, factor: str) -> None:
    found = mg_per_m3_from_ppm(
        Decimal(1),
        gas=gas,
        temperature_c=Decimal(temperature_c),
        pressure_hpa=Decimal("1013.25"),
    )
    assert found.quantize(Decimal(factor)) == Decimal(factor)


@given(
    st.sampled_from(GASES),
    st.decimals(min_value=0, max_value=10**6, places=3),
    st.decimals(min_value=-60, max_value=80, places=2),
    st.decimals(min_value=300, max_value=1100, places=2),
)
def test_there_and_back(
    gas: Channel, ppm: Decimal, temperature_c: Decimal, pressure_hpa: Decimal
) -> None:
    mass = mg_per_m3_from_ppm(ppm, gas=gas, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    back = ppm_from_mg_per_m3(mass, gas=gas, temperature_c=temperature_c, pressure_hpa=pressure_hpa)
    assert abs(back - ppm) <= Decimal("1e-20") * max(ppm, Decimal(1))


@pytest.mark.parametrize(
    ("gas", "temperature_c", "pressure_hpa"),
    [
        (Channel.PM10, "20", "1013"),
        (Channel.CO2, "-273.15", "1013"),
        (Channel.CO2, "20", "0"),
        (Channel.CO2, "Infinity", "1013"),
    ],
)
def test_what_is_no_gas_or_no_air_is_refused(
    gas: Channel, temperature_c: str, pressure_hpa: str
) -> None:
    with pytest.raises(ValueError, match="no "):
        mg_per_m3_from_ppm(
            Decimal(1),
            gas=gas,
            temperature_c=Decimal(temperature_c),
            pressure_hpa=Decimal(pressure_hpa),
        )
