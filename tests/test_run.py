"""What `make run` does where there is no display: the main job played, pictures, a certificate."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = (
    "home",
    "inbox",
    "accounts",
    "projects",
    "issuance",
    "transfers",
    "cancellation",
    "certificates",
    "transactions",
    "checks",
    "verification",
)
PNG = b"\x89PNG\r\n\x1a\n"


def run(*arguments: str, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "TEAK_REGISTRY"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "app.composition", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.journey
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_without_a_display_the_main_job_is_played_and_pictured(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("--demo", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "Everything holds" in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "certificate.pdf").read_bytes().startswith(b"%PDF-")
    wanted = [f"{page}-{look}.png" for page in PAGES for look in ("light", "dark", "thai")]
    missing = [name for name in wanted if not (out / name).is_file()]
    assert missing == []
    assert all((out / name).read_bytes().startswith(PNG) for name in wanted)
    assert (out / "home-light.png").read_bytes() != (out / "home-dark.png").read_bytes()
    left = sorted(path.name for path in out.iterdir() if path.suffix not in {".png", ".pdf"})
    assert left == ["demo.teak", "demo.teak.keys", "walk.teak", "walk.teak.keys"]


def test_without_a_registry_the_desk_says_what_is_missing() -> None:
    done = run(timeout_s=60)
    assert done.returncode == 2
    assert "TEAK_REGISTRY" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
def test_without_a_display_the_desk_names_what_can_be_done(tmp_path: Path) -> None:
    done = run("--registry", str(tmp_path / "any.teak"), timeout_s=60)
    assert done.returncode == 2
    assert "no display" in done.stderr
