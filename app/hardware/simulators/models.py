"""The models a station can be simulated as, by the names of the command line.

Owns the table from a name to a device, its protocol and its line settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.hardware.channels import Channel
from app.hardware.errors import UnknownModel
from app.hardware.ports.opening import LineSettings
from app.hardware.simulators.device import Device
from app.hardware.simulators.gmp252 import Gmp252
from app.hardware.simulators.gmp252_ascii import Gmp252Ascii
from app.hardware.simulators.gmp343 import Gmp343
from app.hardware.simulators.loggers import CsvLogger, Toa5
from app.hardware.simulators.mgp261 import Mgp261
from app.hardware.simulators.mhz19b import MhZ19b
from app.hardware.simulators.plantower import Plantower
from app.hardware.simulators.s8 import S8
from app.hardware.simulators.sdi12 import Sdi12
from app.hardware.simulators.sds011 import Sds011
from app.hardware.simulators.sps30 import Sps30
from app.hardware.simulators.surroundings import Surroundings
from app.hardware.simulators.thermo import Thermo
from app.hardware.simulators.weather import Nmea, WindSonic, Wxt5xx


@dataclass(frozen=True, slots=True)
class Model:
    """A model: how it is made, what it speaks, how its line is set, what gas can be led to it."""

    name: str
    protocol: str
    make: Callable[[Surroundings], Device]
    line: LineSettings
    gas: Channel
    warm_up_s: float = 0.0
    """How long a real one takes until its values count; 0: at once."""


_19200_8N2 = LineSettings(19200, stop_bits=2)
_19200 = LineSettings(19200)
_9600 = LineSettings(9600)

_TABLE = (
    Model("gmp252", "gmp252", Gmp252, _19200_8N2, Channel.CO2, 12.0),
    Model("gmp252-ascii", "gmp252-ascii", Gmp252Ascii, _19200, Channel.CO2, 12.0),
    Model("mgp261", "mgp261", Mgp261, _19200_8N2, Channel.CH4, 30.0),
    Model("gmp343", "gmp343", Gmp343, _19200, Channel.CO2, 60.0),
    Model("s8", "s8", S8, _9600, Channel.CO2, 4.0),
    Model("mhz19b", "mhz19b", MhZ19b, _9600, Channel.CO2, 180.0),
    Model("pms3003", "pms3003", lambda air: Plantower(air, "pms3003"), _9600, Channel.PM2_5, 10.0),
    Model("pms5003", "pms5003", lambda air: Plantower(air, "pms5003"), _9600, Channel.PM2_5, 10.0),
    Model("pms7003", "pms5003", lambda air: Plantower(air, "pms5003"), _9600, Channel.PM2_5, 10.0),
    Model(
        "pms5003t", "pms5003t", lambda air: Plantower(air, "pms5003t"), _9600, Channel.PM2_5, 10.0
    ),
    Model("sps30", "sps30", Sps30, LineSettings(115200), Channel.PM2_5, 8.0),
    Model("sds011", "sds011", Sds011, _9600, Channel.PM2_5),
    Model("sdi12", "sdi12", Sdi12, LineSettings(1200, 7, "E"), Channel.TEMPERATURE),
    Model("wxt5xx", "wxt5xx", Wxt5xx, _19200, Channel.WIND_SPEED),
    Model("nmea", "nmea", Nmea, LineSettings(4800), Channel.WIND_SPEED),
    Model("windsonic", "windsonic", WindSonic, _9600, Channel.WIND_SPEED),
    Model("thermo", "thermo", lambda air: Thermo(air, "48"), _9600, Channel.CO, 30.0),
    Model("thermo48", "thermo", lambda air: Thermo(air, "48"), _9600, Channel.CO, 30.0),
    Model("thermo42", "thermo", lambda air: Thermo(air, "42"), _9600, Channel.NO, 30.0),
    Model("thermo49", "thermo", lambda air: Thermo(air, "49"), _9600, Channel.O3, 30.0),
    Model("toa5", "toa5", Toa5, LineSettings(115200), Channel.CO2),
    Model("csv", "csv", CsvLogger, _9600, Channel.CO2),
)
MODELS = {model.name: model for model in _TABLE}


def find_model(name: str) -> Model:
    """Give the model of this name; UnknownModel names those there are."""
    model = MODELS.get(name)
    if model is None:
        raise UnknownModel(
            f"“{name}” is no station model.", hint=f"There are {', '.join(sorted(MODELS))}."
        )
    return model


def make_device(
    model: Model, surroundings: Surroundings, *, warm_up_s: float | None = None
) -> Device:
    """Make a device; a warm-up of 0 makes its values count at once."""
    device = model.make(surroundings)
    if warm_up_s is not None:
        for part in (device, getattr(device, "core", None)):
            if hasattr(part, "warm_up_s"):
                setattr(part, "warm_up_s", warm_up_s)  # noqa: B010 - not every model warms up
    return device
