"""Commands on certificates: of cancellations and of calibrations; verify a file of either kind.

Owns arguments and output; a file is never judged by a key it brings along.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.commands.output import Output
from app.commands.parsing import (
    ANSWER_IS_NO,
    DONE,
    Commands,
    add_common,
    add_person,
    named_path,
    write_file,
)
from app.commands.sessions import open_for_acting, open_for_reading
from app.models.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from app.services.calibrating.certifying import IssuedCalibrationCertificate
    from app.services.certificates.calibration.verify import VerifiedCalibration
    from app.services.certificates.issuing import IssuedCertificate

_LARGEST_CERTIFICATE = 64 * 2**20
_LARGEST_KEY = 100_000


def add_commands(commands: Commands) -> None:
    """Add certificate and certificate verify."""
    certificate = commands.add(
        "certificate",
        "issue or reprint a certificate, or verify one",
        example="teak certificate --transaction TH12 --out certificate.pdf",
        run=_certificate,
        more="`teak certificate verify FILE.pdf` checks one. On a server the registry's worker "
        "makes it: until then it is queued, and the same command fetches it later.",
    )
    certificate.add_argument("--transaction", metavar="ID", help="the voluntary cancellation")
    certificate.add_argument("--calibration", metavar="CODE", help="or the sensor's calibration")
    certificate.add_argument(
        "--wait",
        type=float,
        metavar="SECONDS",
        help="how long the worker is waited for with a calibration (20)",
    )
    certificate.add_argument("--out", metavar="FILE", help="where the PDF is written")
    certificate.add_argument(
        "--language", choices=("both", "en", "th"), default="both", help="both, en or th"
    )
    add_person(certificate)
    add_common(certificate)
    verify = Commands(certificate, "certificate commands").add(
        "verify",
        "check a certificate by the registry's public key",
        example="teak certificate verify certificate.pdf --public-key registry.pem --json",
        run=_verify,
        more="Needs no registry when the key is given. Status 1 when it does not verify.",
    )
    verify.add_argument("file", metavar="FILE", help="the certificate's PDF")
    verify.add_argument("--public-key", metavar="FILE", help="what `teak public-key` wrote")
    add_common(verify)


def _certificate(arguments: Namespace, output: Output) -> int:
    if bool(arguments.transaction) == bool(arguments.calibration) or not arguments.out:
        raise UsageError(
            "A certificate needs --transaction ID or --calibration CODE, and --out FILE.",
            hint="`teak certificate verify FILE` checks one instead.",
        )
    issued = _issue_calibration(arguments) if arguments.calibration else _issue(arguments)
    path = write_file(arguments.out, issued.pdf)
    if output.as_json:
        output.document({"certificate": issued.number, "file": str(path), "pages": issued.pages})
    else:
        output.line(f"{issued.number}  {path}")
    return DONE


def _issue(arguments: Namespace) -> IssuedCertificate:
    from app.services.certificates.issuing import issue_certificate
    from app.services.transactions.proposing import transaction_number

    if arguments.acting_as:
        with open_for_acting(arguments) as acting:
            number = transaction_number(acting.registry, arguments.transaction)
            return issue_certificate(
                acting.registry, number, actor=acting.actor, language=arguments.language
            )
    with open_for_reading(arguments) as registry:
        number = transaction_number(registry, arguments.transaction)
        return issue_certificate(registry, number, language=arguments.language)


def _issue_calibration(arguments: Namespace) -> IssuedCalibrationCertificate:
    from app.services.calibrating.certifying import issue_calibration_certificate

    with open_for_acting(arguments) as acting:
        return issue_calibration_certificate(
            acting.registry,
            acting.actor,
            arguments.calibration,
            language=arguments.language,
            wait_s=arguments.wait,
        )


def _verify(arguments: Namespace, output: Output) -> int:
    from app.services.certificates.calibration.verify import verify_calibration_certificate
    from app.services.certificates.verify import verify_certificate

    pdf = _read(arguments.file, _LARGEST_CERTIFICATE)
    keys = _keys(arguments)
    calibrations = (verify_calibration_certificate(pdf, key) for key in keys)
    calibration = next((item for item in calibrations if item.ok), None)
    if calibration is not None and calibration.statement is not None:
        return _tell_calibration(calibration, output)
    verdicts = [verify_certificate(pdf, key) for key in keys]
    verdict = next((item for item in verdicts if item.ok), verdicts[0])
    if output.as_json:
        output.document(verdict.json)
    elif verdict.statement is None:
        output.line(f"DOES NOT VERIFY: {verdict.reason}")
    else:
        said = verdict.statement
        output.line(f"Verifies: {said.certificate}")
        output.line(
            f"{said.quantity:,} {said.unit_type} cancelled on {said.cancelled_on}"
            f" for {said.beneficiary or said.holder_name}"
        )
    return DONE if verdict.ok else ANSWER_IS_NO


def _tell_calibration(verdict: VerifiedCalibration, output: Output) -> int:
    if output.as_json:
        output.document(verdict.json)
    elif verdict.statement is not None:
        said = verdict.statement
        output.line(f"Verifies: {said.certificate}")
        output.line(
            f"calibration {said.calibration} of {said.item.station} {said.item.sensor} "
            f"{said.item.channel}: as found {said.verdict_as_found}, as left "
            f"{said.verdict_as_left}"
        )
    return DONE


def _keys(arguments: Namespace) -> list[Ed25519PublicKey]:
    """Give the key of the file named, else every key the registry ever signed with."""
    from app.services.certificates.signing import load_public_key

    if arguments.public_key is not None:
        return [load_public_key(_read(arguments.public_key, _LARGEST_KEY))]
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from app.services.listings.signing_keys import read_public_keys

    with open_for_reading(arguments) as registry:
        keys = read_public_keys(registry)
    return [Ed25519PublicKey.from_public_bytes(key) for key in keys]


def _read(name: str, most_bytes: int) -> bytes:
    try:
        with named_path(name).open("rb") as file:
            return file.read(most_bytes + 1)
    except OSError as error:
        raise UsageError(f"“{name}” cannot be read: {error.strerror}.") from None
