"""Commands by which a transaction lives: preview, propose, approve, reject, withdraw.

Owns their arguments and what they print; the same services serve the windows.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.commands.act_inputs import INPUT, TYPES
from app.commands.described import describe_plan, describe_stored, find_anyone
from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    add_common,
    add_input,
    add_person,
    add_request_id,
    read_json,
)
from app.commands.rule_commands import add_assumptions, read_assumptions
from app.commands.sessions import Acting, open_for_acting, open_for_reading
from app.models.codes import Role, TransactionStatus
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.checks.violation import Violation
    from app.services.registry.context import Actor, OpenRegistry
    from app.services.transactions.acts import Act
    from app.services.transactions.evaluation import Evaluation
    from app.services.transactions.proposing import Outcome


def add_commands(commands: Commands) -> None:
    """Add preview, propose, approve, reject and withdraw."""
    preview = commands.add(
        "preview",
        "tell what an act would do; changes nothing",
        example="teak preview transfer --input transfer.json --as officer --json",
        run=_preview,
        more=INPUT + "\n\nWithout --as it is judged as if one whose act it is proposed it.",
    )
    propose = commands.add(
        "propose",
        "propose an act; its units are reserved until somebody else decides",
        example="teak propose transfer --input transfer.json --as officer --approved-by approver",
        run=_propose,
        more=INPUT + "\n\nA repeated --request-id with the same act proposes nothing twice.",
    )
    for parser in (preview, propose):
        parser.add_argument("type", metavar="TYPE", choices=TYPES, help=", ".join(TYPES))
        add_input(parser, "the act")
    add_assumptions(preview)
    add_request_id(propose)
    approve = _add_decision(commands, "approve", "approve a pending transaction", _approve)
    reject = _add_decision(commands, "reject", "reject a pending transaction", _reject)
    withdraw = _add_decision(commands, "withdraw", "take back your own pending one", _withdraw)
    _add_expiry(commands)
    for parser, required in ((approve, False), (reject, True), (withdraw, False)):
        parser.add_argument("--comment", metavar="TEXT", required=required, default="", help="why")
    for parser in (preview, propose, approve, reject, withdraw):
        add_person(parser, approver=parser is propose)
        add_common(parser)


def _add_expiry(commands: Commands) -> None:
    expiry = commands.add(
        "expiry",
        "find expired units and move them to mandatory cancellation",
        example="teak expiry run --as admin --approved-by approver --json",
        run=None,
    )
    family = Commands(expiry, "expiry commands")
    listing = family.add(
        "list", "list expired units by account", example="teak expiry list --json", run=_expired
    )
    add_common(listing)
    run = family.add(
        "run",
        "propose the mandatory cancellation of everything that has expired",
        example="teak expiry run --as admin --approved-by approver --json",
        run=_expiry_run,
    )
    add_person(run, approver=True)
    add_common(run)


def _expired(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.expiry_run import list_expired

    with open_for_reading(arguments) as registry:
        rows = [row.as_json() for row in list_expired(registry)]
    if output.as_json:
        for row in rows:
            output.document(row)
    else:
        columns = (
            ("account", "ACCOUNT"),
            ("unit_type", "UNIT TYPE"),
            ("quantity", "UNITS"),
            ("first_expiry", "EXPIRED FROM"),
            ("last_expiry", "TO"),
        )
        output.table(columns, iter(rows))
    return DONE


def _expiry_run(arguments: Namespace, output: Output) -> int:
    from app.services.people.access import require_role
    from app.services.transactions.expiry_run import approve_expiry_run, propose_expiry_run

    with open_for_acting(arguments) as acting:
        # Who cannot approve it leaves no proposal behind.
        if acting.approver is not None:
            require_role(
                acting.approver, Role.APPROVER, "approves the expiry run", "อนุมัติการตัดหน่วยหมดอายุ"
            )
        run = propose_expiry_run(acting.registry, acting.actor)
        outcomes: Sequence[Outcome] = run.outcomes
        if acting.approver is not None:
            outcomes = approve_expiry_run(acting.approver_registry, acting.approver, outcomes)
    content = {
        "transactions": [
            {"transaction": outcome.identifier, "status": outcome.status.words}
            for outcome in outcomes
        ],
        "refused": [
            {**units.as_json(), "violations": [item.as_json() for item in violations]}
            for units, violations in run.refused
        ],
    }
    if output.as_json:
        output.document(content)
    else:
        for outcome in outcomes:
            output.line(f"{outcome.identifier}  {outcome.status.words}")
        for units, violations in run.refused:
            output.tell(f"{units.account} {units.unit_type}: {violations[0].message}")
    return ANSWER_IS_NO if run.refused else DONE


def _add_decision(commands: Commands, name: str, summary: str, run: Any) -> Any:
    comment = " --comment 'The report is missing'" if name == "reject" else ""
    user = "officer" if name == "withdraw" else "approver"
    parser = commands.add(
        name, summary, example=f"teak {name} TH12{comment} --as {user} --json", run=run
    )
    parser.add_argument("id", metavar="ID", help="the transaction, such as TH12")
    return parser


def _read_input(arguments: Namespace) -> Act:
    from app.services.transactions.acts import read_proposal

    return read_proposal(arguments.type, read_json(arguments.input, arguments))


def _preview(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.evaluation import preview

    act = _read_input(arguments)
    with _previewing(arguments, act.proposer) as (registry, actor):
        evaluation = preview(registry, act, actor, assumed=read_assumptions(arguments))
    return _print_evaluation(output, evaluation)


@contextmanager
def _previewing(arguments: Namespace, role: Role) -> Iterator[tuple[OpenRegistry, Actor]]:
    """Open for a preview: as the person named, else as any of the role, as nothing is stored."""
    if arguments.acting_as:
        with open_for_acting(arguments) as acting:
            yield acting.registry, acting.actor
        return
    with open_for_reading(arguments) as registry:
        somebody = find_anyone(registry, role)
        if somebody is None:
            raise UsageError(f"The registry has not {role.words}.", hint="Give --as USER.")
        yield registry, somebody


def _print_evaluation(output: Output, evaluation: Evaluation) -> int:
    content = {"transaction": None, "status": "preview", "status_code": None}
    return _print_act(output, content | describe_plan(evaluation), evaluation.violations)


def _propose(arguments: Namespace, output: Output) -> int:
    from app.services.checks.violation import RulesBroken
    from app.services.transactions.evaluation import preview
    from app.services.transactions.proposing import propose
    from app.services.transactions.who_acts import refuse_second_person

    act = _read_input(arguments)
    with open_for_acting(arguments) as acting:
        registry = acting.registry
        try:
            if acting.approver is not None:
                # Who cannot approve it leaves no proposal behind.
                refuse_second_person(registry, act, proposer=acting.actor, decider=acting.approver)
            proposed = propose(registry, act, acting.actor, request_id=arguments.request_id)
        except RulesBroken as broken:
            content = {"transaction": None, "status": "refused", "status_code": None}
            content |= describe_plan(preview(registry, act, acting.actor))
            return _print_act(output, content, broken.violations)
        violations: Sequence[Violation] = ()
        if acting.approver is not None and not proposed.status.is_final:
            violations = approve_at_once(acting, acting.approver, proposed)
        if proposed.status.is_final and proposed.status is not TransactionStatus.COMPLETED:
            violations = _came_to_nothing(proposed.status)
        content = describe_stored(registry, acting.actor, proposed)
    return _print_act(output, content, violations)


def _came_to_nothing(status: TransactionStatus) -> Sequence[Violation]:
    """Say that a repeated request ended otherwise: a script must never take it for done."""
    from app.services.checks.refusals import ENDED

    return (ENDED.violation(status=status.words, status_th=status.words_th),)


def approve_at_once(acting: Acting, approver: Actor, proposed: Outcome) -> Sequence[Violation]:
    """Approve what was just proposed.

    When that person may not any more, the proposal is taken back; one of an earlier request
    stays as it is. What ended meanwhile, as when the same request is sent twice at once, is not
    taken back, and is done when it was completed.
    """
    from app.services.checks.refusals import ENDED
    from app.services.checks.violation import RulesBroken
    from app.services.listings.transaction_detail import get_transaction
    from app.services.transactions.proposing import approve, withdraw

    number = proposed.transaction_id
    try:
        outcome = approve(acting.registry, number, approver)
    except RulesBroken as broken:
        if any(violation.code == ENDED.code for violation in broken.violations):
            ended = get_transaction(acting.registry, proposed.identifier).transaction
            is_done = ended.status_code == TransactionStatus.COMPLETED
            return () if is_done else broken.violations
        if proposed.evaluation is not None:
            withdraw(acting.registry, number, acting.actor, comment="Not approved at once")
        return broken.violations
    return () if outcome.evaluation is None else outcome.evaluation.violations


def _approve(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.proposing import approve

    return decide(
        arguments,
        output,
        lambda registry, number, actor: approve(registry, number, actor, comment=arguments.comment),
    )


def _reject(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.proposing import reject

    return decide(
        arguments,
        output,
        lambda registry, number, actor: reject(registry, number, actor, comment=arguments.comment),
    )


def _withdraw(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.proposing import withdraw

    return decide(
        arguments,
        output,
        lambda registry, number, actor: withdraw(
            registry, number, actor, comment=arguments.comment
        ),
    )


def decide(
    arguments: Namespace,
    output: Output,
    decision: Callable[[OpenRegistry, int, Actor], Outcome],
    *,
    more: Mapping[str, Any] | None = None,
) -> int:
    """Let the person of `--as` decide on a transaction, and print how it stands then.

    `more` is printed with it: what only the decision can fill in.
    """
    from app.services.checks.violation import RulesBroken
    from app.services.listings.transaction_detail import get_transaction
    from app.services.transactions.proposing import transaction_number

    violations: Sequence[Violation] = ()
    with open_for_acting(arguments) as acting:
        number = transaction_number(acting.registry, arguments.id)
        try:
            outcome = decision(acting.registry, number, acting.actor)
            if outcome.status is TransactionStatus.TERMINATED and outcome.evaluation is not None:
                violations = outcome.evaluation.violations
        except RulesBroken as broken:
            violations = broken.violations
        stored = get_transaction(acting.registry, str(number)).transaction
    content = {
        "transaction": stored.id,
        "status": stored.status,
        "status_code": stored.status_code,
        "stage_code": stored.stage_code,
        **(more or {}),
    }
    return _print_act(output, content, violations)


def _print_act(output: Output, content: dict[str, Any], violations: Sequence[Violation]) -> int:
    content["violations"] = [item.as_json() for item in violations]
    for violation in violations:
        output.tell(f"{violation.code} {violation.message}")
    if output.as_json:
        output.document(content)
        return ANSWER_IS_NO if violations else DONE
    output.line("  ".join(text for text in (content["transaction"], content["status"]) if text))
    moves = [*content.get("moves", ()), *content.get("levy", ())]
    if moves:
        columns = (
            ("serial", "SERIAL"),
            ("quantity", "UNITS"),
            ("from", "FROM"),
            ("to", "TO"),
        )
        output.table(columns, iter(moves))
    for note in content.get("notes", ()):
        output.tell(f"Note {note['code']}: {note['message']}")
    return ANSWER_IS_NO if violations else DONE
