"""Rows of the catalogue: checks of who acts."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks import persons
from app.services.checks.catalogue.scope import ALL
from app.services.checks.engine import Check
from app.services.checks.refusals import PEOPLE, REVOKED

CHECKS = (
    Check(
        9101,
        "Proposer has the act's role",
        Category.VERSION_AND_AUTHENTICATION,
        ALL,
        persons.check_proposer_role,
        "{user} is {role}; only {wanted} proposes this.",
        "{user} มีบทบาทเป็น{role_th} เฉพาะ{wanted_th}เท่านั้นที่เสนอธุรกรรมนี้ได้",
        PEOPLE,
    ),
    Check(
        9102,
        "Decider has the act's role",
        Category.VERSION_AND_AUTHENTICATION,
        ALL,
        persons.check_decider_role,
        "{user} is {role}; only {wanted} approves or rejects this.",
        "{user} มีบทบาทเป็น{role_th} เฉพาะ{wanted_th}เท่านั้นที่อนุมัติหรือปฏิเสธธุรกรรมนี้ได้",
        PEOPLE,
    ),
    Check(
        9103,
        "Two persons",
        Category.VERSION_AND_AUTHENTICATION,
        ALL,
        persons.check_two_persons,
        "{user} proposed this transaction; another person must decide on it.",
        "{user} เป็นผู้เสนอธุรกรรมนี้ ต้องให้บุคคลอื่นเป็นผู้ตัดสิน",
        PEOPLE,
    ),
    Check(
        REVOKED.code,
        REVOKED.name,
        REVOKED.category,
        ALL,
        persons.check_person_active,
        REVOKED.message,
        REVOKED.message_th,
        REVOKED.source,
    ),
)
