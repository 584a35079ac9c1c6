"""What an act says it fulfils is what the notices say fulfils them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.services.notices.kinds import NOTICE_KINDS
from app.services.transactions.acts import (
    BufferCancellation,
    BufferCompensation,
    Cancellation,
    Disposal,
    ExpiryChange,
    ExternalTransfer,
    Replacement,
)
from app.services.transactions.acts.disposal import CANCELLATION_KINDS
from app.services.transactions.acts.replacement import REPLACEMENT_KINDS

pytestmark = pytest.mark.both_engines

UNITS: dict[str, Any] = {"from_account": "TH-100-1-0-1", "unit_type": "CER", "quantity": 1}
ACTS: tuple[Disposal, ...] = (
    *(Cancellation(**UNITS, kind=kind) for kind in CANCELLATION_KINDS),
    *(Replacement(**UNITS, kind=kind, replaced=("x",)) for kind in REPLACEMENT_KINDS),
    ExpiryChange(**UNITS, to_expiry=date(2030, 1, 1)),
    ExternalTransfer(**UNITS, registry="CH"),
    BufferCancellation(**UNITS, reversed_project="0042"),
    BufferCompensation(**UNITS, over_issued="TH1"),
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.name} {getattr(act, 'kind', '')}")
def test_a_notice_that_an_act_may_answer_counts_it(act: Disposal) -> None:
    for kind in act.notice_types:
        notice = NOTICE_KINDS[kind]
        assert act.type in notice.fulfilled_by
        if notice.accounts and act.destination is not None:
            assert act.destination in notice.accounts
