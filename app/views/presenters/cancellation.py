"""The state behind the cancellation form.

Owns reading its values into a voluntary cancellation.
"""

from __future__ import annotations

from app.services.transactions.acts import Cancellation
from app.views.presenters.act_form import FormReading, Values, ValuesReader
from app.views.presenters.disposal import DisposalForm


class CancellationForm(DisposalForm):
    """Units out of circulation for good, for a beneficiary and a purpose."""

    def read(self, values: Values) -> FormReading:
        """Read the form's values into a cancellation."""
        reader = ValuesReader(values)
        content = self.read_disposal(reader)
        if reader.gaps:
            return FormReading(None, reader.gaps)
        return FormReading(
            Cancellation(
                **content,
                beneficiary=reader.text("beneficiary"),
                purpose=reader.text("purpose"),
            )
        )
