"""Scripts for pgbench: our own moves by a client as thin as its TPC-B, and those of the rivals.

Owns writing them and preparing the databases. What the functions do is in the `.sql` beside.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.sample_registry import BLOCK
from benchmarks.server_registry import ServerSample
from tests.fixtures.postgres_server import PostgresServer

_FOLDER = Path(__file__).parent
_OURS = """\\if :signed = 0
SELECT bench.sign_in();
\\set signed 1
\\endif
\\set source :first + random(0, :holders / 4 - 1) * 4 + :client_id % 4
\\set target random(2 * :holders + 1, 3 * :holders)
\\set quantity {quantity}
SELECT bench.proposal(:source::bigint, :target::bigint, :quantity::bigint) AS proposal \\gset
SELECT bench.propose(:proposal::jsonb) AS number \\gset
SELECT bench.complete(:number::bigint) AS status \\gset
"""
_RIVAL = """\\set source random(1, 1000)
\\set target 1 + (:source + random(0, 998)) % 1000
\\set amount random(1, 500)
SELECT {function}(:source::bigint, :target::bigint, :amount::bigint);
"""


def prepare_ours(sample: ServerSample) -> None:
    """Put the thin client's functions into a filled registry's database."""
    with sample.server.owner(sample.place.database) as owner:
        owner.execute((_FOLDER / "thin_client.sql").read_bytes())


def prepare_rivals(server: PostgresServer, database: str) -> None:
    """Make the rivals' tables and functions in a database of their own."""
    with server.owner() as owner:
        owner.execute(f"CREATE DATABASE {database}".encode())
    with server.owner(database) as owner:
        owner.execute((_FOLDER / "rivals.sql").read_bytes())


def first_in_first_out(folder: Path) -> Path:
    """Write the script of transfers of a part of a block or of one and a part: with splits."""
    return _write(folder / "fifo.pgbench", _OURS.format(quantity=f"random(5, {BLOCK // 2})"))


def whole_block(folder: Path) -> Path:
    """Write the script of transfers of one whole block."""
    return _write(folder / "plain.pgbench", _OURS.format(quantity=BLOCK))


def rival(folder: Path, function: str) -> Path:
    """Write the script that calls a rival's function."""
    return _write(folder / f"{function}.pgbench", _RIVAL.format(function=function))


def _write(path: Path, script: str) -> Path:
    path.write_text(script)
    return path
