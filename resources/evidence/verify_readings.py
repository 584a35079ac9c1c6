"""Verify an evidence bundle of sensor readings. Stands alone: Python 3 and `cryptography`.

    python verify_readings.py BUNDLE.zip PUBLIC_KEY_HEX

Get the station's public key from the registry, not from the bundle; it vouches for those before
it. Prints every fault with its place; exit status 0 when all holds, 1 when something does not.
"""

# ruff: noqa: D103, INP001, T201
import base64
import hashlib
import json
import sys
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed(key_hex, signature_hex, message):
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key_hex))
        return key.verify(bytes.fromhex(signature_hex), message) is None
    except (InvalidSignature, ValueError):
        return False


def faults(path, public_key_hex):
    bundle = zipfile.ZipFile(path)
    raw, signature = bundle.read("manifest.json"), bundle.read("manifest.sig").decode().strip()
    if not is_signed(public_key_hex, signature, b"teak-readings-bundle-v1\n" + raw):
        yield "the manifest is not signed with this key"
    manifest = json.loads(raw)
    keys, number = manifest.get("keys", [public_key_hex]), 0
    first = {"first_key": public_key_hex}
    chains = {item["description"]["sensor_id"]: first | item for item in manifest["sensors"]}
    for number, line in enumerate(bundle.open("records.ndjson"), 1):
        record = json.loads(line)
        header, payload = record["header"].encode(), base64.b64decode(record["payload"])
        said = json.loads(header)
        place = f"line {number}, sensor {said['sensor']}, record {said['sequence']}"
        chain = chains.get(said["sensor"])
        key = chain["first_key"] if chain else public_key_hex
        if not is_signed(key, record["signature"], b"teak-reading-record-v1\n" + header):
            yield f"{place}: the signature does not fit the header"
        elif key not in keys:
            yield f"{place}: its key is none that the manifest names"
        if hashlib.sha256(payload).hexdigest() != said["payload_sha256"]:
            yield f"{place}: the payload is not the one that was signed"
        if chain is None or said["station"] != manifest["station"]["code"]:
            yield f"{place}: it belongs to no sensor of this bundle"
            continue
        if said["sequence"] != chain["first_sequence"]:
            yield f"{place}: record {chain['first_sequence']} was expected here"
        elif said["previous"] != chain["previous"]:
            yield f"{place}: it does not follow the record before it"
        chain["first_sequence"] = said["sequence"] + 1
        chain["previous"] = hashlib.sha256(b"\x00" + header).hexdigest()
        if said["kind"] == "key-changed":
            chain["first_key"] = said["body"]["public_key"]
    yield from faults_at_the_end(bundle, manifest, chains, number)


def faults_at_the_end(bundle, manifest, chains, number):
    for sensor, chain in chains.items():
        if chain["first_sequence"] != chain["last_sequence"] + 1:
            missing = f"{chain['first_sequence']} to {chain['last_sequence']}"
            yield f"sensor {sensor}: records {missing} are missing"
        elif chain["previous"] != chain["last_hash"]:
            yield f"sensor {sensor}: the last record is not the one the manifest names"
    for item in manifest.get("certificates", []):
        name = f"certificates/{item['sha256']}.pdf"
        pdf = bundle.read(name) if name in bundle.namelist() else b""
        if hashlib.sha256(pdf).hexdigest() != item["sha256"]:
            yield f"certificate {item['certificate']}: its file is not the one the manifest names"
    if number != manifest["records"]:
        yield f"there are {number} records, the manifest names {manifest['records']}"


if __name__ == "__main__":
    found = list(faults(sys.argv[1], sys.argv[2]))
    print("\n".join(found) or "all records hold")
    sys.exit(1 if found else 0)
