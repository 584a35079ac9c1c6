"""Who is in a demo registry's T-VER scene: holders with their accounts, and projects.

Owns these invented values alone; what happens between them is `demo_story`. Times count in days
before the scene's last day, so that the newest things happened just now.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models.codes import AccountType


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneAccount:
    """A holder with one account; `key` is its name within the scene."""

    key: str
    name_en: str
    name_th: str
    tax_id: str
    email: str
    days_ago: float
    kind: str = "organisation"
    type: AccountType = AccountType.HOLDING
    identity_check: str = "passed"
    representatives: tuple[tuple[str, str, str], ...] = ()
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneProject:
    """A domestic project and the accounts, by key, that may receive its issuance."""

    code: str
    name_en: str
    name_th: str
    kind: str
    sectoral_scope: int
    methodology: str
    proponent: str
    accounts: tuple[str, ...]
    days_ago: float


ACCOUNTS = (
    SceneAccount(
        key="huai-sak",
        name_en="Ban Huai Sak Community Forest",
        name_th="ป่าชุมชนบ้านห้วยสัก",
        tax_id="0994000612341",
        email="forest@huaisak.example",
        days_ago=320,
        representatives=(
            ("Boonsong Kaewmanee · บุญส่ง แก้วมณี", "boonsong@huaisak.example", "both"),
            ("Lamai Sutham · ละไม สุธรรม", "lamai@huaisak.example", "read"),
        ),
    ),
    SceneAccount(
        key="green-thai",
        name_en="Green Thai Co., Ltd.",
        name_th="บริษัท กรีนไทย จำกัด",
        tax_id="0105561012346",
        email="carbon@greenthai.example",
        days_ago=319.9,
        representatives=(
            ("Ploy Chaiyasit · พลอย ไชยสิทธิ์", "ploy@greenthai.example", "initiate"),
            ("Krit Anantachai · กฤต อนันตชัย", "krit@greenthai.example", "approve"),
        ),
    ),
    SceneAccount(
        key="lampang",
        name_en="Lampang Solar Power Co., Ltd.",
        name_th="บริษัท ลำปาง โซลาร์ พาวเวอร์ จำกัด",
        tax_id="0525558004127",
        email="office@lampangsolar.example",
        days_ago=318,
        representatives=(
            ("Wannee Thipphayawong · วรรณี ทิพยวงศ์", "wannee@lampangsolar.example", "both"),
        ),
    ),
    SceneAccount(
        key="biogas",
        name_en="Chao Phraya Biogas Public Company Limited",
        name_th="บริษัท เจ้าพระยาไบโอแก๊ส จำกัด (มหาชน)",
        tax_id="0107557003215",
        email="registry@cpbiogas.example",
        days_ago=317,
    ),
    SceneAccount(
        key="andaman",
        name_en="Andaman Mangrove Cooperative",
        name_th="สหกรณ์ป่าชายเลนอันดามัน",
        tax_id="0994000718205",
        email="coop@andaman.example",
        days_ago=300,
        representatives=(("Yusuf Maleh · ยูซุฟ มะและ", "yusuf@andaman.example", "both"),),
    ),
    SceneAccount(
        key="marathon",
        name_en="Bangkok Half Marathon Foundation",
        name_th="มูลนิธิกรุงเทพฮาล์ฟมาราธอน",
        tax_id="0993000451182",
        email="hello@bkkhalf.example",
        days_ago=240,
    ),
    SceneAccount(
        key="somying",
        name_en="Somying Rakpa",
        name_th="สมหญิง รักษ์ป่า",
        kind="person",
        type=AccountType.PERSON_HOLDING,
        tax_id="",
        email="somying@rakpa.example",
        days_ago=150,
    ),
    SceneAccount(
        key="trading",
        name_en="Eastern Seaboard Carbon Trading Co., Ltd.",
        name_th="บริษัท อีสเทิร์นซีบอร์ด คาร์บอน เทรดดิ้ง จำกัด",
        tax_id="0205563007714",
        email="desk@esct.example",
        days_ago=149,
    ),
    SceneAccount(
        key="rice",
        name_en="Mekong Organic Rice Group",
        name_th="วิสาหกิจชุมชนข้าวอินทรีย์ลุ่มน้ำโขง",
        tax_id="0994000830019",
        email="rice@mekong.example",
        identity_check="pending",
        days_ago=0.3,
        is_open=False,
    ),
)

PROJECTS = (
    SceneProject(
        code="0042",
        name_en="Ban Huai Sak Community Forest",
        name_th="ป่าชุมชนบ้านห้วยสัก",
        kind="Forestry",
        sectoral_scope=14,
        methodology="T-VER-METH-FOR-01",
        proponent="Ban Huai Sak Community Forest Committee",
        accounts=("huai-sak",),
        days_ago=315,
    ),
    SceneProject(
        code="0117",
        name_en="Lampang Solar Park, 30 MW",
        name_th="โรงไฟฟ้าพลังงานแสงอาทิตย์ลำปาง 30 เมกะวัตต์",
        kind="Solar power",
        sectoral_scope=1,
        methodology="T-VER-METH-AE-01",
        proponent="Lampang Solar Power Co., Ltd.",
        accounts=("lampang",),
        days_ago=314,
    ),
    SceneProject(
        code="0058",
        name_en="Chao Phraya Biogas from Cassava Starch Wastewater",
        name_th="ก๊าซชีวภาพจากน้ำเสียโรงงานแป้งมันเจ้าพระยา",
        kind="Biogas",
        sectoral_scope=13,
        methodology="T-VER-METH-WM-04",
        proponent="Chao Phraya Biogas PCL",
        accounts=("biogas", "green-thai"),
        days_ago=313,
    ),
    SceneProject(
        code="0131",
        name_en="Andaman Mangrove Restoration",
        name_th="ฟื้นฟูป่าชายเลนอันดามัน",
        kind="Mangrove",
        sectoral_scope=14,
        methodology="T-VER-METH-FOR-02",
        proponent="Andaman Mangrove Cooperative",
        accounts=("andaman",),
        days_ago=299,
    ),
    SceneProject(
        code="0203",
        name_en="Mae Fah Luang Highland Tea, first verification ahead",
        name_th="ชาพื้นที่สูงแม่ฟ้าหลวง รอการทวนสอบครั้งแรก",
        kind="Agriculture",
        sectoral_scope=15,
        methodology="T-VER-METH-AGR-02",
        proponent="Ban Huai Sak Community Forest Committee",
        accounts=("huai-sak", "green-thai"),
        days_ago=120,
    ),
)
