"""One-time codes as every authenticator app makes them, each accepted once.

Owns which codes are good at a moment, and using one up. Source: RFC 6238 with HMAC-SHA-1,
six digits and steps of 30 seconds; the step before and the one after are allowed for clocks
that drift (section 5.2), and no step is accepted twice.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime

import pyotp
from sqlalchemy import Connection, update

from app.models.codes import PersonState
from app.models.tables import Person

STEP_S = 30
DRIFT_STEPS = 1
DIGITS = 6

DECOY_SECRET = "A" * 32
"""Stands in where there is no person, so that the answer costs the same work."""


def step_at(moment: datetime) -> int:
    """Give the number of the step that an aware time falls into."""
    return int(moment.timestamp()) // STEP_S


def code_of_step(secret: str, step: int) -> str:
    """Give the code of a step, six digits."""
    return pyotp.TOTP(secret).generate_otp(step)


def seconds_left(moment: datetime) -> int:
    """Give the seconds until the next step begins, 1 to 30."""
    return STEP_S - int(moment.timestamp()) % STEP_S


def read_code(typed: str) -> str:
    """Read digits as typed, Thai ones too, with spaces or hyphens anywhere."""
    kept = [letter for letter in typed if not letter.isspace() and letter != "-"]
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept)


def find_steps(secret: str, typed: str, *, now: datetime) -> list[int]:
    """Give the steps about now whose code is the one typed; every one of them is compared."""
    code = read_code(typed).encode()
    present = step_at(now)
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    return [
        step for step in steps if hmac.compare_digest(code_of_step(secret, step).encode(), code)
    ]


def use_code(
    connection: Connection, person_id: int, secret: str, typed: str, *, now: datetime
) -> bool:
    """Use up the code that was typed; False when it is wrong, too old, or used already.

    Two who race with one code are told apart by the database: one update finds the row.
    """
    for step in reversed(find_steps(secret, typed, now=now)):
        used = connection.execute(
            update(Person)
            .where(
                Person.id == person_id,
                Person.state == str(PersonState.ACTIVE),
                Person.one_time_secret == secret,
                Person.last_code_step < step,
            )
            .values(last_code_step=step)
        )
        if used.rowcount == 1:
            return True
    return False
