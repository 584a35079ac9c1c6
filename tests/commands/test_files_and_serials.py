"""Serial numbers, imports and certificates from the command line, and how quick a start is."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from app.models.resource_files import resource_path
from tests.commands.conftest import TEAK, Desk, run_teak

SERIALS = """TH-TER-14-0042-2025--1-5000

not a serial
19258-933627722-933630721-VCS-VCU-1491-VER-BR-14-3590-26102020-31122020-0
"""
KEYS = {
    "line", "text", "grammar", "series", "origin", "country", "unit_type", "project", "vintage",
    "start", "end", "quantity", "printed",
}  # fmt: skip


def test_serial_parse_reads_lines_and_says_which_it_cannot() -> None:
    ran = run_teak("serial", "parse", "--json", stdin=SERIALS, cold=True)
    assert ran.status == 1
    first, wrong, last = ran.lines
    assert set(first) == set(last) == KEYS
    assert first["printed"] == first["text"]
    assert (wrong["line"], wrong["text"]) == (3, "not a serial")
    assert set(wrong) == {"line", "text", "error"}
    assert last["quantity"] == 3000
    good = run_teak("serial", "parse", stdin=SERIALS.splitlines()[0])
    assert good.status == 0
    binary = run_teak("serial", "parse", "--json", stdin=b"\xff\xfe\n")
    assert binary.status == 1


def test_light_commands_import_nothing_heavy() -> None:
    program = (
        "import sys, io\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b'TH-TER-14-0042-2025--1-5000'))\n"
        "from app.composition import main\n"
        "assert main(['serial', 'parse', '--json']) == 0\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'PySide6', 'sqlalchemy', 'sqlcipher3', 'cryptography', 'tqdm', 'alembic',"
        " 'reportlab'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stderr.strip() == "[]"


def test_an_export_goes_in_once(desk: Desk) -> None:
    file = resource_path("demo", "registries", "climate-action-reserve__retirements.csv")
    command = (
        "import", "registry-export", file, "--format", "car", "--as", "officer",
        "--approved-by", "approver", "--json",
    )  # fmt: skip
    first, second = desk.teak(*command), desk.teak(*command)
    keys = {
        "rows", "imported", "already_there", "rejected", "units_issued", "units_cancelled",
        "units_held",
    }  # fmt: skip
    assert (first.status, second.status) == (0, 0)
    assert set(first.json) >= keys
    assert first.json["imported"] > 0
    assert first.json["units_issued"] == first.json["units_cancelled"] + first.json["units_held"]
    assert (second.json["imported"], second.json["units_issued"]) == (0, 0)
    assert second.json["already_there"] == first.json["imported"]
    alone = desk.teak("import", "registry-export", file, "--format", "car", "--as", "officer")
    assert alone.status == 2
    missing = desk.teak(
        "import", "registry-export", "nowhere.csv", "--format", "car", "--as", "officer",
        "--approved-by", "approver", "--json",
    )  # fmt: skip
    assert (missing.status, set(missing.json)) == (2, {"error"})


def test_a_certificate_is_issued_and_judged_by_the_key_alone(desk: Desk, tmp_path: Path) -> None:
    cancellation = json.dumps(
        {
            "from": desk.forest,
            "unit_type": "TER",
            "quantity": 250,
            "beneficiary": "วิ่งกรุงเทพ",
            "purpose": "Race",
        }
    )
    done = desk.teak(
        "propose", "cancellation", "--input", "-", "--as", "officer", "--approved-by", "approver",
        "--json", stdin=cancellation,
    )  # fmt: skip
    assert done.json["status"] == "completed"
    pdf, key = tmp_path / "certificate.pdf", tmp_path / "key.pem"
    issue = ("certificate", "--transaction", "TH2", "--out", pdf, "--json")
    issued, again = desk.teak(*issue), desk.teak(*issue)
    assert issued.status == 0
    assert issued.json == again.json
    assert set(issued.json) >= {"certificate", "file", "pages"}
    assert desk.teak("public-key", "--out", key).status == 0
    verified = run_teak("certificate", "verify", pdf, "--public-key", key, "--json", cold=True)
    assert verified.status == 0
    assert verified.json["ok"] is True
    assert verified.json["quantity"] == 250
    assert verified.json["beneficiary"] == "วิ่งกรุงเทพ"
    assert verified.json["certificate"] == issued.json["certificate"]
    listed = desk.teak("certificates", "--json").lines
    assert [row["certificate"] for row in listed] == [issued.json["certificate"]]
    content = bytearray(pdf.read_bytes())
    content[len(content) // 2] ^= 1
    pdf.write_bytes(content)
    altered = desk.teak("certificate", "verify", pdf, "--json")
    assert (altered.status, altered.json["ok"]) == (1, False)
    assert altered.json["reason"]
    refused = desk.teak(
        "certificate", "--transaction", "TH1", "--out", tmp_path / "no.pdf", "--json"
    )
    assert refused.status == 1
    assert not (tmp_path / "no.pdf").exists()


def test_an_interrupt_ends_in_words() -> None:
    waiting = subprocess.Popen(
        [TEAK, "serial", "parse", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert waiting.stdin is not None
    assert waiting.stdout is not None
    # Enough lines that the buffer overflows: the command is at work when the signal comes.
    waiting.stdin.write(b"TH-TER-14-0042-2025--1-5000\n" * 400)
    waiting.stdin.flush()
    waiting.stdout.read(1)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == 2
    assert b"Traceback" not in err
    assert json.loads(out.splitlines()[-1])["error"]["code"] == "interrupted"


def test_a_fault_of_our_own_is_kept_in_a_file_and_told(tmp_path: Path) -> None:
    program = (
        "import app.services.serial_lines as module\n"
        "def fail(lines):\n    raise RuntimeError('secret of the fault')\n"
        "module.read_serial_lines = fail\n"
        "import sys\n"
        "from app.composition import main\n"
        "sys.exit(main(['serial', 'parse', '--json']))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=30,
    )
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr + ran.stdout
    kept = next((tmp_path / "teak" / "faults").iterdir())
    assert str(kept) in ran.stderr
    assert json.loads(ran.stdout)["error"]["code"] == "unexpected"
    assert "secret of the fault" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
