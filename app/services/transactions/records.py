"""What is written of a transaction, worked out from its evaluation: pure values.

Owns turning a plan that passed the checks into rows, the same for both engines. The writers
carry them out: `embedded_writer` statement by statement, `networked_writer` in one call of a
function of the database, which verifies them. Touches no database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.models.codes import Role, RuleKind, Stage, TransactionStatus, TransactionType
from app.models.serials.serial_range import SerialRange
from app.services.checks.violation import Violation
from app.services.transactions.acts import Act, Issuance
from app.services.transactions.evaluation import Evaluation
from app.services.transactions.facts import Facts, RuleFacts
from app.services.transactions.planning import Move, Plan
from app.services.transactions.record_shapes import (
    CompletionRecord,
    EndRecord,
    NewBatch,
    NewBlock,
    Piece,
    ProposalRecord,
    Range,
    ReductionClaim,
    Said,
    VoteRecord,
)
from app.services.transactions.situation import act_text

__all__ = [
    "CompletionRecord",
    "EndRecord",
    "NewBatch",
    "NewBlock",
    "Piece",
    "ProposalRecord",
    "Range",
    "ReductionClaim",
    "Said",
    "VoteRecord",
    "act_text",
    "applied_rules",
    "completion_record",
    "end_record",
    "proposal_record",
    "said_of",
    "stage_of",
    "transaction_body",
]


def proposal_record(evaluation: Evaluation, request_id: str) -> ProposalRecord:
    """Work out what is written when the act is proposed."""
    facts, plan, act = evaluation.facts, evaluation.plan, evaluation.facts.act
    assert facts.acquiring is not None
    is_creation = facts.transferring is None
    return ProposalRecord(
        request_id=request_id,
        type=int(act.type),
        supplementary_type=int(act.supplementary_type),
        stage=stage_of(act),
        from_account_id=None if facts.transferring is None else facts.transferring.id,
        to_account_id=facts.acquiring.id,
        unit_type=act.unit_type,
        quantity=act.quantity,
        act=act_text(act),
        person_id=facts.person.id,
        at=facts.now,
        effective_on=_effective_on(act),
        reverses_id=facts.reverses_id,
        notice_id=facts.notice_id,
        not_before=facts.not_before,
        to_expiry=plan.to_expiry,
        to_period=plan.to_period,
        said=said_of(evaluation),
        pieces=() if is_creation else tuple(_piece(move) for move in plan.moves),
        ranges=() if is_creation else (*_ranges(plan), *_replaced_ranges(facts)),
        reduction=_reduction_claim(facts),
        source_ids=tuple(source.id for source in facts.sources),
        documents=facts.documents,
    )


def _effective_on(act: Act) -> date | None:
    """Give the day that the source registry gives for an imported act."""
    if act.type is TransactionType.EXTERNAL_TRANSFER:
        return None
    return getattr(act, "source_date", None) or getattr(act, "issued_on", None)


def stage_of(act: Act) -> Stage:
    """Give whose decision a pending act awaits."""
    if act.decider is Role.COMMITTEE:
        return Stage.AWAITING_COMMITTEE
    return Stage.AWAITING_APPROVAL


def said_of(evaluation: Evaluation) -> Said:
    """Keep what the checks said at this step."""
    checks = evaluation.checks
    return _said(checks.passed, checks.violations, checks.notes)


def _said(
    passed: Sequence[int], violations: Sequence[Violation], notes: Sequence[Violation]
) -> Said:
    spoke = [item.as_json() for item in (*violations, *notes)]
    return Said(
        passed=" ".join(str(code) for code in passed),
        codes=" ".join(str(item.code) for item in violations),
        sentences=json.dumps(spoke, ensure_ascii=False, separators=(",", ":")) if spoke else "",
    )


def _piece(move: Move) -> Piece:
    block = move.block
    assert block is not None
    return Piece(block.id, block.series_id, block.first, block.last, move.first, move.last)


def _ranges(plan: Plan) -> tuple[Range, ...]:
    return tuple(
        Range(
            role=role,
            series=move.series,
            first=move.first,
            last=move.last,
            serial=move.serial,
            batch_id=None if move.block is None else move.block.batch_id,
            from_account_id=None if move.from_account is None else move.from_account.id,
            to_account_id=move.to_account.id,
        )
        for role, moves in (("move", plan.moves), ("levy", plan.levy))
        for move in moves
    )


def _replaced_ranges(facts: Facts) -> tuple[Range, ...]:
    """Name the units that a replacement replaces; they stay where they are."""
    return tuple(
        Range(
            role="replaced",
            series=item.series,
            first=item.first,
            last=item.last,
            serial=item.text,
            batch_id=item.block.batch_id,
            from_account_id=item.account.id,
            to_account_id=item.account.id,
        )
        for item in facts.replaced
        if item.block is not None and item.account is not None
    )


def _reduction_claim(facts: Facts) -> ReductionClaim | None:
    act = facts.act
    if not isinstance(act, Issuance):
        return None
    assert facts.project is not None
    return ReductionClaim(
        reduction_id=facts.reductions[0].id if facts.reductions else None,
        project_id=facts.project.id,
        period_from=act.period_from,
        period_to=act.period_to,
        quantity=act.verified_quantity,
        reference=act.verified_reference,
        document_sha256=act.document_sha256,
    )


def completion_record(evaluation: Evaluation, *, comment: str = "") -> CompletionRecord:
    """Work out what is written when the pending transaction completes."""
    facts, plan = evaluation.facts, evaluation.plan
    assert facts.deciding is not None
    assert facts.acquiring is not None
    is_creation = facts.transferring is None
    return CompletionRecord(
        transaction_id=facts.deciding.id,
        type=int(facts.act.type),
        person_id=facts.person.id,
        at=facts.now,
        comment=comment,
        said=said_of(evaluation),
        to_account_id=facts.acquiring.id,
        lasting=str(facts.acquiring.unit_state),
        to_expiry=plan.to_expiry,
        to_period=plan.to_period,
        rule_ids=tuple(sorted({rule.id for rule in applied_rules(evaluation).values()})),
        persons={
            "proposed": facts.deciding.proposer.user_name,
            "approved": facts.person.user_name,
        },
        body=transaction_body(evaluation, facts.deciding.id),
        batch=_new_batch(facts, plan) if is_creation else None,
        blocks=_new_blocks(plan) if is_creation else (),
        ranges=_ranges(plan) if is_creation else (),
        reissues=plan.reissues,
    )


def _new_batch(facts: Facts, plan: Plan) -> NewBatch:
    serial, project = plan.serial, facts.project
    assert serial is not None
    assert project is not None
    return NewBatch(
        series=serial.series,
        series_id=facts.series_id,
        first=serial.start,
        last=serial.end,
        unit_type=facts.act.unit_type,
        origin=serial.origin,
        project_id=project.id,
        vintage=getattr(facts.act, "vintage", None),
        expires_on=plan.expires_on,
        original_period=plan.period or _detail(serial.find_detail("original_period")),
        applicable_period=_applicable_period(plan, serial),
        lulucf_activity=_detail(serial.find_detail("lulucf_activity")),
        grammar=serial.grammar,
        template=serial.template,
    )


def _applicable_period(plan: Plan, serial: SerialRange) -> int:
    return plan.period or _detail(serial.find_detail("applicable_period"))


def _detail(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _new_blocks(plan: Plan) -> tuple[NewBlock, ...]:
    return tuple(
        NewBlock(move.first, move.last, move.to_account.id, str(move.to_account.unit_state))
        for move in plan.moves + plan.levy
    )


def applied_rules(evaluation: Evaluation) -> dict[RuleKind, RuleFacts]:
    """Give the rows of the rule tables that were valid for the act when it was judged."""
    return dict(evaluation.facts.rules)


def transaction_body(evaluation: Evaluation, transaction_id: int) -> dict[str, Any]:
    """Describe a completed transaction as the log keeps it (`docs/formats.md`)."""
    facts, plan = evaluation.facts, evaluation.plan
    body: dict[str, Any] = {
        "transaction": f"{facts.country}{transaction_id}",
        "type": int(facts.act.type),
        "supplementary_type": int(facts.act.supplementary_type),
        "unit_type": facts.act.unit_type,
        "quantity": facts.act.quantity,
        "act": facts.act.as_json(),
        "moves": [_move_body(move) for move in plan.moves + plan.levy],
        "checks_passed": len(evaluation.checks.passed),
    }
    rules = {str(kind): rule.id for kind, rule in applied_rules(evaluation).items()}
    if rules:
        body["rules"] = rules
    if plan.serial is not None and plan.expires_on is not None:
        body["expires_on"] = plan.expires_on.isoformat()
    if plan.reissues:
        body["reissues"] = _reissues_body(facts, plan)
    body |= _given(facts, plan)
    return body


def _reissues_body(facts: Facts, plan: Plan) -> list[dict[str, Any]]:
    """Say which source serials the new ones stand for, one for one, in order."""
    sources = {source.id: source for source in facts.sources}
    return [
        {
            "source": sources[item.source_id].serial,
            "source_series": sources[item.source_id].series,
            "source_start": sources[item.source_id].first,
            "source_end": sources[item.source_id].last,
            "series": item.series,
            "start": item.first,
            "end": item.last,
        }
        for item in plan.reissues
    ]


def _given(facts: Facts, plan: Plan) -> dict[str, Any]:
    """Describe what the units get, and which others they take the place of."""
    given: dict[str, Any] = {}
    if plan.serial is not None:
        given["period"] = _applicable_period(plan, plan.serial)
    if plan.to_expiry is not None:
        given["to_expiry"] = plan.to_expiry.isoformat()
    if plan.to_period is not None:
        given["to_period"] = plan.to_period
    if facts.replaced:
        given["replaced"] = [
            {
                "series": item.series,
                "start": item.first,
                "end": item.last,
                "account": "" if item.account is None else item.account.number,
            }
            for item in facts.replaced
        ]
    return given


def _move_body(move: Move) -> dict[str, Any]:
    return {
        "series": move.series,
        "start": move.first,
        "end": move.last,
        "from": None if move.from_account is None else move.from_account.number,
        "to": move.to_account.number,
    }


def end_record(
    facts: Facts,
    status: TransactionStatus,
    *,
    comment: str = "",
    evaluation: Evaluation | None = None,
) -> EndRecord:
    """Work out what is written when a pending transaction ends without completing."""
    assert facts.deciding is not None
    return EndRecord(
        transaction_id=facts.deciding.id,
        status=status,
        person_id=facts.person.id,
        at=facts.now,
        comment=comment,
        said=Said() if evaluation is None else said_of(evaluation),
    )
