"""Why an account is not proposed, or not brought into another state: codes and sentences.

Owns the words of each refusal in both languages; when one is due is `accounts`'.
"""

from __future__ import annotations

from app.models.codes import AccountState, AccountType, CheckCategory, Role
from app.services.checks.violation import RulesBroken, Violation
from app.services.registry.context import Actor


def require_role(actor: Actor, role: Role, act_en: str, act_th: str) -> None:
    """Raise RulesBroken unless the actor has the role that the act is for."""
    if actor.role is role:
        return
    raise RulesBroken(
        (
            Violation(
                9402,
                CheckCategory.VERSION_AND_AUTHENTICATION,
                f"{actor.user_name} is {actor.role}; only a registry {role} {act_en}.",
                f"{actor.user_name} มีบทบาท {actor.role} เฉพาะบทบาท {role} เท่านั้นที่{act_th}ได้",
            ),
        )
    )


def names_missing() -> Violation:
    """Refuse an account without a name, or whose holder has none."""
    return Violation(
        9403,
        CheckCategory.MESSAGE_VALIDITY,
        "An account needs a name, and its holder a name in Thai or English.",
        "บัญชีต้องมีชื่อ และผู้ถือบัญชีต้องมีชื่อภาษาไทยหรืออังกฤษ",
        "name",
    )


def not_for_holders(kind: AccountType) -> Violation:
    """Refuse a type of account that is the registry's own."""
    return Violation(
        9408,
        CheckCategory.REGISTRY_VALIDITY,
        f"Accounts of type {int(kind)} are the registry's own; an account holder has none.",
        f"บัญชีประเภท {int(kind)} เป็นบัญชีของทะเบียนเอง ผู้ถือบัญชีไม่มีบัญชีประเภทนี้",
        "type",
    )


def wrong_state(number: str, current: AccountState, state: AccountState) -> Violation:
    """Refuse a state that may not follow the present one."""
    return Violation(
        9404,
        CheckCategory.MESSAGE_SEQUENCE,
        f"Account {number} is {current}; it cannot become {state}.",
        f"บัญชี {number} มีสถานะ {current} ไม่สามารถเปลี่ยนเป็น {state}",
    )


def own_proposal(actor: Actor) -> Violation:
    """Refuse opening or rejecting what one proposed oneself."""
    return Violation(
        9405,
        CheckCategory.VERSION_AND_AUTHENTICATION,
        f"{actor.user_name} proposed this account; another person must open it.",
        f"{actor.user_name} เป็นผู้เสนอบัญชีนี้ ต้องให้บุคคลอื่นเปิดบัญชี",
    )


def no_reason() -> Violation:
    """Refuse a change without its reason."""
    return Violation(
        9406,
        CheckCategory.MESSAGE_VALIDITY,
        "Give the reason for this change; it stays in the account's history.",
        "โปรดระบุเหตุผลของการเปลี่ยนแปลงนี้ ซึ่งจะเก็บไว้ในประวัติบัญชี",
        "reason",
    )


def in_use(number: str) -> Violation:
    """Refuse closing an account with units or pending transactions."""
    return Violation(
        9407,
        CheckCategory.DATA_INTEGRITY,
        f"Account {number} holds units or has pending transactions; it cannot close.",
        f"บัญชี {number} ยังมีหน่วยหรือธุรกรรมที่รอดำเนินการ จึงปิดไม่ได้",
    )
