"""Verify an evidence bundle of sensor readings. Stands alone: Python 3 and `cryptography`.

    python verify_readings.py BUNDLE.zip PUBLIC_KEY_HEX

Get the station's public key from the registry, not from the bundle. Prints every fault with its
place; exit status 0 when all holds, 1 when something does not. The format is in docs/formats.md.
"""

# ruff: noqa: C901, D103, INP001, T201, TRY300
import base64
import hashlib
import json
import sys
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed(key, signature_hex, message):
    try:
        key.verify(bytes.fromhex(signature_hex), message)
        return True
    except (InvalidSignature, ValueError):
        return False


def faults(path, public_key_hex):
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_hex))
    bundle = zipfile.ZipFile(path)
    raw = bundle.read("manifest.json")
    if not is_signed(
        key, bundle.read("manifest.sig").decode().strip(), b"teak-readings-bundle-v1\n" + raw
    ):
        yield "the manifest is not signed with this key"
    manifest = json.loads(raw)
    chains = {item["description"]["sensor_id"]: dict(item) for item in manifest["sensors"]}
    number = 0
    for number, line in enumerate(bundle.open("records.ndjson"), 1):
        record = json.loads(line)
        header, payload = record["header"].encode(), base64.b64decode(record["payload"])
        said = json.loads(header)
        place = f"line {number}, sensor {said['sensor']}, record {said['sequence']}"
        if not is_signed(key, record["signature"], b"teak-reading-record-v1\n" + header):
            yield f"{place}: the signature does not fit the header"
        if hashlib.sha256(payload).hexdigest() != said["payload_sha256"]:
            yield f"{place}: the payload is not the one that was signed"
        chain = chains.get(said["sensor"])
        if chain is None or said["station"] != manifest["station"]["code"]:
            yield f"{place}: it belongs to no sensor of this bundle"
            continue
        if said["sequence"] != chain["first_sequence"]:
            yield f"{place}: record {chain['first_sequence']} was expected here"
        elif said["previous"] != chain["previous"]:
            yield f"{place}: it does not follow the record before it"
        chain["first_sequence"] = said["sequence"] + 1
        chain["previous"] = hashlib.sha256(b"\x00" + header).hexdigest()
    for sensor, chain in chains.items():
        if chain["first_sequence"] != chain["last_sequence"] + 1:
            missing = f"{chain['first_sequence']} to {chain['last_sequence']}"
            yield f"sensor {sensor}: records {missing} are missing"
        elif chain["previous"] != chain["last_hash"]:
            yield f"sensor {sensor}: the last record is not the one the manifest names"
    if number != manifest["records"]:
        yield f"there are {number} records, the manifest names {manifest['records']}"


if __name__ == "__main__":
    found = list(faults(sys.argv[1], sys.argv[2]))
    print("\n".join(found) or "all records hold")
    sys.exit(1 if found else 0)
