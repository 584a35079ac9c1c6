"""Commands on the business logic tables: list them, propose a change and decide on it.

Owns their arguments and what they print; a change is answered as a transaction is.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from app.commands.listing_commands import RULES, add_listing
from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    TeakParser,
    add_common,
    add_input,
    add_person,
    add_request_id,
    read_json,
)
from app.commands.sessions import open_for_acting, open_for_reading
from app.models.codes import Role, RuleKind
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.rules.changes import RuleChangeOutcome

_INPUT = """Input:
  {"kind", "unit_type", "value", "valid_from", "valid_to"?, "period"?, "reason"}
Without "valid_to" the rule runs until its commitment period ends; the row before it ends the day
before. Kinds: levy-rate, default-expiry, maximum-transfer, reserve, trust-delay, stranger-delay,
strangers-allowed, rollback-window, committee-quorum, carry-over-limit."""


def add_commands(commands: Commands) -> None:
    """Add rule with its own commands."""
    rule = commands.add(
        "rule",
        "list the rules of the ledger and change them",
        example="teak rule list --kind levy-rate --registry demo.teak",
        run=None,
    )
    family = Commands(rule, "rule commands")
    add_listing(family, "list", RULES)
    changes = family.add(
        "changes",
        "list the changes of rules, the newest first",
        example="teak rule changes --json",
        run=_changes,
    )
    add_common(changes)
    propose = family.add(
        "propose",
        "propose a rule; it is valid only once another person approves it",
        example="teak rule propose --input levy.json --as admin --approved-by approver",
        run=_propose,
        more=_INPUT,
    )
    add_input(propose, "the rule")
    add_request_id(propose)
    add_person(propose, approver=True)
    add_common(propose)
    suppose = family.add(
        "suppose",
        "tell what a completed issuance would have been under another rule",
        example="teak rule suppose TH12 --assume levy-rate=0.07 --json",
        run=_suppose,
    )
    suppose.add_argument("id", metavar="ID", help="the issuance, such as TH12")
    add_assumptions(suppose)
    add_common(suppose)
    for name, summary, user in (
        ("approve", "approve a pending change of a rule", "approver"),
        ("reject", "reject a pending change of a rule", "approver"),
        ("withdraw", "take back your own pending change", "admin"),
    ):
        decide = family.add(
            name, summary, example=f"teak rule {name} R3 --as {user} --json", run=_decide
        )
        decide.add_argument("id", metavar="ID", help="the change, such as R3")
        decide.add_argument("--comment", metavar="TEXT", default="", help="why")
        decide.set_defaults(decision=name)
        add_person(decide)
        add_common(decide)


def add_assumptions(parser: TeakParser) -> None:
    """Add --assume, by which a rule stands in for the one in force."""
    parser.add_argument(
        "--assume",
        metavar="KIND=VALUE",
        action="append",
        default=[],
        help="judge as if this rule were in force, such as levy-rate=0.07; may be repeated",
    )


def read_assumptions(arguments: Namespace) -> dict[RuleKind, Decimal]:
    """Read the rules to assume; UsageError names the one that is wrong."""
    from app.services.rules.new_rule import read_rule_value
    from app.services.rules.supposing import require_assumption

    found: dict[RuleKind, Decimal] = {}
    for text in arguments.assume:
        kind, _, number = text.partition("=")
        try:
            value = read_rule_value(number)
        except UsageError:
            raise UsageError(
                f"“{text}” is no rule to assume.", hint="Give KIND=VALUE, as levy-rate=0.07."
            ) from None
        found[require_assumption(kind.strip(), value)] = value
    return found


def _suppose(arguments: Namespace, output: Output) -> int:
    from app.services.rules.supposing import suppose_issuance
    from app.services.transactions.proposing import transaction_number

    assumed = read_assumptions(arguments)
    with open_for_reading(arguments) as registry:
        number = transaction_number(registry, arguments.id)
        found = suppose_issuance(registry, number, assumed)
    content = {
        "transaction": f"{registry.country}{number}",
        "was": found.was.as_json(),
        "would_be": found.would_be.as_json(),
    }
    if output.as_json:
        output.document(content)
        return DONE
    for name, side in (("It was", found.was), ("It would be", found.would_be)):
        expiry = side.expires_on or "never"
        output.line(f"{name}: {side.kept:,} kept, {side.levied:,} levied, expiry {expiry}")
    return DONE


def _changes(arguments: Namespace, output: Output) -> int:
    from app.services.listings.rule_changes import list_rule_changes

    with open_for_reading(arguments) as registry:
        rows = [row.as_json() for row in list_rule_changes(registry)]
    if output.as_json:
        for row in rows:
            output.document(row)
        return DONE
    columns = (
        ("change", "CHANGE"),
        ("kind", "KIND"),
        ("unit_type", "UNIT TYPE"),
        ("value", "VALUE"),
        ("valid_from", "FROM"),
        ("valid_to", "TO"),
        ("status", "STATUS"),
    )
    output.table(columns, iter(rows))
    return DONE


def _propose(arguments: Namespace, output: Output) -> int:
    from app.services.checks.violation import RulesBroken
    from app.services.people.access import require_role
    from app.services.rules.changes import approve_rule, propose_rule, withdraw_rule
    from app.services.rules.new_rule import read_new_rule

    rule = read_new_rule(read_json(arguments.input, arguments, has_fractions=True))
    with open_for_acting(arguments) as acting:

        def act() -> RuleChangeOutcome:
            # Who cannot approve it leaves no proposal behind.
            if acting.approver is not None:
                require_role(acting.approver, Role.APPROVER, "decides on rules", "ตัดสินกฎ")
            outcome = propose_rule(
                acting.registry, acting.actor, rule, request_id=arguments.request_id
            )
            if acting.approver is not None and outcome.status == "proposed":
                try:
                    return approve_rule(
                        acting.approver_registry, acting.approver, outcome.id, comment=""
                    )
                except RulesBroken:
                    withdraw_rule(
                        acting.registry, acting.actor, outcome.id, comment="Not approved at once"
                    )
                    raise
            return outcome

        return _answer(output, act)


def _decide(arguments: Namespace, output: Output) -> int:
    from app.services.rules.changes import (
        approve_rule,
        reject_rule,
        rule_change_number,
        withdraw_rule,
    )

    decisions: dict[str, Callable[..., RuleChangeOutcome]] = {
        "approve": approve_rule,
        "reject": reject_rule,
        "withdraw": withdraw_rule,
    }
    with open_for_acting(arguments) as acting:
        number = rule_change_number(arguments.id)
        decision = decisions[arguments.decision]
        return _answer(
            output,
            lambda: decision(acting.registry, acting.actor, number, comment=arguments.comment),
        )


def _answer(output: Output, act: Callable[[], RuleChangeOutcome]) -> int:
    from app.services.checks.violation import RulesBroken

    try:
        outcome = act()
    except RulesBroken as broken:
        for violation in broken.violations:
            output.tell(f"{violation.code} {violation.message}")
        if output.as_json:
            violations = [item.as_json() for item in broken.violations]
            output.document({"transaction": None, "status": "refused", "violations": violations})
        return ANSWER_IS_NO
    if output.as_json:
        output.document(
            {"transaction": outcome.identifier, "status": outcome.status, "violations": []}
        )
    else:
        output.line(f"{outcome.identifier}  {outcome.status}")
    return DONE
