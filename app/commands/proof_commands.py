"""Commands by which a registry is held to its word: verify, checkpoint, proof.

Owns their arguments and what they print.
"""

from __future__ import annotations

from argparse import Namespace
from contextlib import suppress
from typing import TYPE_CHECKING

from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    TeakParser,
    add_common,
    named_path,
    read_text,
    write_file,
)
from app.commands.sessions import open_for_reading
from app.models.errors import UsageError

if TYPE_CHECKING:
    from app.services.log.checkpoint_comparison import Outside

_LARGEST_KEY = 100_000


def add_commands(commands: Commands) -> None:
    """Add verify, checkpoint and proof."""
    verify = commands.add(
        "verify",
        "recompute the log, its tree, every holding and every record",
        example="teak verify --registry demo.teak --against kept.checkpoint --json",
        run=_verify,
        more="Status 1 when anything is not as it should be; first_failure says where. A "
        "checkpoint that was kept outside shows as well whether the log was rewritten or "
        "shortened since, whoever did it.",
    )
    add_against(verify)
    add_common(verify)
    checkpoint = commands.add(
        "checkpoint",
        "sign the log as it is, to keep outside",
        example="teak checkpoint --registry demo.teak --out kept.checkpoint",
        run=_checkpoint,
        more="Keep it where nobody who can write the registry can: on a file share, in a letter, "
        "on paper. `teak verify --against FILE` judges the registry by it.",
    )
    checkpoint.add_argument("--out", metavar="FILE", help="write the checkpoint into FILE")
    add_common(checkpoint)
    proof = commands.add(
        "proof",
        "write the proof of the ledger as a PDF, for a reader who is no programmer",
        example="teak proof --registry demo.teak --out proof.pdf --language th",
        run=_proof,
        more="Units conserved, no serial in two places, cancellations and certificates, "
        "conversions once, the log whole; what was checked and what was not. Status 1 when "
        "anything does not hold; the report then says what.",
    )
    proof.add_argument("--out", metavar="FILE", required=True, help="where the PDF is written")
    proof.add_argument("--language", choices=("en", "th"), default="en", help="en or th")
    add_against(proof)
    add_common(proof)


def add_against(parser: TeakParser) -> None:
    """Add the options by which a registry is judged from outside."""
    parser.add_argument(
        "--against", metavar="CHECKPOINT", help="a checkpoint kept outside (-: standard input)"
    )
    parser.add_argument(
        "--public-key",
        metavar="FILE",
        help="judge the checkpoint by the key that `teak public-key` wrote, kept outside as well",
    )


def read_outside(arguments: Namespace) -> Outside | None:
    """Read the checkpoint and the key that a command names."""
    from app.services.certificates.signing import load_public_key
    from app.services.log.checkpoint_comparison import Outside
    from app.services.log.checkpoints import read_checkpoint

    if arguments.against is None:
        if arguments.public_key is not None:
            raise UsageError(
                "A public key judges a checkpoint, and none was named.",
                hint="Give --against CHECKPOINT as well.",
            )
        return None
    if arguments.against == "-" == getattr(arguments, "passphrase_file", None):
        raise UsageError(
            "Passphrase and checkpoint cannot both come from standard input.",
            hint="Give one of them in a file.",
        )
    key = None
    if arguments.public_key is not None:
        key = load_public_key(_read_bytes(arguments.public_key))
    return Outside(read_checkpoint(read_text(arguments.against)), key)


def _read_bytes(name: str) -> bytes:
    try:
        with named_path(name).open("rb") as file:
            return file.read(_LARGEST_KEY)
    except OSError as error:
        raise UsageError(f"“{name}” cannot be read: {error.strerror}.") from None


def _verify(arguments: Namespace, output: Output) -> int:
    from app.services.log.verification import verify_registry

    outside = read_outside(arguments)
    with open_for_reading(arguments) as registry, output.progress("Verifying") as progress:
        result = verify_registry(registry, progress, outside=outside)
    if output.as_json:
        output.document(result.as_json())
        return DONE if result.ok else ANSWER_IS_NO
    output.line(
        f"{'Holds' if result.ok else 'DOES NOT HOLD'}: {result.entries:,} log entries, "
        f"{result.blocks:,} blocks, {result.records:,} records, {result.certificates:,} "
        f"certificates, {result.checkpoints:,} checkpoints"
    )
    if result.unsealed:
        output.line(f"{result.unsealed:,} entries wait for the worker to seal them")
    if result.against is not None and result.ok:
        output.line(f"Agrees with the checkpoint over {result.against:,} entries")
    output.line(f"Root {result.root}")
    for unit_type, counts in result.units.items():
        counted = ", ".join(f"{word} {count:,}" for word, count in counts.items())
        output.line(f"{unit_type}: {counted}")
    if not result.ok:
        output.line(f"First failure at {result.failed_at}: {result.failure}")
    return DONE if result.ok else ANSWER_IS_NO


def _proof(arguments: Namespace, output: Output) -> int:
    from app.services.log.checkpoints import (
        LogDoesNotContinue,
        NotACheckpoint,
        make_checkpoint,
    )
    from app.services.proofs.render import render_proof
    from app.services.proofs.report import make_proof

    outside = read_outside(arguments)
    with open_for_reading(arguments) as registry, output.progress("Proving") as progress:
        # The report prints the newest checkpoint; a log that has none to give is still judged.
        with suppress(NotACheckpoint, LogDoesNotContinue):
            make_checkpoint(registry)
        report = make_proof(registry, outside=outside, progress=progress)
    path = write_file(arguments.out, render_proof(report, arguments.language))
    found = report.verification
    if output.as_json:
        output.document({**found.as_json(), "ok": report.holds, "file": str(path)})
    else:
        output.line(f"{'Holds' if report.holds else 'DOES NOT HOLD'}  {path}")
        if not found.ok:
            output.line(f"First failure at {found.failed_at}: {found.failure}")
    return DONE if report.holds else ANSWER_IS_NO


def _checkpoint(arguments: Namespace, output: Output) -> int:
    from app.services.log.checkpoints import make_checkpoint, read_checkpoint

    with open_for_reading(arguments) as registry:
        note = make_checkpoint(registry)
    if arguments.out is not None:
        write_file(arguments.out, note.encode())
    if output.as_json:
        said = read_checkpoint(note).checkpoint
        output.document(
            {
                "checkpoint": note,
                "origin": said.origin,
                "entries": said.size,
                "root": said.root.hex(),
                "file": arguments.out,
            }
        )
    elif arguments.out is None:
        output.line(note.removesuffix("\n"))
    else:
        output.tell(f"Wrote {arguments.out}")
    return DONE
