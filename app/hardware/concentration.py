"""From parts per million to mass per volume and back, at a stated temperature and pressure.

Owns the ideal-gas conversion and the molar masses. Source: the molar gas constant is exact since
the SI of 2019 (CODATA 2018, 8.314 462 618 153 24 J/(mol K)); molar masses from the conventional
atomic weights of IUPAC 2021 (H 1.008, C 12.011, N 14.007, O 15.999, S 32.06). NOx is reckoned
as NO2, as air-quality rules do.
"""

from __future__ import annotations

from decimal import Decimal

from app.hardware.channels import Channel

GAS_CONSTANT_J_PER_MOL_K = Decimal("8.31446261815324")
ZERO_CELSIUS_K = Decimal("273.15")

MOLAR_MASS_G_PER_MOL = {
    Channel.CO2: Decimal("44.009"),
    Channel.CH4: Decimal("16.043"),
    Channel.CO: Decimal("28.010"),
    Channel.NO: Decimal("30.006"),
    Channel.NO2: Decimal("46.005"),
    Channel.NOX: Decimal("46.005"),
    Channel.O3: Decimal("47.997"),
    Channel.SO2: Decimal("64.058"),
}


def mg_per_m3_from_ppm(
    ppm: Decimal, *, gas: Channel, temperature_c: Decimal, pressure_hpa: Decimal
) -> Decimal:
    """Convert a volume fraction in ppm to mg/m³; ppb gives µg/m³ by the same factor.

    Raises ValueError for a gas without a molar mass here, or no physical temperature or pressure.
    """
    return ppm * _mg_per_m3_of_one_ppm(gas, temperature_c, pressure_hpa)


def ppm_from_mg_per_m3(
    mg_per_m3: Decimal, *, gas: Channel, temperature_c: Decimal, pressure_hpa: Decimal
) -> Decimal:
    """Convert mg/m³ to a volume fraction in ppm; µg/m³ gives ppb by the same factor.

    Raises ValueError for a gas without a molar mass here, or no physical temperature or pressure.
    """
    return mg_per_m3 / _mg_per_m3_of_one_ppm(gas, temperature_c, pressure_hpa)


def _mg_per_m3_of_one_ppm(gas: Channel, temperature_c: Decimal, pressure_hpa: Decimal) -> Decimal:
    molar_mass = MOLAR_MASS_G_PER_MOL.get(gas)
    if molar_mass is None:
        raise ValueError(f"{gas} is no gas whose molar mass is known here.")
    temperature_k = temperature_c + ZERO_CELSIUS_K
    if not temperature_k > 0 or not temperature_k.is_finite():
        raise ValueError(f"{temperature_c} °C is no temperature; give one above −273.15 °C.")
    if not pressure_hpa > 0 or not pressure_hpa.is_finite():
        raise ValueError(f"{pressure_hpa} hPa is no pressure; give one above zero.")
    # 1e-6 of volume × 1e3 mg/g × 1e2 Pa/hPa = 0.1
    return molar_mass * pressure_hpa / (10 * GAS_CONSTANT_J_PER_MOL_K * temperature_k)
