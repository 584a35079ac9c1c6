"""`teak verify` and `teak checkpoint`, as an auditor's script runs them."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Desk
from tests.commands.test_registry_commands import error_code


def test_a_checkpoint_is_printed_written_and_verified_against(desk: Desk, tmp_path: Path) -> None:
    kept, key = tmp_path / "kept.checkpoint", tmp_path / "key.pem"
    assert desk.teak("checkpoint", "--out", str(kept)).status == 0
    assert desk.teak("public-key", "--out", str(key)).status == 0
    printed = desk.teak("checkpoint")
    assert printed.out == kept.read_text(encoding="utf-8")
    told = desk.teak("checkpoint", "--json").json
    assert told["checkpoint"] == kept.read_text(encoding="utf-8")
    verified = desk.teak("verify", "--json", "--against", str(kept), "--public-key", str(key))
    assert verified.status == 0
    assert verified.json["ok"] is True
    assert verified.json["against"] == told["entries"] == verified.json["entries"]
    assert verified.json["root"] == told["root"]
    piped = desk.teak("verify", "--json", "--against", "-", stdin=printed.out)
    assert piped.json["ok"] is True


def test_another_registrys_checkpoint_does_not_verify(desk: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    desk.teak("checkpoint", "--out", str(kept))
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace("teak-registry/", "teak-registry/0"), encoding="utf-8")
    verified = desk.teak("verify", "--json", "--against", str(kept))
    assert verified.status == 1
    assert "another registry" in verified.json["first_failure"]["reason"]


def test_what_cannot_be_judged_by_is_said(desk: Desk, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.write_text("no checkpoint")
    assert error_code(desk.teak("verify", "--json", "--against", str(nothing))) == (
        "not-a-checkpoint"
    )
    missing = str(tmp_path / "missing")
    assert error_code(desk.teak("verify", "--json", "--against", missing)) == "usage"
    assert error_code(desk.teak("verify", "--json", "--public-key", missing)) == "usage"


def test_a_proof_is_written_in_both_languages(desk: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    desk.teak("checkpoint", "--out", str(kept))
    for language in ("en", "th"):
        out = tmp_path / f"{language}.pdf"
        arguments = ["proof", "--out", str(out), "--language", language, "--json"]
        ran = desk.teak(*arguments, "--against", str(kept))
        assert ran.status == 0
        assert ran.json["ok"] is True
        assert ran.json["file"] == str(out)
        assert out.read_bytes().startswith(b"%PDF-")


def test_the_signing_key_is_changed_by_an_administrator(desk: Desk, tmp_path: Path) -> None:
    kept, old = tmp_path / "kept.checkpoint", tmp_path / "old.pem"
    desk.teak("checkpoint", "--out", str(kept))
    desk.teak("public-key", "--out", str(old))
    assert desk.teak("key", "rotate", "--as", "officer", "--json").status == 1
    changed = desk.teak("key", "rotate", "--as", "admin", "--json")
    assert (changed.status, changed.json["ok"]) == (0, True)
    assert desk.teak("public-key").out != old.read_text()
    held = desk.teak("verify", "--against", str(kept), "--public-key", str(old), "--json")
    assert (held.status, held.json["ok"]) == (0, True)
