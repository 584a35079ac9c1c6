"""A certificate made once for all tests that only look at it."""

from __future__ import annotations

import pytest

from app.services.certificates.certificate import make_certificate
from tests.fixtures.certificate_samples import KEY, sample_statement


@pytest.fixture(scope="session")
def certificate_pdf() -> bytes:
    return make_certificate(sample_statement(), KEY, "both")
