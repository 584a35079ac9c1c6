"""The channels a station can report, and the one unit each is reported in.

Owns names and units, as `teak decode` prints them. What a device sends in another unit is
converted by its decoder, and the text as sent stays in `Reading.as_sent`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Channel(StrEnum):
    """What is measured. `unit` says in what."""

    unit: str

    def __new__(cls, name: str, unit: str = "") -> Self:
        """Make a member whose value is its name and which knows its unit.

        The unit is always given below; the default lets `Channel(name)` look a member up.
        """
        member = str.__new__(cls, name)
        member._value_ = name
        member.unit = unit
        return member

    CO2 = "co2", "ppm"
    CO2_DRY = "co2_dry", "ppm"
    CH4 = "ch4", "ppm"
    CH4_DRY = "ch4_dry", "ppm"
    H2O = "h2o", "ppm"
    H2O_DRY = "h2o_dry", "ppm"
    CO = "co", "ppm"
    NO = "no", "ppb"
    NO2 = "no2", "ppb"
    NOX = "nox", "ppb"
    O3 = "o3", "ppb"
    SO2 = "so2", "ppb"

    # Particles: mass per volume of ambient air; `_cf1` is the factory's "standard particle" value.
    PM1 = "pm1", "µg/m³"
    PM2_5 = "pm2_5", "µg/m³"
    PM4 = "pm4", "µg/m³"
    PM10 = "pm10", "µg/m³"
    PM1_CF1 = "pm1_cf1", "µg/m³"
    PM2_5_CF1 = "pm2_5_cf1", "µg/m³"
    PM10_CF1 = "pm10_cf1", "µg/m³"

    # Plantower counts particles above a diameter in 0.1 litre, Sensirion up to one in 1 cm³.
    COUNT_0_3 = "count_0_3", "1/0.1L"
    COUNT_0_5 = "count_0_5", "1/0.1L"
    COUNT_1 = "count_1", "1/0.1L"
    COUNT_2_5 = "count_2_5", "1/0.1L"
    COUNT_5 = "count_5", "1/0.1L"
    COUNT_10 = "count_10", "1/0.1L"
    NUMBER_0_5 = "number_0_5", "1/cm³"
    NUMBER_1 = "number_1", "1/cm³"
    NUMBER_2_5 = "number_2_5", "1/cm³"
    NUMBER_4 = "number_4", "1/cm³"
    NUMBER_10 = "number_10", "1/cm³"
    PARTICLE_SIZE = "particle_size", "µm"

    # Air and weather.
    TEMPERATURE = "temperature", "°C"
    HUMIDITY = "humidity", "%"
    PRESSURE = "pressure", "hPa"
    DEW_POINT = "dew_point", "°C"
    WIND_SPEED = "wind_speed", "m/s"
    WIND_SPEED_MIN = "wind_speed_min", "m/s"
    WIND_SPEED_MAX = "wind_speed_max", "m/s"
    WIND_DIRECTION = "wind_direction", "°"
    WIND_DIRECTION_MIN = "wind_direction_min", "°"
    WIND_DIRECTION_MAX = "wind_direction_max", "°"
    RAIN_AMOUNT = "rain_amount", "mm"
    RAIN_DURATION = "rain_duration", "s"
    RAIN_INTENSITY = "rain_intensity", "mm/h"
    RAIN_INTENSITY_MAX = "rain_intensity_max", "mm/h"
    HAIL_AMOUNT = "hail_amount", "1/cm²"
    HAIL_DURATION = "hail_duration", "s"
    HAIL_INTENSITY = "hail_intensity", "1/cm²h"
    HAIL_INTENSITY_MAX = "hail_intensity_max", "1/cm²h"

    # The station itself.
    SENSOR_TEMPERATURE = "sensor_temperature", "°C"
    HEATER_TEMPERATURE = "heater_temperature", "°C"
    HEATER_VOLTAGE = "heater_voltage", "V"
    SUPPLY_VOLTAGE = "supply_voltage", "V"
    REFERENCE_VOLTAGE = "reference_voltage", "V"
