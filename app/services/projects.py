"""Projects and the accounts bound to them.

Owns registering a project and binding an account; issuance checks the binding.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from app.models.codes import Role
from app.models.errors import NotFound
from app.models.plain_text import require_plain_text
from app.models.storage.unit_of_work import UnitOfWork
from app.models.tables import Account, Project, ProjectAccount
from app.models.tables.base import inserted_id
from app.services.checks.refusals import refuse
from app.services.log.append import LogWriter
from app.services.people.access import require_access, require_role
from app.services.registry.context import Actor, OpenRegistry

USUAL_SCHEME = "T-VER"
"""The scheme of our own projects that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """A project to register; `origin` is its registry, the country's code for our own.

    `sectoral_scope` is 1 to 15 as in the CDM, 0 where the source names none. `scheme` is the
    crediting scheme of a project of our own.
    """

    origin: str
    code: str
    name_en: str
    name_th: str = ""
    country: str
    kind: str = ""
    sectoral_scope: int = 0
    methodology: str = ""
    proponent: str = ""
    state: str = "registered"
    scheme: str | None = None


def register_project(
    registry: OpenRegistry, actor: Actor, project: NewProject, *, accounts: tuple[str, ...] = ()
) -> int:
    """Register a project, bind accounts to it by number, and give its id.

    Raises RulesBroken when the code is taken or the actor is no officer, NotFound for an
    account that the registry does not know; then nothing is changed.
    """
    with UnitOfWork(registry.engine_for(actor)) as unit:
        log = LogWriter(unit.connection)
        project_id = register_project_within(unit.connection, log, registry, actor, project)
        for number in accounts:
            bind_account_within(unit.connection, log, registry, actor, project, project_id, number)
        log.flush()
        unit.commit()
    return project_id


def register_project_within(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    actor: Actor,
    project: NewProject,
) -> int:
    """Register a project inside a unit of work of the caller's."""
    require_access(connection, actor)
    require_role(actor, Role.OFFICER, "registers projects", "ขึ้นทะเบียนโครงการ")
    for field_name in ("code", "name_en", "name_th", "kind", "methodology", "proponent"):
        require_plain_text(getattr(project, field_name), what=field_name)
    if find_project_id(connection, project.origin, project.code) is not None:
        raise refuse(9401, origin=project.origin, project=project.code)
    now = registry.now()
    content = {
        "origin": project.origin,
        "code": project.code,
        "name_en": project.name_en,
        "name_th": project.name_th,
        "country": project.country,
        "kind": project.kind,
        "sectoral_scope": project.sectoral_scope,
        "methodology": project.methodology,
        "proponent": project.proponent,
        "state": project.state,
    }
    scheme = project.scheme or (USUAL_SCHEME if project.origin == registry.country else None)
    if scheme is not None:
        content["scheme"] = scheme
    result = connection.execute(insert(Project), {**content, "created_at": now})
    log.append("project-registered", at=now, persons={"done": actor.user_name}, body=content)
    return inserted_id(result)


def find_project_id(connection: Connection, origin: str, code: str) -> int | None:
    """Find a project of a registry by its code."""
    return connection.execute(
        select(Project.id).where(Project.origin == origin, Project.code == code)
    ).scalar()


def bind_account_within(
    connection: Connection,
    log: LogWriter,
    registry: OpenRegistry,
    actor: Actor,
    project: NewProject,
    project_id: int,
    account_number: str,
) -> None:
    """Let an account receive the project's issuance; NotFound for an unknown number."""
    account_id = connection.execute(
        select(Account.id).where(Account.number == account_number)
    ).scalar()
    if account_id is None:
        raise NotFound(
            f"There is no account {account_number} in this registry.",
            hint="`teak accounts` lists them.",
        )
    connection.execute(insert(ProjectAccount), {"project_id": project_id, "account_id": account_id})
    log.append(
        "project-account-bound",
        at=registry.now(),
        persons={"done": actor.user_name},
        body={"origin": project.origin, "project": project.code, "account": account_number},
    )
