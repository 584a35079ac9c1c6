"""What every step of the wizard is given, and how a step asks to be shown anew.

Owns that interface alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.services.calibrating.station_line import StationLine
from app.views.calibration.big_buttons import NumberPad
from app.views.desk import Desk
from app.views.presenters.calibration.wizard import CalibrationWizard


@dataclass
class WizardFrame:
    """The wizard's state, the pad, the line being read, and two wishes a step may have.

    `changed` shows again whether one may go on; `again` builds the step anew; `compare` reads
    averages beside the reference instrument of a channel.
    """

    desk: Desk
    wizard: CalibrationWizard
    pad: NumberPad
    changed: Callable[[], None]
    again: Callable[[], None]
    compare: Callable[[int], None]
    line: StationLine | None = None


class StepView(QWidget):
    """One step: widgets only."""

    uses_pad = False

    def __init__(self, frame: WizardFrame) -> None:
        super().__init__()
        self.frame = frame
        self.desk = frame.desk
        self.wizard = frame.wizard

    def tick(self) -> None:
        """Show what came from the station meanwhile."""
