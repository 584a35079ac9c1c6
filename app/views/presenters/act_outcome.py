"""What an act will do, ready to be shown: blocks, lines, figures and sentences.

Owns turning an evaluation into what the panel at the right of every act shows. Decides
nothing: the plan and the checks are the services'.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from app.models.codes import UnitState
from app.services.checks.violation import Violation
from app.services.transactions.acts import Disposal, Registration, Rollback
from app.services.transactions.evaluation import Evaluation
from app.services.transactions.facts import AccountFacts, BlockFacts
from app.services.transactions.planning import Move
from app.views.presenters.phrases import Phrase, say

_ENTERED = {
    UnitState.CANCELLED: "acts.cancelled_after",
    UnitState.RETIRED: "acts.retired_after",
    UnitState.REPLACED: "acts.replaced_after",
    UnitState.SENT: "acts.sent_after",
}
MOST_STAYING = 4
"""More blocks that stay are told in one sentence."""


@dataclass(frozen=True)
class Share:
    """A part of the bar: units that move or stay, and the words below it."""

    quantity: int
    moves: bool
    caption: Phrase | None = None


@dataclass(frozen=True)
class OutcomeLine:
    """A range of serials as a row: how many of its units move, how many stay.

    `below` says the project of units that leave, or the account new units go to.
    """

    serial: str
    below: str
    vintage: str
    expires_on: date | None
    moves: int | None = None
    stays: int | None = None

    @property
    def expires(self) -> date | str:
        """The day it expires, or a dash for none."""
        return self.expires_on or "–"


@dataclass(frozen=True)
class Figure:
    """An account's units of the type, after the act and before it."""

    title_key: str
    after: int
    before: int
    unit_type: str


@dataclass(frozen=True)
class ActOutcome:
    """Everything the panel shows."""

    lead: Phrase
    shares: tuple[Share, ...]
    lines: tuple[OutcomeLine, ...]
    figures: tuple[Figure, ...]
    sentences: tuple[Phrase, ...]
    violations: tuple[Violation, ...]
    notes: tuple[Violation, ...]
    passed: int

    @property
    def is_clear(self) -> bool:
        """Whether no check stands against the act."""
        return not self.violations


def present_outcome(evaluation: Evaluation) -> ActOutcome:
    """Make what is shown of an evaluation."""
    act = evaluation.facts.act
    if isinstance(act, Disposal | Rollback):
        return _present_disposal(evaluation)
    return _present_issuance(evaluation)


# Units that leave an account


def _present_disposal(evaluation: Evaluation) -> ActOutcome:
    plan = evaluation.plan
    lines = _disposal_lines(evaluation)
    return ActOutcome(
        lead=_disposal_lead(evaluation),
        shares=_disposal_shares(evaluation, lines),
        lines=tuple(line for line, _block in lines),
        figures=_disposal_figures(evaluation),
        sentences=(
            *_split_sentences(plan.moves),
            *_change_sentences(evaluation),
            *_rest_sentences(evaluation, lines),
        ),
        violations=evaluation.violations,
        notes=evaluation.checks.notes,
        passed=len(evaluation.checks.passed),
    )


def _disposal_lead(evaluation: Evaluation) -> Phrase:
    act = evaluation.facts.act
    if isinstance(act, Rollback):
        return say("acts.lead_rollback")
    if _stays(evaluation):
        return say("acts.lead_changed")
    if evaluation.facts.deciding is not None:
        return say("acts.lead_reserved")
    return say("acts.lead_picked" if getattr(act, "blocks", ()) else "acts.lead_fifo")


def _stays(evaluation: Evaluation) -> bool:
    """Tell whether the act changes units and leaves them in their account."""
    transferring, acquiring = evaluation.facts.transferring, evaluation.facts.acquiring
    return transferring is not None and acquiring is not None and transferring.id == acquiring.id


def _change_sentences(evaluation: Evaluation) -> tuple[Phrase, ...]:
    """Say what the moved units get, what they replace, and from when it can complete."""
    facts, plan = evaluation.facts, evaluation.plan
    phrases = []
    if plan.moves and plan.to_expiry is not None:
        phrases.append(say("acts.to_expiry", day=plan.to_expiry))
    if plan.moves and plan.to_period is not None:
        phrases.append(say("acts.to_period", period=str(plan.to_period)))
    replaced = sum(each.quantity for each in facts.replaced if not each.problem)
    if replaced:
        phrases.append(say("acts.replaces", count=replaced))
    if facts.not_before is not None:
        phrases.append(say("acts.not_before", moment=facts.not_before))
    return tuple(phrases)


def _disposal_lines(evaluation: Evaluation) -> list[tuple[OutcomeLine, BlockFacts]]:
    """List what moves, what a split leaves behind, then the next blocks that stay."""
    by_block: dict[BlockFacts, list[Move]] = defaultdict(list)
    for move in evaluation.plan.moves:
        if move.block is not None:
            by_block[move.block].append(move)
    lines: list[tuple[OutcomeLine, BlockFacts]] = []
    for block, moves in by_block.items():
        lines += _lines_of_block(block, sorted(moves, key=lambda move: move.first))
    for block in evaluation.staying()[:MOST_STAYING]:
        lines.append((_line(block, block.first, block.last, moves=False), block))
    return lines


def _lines_of_block(block: BlockFacts, moves: list[Move]) -> list[tuple[OutcomeLine, BlockFacts]]:
    lines, begin = [], block.first
    for move in moves:
        if move.first > begin:
            lines.append((_line(block, begin, move.first - 1, moves=False), block))
        lines.append((_line(block, move.first, move.last, moves=True), block))
        begin = move.last + 1
    if begin <= block.last:
        lines.append((_line(block, begin, block.last, moves=False), block))
    return lines


def _line(block: BlockFacts, first: int, last: int, *, moves: bool) -> OutcomeLine:
    quantity = last - first + 1
    return OutcomeLine(
        serial=block.print(first, last),
        below=f"{block.project} {block.project_name}".strip(),
        vintage="–" if block.vintage is None else str(block.vintage),
        expires_on=block.expires_on,
        moves=quantity if moves else None,
        stays=None if moves else quantity,
    )


def _disposal_shares(
    evaluation: Evaluation, lines: list[tuple[OutcomeLine, BlockFacts]]
) -> tuple[Share, ...]:
    """Cut the bar; each vintage and expiry is said once, where there is most room."""
    widest: dict[tuple[int | None, date | None], tuple[int, int]] = {}
    for number, (line, block) in enumerate(lines):
        group, units = (block.vintage, block.expires_on), _units(line)
        if units > widest.get(group, (0, 0))[0]:
            widest[group] = (units, number)
    captioned = {number for _most, number in widest.values()}
    shares = [
        Share(_units(line), line.moves is not None, _caption(line) if n in captioned else None)
        for n, (line, _block) in enumerate(lines)
    ]
    rest = _rest(evaluation, lines)
    if rest:
        shares.append(Share(rest, moves=False, caption=say("acts.caption_rest")))
    return tuple(shares)


def _caption(line: OutcomeLine) -> Phrase:
    if line.expires_on is None:
        return say("acts.caption_no_expiry", vintage=line.vintage)
    return say("acts.caption", vintage=line.vintage, day=line.expires_on)


def _rest(evaluation: Evaluation, lines: list[tuple[OutcomeLine, BlockFacts]]) -> int:
    """Count units of the account that no line shows: further blocks, reserved, expired."""
    account = evaluation.facts.transferring
    if account is None or not lines:
        return 0
    return account.quantity - sum(_units(line) for line, _block in lines)


def _units(line: OutcomeLine) -> int:
    return (line.moves or 0) + (line.stays or 0)


def _rest_sentences(
    evaluation: Evaluation, lines: list[tuple[OutcomeLine, BlockFacts]]
) -> tuple[Phrase, ...]:
    rest = _rest(evaluation, lines)
    return (say("acts.rest_stays", count=rest),) if rest else ()


def _split_sentences(moves: tuple[Move, ...]) -> tuple[Phrase, ...]:
    phrases: list[Phrase] = []
    for move in moves:
        block = move.block
        if block is None or not move.splits:
            continue
        parts = []
        if move.first > block.first:
            parts.append(f"{block.first}–{move.first - 1}")
        parts.append(f"{move.first}–{move.last}")
        if move.last < block.last:
            parts.append(f"{move.last + 1}–{block.last}")
        whole = f"{block.first}–{block.last}"
        key = "acts.splits_in_two" if len(parts) == 2 else "acts.splits_in_three"
        names = zip(("one", "two", "three"), parts, strict=False)
        phrases.append(say(key, whole=whole, **dict(names)))
    return tuple(phrases)


def _disposal_figures(evaluation: Evaluation) -> tuple[Figure, ...]:
    facts = evaluation.facts
    moved = sum(move.quantity for move in evaluation.plan.moves)
    figures = []
    if facts.transferring is not None and _stays(evaluation):
        return (_figure("acts.kept_after", facts.transferring, 0, facts.act.unit_type),)
    if facts.transferring is not None:
        figures.append(_figure("acts.from_after", facts.transferring, -moved, facts.act.unit_type))
    if facts.acquiring is not None:
        key = _ENTERED.get(facts.acquiring.unit_state, "acts.to_after")
        figures.append(_figure(key, facts.acquiring, moved, facts.act.unit_type))
    return tuple(figures)


def _figure(title_key: str, account: AccountFacts, change: int, unit_type: str) -> Figure:
    return Figure(title_key, account.quantity + change, account.quantity, unit_type)


# Units that come into being


def _present_issuance(evaluation: Evaluation) -> ActOutcome:
    plan = evaluation.plan
    created = [("acts.caption_account", move) for move in plan.moves]
    created += [("acts.caption_levy", move) for move in plan.levy]
    return ActOutcome(
        lead=say(
            "acts.lead_acquisition"
            if isinstance(evaluation.facts.act, Registration)
            else "acts.lead_issuance"
        ),
        shares=tuple(
            Share(move.quantity, moves=True, caption=say(key, number=move.to_account.number))
            for key, move in created
        ),
        lines=tuple(_created_line(evaluation, move) for _key, move in created),
        figures=_issuance_figures(evaluation),
        sentences=_issuance_sentences(evaluation),
        violations=evaluation.violations,
        notes=evaluation.checks.notes,
        passed=len(evaluation.checks.passed),
    )


def _created_line(evaluation: Evaluation, move: Move) -> OutcomeLine:
    return OutcomeLine(
        serial=move.serial,
        below=f"→ {move.to_account.number} {move.to_account.name}",
        vintage=str(getattr(evaluation.facts.act, "vintage", None) or "–"),
        expires_on=evaluation.plan.expires_on,
        moves=move.quantity,
    )


def _issuance_figures(evaluation: Evaluation) -> tuple[Figure, ...]:
    facts, plan = evaluation.facts, evaluation.plan
    figures = []
    if facts.acquiring is not None:
        moved = sum(move.quantity for move in plan.moves)
        figures.append(_figure("acts.account_after", facts.acquiring, moved, facts.act.unit_type))
    if facts.buffer is not None and plan.levy:
        levied = sum(move.quantity for move in plan.levy)
        figures.append(_figure("acts.buffer_after", facts.buffer, levied, facts.act.unit_type))
    return tuple(figures)


def _issuance_sentences(evaluation: Evaluation) -> tuple[Phrase, ...]:
    facts, plan = evaluation.facts, evaluation.plan
    phrases = []
    if facts.levy_rule is not None and facts.buffer is not None and plan.moves:
        rate = f"{(facts.levy_rule.value * 100).normalize():f}"
        levied = sum(move.quantity for move in plan.levy)
        phrases.append(
            say(
                "acts.levy",
                rate=rate,
                levied=levied,
                quantity=facts.act.quantity,
                number=facts.buffer.number,
            )
            if levied
            else say("acts.no_levy", rate=rate)
        )
    if plan.moves and facts.expiry_rule is not None:
        day = plan.expires_on
        phrases.append(say("acts.never_expires") if day is None else say("acts.expires", day=day))
    return tuple(phrases)
