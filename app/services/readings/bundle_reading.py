"""Reading and verifying an evidence bundle: every fault is named with its place.

Owns what must hold of a bundle: the manifest's signature, each record's signature and payload,
and chains without a hole. Needs no registry; the public key is the reader's, never the file's.
"""

from __future__ import annotations

import base64
import binascii
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.models.errors import TeakError, UsageError
from app.services.readings.bundle import CERTIFICATES, FORM, MANIFEST, RECORDS, SIGNATURE, SIGNED
from app.services.readings.record import SignedRecord, key_after

_LARGEST_MANIFEST = 4_000_000
_LARGEST_CERTIFICATE = 32_000_000
_LARGEST_LINE = 16_000_000
_MOST_FAULTS = 20
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError)


class NotABundle(UsageError):
    """The file is no evidence bundle of readings."""

    code = "not-a-bundle"


class BundleRefused(TeakError):
    """The bundle does not verify, or does not continue what is here."""

    code = "bundle-refused"


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself."""

    content: dict[str, Any]
    raw: bytes
    signature: bytes

    @property
    def public_key(self) -> bytes:
        """The key the bundle names; whether to trust it is for the reader to know."""
        return bytes.fromhex(self.content["public_key"])

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Every key that signed records of the station, the earliest first."""
        return tuple(bytes.fromhex(key) for key in self.content.get("keys", ())) or (
            self.public_key,
        )

    def fault(self, public_key: bytes) -> str:
        """Say what does not hold of the manifest, "" when it holds."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, SIGNED + self.raw)
        except (InvalidSignature, ValueError):
            return "the manifest is not signed with this key"
        return ""


@dataclass(frozen=True)
class BundleVerdict:
    """Whether a bundle holds, and what does not."""

    ok: bool
    records: int
    rows: int
    faults: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Write it as the command line gives it."""
        return {
            "ok": self.ok,
            "records": self.records,
            "rows": self.rows,
            "faults": list(self.faults),
        }


@dataclass
class _Chain:
    """Where a sensor's chain stands while its lines are read."""

    expected: int
    last: int
    previous: str
    last_hash: str
    key: bytes
    latest: str = ""


@dataclass
class _Judge:
    faults: list[str] = field(default_factory=list)
    rows: int = 0

    def add(self, fault: str) -> None:
        if fault and len(self.faults) < _MOST_FAULTS:
            self.faults.append(fault)


def read_manifest(path: Path) -> Manifest:
    """Read a bundle's manifest; NotABundle for a file that has none."""
    with _opened(path) as bundle:
        raw = _bounded(bundle, MANIFEST)
        signature = _bounded(bundle, SIGNATURE)
    try:
        content = json.loads(raw)
        made = Manifest(content, raw, bytes.fromhex(signature.decode("ascii").strip()))
        sizes = {len(key) for key in (*made.keys, made.public_key)}
        _require_texts(content.get("certificates", ()))
        if content["form"] != FORM or content["version"] != 1 or sizes != {32}:
            raise ValueError("it is of another form")
    except (ValueError, KeyError, TypeError) as error:
        raise NotABundle(f"“{path}” has no manifest Teak can read: {error}.") from None
    return made


def _require_texts(certificates: Iterable[Mapping[str, object]]) -> None:
    """Refuse certificates that are named otherwise than by texts; raises what such a form does."""
    for item in certificates:
        for name in ("sensor", "calibration", "certificate", "sha256"):
            if not isinstance(item[name], str):
                raise TypeError(f"{name} of a certificate is no text")


def read_records(path: Path) -> Iterator[tuple[int, SignedRecord]]:
    """Give the records of a bundle with their line numbers, one by one; NotABundle."""
    with _opened(path) as bundle, bundle.open(RECORDS) as stream:
        number = 0
        while line := stream.readline(_LARGEST_LINE):
            number += 1
            yield number, _record(path, number, line)


def verify_bundle(
    path: Path, public_key: bytes, *, told: Callable[[int], None] | None = None
) -> BundleVerdict:
    """Verify a bundle with the station's key, in memory that does not grow.

    Raises NotABundle for a file that cannot be read as one at all.
    """
    manifest = read_manifest(path)
    judge = _Judge()
    judge.add(manifest.fault(public_key))
    chains = {
        item["description"]["sensor_id"]: _Chain(
            item["first_sequence"],
            item["last_sequence"],
            item["previous"],
            item["last_hash"],
            bytes.fromhex(item.get("first_key", manifest.content["public_key"])),
        )
        for item in manifest.content["sensors"]
    }
    number = 0
    try:
        for number, record in read_records(path):
            _judge_record(judge, manifest, chains, number, record)
            if told is not None and number % 500 == 0:
                told(number)
    except NotABundle as error:
        judge.add(error.message)
    _judge_ends(judge, manifest, chains, number)
    _judge_certificates(judge, manifest, path)
    return BundleVerdict(not judge.faults, number, judge.rows, tuple(judge.faults))


def file_digest(path: Path) -> str:
    """Give the SHA-256 of a file; UsageError when it cannot be read."""
    digest = sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    except OSError as error:
        raise UsageError(f"“{path}” cannot be read: {error.strerror}.") from None
    return digest.hexdigest()


def _judge_record(
    judge: _Judge,
    manifest: Manifest,
    chains: dict[str, _Chain],
    line: int,
    record: SignedRecord,
) -> None:
    said = record.said()
    sensor, sequence = str(said.get("sensor")), said.get("sequence")
    place = f"line {line}, sensor {sensor}, record {sequence}"
    chain = chains.get(sensor)
    public_key = manifest.public_key if chain is None else chain.key
    fault = record.fault(public_key)
    if fault:
        judge.add(f"{place}: {fault}")
    elif public_key not in manifest.keys:
        judge.add(f"{place}: its key is none that the manifest names")
    ours = (manifest.content["registry"], manifest.content["station"]["code"])
    if chain is None or (said.get("registry"), said.get("station")) != ours:
        judge.add(f"{place}: it belongs to no sensor of this bundle")
        return
    if sequence != chain.expected:
        judge.add(f"{place}: record {chain.expected} was expected here")
    elif said.get("previous") != chain.previous:
        judge.add(f"{place}: it does not follow the record before it")
    chain.expected = int(sequence or 0) + 1
    chain.previous = chain.latest = record.hash.hex()
    chain.key = key_after(said, chain.key)
    if said.get("kind") == "readings":
        judge.rows += int(said["body"]["rows"])


def _judge_ends(judge: _Judge, manifest: Manifest, chains: dict[str, _Chain], number: int) -> None:
    for sensor, chain in chains.items():
        if chain.expected != chain.last + 1:
            judge.add(f"sensor {sensor}: records {chain.expected} to {chain.last} are missing")
        elif chain.latest != chain.last_hash:
            judge.add(f"sensor {sensor}: the last record is not the one the manifest names")
    if number != manifest.content["records"]:
        judge.add(f"there are {number} records, the manifest names {manifest.content['records']}")


def read_certificate(path: Path, digest: str) -> bytes:
    """Give a certificate's file out of a bundle, whatever its digest is now; NotABundle."""
    with _opened(path) as bundle:
        return _bounded(bundle, f"{CERTIFICATES}{digest}.pdf", _LARGEST_CERTIFICATE)


def _judge_certificates(judge: _Judge, manifest: Manifest, path: Path) -> None:
    for item in manifest.content.get("certificates", ()):
        place = f"certificate {item['certificate']}"
        try:
            pdf = read_certificate(path, item["sha256"])
        except NotABundle:
            judge.add(f"{place}: its file is missing")
            continue
        if sha256(pdf).hexdigest() != item["sha256"]:
            judge.add(f"{place}: its file is not the one the manifest names")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as bundle:
            yield bundle
    except OSError as error:
        raise UsageError(f"“{path}” cannot be read: {error.strerror or error}.") from None
    except _BROKEN as error:
        raise NotABundle(
            f"“{path}” is no whole bundle of readings: {error}.",
            hint="Have it exported and sent again.",
        ) from None


def _bounded(bundle: zipfile.ZipFile, name: str, most: int = _LARGEST_MANIFEST) -> bytes:
    with bundle.open(name) as stream:
        return stream.read(most)


def _record(path: Path, number: int, line: bytes) -> SignedRecord:
    try:
        content = json.loads(line)
        record = SignedRecord(
            content["header"].encode(),
            base64.b64decode(content["payload"], validate=True),
            bytes.fromhex(content["signature"]),
        )
        if not isinstance(record.said(), dict):
            raise TypeError("its header is no object")
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise NotABundle(f"“{path}”, line {number}, is no record: {error}.") from None
    return record
