from __future__ import annotations

import pytest

from app.models.errors import UsageError
from app.models.server_place import (
    ServerPlace,
    clean_prefix,
    part_password,
    read_server_place,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgresql://db.example/teak", ServerPlace(host="db.example", database="teak")),
        (
            "postgres://nok@db.example:6432/teak?sslrootcert=/etc/ca.pem",
            ServerPlace(
                host="db.example",
                port=6432,
                database="teak",
                user="nok",
                root_certificate="/etc/ca.pem",
            ),
        ),
        (
            "postgresql://127.0.0.1/teak?sslmode=disable&prefix=th",
            ServerPlace(host="127.0.0.1", database="teak", is_encrypted=False, prefix="th"),
        ),
        (
            "postgresql://[2001:db8::1]/teak",
            ServerPlace(host="2001:db8::1", database="teak"),
        ),
        (
            "postgresql://postgres:@:5433/teak?host=/run/pg",
            ServerPlace(
                host="/run/pg", port=5433, database="teak", user="postgres", is_encrypted=False
            ),
        ),
    ],
)
def test_an_address_is_read_and_written_alike(written: str, read: ServerPlace) -> None:
    assert read_server_place(written) == read
    assert read_server_place(str(read)) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mysql://db.example/teak", "does not begin with"),
        ("postgresql://db.example", "no database"),
        ("postgresql:///teak", "no host"),
        ("postgresql://db.example:port/teak", "port"),
        ("postgresql://db.example/teak?sslmode=require", "for certain"),
        ("postgresql://db.example/teak?sslmode=disable", "must be encrypted"),
        ("postgresql://db.example/teak?colour=green", "colour"),
        ("postgresql://db.example/teak?prefix=pg_x", "roles"),
        ("postgresql://nok:hunter2@db.example/teak", "holds a password"),
        ("postgresql://db.example/teak?password=hunter2", "holds a password"),
        ("postgresql://nok:hunter2@[2001:db8::1/teak", "brackets"),
        ("postgresql://nok:hunter2@[no-address]/teak", "brackets"),
        ("postgresql://nok:hunter2@db\u2100example/teak", "brackets"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_its_reason(written: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        read_server_place(written)
    assert "hunter2" not in refused.value.message + refused.value.hint
    assert refused.value.hint


def test_an_owner_s_address_without_parts_is_refused_unrepeated() -> None:
    with pytest.raises(UsageError) as refused:
        part_password("postgresql://me:hunter2@[::1/teak")
    assert "hunter2" not in refused.value.message + refused.value.hint


def test_an_owner_s_password_is_parted_from_the_address() -> None:
    assert part_password("postgresql://me:p%40ss@db/teak") == ("postgresql://me@db/teak", "p@ss")
    assert part_password("postgresql://me@db/teak") == ("postgresql://me@db/teak", "")


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("teak", "teak"),
        ("Teak Registry", "teak_registry"),
        ("pg_registry", "teak_pg_registry"),
        ("ทะเบียน", "teak_"),
        ("a" * 60, "a" * 24),
    ],
)
def test_roles_begin_with_what_a_role_may_be_named(name: str, prefix: str) -> None:
    assert clean_prefix(name) == prefix
