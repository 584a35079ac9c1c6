"""Before any registry is open: addresses read, registries made, those used lately listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.errors import RegistryExists, RegistryMissing, UsageError
from app.services.desk_memory import recall
from app.services.registry.opening import open_registry
from app.views.presenters.welcome import (
    WelcomePresenter,
    creation_problems,
    server_address,
    server_problems,
)

SERVER = {"server": "db.example:5433", "database": "teak", "certificate": ""}
CREATION = {
    "registry_name": "Forest Registry",
    "registry_name_th": "",
    "name": "Somsri Rakdee",
    "user_name": "somsri",
    "passphrase": "seven quiet elephants",
    "again": "seven quiet elephants",
}


@pytest.mark.parametrize(
    ("changed", "address"),
    [
        ({}, "postgresql://db.example:5433/teak"),
        (
            {"certificate": "/etc/our authority.pem"},
            "postgresql://db.example:5433/teak?sslrootcert=/etc/our+authority.pem",
        ),
        ({"server": "postgresql://db.example/other"}, "postgresql://db.example/other"),
    ],
)
def test_an_address_is_made_of_what_is_typed(changed: dict[str, str], address: str) -> None:
    assert server_problems(SERVER | changed) == ()
    assert server_address(SERVER | changed) == address


def test_what_is_missing_or_wrong_is_said() -> None:
    for field in ("server", "database"):
        assert [each.field for each in server_problems(SERVER | {field: " "})] == [field]
    with pytest.raises(UsageError, match="holds a password"):
        server_address(SERVER | {"server": "postgresql://me:secret@db.example/x"})
    for field in ("registry_name", "name", "user_name", "passphrase"):
        assert [each.field for each in creation_problems(CREATION | {field: ""})] == [field]


def test_a_registry_is_made_for_its_administrator_and_never_over_another(tmp_path: Path) -> None:
    presenter = WelcomePresenter(None, tmp_path / "demo.teak")
    made = presenter.create(str(tmp_path / "forest"), CREATION)
    assert (made.path, made.administrator.user) == (tmp_path / "forest.teak", "somsri")
    registry = open_registry(made.path, passphrase=CREATION["passphrase"])
    assert (registry.name_en, registry.name_th, registry.is_demo) == (
        "Forest Registry",
        "Forest Registry",
        False,
    )
    registry.engine.dispose()
    assert presenter.open(str(made.path)).demo is None
    with pytest.raises(RegistryExists):
        presenter.create(str(made.path), CREATION)


def test_what_was_opened_is_listed_until_it_is_taken_off(tmp_path: Path) -> None:
    memory = tmp_path / "desk.json"
    presenter = WelcomePresenter(memory, tmp_path / "demo.teak")
    with pytest.raises(RegistryMissing):
        presenter.open(str(tmp_path / "missing.teak"))
    presenter.keep_used(tmp_path / "forest.teak")
    presenter.keep_looks(language="th", colours="dark")
    presenter.keep_used(presenter.place_of("postgresql://db.example/teak"))
    rows = WelcomePresenter(memory, tmp_path / "demo.teak").recent()
    assert [(row.name, row.where, row.is_server) for row in rows] == [
        ("teak", "db.example", True),
        ("forest.teak", str(tmp_path), False),
    ]
    presenter.forget(rows[0].text)
    kept = recall(memory)
    assert (kept.recent, kept.language, kept.colours) == (
        (str(tmp_path / "forest.teak"),),
        "th",
        "dark",
    )
