"""Checks of the request itself: numbers that can be read, quantities that are one."""

from __future__ import annotations

import re

from app.models.account_number import CheckDigitsWrong, read_account_number
from app.models.codes import MAX_SERIAL
from app.services.checks.engine import Values
from app.services.checks.refusals import repeated_words
from app.services.transactions.acts import Issuance
from app.services.transactions.facts import AccountFacts, Facts
from app.services.transactions.planning import Plan

_SHA256 = re.compile(r"[0-9a-f]{64}")
_WRONG_FORM_TH = (
    "“{number}” ไม่ใช่รูปแบบเลขบัญชี ตัวอย่างที่ถูกต้องคือ TH-100-1042-0-52 "
    "(ประเทศ ชนิด เลขประจำบัญชี ช่วงพันธกรณี เลขตรวจสอบ)"
)
_WRONG_DIGITS_TH = "เลขตรวจสอบของเลขบัญชี “{number}” ไม่ถูกต้อง โปรดอ่านจากต้นทางอีกครั้ง"


def _wrong_number(text: str | None) -> Values | None:
    if text is None:
        return None
    try:
        read_account_number(text)
    except CheckDigitsWrong as error:
        return {"reason": str(error), "reason_th": _WRONG_DIGITS_TH.format(number=text)}
    except ValueError as error:
        return {"reason": str(error), "reason_th": _WRONG_FORM_TH.format(number=text)}
    return None


def check_transferring_number(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a transferring account number of the wrong form or with wrong check digits."""
    return _wrong_number(facts.act.transferring_number)


def check_acquiring_number(facts: Facts, plan: Plan) -> Values | None:
    """Refuse an acquiring account number of the wrong form or with wrong check digits."""
    return _wrong_number(facts.act.acquiring_number)


def check_quantity_positive(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a quantity that is not a whole number from 1 to the largest serial."""
    if 1 <= facts.act.quantity <= MAX_SERIAL:
        return None
    return {"quantity": facts.act.quantity, "most": f"{MAX_SERIAL:,}"}


def check_document_digest(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a document digest that is not a SHA-256 in hexadecimal."""
    assert isinstance(facts.act, Issuance)
    if _SHA256.fullmatch(facts.act.document_sha256):
        return None
    return {"digest": facts.act.document_sha256}


def check_request_repeated(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a request id that was used for another act, or by another person."""
    repeated = facts.repeated
    if repeated is None:
        return None
    return repeated_words(repeated.request_id, is_anothers=repeated.is_anothers)


def check_recorded(facts: Facts, plan: Plan) -> Values | None:
    """Refuse to complete a transaction whose row is another than its request.

    A desk writes both alike; a changed client could show the one and have the other carried out.
    """
    if facts.deciding is None or facts.deciding.recorded is None:
        return None
    act, recorded = facts.act, facts.deciding.recorded
    is_same = (
        recorded.type == act.type
        and recorded.supplementary_type == act.supplementary_type
        and recorded.quantity == act.quantity
        and (recorded.to_expiry, recorded.to_period) == (plan.to_expiry, plan.to_period)
        and facts.unit_type is not None
        and facts.unit_type.code == act.unit_type
        and _is_account(facts.transferring, act.transferring_number)
        and (act.destination is not None or _is_account(facts.acquiring, act.acquiring_number))
    )
    return None if is_same else {}


def _is_account(account: AccountFacts | None, number: str | None) -> bool:
    return (None if account is None else account.number) == number


def check_still_pending(facts: Facts, plan: Plan) -> Values | None:
    """Refuse a decision on a transaction that has ended."""
    if facts.deciding is None or not facts.deciding.status.is_final:
        return None
    status = facts.deciding.status
    return {"status": status.words, "status_th": status.words_th}
