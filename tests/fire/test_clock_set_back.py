"""The clock set back between acts, and while one-time codes are in use."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import SignInRefused
from app.services.log.verification import verify_registry
from app.services.people.sign_in import sign_in
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import close_registry
from tests.fire.crew import Crew, Place
from tests.fire.judging import Start, judge
from tests.fire.processes import ROOT
from tests.fixtures.duration import times
from tests.fixtures.figures import Figures
from tests.fixtures.networked import NetworkedReal
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import START, FrozenClock, copy_registry

pytestmark = pytest.mark.slow

ACTS = times(24, 300)
BACK_S = (0, 29, 30, 90, 300, 330, 86_400)
STEPS = (
    timedelta(hours=-1), timedelta(days=-1), timedelta(seconds=-1), timedelta(days=2),
    timedelta(days=-30),
)  # fmt: skip


@pytest.mark.both_engines
def test_acts_go_on_while_the_clock_jumps(
    place: Place, start: Start, storage: str, figures: Figures
) -> None:
    clock = FrozenClock()
    crew = Crew.board(place, clock=clock)
    done = {}
    for number in range(ACTS):
        clock.moment = START + STEPS[number % len(STEPS)]
        done[number] = crew.carry_out("clock", number)
    verified = verify_registry(crew.registry)
    assert verified.ok, (verified.failed_at, verified.failure)
    crew.rest()
    found = judge(place, start, {"clock": done})
    found.require()
    figures(f"clock set back between acts, {storage}", jumps=ACTS, **found.as_figures())


def test_a_code_once_used_stays_used_in_a_file(
    real_template: RealRegistry, tmp_path: Path, figures: Figures
) -> None:
    """A desk's clock counts there: neither the code of before nor the one it then shows is good."""
    for back_s in BACK_S:
        path = copy_registry(real_template.path, tmp_path / f"{back_s}.teak")
        real, clock = replace(real_template, path=path), FrozenClock()
        first = real.code("officer", clock.moment)
        close_registry(sign_in_to(real, clock, first))
        clock.advance(seconds=-back_s)
        for code in (first, real.code("officer", clock.moment)):
            with pytest.raises(SignInRefused) as refused:
                sign_in_to(real, clock, code)
            # Refused for the code itself, not for too many failures.
            assert refused.type is SignInRefused
        clock.advance(seconds=back_s + 60)
        close_registry(sign_in_to(real, clock, real.code("officer", clock.moment)))
    figures("clock set back after a one-time code, embedded", tried=2 * len(BACK_S), admitted=0)


def sign_in_to(real: RealRegistry, clock: FrozenClock, code: str) -> OpenRegistry:
    passphrase = real.passphrases["officer"]
    signed_in = sign_in(
        real.path, user="officer", passphrase=passphrase, code=code, host="fire", clock=clock
    )
    return signed_in.registry


@pytest.mark.postgres
def test_a_code_once_used_stays_used_on_a_server(
    networked_real: NetworkedReal, figures: Figures
) -> None:
    """The server's clock counts there. Set back, it is behind the last code that was used."""
    networked_real.sign_in("officer")
    with networked_real.owner() as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE teak.person SET last_code_step = last_code_step + 120")
    for steps in (0, 1):
        with pytest.raises(SignInRefused) as refused:
            networked_real.sign_in("officer", code=networked_real.code("officer", steps=steps))
        assert refused.type is SignInRefused
    with networked_real.owner() as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE teak.person SET last_code_step = last_code_step - 120")
    networked_real.sign_in("officer", code=networked_real.code("officer", steps=1))
    figures("clock set back after a one-time code, networked", tried=2, admitted=0)


DESK = """
import sys
from app.services.registry.context import system_clock
from tests.fire.crew import Crew, Place
crew = Crew.board(Place(*sys.argv[1:4]), clock=system_clock)
print(crew.registry.now().date(), crew.carry_out("desk", int(sys.argv[4])))
crew.rest()
"""


@pytest.mark.both_engines
@pytest.mark.skipif(
    shutil.which("faketime") is None,
    reason="faketime is not installed; the clocks set back by the tests above are injected",
)
def test_a_desk_started_with_its_clock_set_back(
    place: Place, start: Start, storage: str, figures: Figures
) -> None:
    """The whole program on a machine whose clock is wrong, as the system tells it the time."""
    done, days = {}, set()
    for number, shift in enumerate(("+1h", "-2d", "+1d", "-1h")):
        arguments = [place.address, place.forest, place.green, str(number)]
        said = subprocess.run(
            ["faketime", "-f", shift, sys.executable, "-c", DESK, *arguments],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
        ).stdout.split()  # fmt: skip
        days.add(said[0])
        done[number] = int(said[1])
    assert len(days) == 3
    found = judge(place, start, {"desk": done})
    found.require()
    figures(f"machine's clock set back, {storage}", starts=len(done), **found.as_figures())
