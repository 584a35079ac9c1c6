"""What stands before any registry is open: which were used lately, and ways to one.

Owns reading what is entered into a place, opening it, and making a new registry; every method
that opens or makes is called off the window's thread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.models.codes import Role
from app.models.errors import UsageError
from app.models.server_place import ServerPlace, is_server_address, read_server_place
from app.services.desk_memory import DeskMemory, recall, remember
from app.services.people.enrolment import EnrolledPerson
from app.services.people.new_person import NewPerson, fold_user_name
from app.services.registry.context import OpenRegistry
from app.services.registry.opening import open_demo
from app.views.presenters.people_passphrase import FieldPhrase, passphrase_problems
from app.views.presenters.phrases import say

_USER_NAME = re.compile(r"[a-z0-9._-]{2,32}")
_ENDING = ".teak"


@dataclass(frozen=True)
class RecentRegistry:
    """A registry used lately: its name, where it is, and whether that is a server."""

    text: str
    name: str
    where: str
    is_server: bool


@dataclass(frozen=True)
class FoundRegistry:
    """A registry that can be worked in; `demo` is it, open, where it is a demonstration."""

    place: Path | ServerPlace
    demo: OpenRegistry | None


@dataclass(frozen=True)
class CreatedFile:
    """A registry just made, with what its administrator must be given, once."""

    path: Path
    administrator: EnrolledPerson


class WelcomePresenter:
    """The state of the first window; `memory_file` None remembers nothing."""

    def __init__(self, memory_file: Path | None, demonstration: Path) -> None:
        self._memory_file = memory_file
        self._demonstration = demonstration
        self.memory = DeskMemory() if memory_file is None else recall(memory_file)

    def recent(self) -> tuple[RecentRegistry, ...]:
        """List the registries used lately, the latest first."""
        return tuple(_recent(text) for text in self.memory.recent)

    def keep_looks(self, *, language: str, colours: str) -> None:
        """Remember the language and colours chosen."""
        if (self.memory.language, self.memory.colours) != (language, colours):
            self._keep(DeskMemory(language, colours, self.memory.recent))

    def keep_used(self, place: Path | ServerPlace) -> None:
        """Remember that a registry was opened."""
        self._keep(self.memory.with_used(_text_of(place)))

    def forget(self, text: str) -> None:
        """Leave a registry out of those used lately; the registry itself stays."""
        self._keep(self.memory.without(text))

    def open(self, text: str) -> FoundRegistry:
        """Look at a registry file or server; raises what `open_demo` raises."""
        place = self.place_of(text)
        return FoundRegistry(place, open_demo(place))

    def place_of(self, text: str) -> Path | ServerPlace:
        """Read a path or an address; UsageError for an address that cannot be used."""
        return read_server_place(text) if is_server_address(text) else Path(text)

    def open_demonstration(self) -> FoundRegistry:
        """Open the demonstration registry, made now where there is none."""
        from app.services.registry.demo import make_demo_registry

        if not self._demonstration.exists():
            self._demonstration.parent.mkdir(parents=True, exist_ok=True)
            make_demo_registry(self._demonstration)
        return self.open(str(self._demonstration))

    def create(self, path: str, values: Mapping[str, str]) -> CreatedFile:
        """Create a registry file with its first administrator; raises `create_registry`'s."""
        from app.services.registry.creating import NewRegistry, create_registry
        from app.services.registry.opening import close_registry

        named = Path(path)
        target = named if named.suffix else named.with_suffix(_ENDING)
        name = values["registry_name"].strip()
        created = create_registry(
            target,
            new=NewRegistry(
                name_en=name, name_th=values["registry_name_th"].strip() or name, country="TH"
            ),
            people=[_administrator(values)],
        )
        close_registry(created.registry)
        return CreatedFile(target, created.people[0])

    def _keep(self, memory: DeskMemory) -> None:
        self.memory = memory
        if self._memory_file is not None:
            remember(self._memory_file, memory)


def server_address(values: Mapping[str, str]) -> str:
    """Write the address that the values name; UsageError for one that cannot be used."""
    server, database = values["server"].strip(), values["database"].strip()
    address = server if is_server_address(server) else f"postgresql://{server}/{database}"
    certificate = values["certificate"].strip()
    if certificate and "sslrootcert=" not in address:
        from urllib.parse import quote

        address += f"{'&' if '?' in address else '?'}sslrootcert={quote(certificate)}"
    return str(read_server_place(address))


def server_problems(values: Mapping[str, str]) -> tuple[FieldPhrase, ...]:
    """List what is missing before an address can be read."""
    if not values["server"].strip():
        return (FieldPhrase("server", say("welcome.server_needed")),)
    if not is_server_address(values["server"]) and not values["database"].strip():
        return (FieldPhrase("database", say("welcome.database_needed")),)
    return ()


def creation_problems(values: Mapping[str, str]) -> tuple[FieldPhrase, ...]:
    """List what stands against creating a registry from what is entered."""
    found = []
    if not values["registry_name"].strip():
        found.append(FieldPhrase("registry_name", say("welcome.name_needed")))
    if not values["name"].strip():
        found.append(FieldPhrase("name", say("people.name_needed")))
    if _USER_NAME.fullmatch(fold_user_name(values["user_name"])) is None:
        found.append(FieldPhrase("user_name", say("people.user_name_form")))
    return (*found, *passphrase_problems(values))


def _administrator(values: Mapping[str, str]) -> NewPerson:
    return NewPerson(
        user_name=values["user_name"],
        name=values["name"].strip(),
        role=Role.ADMINISTRATOR,
        passphrase=values["passphrase"],
    )


def _text_of(place: Path | ServerPlace) -> str:
    return str(place) if isinstance(place, ServerPlace) else str(place.absolute())


def _recent(text: str) -> RecentRegistry:
    if is_server_address(text):
        try:
            place = read_server_place(text)
        except UsageError:
            return RecentRegistry(text, text, "", is_server=True)
        return RecentRegistry(text, place.database, place.host, is_server=True)
    path = Path(text)
    return RecentRegistry(text, path.name, str(path.parent), is_server=False)
