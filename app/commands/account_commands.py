"""Commands that change accounts: propose, approve, and every later change of state.

Owns their arguments, the form of the input, and what they print.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    add_common,
    add_input,
    add_person,
    read_json,
)
from app.commands.sessions import open_for_acting
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.accounts import NewAccount, NewHolder, NewRepresentative
    from app.services.checks.violation import Violation

_CHANGES = {
    "approve": ("open", "open a proposed account, as an approver who did not propose it"),
    "reject": ("rejected", "reject a proposed account, as an approver who did not propose it"),
    "suspend": ("suspended", "suspend an account while a case is investigated"),
    "lock": ("locked", "lock an account before a compliance action"),
    "open": ("open", "open a suspended or locked account again"),
    "close": ("closed", "close an account for good"),
}
_FIELDS = {"name", "type", "period", "holder", "representatives"}


def add_commands(commands: Commands) -> None:
    """Add account with its own commands."""
    account = commands.add(
        "account",
        "propose accounts and change their state",
        example="teak account approve TH-100-1042-0-52 --reason checked --as approver",
        run=None,
    )
    family = Commands(account, "account commands")
    propose = family.add(
        "propose",
        "propose an account; it has its number from now on",
        example="teak account propose --input account.json --as officer",
        run=_propose,
        more='Input: {"name", "holder": {"name_en", "name_th", "kind", "tax_id", "country", '
        '"email", "identity_check", "documents"}, "type" (100 or holding), '
        '"representatives": [{"name", "email", "rights"}]}; "holder" may be a known holder\'s id.',
    )
    add_input(propose, "the account")
    add_person(propose, approver=True)
    add_common(propose)
    for name, (state, summary) in _CHANGES.items():
        change = family.add(
            name,
            summary,
            example=f"teak account {name} TH-100-1042-0-52 --reason 'Case 17' --as "
            + ("approver" if name in ("approve", "reject") else "admin"),
            run=_change,
        )
        change.add_argument("number", metavar="NUMBER", help="the account's number")
        change.add_argument(
            "--reason", default="", metavar="TEXT", help="why; it stays in the account's history"
        )
        change.set_defaults(state=state)
        add_person(change)
        add_common(change)


def _propose(arguments: Namespace, output: Output) -> int:
    from app.models.codes import AccountState, Role
    from app.services.accounts import change_account, propose_account
    from app.services.checks.violation import RulesBroken
    from app.services.people.access import require_role

    account = _read_account(read_json(arguments.input, arguments))
    with open_for_acting(arguments) as acting:
        number: str | None = None
        state: str | None = None
        try:
            # Who cannot open it leaves no proposal behind.
            if acting.approver is not None:
                require_role(acting.approver, Role.APPROVER, "opens accounts", "เปิดบัญชี")
            number = propose_account(acting.registry, acting.actor, account)
            state = str(AccountState.PROPOSED)
            if acting.approver is not None:
                state = str(
                    change_account(
                        acting.approver_registry,
                        acting.approver,
                        number,
                        AccountState.OPEN,
                        reason="",
                    )
                )
        except RulesBroken as broken:
            return _print(output, number, state, broken.violations)
    return _print(output, number, state, ())


def _change(arguments: Namespace, output: Output) -> int:
    from app.models.codes import AccountState
    from app.services.accounts import change_account
    from app.services.checks.violation import RulesBroken
    from app.services.listings.account_detail import get_account

    number = arguments.number.strip()
    with open_for_acting(arguments) as acting:
        before = get_account(acting.registry, number).account.state
        wanted = AccountState(arguments.state)
        _require_fitting(arguments, number, before)
        try:
            state = change_account(
                acting.registry, acting.actor, number, wanted, reason=arguments.reason
            )
        except RulesBroken as broken:
            return _print(output, number, before, broken.violations)
    return _print(output, number, str(state), ())


def _require_fitting(arguments: Namespace, number: str, state: str) -> None:
    """Keep `approve` for proposals and `open` for accounts that were open before."""
    name = arguments.__dict__["account commands_command"]
    if name == "open" and state == "proposed":
        raise UsageError(
            f"Account {number} is proposed.", hint=f"`teak account approve {number}` opens it."
        )
    if name == "approve" and state in ("suspended", "locked"):
        raise UsageError(
            f"Account {number} is {state}.", hint=f"`teak account open {number}` opens it again."
        )


def _print(
    output: Output, number: str | None, state: str | None, violations: tuple[Violation, ...]
) -> int:
    for violation in violations:
        output.tell(f"{violation.code} {violation.message}")
    if output.as_json:
        output.document(
            {
                "account": number,
                "state": state,
                "violations": [violation.as_json() for violation in violations],
            }
        )
    elif number is not None:
        output.line(f"{number}  {state}")
    return ANSWER_IS_NO if violations else DONE


def _read_account(content: Any) -> NewAccount:
    from app.models.codes import AccountType
    from app.services.accounts import NewAccount
    from app.services.listings.words import read_account_type_word

    fields = _object("account", content, _FIELDS)
    holder = fields.get("holder")
    return NewAccount(
        name=_text("account", fields, "name", required=True),
        holder=holder
        if isinstance(holder, int) and not isinstance(holder, bool)
        else _read_holder(holder),
        type=AccountType(read_account_type_word(str(fields.get("type", "holding")))),
        period=_whole("account", fields, "period"),
        representatives=tuple(
            _read_representative(item) for item in _list("account", fields, "representatives")
        ),
    )


def _read_holder(content: Any) -> NewHolder:
    from app.services.accounts import NewHolder

    texts = {
        "name_en": "",
        "name_th": "",
        "kind": "organisation",
        "tax_id": "",
        "country": "TH",
        "email": "",
        "identity_check": "pending",
    }
    fields = _object("holder", content, {*texts, "documents"})
    given = {key: _text("holder", fields, key) or default for key, default in texts.items()}
    documents = _list("holder", fields, "documents")
    if not all(isinstance(item, str) for item in documents):
        raise UsageError("The holder's documents are not digests.", hint="Give SHA-256 texts.")
    return NewHolder(**given, documents=tuple(documents))


def _read_representative(content: Any) -> NewRepresentative:
    from app.services.accounts import NewRepresentative

    fields = _object("representative", content, {"name", "email", "rights"})
    rights = _text("representative", fields, "rights") or "read"
    if rights not in ("initiate", "approve", "both", "read"):
        raise UsageError(
            f"“{rights}” is no right of a representative.",
            hint="Rights: initiate, approve, both, read.",
        )
    return NewRepresentative(
        name=_text("representative", fields, "name", required=True),
        email=_text("representative", fields, "email"),
        rights=rights,
    )


def _object(what: str, content: Any, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise UsageError(
            f"The {what} is no JSON object.", hint="Its fields: " + ", ".join(sorted(known)) + "."
        )
    unknown = sorted(set(content) - known)
    if unknown:
        raise UsageError(
            f"The {what} has a field “{unknown[0]}” that Teak does not know.",
            hint="Fields: " + ", ".join(sorted(known)) + ".",
        )
    return content


def _text(what: str, fields: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    value = fields.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise UsageError(f"The {what} has no text as “{key}”.", hint=f"Give “{key}” as a text.")
    return value.strip()


def _whole(what: str, fields: Mapping[str, Any], key: str) -> int:
    value = fields.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 99:
        raise UsageError(f"The {what}'s “{key}” is {value!r}.", hint="Give a number from 0 to 99.")
    return value


def _list(what: str, fields: Mapping[str, Any], key: str) -> list[Any]:
    value = fields.get(key, [])
    if not isinstance(value, list):
        raise UsageError(f"The {what}'s “{key}” is no list.", hint="Give a JSON list.")
    return value
