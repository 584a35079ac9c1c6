from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pyotp
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from sqlalchemy import select

from app.models.storage.unit_of_work import reading
from app.models.tables import Person, RecoveryCode
from app.services.people.enrolment import (
    code_is_current,
    enrolment_uri,
    render_qr_svg,
    secret_of,
)
from app.services.people.sign_in import sign_in
from app.services.registry.opening import close_registry, open_registry
from tests.fixtures.real_registries import RealRegistry
from tests.fixtures.registries import FrozenClock


def rasterised(drawing: bytes) -> Image.Image:
    """Draw the SVG as the desk does, on white."""
    picture = QImage(600, 600, QImage.Format.Format_RGB888)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    QSvgRenderer(drawing).render(painter)
    painter.end()
    return Image.frombytes("RGB", (600, 600), bytes(picture.constBits()))


def test_the_qr_code_says_what_the_app_must_know(real_registry: RealRegistry) -> None:
    uri = real_registry.people["officer"].enrolment_uri
    found = zxingcpp.read_barcodes(rasterised(render_qr_svg(uri)))
    assert [code.text for code in found] == [uri]
    authenticator = pyotp.parse_uri(uri)
    assert isinstance(authenticator, pyotp.TOTP)
    assert authenticator.name == "officer"
    assert authenticator.issuer == "Teak A real registry"
    assert (authenticator.digits, authenticator.interval) == (6, 30)
    assert authenticator.digest().name == "sha1"


def test_the_drawing_is_an_svg(real_registry: RealRegistry) -> None:
    drawing = ET.fromstring(render_qr_svg(real_registry.people["officer"].enrolment_uri))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"


def test_a_thai_name_and_a_colon_survive_the_address() -> None:
    uri = enrolment_uri("A" * 32, user_name="officer", registry_name="ทะเบียน: ทดสอบ")
    found = zxingcpp.read_barcodes(rasterised(render_qr_svg(uri)))
    assert pyotp.parse_uri(found[0].text).issuer == "Teak ทะเบียน  ทดสอบ"


def test_secrets_differ_and_recovery_codes_are_kept_as_digests_alone(
    real_registry: RealRegistry,
) -> None:
    enrolled = real_registry.people.values()
    codes = [code for person in enrolled for code in person.recovery_codes]
    assert len(set(codes)) == len(codes) == 10 * len(enrolled)
    assert all(re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", code) for code in codes)
    opened = open_registry(real_registry.path, passphrase=real_registry.passphrases["admin"])
    with reading(opened.engine) as connection:
        secrets = connection.execute(select(Person.one_time_secret)).scalars().all()
        digests = set(connection.execute(select(RecoveryCode.code_digest)).scalars())
    close_registry(opened)
    assert len(set(secrets)) == len(enrolled)
    assert digests == {hashlib.sha256(code.replace("-", "").encode()).digest() for code in codes}
    content = b"".join(item.read_bytes() for item in real_registry.path.parent.iterdir())
    for secret in (*secrets, *codes):
        assert secret is not None
        assert secret.encode() not in content


def test_what_a_person_is_given_is_not_shown_by_accident(real_registry: RealRegistry) -> None:
    person = real_registry.people["officer"]
    assert person.recovery_codes[0] not in repr(person)
    assert "secret" not in repr(person)


def test_an_app_is_seen_to_work_without_using_its_code_up(
    real_registry: RealRegistry, clock: FrozenClock
) -> None:
    uri = real_registry.people["officer"].enrolment_uri
    code = real_registry.code("officer", clock())
    assert uri.count(secret_of(uri)) == 1
    assert code_is_current(uri, f"{code[:3]} {code[3:]}", now=clock())
    assert not code_is_current(real_registry.people["admin"].enrolment_uri, code, now=clock())
    assert not code_is_current(uri, "", now=clock())
    clock.advance(seconds=30)
    assert code_is_current(uri, code, now=clock())
    clock.advance(seconds=30)
    assert not code_is_current(uri, code, now=clock())
    # What was tried here still lets in: nothing was written down about it.
    signed_in = sign_in(
        real_registry.path,
        user="officer",
        passphrase=real_registry.passphrases["officer"],
        code=code,
        host="desk-7",
        clock=lambda: clock() - timedelta(seconds=60),
    )
    close_registry(signed_in.registry)
