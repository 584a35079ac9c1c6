"""An outsider opens a registry from docs/formats.md alone, with none of the program's code."""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlcipher3 import dbapi2


def test_the_documented_steps_open_the_file(closed: Path) -> None:
    keys = json.loads(closed.with_name("a.teak.keys").read_text())
    name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", "Somchai").casefold())
    slot_id = hashlib.sha256(bytes.fromhex(keys["name_salt"]) + name.encode()).hexdigest()
    slot = next(slot for slot in keys["slots"] if slot["id"] == slot_id)
    kdf = slot["kdf"]
    wrapping_key = hash_secret_raw(
        unicodedata.normalize("NFC", "right").encode(),
        bytes.fromhex(slot["kdf_salt"]),
        time_cost=kdf["t"],
        memory_cost=kdf["m_kib"],
        parallelism=kdf["p"],
        hash_len=32,
        type=Type.ID,
        version=0x13,
    )
    lines = [
        "teak-key-slots",
        "1",
        keys["registry"],
        slot_id,
        f"argon2id v=19 t={kdf['t']} m={kdf['m_kib']} p={kdf['p']}",
        slot["kdf_salt"],
    ]
    key = AESGCM(wrapping_key).decrypt(
        bytes.fromhex(slot["nonce"]),
        bytes.fromhex(slot["wrapped_key"]),
        "\n".join(lines).encode(),
    )
    new = keys["new_slots"]
    shared = [
        "teak-key-slots",
        "1",
        keys["registry"],
        keys["database_salt"],
        keys["name_salt"],
        f"argon2id v=19 t={new['t']} m={new['m_kib']} p={new['p']}",
    ]
    check = hmac.digest(key, "\n".join(shared).encode(), "sha256")
    assert check.hex() == keys["key_check"]

    first = closed.read_bytes()[:16]
    assert first.hex() == keys["database_salt"]
    mark = hashlib.sha256(b"teak registry file\0" + first[:12]).digest()[:4]
    assert first[12:] == mark

    database = dbapi2.connect(str(closed))
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    assert database.execute("SELECT count(*) FROM note").fetchone() == (40,)
    assert database.execute("PRAGMA application_id").fetchone() == (1413824843,)
    database.close()
