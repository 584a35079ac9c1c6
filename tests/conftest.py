"""What every test stands on: no display, no person's folders, no settings from outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.figures",
    "tests.fixtures.registries",
    "tests.fixtures.real_registries",
    "tests.fixtures.ledger",
    "tests.fixtures.conversions",
    "tests.fixtures.networked",
    "tests.fixtures.attackers",
    "tests.fixtures.copies",
]

# Before anything imports Qt: it reads these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")
# Without it, importing the word segmenter makes a folder in the person's home.
os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")

# The examples are the same in every run, so a failure on one machine is one on all;
# `pytest --hypothesis-profile=search` looks for new ones.
settings.register_profile(
    "same",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def folders_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Point a person's data, settings and cache at an empty folder, and forget `TEAK_*`."""
    home = tmp_path_factory.mktemp("nobody")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        for name in [name for name in os.environ if name.startswith("TEAK_")]:
            patch.delenv(name)
        yield home
