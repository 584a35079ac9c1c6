"""Where a networked registry is: the address of a database, and how its server is known.

Owns reading and writing addresses (`postgresql://[user@]host[:port]/database?sslmode=…`). An
address never holds a password: it is shown, logged and kept in settings.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from app.models.errors import UsageError

SCHEMES = ("postgresql", "postgres")
DEFAULT_PORT = 5432
LONGEST_PREFIX = 24

_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "host", "prefix")
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)
_FORM = "postgresql://[user@]host[:port]/database?sslrootcert=FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlace:
    """The address of a registry's database; `host` is a name, an IP address or a socket's folder.

    `root_certificate` is the file of the authorities that are trusted to name the server; empty
    for the system's. `role_prefix` begins the names of the registry's database roles.
    """

    host: str
    database: str
    port: int = DEFAULT_PORT
    user: str = ""
    is_encrypted: bool = True
    root_certificate: str = ""
    client_certificate: str = ""
    client_key: str = ""
    prefix: str = ""

    @property
    def is_socket(self) -> bool:
        """Whether the server is on this machine, behind a file."""
        return self.host.startswith("/")

    @property
    def role_prefix(self) -> str:
        """What the names of the registry's database roles begin with."""
        return self.prefix or clean_prefix(self.database)

    @property
    def label(self) -> str:
        """The registry's name among others of this desk: database and host."""
        return self.database if self.is_socket else f"{self.database} @ {self.host}"

    def for_user(self, user: str) -> ServerPlace:
        """Give the same place for another database role."""
        return replace(self, user=user)

    def __str__(self) -> str:
        """Write the address, as `read_server_place` reads it; it holds no password."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        host = "" if self.is_socket else (f"[{self.host}]" if ":" in self.host else self.host)
        port = "" if self.port == DEFAULT_PORT else f":{self.port}"
        options = {
            "host": self.host if self.is_socket else "",
            "sslmode": "" if self.is_encrypted or self.is_socket else "disable",
            "sslrootcert": self.root_certificate,
            "sslcert": self.client_certificate,
            "sslkey": self.client_key,
            "prefix": self.prefix,
        }
        query = urlencode({key: value for key, value in options.items() if value}, safe="/")
        place = f"postgresql://{user}{host}{port}/{quote(self.database, safe='')}"
        return f"{place}?{query}" if query else place


def is_server_address(text: str) -> bool:
    """Tell whether a text is meant as a server's address and not as a file's path."""
    return "://" in text


def read_server_place(text: str) -> ServerPlace:
    """Read an address; UsageError for one that cannot be used, or that holds a password."""
    parts = _split(text)
    if parts.scheme not in SCHEMES:
        raise _unreadable(text, "it does not begin with postgresql://")
    if parts.password:
        raise _holds_password()
    options = _options(text, parts.query)
    try:
        port = parts.port or DEFAULT_PORT
    except ValueError:
        raise _unreadable(text, "its port is no number") from None
    host = options.get("host") or unquote(parts.hostname or "")
    database = unquote(parts.path.lstrip("/"))
    if not host or not database:
        raise _unreadable(text, "it names no host" if not host else "it names no database")
    place = ServerPlace(
        host=host,
        port=port,
        database=database,
        user=unquote(parts.username or ""),
        is_encrypted=_is_encrypted(host, options.get("sslmode", "")),
        root_certificate=options.get("sslrootcert", ""),
        client_certificate=options.get("sslcert", ""),
        client_key=options.get("sslkey", ""),
        prefix=options.get("prefix", ""),
    )
    if place.prefix and place.prefix != clean_prefix(place.prefix):
        raise _unreadable(text, f"“{place.prefix}” cannot begin the names of roles")
    return place


def part_password(text: str) -> tuple[str, str]:
    """Divide the address of a server's administrator into itself without, and its password.

    For a person's address there is no such way: their passphrase is never part of it.
    """
    parts = _split(text)
    if parts.password is None:
        return text, ""
    user, _, host = parts.netloc.rpartition("@")
    named = user.partition(":")[0]
    return parts._replace(netloc=f"{named}@{host}").geturl(), unquote(parts.password)


def clean_prefix(text: str) -> str:
    """Give the beginning of role names that a database's name stands for: [a-z0-9_], 1 to 24."""
    cleaned = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")[:LONGEST_PREFIX]
    return cleaned if cleaned and not cleaned.startswith("pg_") else f"teak_{cleaned}"[:24]


def system_authorities() -> str:
    """Give the file of the certificate authorities that this machine trusts, or `system`."""
    found = ssl.get_default_verify_paths().cafile
    for name in (found, *_SYSTEM_BUNDLES):
        if name and Path(name).is_file():
            return name
    return "system"


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text.strip())
    except ValueError:
        # The address is not repeated: where its parts cannot be told apart, one may be a password.
        raise UsageError(
            "The server's address cannot be read: its host is written with brackets that do not "
            "match, or with characters that no host has.",
            hint=f"Write it as {_FORM}.",
        ) from None


def _options(text: str, query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if "password" in options:
        raise _holds_password()
    unknown = sorted(set(options) - set(_OPTIONS))
    if unknown:
        raise _unreadable(text, f"“{unknown[0]}” is no option of it")
    return options


def _is_encrypted(host: str, mode: str) -> bool:
    if host.startswith("/"):
        return False
    if mode in ("", "verify-full"):
        return True
    if mode == "disable" and host in _LOCAL_HOSTS:
        return False
    if mode == "disable":
        raise UsageError(
            f"A connection to “{host}” must be encrypted.",
            hint="Leave sslmode away. Only a server on this very machine may go without.",
        )
    raise UsageError(
        f"sslmode={mode} does not say for certain which server answers.",
        hint="Leave sslmode away (it is verify-full), and name the file of your certificate "
        "authority with sslrootcert=FILE.",
    )


def _holds_password() -> UsageError:
    return UsageError(
        "The server's address holds a password; it was not used.",
        hint="Leave it out: the passphrase is asked, or read from a file that only you can read. "
        "Change the password: others may have seen it.",
    )


def _unreadable(text: str, why: str) -> UsageError:
    return UsageError(
        f"“{part_password(text)[0].split('?', maxsplit=1)[0]}” is no address of a registry's "
        f"server: {why}.",
        hint=f"Write it as {_FORM}.",
    )
