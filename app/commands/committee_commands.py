"""Commands around unit conversion: votes, the evidence, and following a serial.

Owns their arguments and what they print; voting is the services'. Bringing a cancellation record
in is in `import_commands`, listing source units in `listing_commands`.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from app.commands.act_commands import decide
from app.commands.output import Output
from app.commands.parsing import ANSWER_IS_NO, DONE, Commands, add_common, add_person
from app.commands.sessions import open_for_reading
from app.models.errors import UsageError


def add_commands(commands: Commands) -> None:
    """Add vote, conclude, evidence and reissue."""
    vote = commands.add(
        "vote",
        "vote on a conversion, as a member of the committee",
        example="teak vote TH12 no --comment 'Page 2 is missing' --as committee1 --json",
        run=_vote,
        more="The yes that reaches the quorum completes it; a no rejects it once the quorum "
        "cannot be reached any more. A vote stands as it was cast.",
    )
    vote.add_argument("id", metavar="ID", help="the transaction, such as TH12")
    vote.add_argument("choice", metavar="yes|no", choices=("yes", "no"), help="yes or no")
    vote.add_argument("--comment", metavar="TEXT", default="", help="why; a no needs it")
    add_person(vote)
    add_common(vote)
    conclude = commands.add(
        "conclude",
        "end a vote that needs no further one, as a member of the committee",
        example="teak conclude TH12 --as committee1 --json",
        run=_conclude,
        more="Where members left, or the quorum is another since, the votes that are cast may "
        "decide already: a quorum that is reached completes the conversion, one that cannot be "
        "reached any more rejects it. Until then whoever proposed it may withdraw it.",
    )
    conclude.add_argument("id", metavar="ID", help="the transaction, such as TH12")
    conclude.add_argument("--comment", metavar="TEXT", default="", help="why")
    add_person(conclude)
    add_common(conclude)
    evidence = commands.add(
        "evidence",
        "give all that speaks for a transaction: documents, sources, checks, votes",
        example="teak evidence TH12 --json",
        run=_evidence,
    )
    evidence.add_argument("id", metavar="ID", help="the transaction, such as TH12")
    add_common(evidence)
    reissue = commands.add(
        "reissue",
        "follow a source serial to the domestic one that stands for it, or back",
        example="teak reissue 'TH-5-1001-2-2-0-7014 - TH-5-2000-2-2-0-7014' --json",
        run=_reissue,
        more="With --json every pair is a line of its own. Status 1 when the units were never "
        "converted.",
    )
    reissue.add_argument("serial", metavar="SERIAL", help="a serial number of either end")
    add_common(reissue)


def _vote(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.voting import Choice, vote

    tally: dict[str, Any] = {}

    def cast(registry: Any, number: int, actor: Any) -> Any:
        choice = Choice(arguments.choice)
        found = vote(registry, number, actor, choice=choice, comment=arguments.comment)
        tally.update(tally=found.tally.as_json())
        return found.outcome

    return decide(arguments, output, cast, more=tally)


def _conclude(arguments: Namespace, output: Output) -> int:
    from app.services.transactions.concluding import conclude

    tally: dict[str, Any] = {}

    def end(registry: Any, number: int, actor: Any) -> Any:
        found = conclude(registry, number, actor, comment=arguments.comment)
        tally.update(tally=found.tally.as_json())
        return found.outcome

    return decide(arguments, output, end, more=tally)


def _evidence(arguments: Namespace, output: Output) -> int:
    from app.services.conversions.evidence import get_evidence

    with open_for_reading(arguments) as registry:
        content = get_evidence(registry, arguments.id).as_json()
    if output.as_json:
        output.document(content)
        return DONE
    output.line(f"{content['transaction']['id']}  {content['transaction']['status']}")
    for item in content["documents"]:
        output.line(f"{item['purpose']}: {item['name']}  {item['sha256']}")
    for source in content["sources"]:
        output.line(f"source: {source['serial']}  {source['quantity']:,}")
    for step in content["checks"]:
        told = [item for item in step["checks"] if item["outcome"] not in ("passed", "skipped")]
        output.line(f"{step['status']} by {step['by']}: {len(step['checks'])} checks")
        for item in told:
            output.line(f"  {item['code']} {item['outcome']}: {item['message']}")
    for cast in content["votes"]:
        output.line(f"{cast['choice']}: {cast['user']}  {cast['comment'] or ''}".rstrip())
    if content["tally"] is not None:
        counted = content["tally"]
        output.line(f"{counted['yes']} yes, {counted['no']} no; quorum {counted['quorum']}")
        if not content["transaction"]["status"].startswith("awaiting"):
            return DONE
        if counted["standing"] != "open":
            output.line(f"The quorum is {counted['standing']}: a member concludes the vote.")
    return DONE


def _reissue(arguments: Namespace, output: Output) -> int:
    from app.models.serials.reading import read_serial
    from app.models.serials.serial_range import SerialError
    from app.services.conversions.tracing import find_reissue

    try:
        serial = read_serial(arguments.serial.strip())
    except SerialError as error:
        raise UsageError(str(error), hint="`teak serial parse` tells how serials read.") from None
    with open_for_reading(arguments) as registry:
        found = find_reissue(registry, serial)
    if output.as_json:
        for pair in found:
            output.document(pair.as_json())
    else:
        columns = (
            ("source", "SOURCE"),
            ("domestic", "REISSUED AS"),
            ("quantity", "UNITS"),
            ("transaction", "TRANSACTION"),
        )
        output.table(columns, (pair.as_json() for pair in found))
    return DONE if found else ANSWER_IS_NO
