"""The state behind the transfer form.

Owns reading its values into a transfer.
"""

from __future__ import annotations

from app.services.transactions.acts import Transfer
from app.views.presenters.act_form import FormReading, Values, ValuesReader
from app.views.presenters.disposal import DisposalForm


class TransferForm(DisposalForm):
    """Units from one account to another."""

    def read(self, values: Values) -> FormReading:
        """Read the form's values into a transfer."""
        reader = ValuesReader(values)
        content = self.read_disposal(reader)
        to_account = reader.needed("to", "acts.missing_to")
        if reader.gaps:
            return FormReading(None, reader.gaps)
        return FormReading(Transfer(**content, to_account=to_account, reason=reader.text("reason")))
