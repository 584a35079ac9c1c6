"""Refusals of acts on stations and their readings, in both languages."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks.refusal import Refusal

_SOURCE = "Domain, Sensor stations"

STATION_REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        9701,
        "Stations are the technicians'",
        Category.VERSION_AND_AUTHENTICATION,
        "{user} is {role}; only a field technician or an administrator {act}.",
        "{user} มีบทบาทเป็น{role_th} เฉพาะเจ้าหน้าที่เทคนิคภาคสนามหรือผู้ดูแลทะเบียนเท่านั้นที่{act_th}ได้",
        _SOURCE,
    ),
    Refusal(
        9702,
        "A code is given once",
        Category.DATA_INTEGRITY,
        "There is a {what} {given} already; choose another code.",
        "มี{what_th} {given} อยู่แล้ว โปรดเลือกรหัสอื่น",
        _SOURCE,
        field="code",
    ),
    Refusal(
        9703,
        "A sensor has each channel once, with its unit",
        Category.MESSAGE_VALIDITY,
        "Name each channel of sensor {sensor} once, and give its unit.",
        "ช่องวัดของเซนเซอร์ {sensor} ต้องมีชื่อไม่ซ้ำกันและมีหน่วยทุกช่อง",
        _SOURCE,
        field="channels",
    ),
    Refusal(
        9704,
        "An alarm clears on the quiet side of its limit",
        Category.MESSAGE_VALIDITY,
        "A {side} alarm raised at {raise_at} cannot clear at {clear_at}: choose a value {where}.",
        "การเตือนค่า{side_th}ที่ {raise_at} สิ้นสุดที่ {clear_at} ไม่ได้ ให้เลือกค่าที่{where_th}",
        _SOURCE,
        field="clear_at",
    ),
    Refusal(
        9705,
        "An alarm is acknowledged once",
        Category.MESSAGE_SEQUENCE,
        "Alarm {alarm} was acknowledged already by {by}.",
        "การเตือน {alarm} มีผู้รับทราบแล้วโดย {by}",
        _SOURCE,
    ),
    Refusal(
        9706,
        "A seal has a number",
        Category.MESSAGE_VALIDITY,
        "Give the number of the seal: without it nobody can tell whether it is the same.",
        "โปรดระบุหมายเลขซีล มิฉะนั้นจะไม่ทราบว่าเป็นซีลเดิมหรือไม่",
        _SOURCE,
        field="value",
    ),
    Refusal(
        9707,
        "What marks readings has a reason and a span",
        Category.MESSAGE_VALIDITY,
        "Give a reason and a span that begins before it ends: later flags are records for ever.",
        "โปรดระบุเหตุผลและช่วงเวลาที่เริ่มก่อนสิ้นสุด เพราะการทำเครื่องหมายภายหลังเก็บไว้ถาวร",
        _SOURCE,
        field="reason",
    ),
    Refusal(
        9708,
        "A correction can be undone",
        Category.MESSAGE_VALIDITY,
        "A slope of {slope} cannot correct a reading; calibrate anew.",
        "ความชัน {slope} ใช้แก้ค่าที่วัดไม่ได้ โปรดสอบเทียบใหม่",
        _SOURCE,
    ),
    Refusal(
        9709,
        "Who leaves doubtful data says why",
        Category.MESSAGE_VALIDITY,
        "Say why the data before calibration {calibration} are left as they are: whoever relies "
        "on them will ask.",
        "โปรดระบุเหตุผลที่คงข้อมูลก่อนการสอบเทียบ {calibration} ไว้ตามเดิม ผู้ใช้ข้อมูลจะถามถึงเหตุผลนี้",
        _SOURCE,
        field="reason",
    ),
    Refusal(
        9710,
        "A port is one sensor's",
        Category.DATA_INTEGRITY,
        "Port {port} is read for sensor {sensor} of station {station} already. Choose the port of "
        "the new sensor, or first record at {station} that {sensor} was removed{bus}.",
        "พอร์ต {port} ใช้อ่านเซนเซอร์ {sensor} ของสถานี {station} อยู่แล้ว ให้เลือกพอร์ตของเซนเซอร์ใหม่ "
        "หรือบันทึกที่สถานี {station} ก่อนว่าถอด {sensor} ออกแล้ว{bus_th}",
        _SOURCE,
        field="port",
    ),
)
