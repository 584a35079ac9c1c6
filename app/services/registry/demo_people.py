"""The people and the name of a demo registry.

Owns these values alone; who is shown on the sign-in page is read from the registry itself
(`app.services.people.demo`).
"""

from __future__ import annotations

from app.models.codes import Role
from app.services.people.new_person import DEMO_PASSPHRASE, NewPerson
from app.services.registry.creating import NewRegistry

DEMO_REGISTRY = NewRegistry(
    country="TH",
    name_en="Thailand Carbon Credit Registry (demonstration)",
    name_th="ทะเบียนคาร์บอนเครดิตประเทศไทย (สาธิต)",
    is_demo=True,
)

_NAMES = (
    ("admin", "Siriporn Wattanakul · ศิริพร วัฒนกุล", Role.ADMINISTRATOR),
    ("admin2", "Thanawat Charoensuk · ธนวัฒน์ เจริญสุข", Role.ADMINISTRATOR),
    ("officer", "Kanya Phromma · กัญญา พรหมมา", Role.OFFICER),
    ("officer2", "Nattapong Saelim · ณัฐพงษ์ แซ่ลิ้ม", Role.OFFICER),
    ("approver", "Wichai Rattanaporn · วิชัย รัตนพร", Role.APPROVER),
    ("committee1", "Malee Srisuwan · มาลี ศรีสุวรรณ", Role.COMMITTEE),
    ("committee2", "Prasert Boonmee · ประเสริฐ บุญมี", Role.COMMITTEE),
    ("committee3", "Duangjai Intharat · ดวงใจ อินทรัตน์", Role.COMMITTEE),
    ("committee4", "Somchai Thongdee · สมชาย ทองดี", Role.COMMITTEE),
    ("committee5", "Orawan Kittisak · อรวรรณ กิตติศักดิ์", Role.COMMITTEE),
    ("technician", "Anucha Mueangkaew · อนุชา เมืองแก้ว", Role.TECHNICIAN),
    ("auditor", "Ratchanee Limsakul · รัชนี ลิ้มสกุล", Role.AUDITOR),
)

DEMO_PEOPLE = tuple(
    NewPerson(
        user_name=user_name,
        name=name,
        role=role,
        email=f"{user_name}@registry.example",
        passphrase=DEMO_PASSPHRASE,
    )
    for user_name, name, role in _NAMES
)
