"""Fills a demo registry: real exports of other registries, then a small domestic scene.

Owns the order and the moments at which things happened; the scene itself is
`demo_scene` and `demo_story`.
Everything goes through the services' own acts, never around them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.models.codes import AccountState, Role
from app.models.resource_files import resource_path
from app.models.server_place import ServerPlace
from app.models.storage.registry_file import put_in_place, require_free
from app.models.storage.translate import translating
from app.models.storage.unfinished_files import making_aside
from app.models.storage.unit_of_work import reading
from app.models.tables import Person
from app.services.accounts import (
    NewAccount,
    NewHolder,
    NewRepresentative,
    change_account,
    propose_account,
)
from app.services.certificates.issuing import issue_certificate
from app.services.certificates.requesting import ask_certificate
from app.services.documents import add_document
from app.services.imports.registry_export import import_registry_export
from app.services.imports.verified_reductions import import_verified_reductions
from app.services.people.new_person import DEMO_PASSPHRASE, NewPerson
from app.services.projects import NewProject, register_project
from app.services.registry.context import Actor, OpenRegistry
from app.services.registry.creating import CreatedRegistry, NewRegistry, create_registry
from app.services.registry.demo_people import DEMO_PEOPLE, DEMO_REGISTRY
from app.services.registry.demo_scene import ACCOUNTS, PROJECTS, SceneAccount, SceneProject
from app.services.registry.demo_story import (
    OPEN_REDUCTION,
    STEPS,
    SUSPENSION,
    End,
    SceneCancellation,
    SceneIssuance,
    SceneReduction,
    SceneStep,
)
from app.services.registry.opening import close_registry
from app.services.registry.worker_file import WorkerFile, open_worker
from app.services.transactions.acts import Act, Cancellation, Issuance, Transfer
from app.services.transactions.proposing import approve, propose, reject, withdraw

EARLIEST_LAST_DAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""The scene tells of monitoring periods up to mid-2026; no clock puts it before they ended."""

_FIRST_DAY_AGO = 322.0
_IMPORTED_DAYS_AGO = 210.0
"""After the last day in the files: nothing is imported before it happened."""
_DECIDED_AFTER = timedelta(hours=5)
_UNIT_TYPE = "TER"

EXPORTS = (
    ("verra__transactions.csv", "verra"),
    ("american-carbon-registry__retirements.csv", "acr"),
    ("climate-action-reserve__retirements.csv", "car"),
    ("gold-standard__issuances.sample.csv", "gold-standard"),
    ("gold-standard__retirements.sample.csv", "gold-standard"),
)
"""The real exports under `resources/demo/registries`, with the format each is read as."""

Told = Callable[[str], None]


@dataclass(slots=True)
class _SceneClock:
    """Stands at the moment the scene has come to; never goes back."""

    last_day: datetime
    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def go_to(self, days_ago: float) -> None:
        """Go on to so many days before the last day."""
        self.go_on(self.last_day - timedelta(days=days_ago) - self.moment)

    def go_on(self, step: timedelta) -> None:
        """Go on by a step, at least a minute and never past the last day."""
        self.moment += max(timedelta(minutes=1), step)


def make_demo_registry(
    path: Path,
    *,
    new: NewRegistry = DEMO_REGISTRY,
    people: Sequence[NewPerson] = DEMO_PEOPLE,
    exports: bool = True,
    told: Told = lambda _sentence: None,
) -> CreatedRegistry:
    """Create a demo registry at `path` and fill it as if its people had worked in it for a year.

    With `exports` it holds the real exports of four other registries too. The file stands
    there only when it is whole, and is closed. `told` gets a sentence for each part as it
    begins. Raises what `create_registry` raises.
    """
    require_free(path)
    told(f"Creating an encrypted demo registry, {path.name}")
    with translating(path), making_aside(path) as making:
        clock = _clock(datetime.now(UTC))
        created = create_registry(making, new=new, people=people, clock=clock)
        try:
            _Scene(created.registry, clock, told, exports=exports).play()
        finally:
            close_registry(created.registry)
        put_in_place(making, path)
    return created


def fill_demo_on_server(
    place: ServerPlace, worker: WorkerFile, *, told: Told = lambda _sentence: None
) -> None:
    """Play the scene in a demo registry on a server, each person and the worker by themselves.

    It is one that is being made: nobody else may open it yet. Raises the storage errors of the
    connections.
    """
    from app.services.worker.serving import Worker

    clock = _clock(datetime.now(UTC))
    opened: dict[str, OpenRegistry] = {}
    try:
        for person in DEMO_PEOPLE:
            opened[person.user_name] = _open_for_scene(place, person.user_name, clock)
        at_work = open_worker(place, worker, clock=clock, is_making=True)
        opened[worker.role] = at_work

        def certify(registry: OpenRegistry, transaction_id: int, officer: Actor) -> None:
            ask_certificate(registry, transaction_id, actor=officer, language="both")
            Worker(at_work, worker.secret, told=lambda _sentence: None).work_off()

        registry = replace(opened["officer"], colleagues=opened)
        _Scene(registry, clock, told, exports=False, certify=certify).play()
    finally:
        for registry in opened.values():
            registry.engine.dispose()


def _open_for_scene(place: ServerPlace, user: str, clock: _SceneClock) -> OpenRegistry:
    from app.services.people.networked_sign_in import sign_in_demo_on_server

    signed_in = sign_in_demo_on_server(
        place,
        user=user,
        passphrase=DEMO_PASSPHRASE,
        host="teak create",
        clock=clock,
        is_making=True,
    )
    assert signed_in is not None
    return signed_in.registry


def _certify(registry: OpenRegistry, transaction_id: int, officer: Actor) -> None:
    issue_certificate(registry, transaction_id, actor=officer)


def _clock(now: datetime) -> _SceneClock:
    last_day = max(now, EARLIEST_LAST_DAY)
    return _SceneClock(last_day, last_day - timedelta(days=_FIRST_DAY_AGO))


class _Scene:
    """One playing of the scene over an open registry whose clock it turns."""

    def __init__(
        self,
        registry: OpenRegistry,
        clock: _SceneClock,
        told: Told,
        *,
        exports: bool,
        certify: Callable[[OpenRegistry, int, Actor], None] = _certify,
    ) -> None:
        self._exports = exports
        self._certify = certify
        self._registry = registry
        self._clock = clock
        self._told = told
        self._people = _people(registry)
        self._numbers: dict[str, str] = {}

    def play(self) -> None:
        self._told("Playing a year of a T-VER registry: issuances, transfers, cancellations")
        for days_ago, happen in sorted(self._events(), key=lambda event: -event[0]):
            self._clock.go_to(days_ago)
            happen()

    def _events(self) -> Iterator[tuple[float, Callable[[], None]]]:
        if self._exports:
            yield _IMPORTED_DAYS_AGO, self._import_exports
        for account in ACCOUNTS:
            yield account.days_ago, partial(self._open_account, account)
        for project in PROJECTS:
            yield project.days_ago, partial(self._register_project, project)
        for step in STEPS:
            yield step.days_ago, partial(self._take_step, step)
        yield SUSPENSION.days_ago, self._suspend
        yield OPEN_REDUCTION.days_ago, self._record_reduction

    def _import_exports(self) -> None:
        self._told("Importing real exports of four other registries")
        folder = resource_path("demo/registries")
        for name, source in EXPORTS:
            import_registry_export(
                self._registry,
                folder / name,
                format=source,
                proposer=self._people["officer"],
                approver=self._people["approver"],
            )

    def _open_account(self, account: SceneAccount) -> None:
        number = propose_account(
            self._registry, self._people["officer"], self._new_account(account)
        )
        self._numbers[account.key] = number
        if account.is_open:
            self._clock.go_on(_DECIDED_AFTER)
            change_account(
                self._registry,
                self._people["approver"],
                number,
                AccountState.OPEN,
                reason="Identity and documents are in order.",
            )

    def _new_account(self, account: SceneAccount) -> NewAccount:
        paper = f"Registration of the account holder\n{account.name_en}\n{account.name_th}\n"
        return NewAccount(
            name=account.name_en,
            type=account.type,
            holder=NewHolder(
                name_en=account.name_en,
                name_th=account.name_th,
                kind=account.kind,
                tax_id=account.tax_id,
                email=account.email,
                identity_check=account.identity_check,
                documents=(self._keep(f"holder-{account.key}.txt", paper),),
            ),
            representatives=tuple(
                NewRepresentative(name=name, email=email, rights=rights)
                for name, email, rights in account.representatives
            ),
        )

    def _register_project(self, project: SceneProject) -> None:
        new = NewProject(
            origin=self._registry.country,
            code=project.code,
            name_en=project.name_en,
            name_th=project.name_th,
            country=self._registry.country,
            kind=project.kind,
            sectoral_scope=project.sectoral_scope,
            methodology=project.methodology,
            proponent=project.proponent,
        )
        accounts = tuple(self._numbers[key] for key in project.accounts)
        register_project(self._registry, self._people["officer"], new, accounts=accounts)

    def _suspend(self) -> None:
        change_account(
            self._registry,
            self._people["admin"],
            self._numbers[SUSPENSION.account],
            AccountState.SUSPENDED,
            reason=SUSPENSION.reason,
        )

    def _record_reduction(self) -> None:
        """Record what a verifier confirmed and nobody has issued against yet."""
        record = {
            "project": OPEN_REDUCTION.project,
            "period_from": OPEN_REDUCTION.period[0].isoformat(),
            "period_to": OPEN_REDUCTION.period[1].isoformat(),
            "quantity": OPEN_REDUCTION.quantity,
            "reference": OPEN_REDUCTION.reference,
            "document_sha256": self._keep_report(OPEN_REDUCTION),
        }
        with TemporaryDirectory() as folder:
            file = Path(folder) / "verified-reductions.json"
            file.write_text(json.dumps([record]), encoding="utf-8")
            import_verified_reductions(
                self._registry, file, actor=self._people["officer"], strict=True
            )

    def _take_step(self, step: SceneStep) -> None:
        registry, officer = self._registry, self._people[step.by]
        transaction_id = propose(registry, self._act(step), officer).transaction_id
        if step.end is End.PENDING:
            return
        self._clock.go_on(_DECIDED_AFTER)
        approver = self._people["approver"]
        if step.end is End.REJECTED:
            reject(registry, transaction_id, approver, comment=step.comment)
        elif step.end is End.WITHDRAWN:
            withdraw(registry, transaction_id, officer, comment=step.comment)
        else:
            approve(registry, transaction_id, approver, comment=step.comment)
            if isinstance(step, SceneCancellation) and step.certificate:
                self._clock.go_on(timedelta(minutes=10))
                self._certify(registry, transaction_id, officer)

    def _act(self, step: SceneStep) -> Act:
        if isinstance(step, SceneIssuance):
            return self._issuance(step)
        from_account = self._numbers[step.from_account]
        if isinstance(step, SceneCancellation):
            return Cancellation(
                from_account=from_account,
                unit_type=_UNIT_TYPE,
                quantity=step.quantity,
                beneficiary=step.beneficiary,
                purpose=step.purpose,
            )
        return Transfer(
            from_account=from_account,
            to_account=self._numbers[step.to_account],
            unit_type=_UNIT_TYPE,
            quantity=step.quantity,
            reason=step.reason,
        )

    def _issuance(self, step: SceneIssuance) -> Issuance:
        return Issuance(
            project=step.project,
            account=self._numbers[step.account],
            unit_type=_UNIT_TYPE,
            vintage=step.vintage,
            quantity=step.quantity,
            period_from=step.period[0],
            period_to=step.period[1],
            verified_quantity=step.quantity,
            verified_reference=step.reference,
            document_sha256=self._keep_report(step),
        )

    def _keep_report(self, step: SceneIssuance | SceneReduction) -> str:
        first, last = step.period
        report = (
            f"Verification report {step.reference}\nProject {step.project}\n"
            f"Monitoring period {first} to {last}\nVerified reduction {step.quantity:,} tCO2e\n"
        )
        return self._keep(f"{step.reference}.txt", report)

    def _keep(self, name: str, text: str) -> str:
        officer = self._people["officer"]
        kept = add_document(
            self._registry,
            officer,
            name=name,
            media_type="text/plain; charset=utf-8",
            content=text.encode(),
        )
        return kept.sha256


def _people(registry: OpenRegistry) -> dict[str, Actor]:
    with reading(registry.engine) as connection:
        rows = connection.execute(select(Person.id, Person.user_name, Person.name, Person.role))
        return {
            row.user_name: Actor(row.id, row.user_name, row.name, Role(row.role)) for row in rows
        }
