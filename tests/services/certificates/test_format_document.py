"""The program printed in docs/formats.md does what the document says of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.services.certificates.signing import public_key_pem
from app.services.certificates.statement import statement_json
from tests.fixtures.certificate_samples import KEY, sample_statement

FORMATS = Path(__file__).parents[3] / "docs" / "formats.md"


def section() -> str:
    text = FORMATS.read_text(encoding="utf-8")
    return text.split("\n## Certificate statement\n")[1].split("\n## ")[0]


def test_the_printed_program_verifies(tmp_path: Path, certificate_pdf: bytes) -> None:
    start = section().index("    import re, sys\n")
    lines = section()[start:].split("\n\n### ")[0].splitlines()
    program = "\n".join(line.removeprefix("    ") for line in lines)
    key, pdf = tmp_path / "key.pem", tmp_path / "certificate.pdf"
    key.write_bytes(public_key_pem(KEY.public_key()))

    def status(content: bytes) -> int:
        pdf.write_bytes(content)
        command = [sys.executable, "-c", program, str(pdf), str(key)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert status(certificate_pdf) == 0
    assert status(certificate_pdf.replace(b"/Lang", b"/Long")) == 1


def test_every_field_is_written_down() -> None:
    value = statement_json(sample_statement())
    names = [*value, *value["registry"], *value["holder"], *value["serials"][0], *value["log"]]
    assert [name for name in names if f"`{name}`" not in section()] == []
