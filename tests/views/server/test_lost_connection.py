"""A desk whose server is killed, cut off in mid-answer, silent, or ends the session."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from PySide6.QtCore import QTimer

from app.services.people.demo import demo_people
from app.services.registry.context import system_clock
from app.services.registry.creating_networked import create_networked_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.opening import close_registry
from app.services.registry.server_line import LinePatience
from app.views.pages.act_page import ActPage
from app.views.server_watch import LineState
from app.views.theme.theme import ThemeMode
from tests.fixtures.ledger import Ledger, settle
from tests.fixtures.networked import NetworkedDemo, open_with_colleagues, owner_access, tcp_place
from tests.fixtures.postgres_server import PostgresServer, packaged_programs
from tests.fixtures.proxy import Proxy, _Pair
from tests.fixtures.registries import read_people
from tests.views.server.conftest import Camera, ServerVisit, Visits, through

pytestmark = pytest.mark.postgres

HASTY = LinePatience(answer_s=2.0, between_s=1.0)
QUANTITY = 1_234


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[NetworkedDemo]:
    """A demo registry on a server of the test's own, which may be killed."""
    server = PostgresServer(packaged_programs(), fsync="on", synchronous_commit="on")
    server.start()
    with server.owner() as connection:
        connection.execute("CREATE DATABASE teak")
    created = create_networked_registry(
        tcp_place(server, "teak"),
        owner=owner_access(server, "teak"),
        new=DEMO_REGISTRY,
        people=DEMO_PEOPLE,
        worker_file=tmp_path / "worker.json",
    )
    close_registry(created.registry)
    yield NetworkedDemo(server, tcp_place(server, "teak"), tmp_path / "worker.json")
    server.remove()


def furnish(demo: NetworkedDemo) -> Ledger:
    """Open two accounts and issue units, as of now."""
    registry = open_with_colleagues(demo, system_clock)
    ledger = settle(registry, read_people(registry))
    ledger.complete(ledger.issuance(100_000))
    for opened in demo.opened:
        close_registry(opened)
    demo.opened.clear()
    return ledger


def fill_in_transfer(made: ServerVisit, ledger: Ledger) -> ActPage:
    page = made.show("transfer")
    assert isinstance(page, ActPage)
    made.hand.choose("From account", ledger.forest)
    made.hand.choose("To account", ledger.green)
    made.hand.choose("Unit type", "TER")
    made.hand.fill("Quantity", str(QUANTITY))
    made.settle()
    return page


def photograph(made: ServerVisit, name: str) -> None:
    """Photograph the window as it is, and in Thai on a dark ground."""
    camera, desk = Camera(made.hand), made.session.desk
    camera.take(name)
    desk.language.set_code("th")
    desk.theme.set_mode(ThemeMode.DARK)
    camera.take(f"{name}-th-dark")
    desk.theme.set_mode(ThemeMode.LIGHT)
    desk.language.set_code("en")


def state_of(made: ServerVisit) -> LineState:
    assert made.session.line is not None
    return made.session.line.watch.state


def transfers(demo: NetworkedDemo) -> list[int]:
    """Give the quantities of all transfers the registry has."""
    with demo.server.owner(demo.place.database) as connection:
        rows = connection.execute(
            "SELECT quantity FROM teak.registry_transaction WHERE act LIKE '%\"transfer\"%'"
        ).fetchall()
    return [int(str(row[0])) for row in rows]


def test_a_killed_server_costs_nothing_that_was_typed(
    mortal: NetworkedDemo, visit_place: Visits
) -> None:
    ledger = furnish(mortal)
    made = visit_place("officer", mortal.place, HASTY)
    page = fill_in_transfer(made, ledger)
    typed = page.form.values()
    mortal.server.kill()
    made.hand.read(r"^(No connection to teak @ 127\.0\.0\.1)$")
    assert made.hand.read(r"^(teak @ 127\.0\.0\.1 · not connected)$")
    assert not any("worker" in text for text in made.hand.texts())
    made.hand.fill("Reason", "Contract 12")
    made.hand.click("Propose transfer")
    made.hand.read(r"^(The connection broke before the answer came\..+)$")
    assert page.form.values() == typed | {"reason": "Contract 12"}
    photograph(made, "lost")
    mortal.server.start()
    made.hand.read(r"^(The connection broke before the proposal arrived: .+)$")
    assert made.hand.read(r"^(teak @ 127\.0\.0\.1 · on this machine)$")
    assert page.form.values() == typed | {"reason": "Contract 12"}
    assert transfers(mortal) == []
    made.hand.click("Propose transfer")
    made.hand.read(r"^(TH\d+) is proposed")
    assert transfers(mortal) == [QUANTITY]


def cut_at(
    proxy: Proxy, words: tuple[bytes, ...], patch: pytest.MonkeyPatch, *, unheard: bool
) -> None:
    """Cut the line once these words were said to the server one after another.

    `unheard` cuts before the server hears the last of them, otherwise in the middle of its answer.
    """
    take, left, speaker = Proxy._take, list(words), list[_Pair]()

    def cutting(self: Proxy, pair: _Pair, data: bytes, *, is_client: bool, now: float) -> None:
        # Other connections of the desk speak meanwhile; they are let be.
        if not speaker or speaker[0] is pair:
            if is_client and left:
                while left and left[0] in data:
                    left.pop(0)
                    speaker[:] = [pair]
                if unheard and not left:
                    raise OSError("cut")
            elif not is_client and not left:
                pair.client.sendall(data[:3])
                raise OSError("cut")
        take(self, pair, data, is_client=is_client, now=now)

    patch.setattr(Proxy, "_take", cutting)


def test_a_proposal_cut_off_in_its_last_answer_is_one_transaction(
    networked_demo: NetworkedDemo, visit_place: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = furnish(networked_demo)
    with Proxy(("127.0.0.1", networked_demo.place.port)) as proxy:
        made = visit_place("officer", through(networked_demo.place, proxy.port), HASTY)
        page = fill_in_transfer(made, ledger)
        cut_at(proxy, (b"teak.propose", b"COMMIT"), monkeypatch, unheard=False)
        made.hand.click("Propose transfer")
        made.hand.read(r"^(TH\d+ had arrived before the connection broke: .+)$")
        assert transfers(networked_demo) == [QUANTITY]
        assert page.form.values()["quantity"] == ""
        made.session.end()


def test_a_proposal_cut_off_before_it_lasts_is_no_transaction(
    networked_demo: NetworkedDemo, visit_place: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = furnish(networked_demo)
    with Proxy(("127.0.0.1", networked_demo.place.port)) as proxy:
        made = visit_place("officer", through(networked_demo.place, proxy.port), HASTY)
        page = fill_in_transfer(made, ledger)
        cut_at(proxy, (b"teak.propose",), monkeypatch, unheard=True)
        made.hand.click("Propose transfer")
        made.hand.read(r"^(The connection broke before the proposal arrived: .+)$")
        assert transfers(networked_demo) == []
        assert page.form.values()["quantity"] == str(QUANTITY)
        made.hand.click("Propose transfer")
        made.hand.read(r"^(TH\d+) is proposed")
        assert transfers(networked_demo) == [QUANTITY]
        made.session.end()


def test_a_silent_server_never_holds_the_window(
    networked_demo: NetworkedDemo, visit_place: Visits
) -> None:
    ledger = furnish(networked_demo)
    with Proxy(("127.0.0.1", networked_demo.place.port)) as proxy:
        made = visit_place("officer", through(networked_demo.place, proxy.port), HASTY)
        fill_in_transfer(made, ledger)
        with Beats() as beats:
            proxy.is_silent = True
            made.hand.read(r"^(No connection to .+)$")
            made.hand.fill("Reason", "typed while nothing answers")
        assert beats.longest_s < 1.0
        proxy.cut()
        proxy.is_silent = False
        made.hand.wait_for(lambda: state_of(made) is LineState.HOLDS, "the line")
        assert made.hand.see("Reason").property("plainText") == "typed while nothing answers"
        made.session.end()


class Beats:
    """Measures the longest time the window's thread stood still."""

    def __enter__(self) -> Self:
        self.longest_s = 0.0
        self._last = time.monotonic()
        self._timer = QTimer(interval=20)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now


def test_an_ended_session_is_taken_up_over_the_windows_as_they_are(
    networked_demo: NetworkedDemo, visit_place: Visits
) -> None:
    ledger = furnish(networked_demo)
    made = visit_place("officer", networked_demo.place, HASTY)
    page = fill_in_transfer(made, ledger)
    typed = page.form.values()
    with networked_demo.server.owner(networked_demo.place.database) as connection:
        connection.execute("UPDATE teak.person_session SET ended_at = now() WHERE ended_at IS NULL")
    made.hand.read(r"^(Your session has ended)$")
    assert made.session.window.is_covered
    photograph(made, "ended")
    code = _code_of(networked_demo, "officer")
    made.hand.fill("Passphrase", "demo")
    made.hand.fill("One-time code", code)
    made.hand.click("Sign in")
    made.hand.wait_for(lambda: not made.session.window.is_covered, "the desk")
    made.hand.wait_for(lambda: state_of(made) is LineState.HOLDS, "the line")
    assert page.form.values() == typed
    made.hand.click("Propose transfer")
    made.hand.read(r"^(TH\d+) is proposed")


def _code_of(demo: NetworkedDemo, user: str) -> str:
    registry = demo.sign_in("auditor").registry
    return next(each.code for each in demo_people(registry) if each.user_name == user)


def test_a_request_id_outlives_the_desk_with_the_draft(
    networked_demo: NetworkedDemo, visit_place: Visits
) -> None:
    ledger = furnish(networked_demo)
    made = visit_place("officer", networked_demo.place, HASTY)
    page = fill_in_transfer(made, ledger)
    made.hand.read(r"^(Draft saved.+)$")
    act = page.act_form.read(page.form.values()).act
    assert act is not None
    asked = page.act_form.request_id(act)
    made.session.end()
    again = visit_place("officer", networked_demo.place, HASTY)
    other = again.show("transfer")
    assert isinstance(other, ActPage)
    again.hand.wait_for(lambda: other.form.values()["quantity"] == str(QUANTITY), "the draft")
    act = other.act_form.read(other.form.values()).act
    assert act is not None
    assert other.act_form.request_id(act) == asked
