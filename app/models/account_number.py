"""Account numbers `CC-TTT-ID-P-KK` with their check digits.

Owns reading, printing and checking of the number; knows no account.
Source: Kyoto Data Exchange Standards as the UK registry computes them
(UKETS; its test vectors stand in `tests/data/account-numbers/`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHAPE = re.compile(r"([A-Z]{2})-([0-9]{3})-([0-9]{1,8})-([0-9]{1,2})-([0-9]{1,2})")
_COUNTRY_FOR_DIGITS = {"GB": "UK"}


@dataclass(frozen=True, slots=True)
class AccountNumber:
    """An account number without its check digits; they follow from the rest.

    `country` is two capital letters, `type_code` three digits, `identifier` at most eight,
    `period` the commitment period (0: none).
    """

    country: str
    type_code: int
    identifier: int
    period: int

    @property
    def check_digits(self) -> int:
        """Give the check digits, 1 to 97: 98 − (N mod 97)."""
        return 98 - self._number(0) % 97

    def _number(self, check_digits: int) -> int:
        letters = _COUNTRY_FOR_DIGITS.get(self.country, self.country)
        first, second = (ord(letter) - 55 for letter in letters)
        return int(
            f"{self.identifier}{first}{second}{self.type_code:03d}"
            f"{self.period:02d}{check_digits:02d}"
        )

    def has_check_digits(self, digits: int) -> bool:
        """Tell whether `digits` are the right ones (the whole number is 1 modulo 97)."""
        return self._number(digits) % 97 == 1

    def __str__(self) -> str:
        return (
            f"{self.country}-{self.type_code:03d}-{self.identifier}"
            f"-{self.period}-{self.check_digits}"
        )


class CheckDigitsWrong(ValueError):
    """An account number of the right form that was miscopied."""


def read_account_number(text: str) -> AccountNumber:
    """Read `CC-TTT-ID-P-KK`.

    Raises ValueError, with the reason, for a wrong form, CheckDigitsWrong for wrong check digits.
    """
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        raise ValueError(
            f"“{text}” is not an account number; one looks like TH-100-1042-0-52 "
            "(country, type, identifier, period, check digits)."
        )
    number = AccountNumber(
        country=shape[1], type_code=int(shape[2]), identifier=int(shape[3]), period=int(shape[4])
    )
    if not number.has_check_digits(int(shape[5])):
        raise CheckDigitsWrong(
            f"The check digits of account number “{text}” are wrong; read it again from its source."
        )
    return number
