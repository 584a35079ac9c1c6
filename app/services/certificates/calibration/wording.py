"""The fixed words of a calibration certificate, Thai and English side by side.

Owns labels and the sentences that ISO/IEC 17025 asks for; must not draw.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.services.certificates.wording import Phrase

TITLE = Phrase("ใบรับรองการสอบเทียบ", "Certificate of Calibration")
NUMBER = Phrase("เลขที่ใบรับรอง", "Certificate number")
PAGE = Phrase("หน้า", "Page")
OF = Phrase("จาก", "of")
END = Phrase("สิ้นสุดใบรับรอง", "End of certificate")

LABORATORY = Phrase("ห้องปฏิบัติการ", "Laboratory")
PLACE = Phrase("สถานที่สอบเทียบ", "Place of calibration")
CUSTOMER = Phrase("ลูกค้า", "Customer")
ITEM = Phrase("เครื่องมือที่สอบเทียบ", "Item calibrated")
STATION = Phrase("สถานี", "Station")
SENSOR = Phrase("เซนเซอร์", "Sensor")
MAKER = Phrase("ผู้ผลิตและรุ่น", "Manufacturer and model")
SERIAL = Phrase("หมายเลขเครื่อง", "Serial number")
CHANNEL = Phrase("ปริมาณที่วัด", "Quantity")
RANGE = Phrase("ช่วงการวัด", "Range")
RESOLUTION = Phrase("ความละเอียด", "Resolution")
CONDITION = Phrase("สภาพเมื่อรับ", "Condition on receipt")
CALIBRATED = Phrase("วันที่สอบเทียบ", "Date of calibration")
ISSUED = Phrase("วันที่ออกใบรับรอง", "Date of issue")
CALIBRATION = Phrase("รหัสการสอบเทียบ", "Calibration")

METHOD = Phrase("วิธีและสภาวะ", "Method and conditions")
PROCEDURE = Phrase("วิธี", "Method")
AIR = Phrase("สภาวะแวดล้อม", "Ambient conditions")
NOT_MEASURED = Phrase("ไม่ได้วัด", "not measured")

TRACEABILITY = Phrase("สารอ้างอิงและการสอบกลับได้", "References and traceability")
REFERENCE = Phrase("สารอ้างอิง", "Reference")
VALUE = Phrase("ค่า", "Value")
CERTIFICATE = Phrase("ใบรับรอง", "Certificate")
ISSUER = Phrase("ผู้ออก", "Issued by")
EXPIRES = Phrase("หมดอายุ", "Valid until")
TRACEABLE = Phrase("สอบกลับได้ถึง", "Traceable to")

AS_FOUND = Phrase("ผลก่อนปรับ", "Results as found, before adjustment")
AS_LEFT = Phrase("ผลหลังปรับ", "Results as left, after adjustment")
READING = Phrase("ค่าอ่าน", "Reading")
ERROR = Phrase("ค่าผิดพลาด", "Error")
EXPANDED = Phrase("U", "U")
FACTOR = Phrase("k", "k")
TOLERANCE = Phrase("เกณฑ์ ±", "Limit ±")
COUNT = Phrase("จำนวน", "n")
VERDICT = Phrase("ผล", "Verdict")
VERDICTS: Mapping[str, Phrase] = {
    "pass": Phrase("ผ่าน", "pass"),
    "fail": Phrase("ไม่ผ่าน", "fail"),
}
OVERALL = Phrase("ผลโดยรวม", "Overall")

LINE = Phrase("เส้นสอบเทียบและการปรับแก้", "Calibration line and correction")
SLOPE = Phrase("ความชัน", "Slope")
INTERCEPT = Phrase("จุดตัดแกน", "Intercept")
CORRECTION = Phrase("ค่าที่แก้แล้ว", "Corrected value")
KEPT: Mapping[str, Phrase] = {
    "registry": Phrase(
        "ค่าแก้เก็บในทะเบียนและใช้กับทุกค่าอ่านหลังจากนี้ ไม่ได้เปลี่ยนแปลงอุปกรณ์",
        "The correction is kept in the registry and applied to every later reading; the device "
        "itself was not changed.",
    ),
    "device": Phrase(
        "เขียนค่าแก้ลงในอุปกรณ์แล้ว ทะเบียนไม่แก้ค่าซ้ำ",
        "The correction was written to the device; the registry applies none.",
    ),
}
CHART_LINE = Phrase("เส้นสอบเทียบ", "Calibration line")
CHART_RESIDUALS = Phrase("ส่วนตกค้าง", "Residuals")
CHART_ERRORS = Phrase("ค่าผิดพลาดก่อนและหลังปรับ", "Error as found and as left")
FOUND_SHORT = Phrase("ก่อนปรับ", "as found")
LEFT_SHORT = Phrase("หลังปรับ", "as left")
LIMIT_SHORT = Phrase("เกณฑ์", "limits")

STATEMENTS = Phrase("ข้อความรับรอง", "Statements")
UNCERTAINTY = Phrase(
    "ค่าความไม่แน่นอนขยาย U คือความไม่แน่นอนมาตรฐานคูณด้วยตัวประกอบครอบคลุม k ที่ระบุ "
    "ให้ระดับความเชื่อมั่นประมาณ {percent} % ประเมินตาม JCGM 100:2008 (GUM)",
    "The expanded uncertainty U is the standard uncertainty multiplied by the coverage factor k "
    "stated, which gives a coverage probability of about {percent} %, evaluated after JCGM "
    "100:2008 (GUM).",
)
RULES: Mapping[str, Phrase] = {
    "simple": Phrase(
        "กฎการตัดสิน: ยอมรับอย่างง่าย (ILAC-G8) ผ่านเมื่อค่าผิดพลาดไม่เกินเกณฑ์ โดยไม่หักค่าความไม่แน่นอน",
        "Decision rule: simple acceptance (ILAC-G8). A result passes when its error lies within "
        "the limit; the uncertainty is not taken off.",
    ),
    "guard-band": Phrase(
        "กฎการตัดสิน: มีแถบกันชน (ILAC-G8) ผ่านเมื่อค่าผิดพลาดไม่เกินเกณฑ์หักด้วย U โอกาสยอมรับผิดไม่เกิน 2.5 %",
        "Decision rule: guard band w = U (ILAC-G8). A result passes when its error lies within the "
        "limit less U; the risk of false acceptance is at most 2.5 %.",
    ),
}
RELATES = Phrase(
    "ผลนี้เกี่ยวข้องเฉพาะกับเครื่องมือที่สอบเทียบเท่านั้น",
    "The results relate only to the items calibrated.",
)
WHOLE = Phrase(
    "ห้ามทำสำเนาใบรับรองนี้เพียงบางส่วนโดยไม่ได้รับอนุญาตจากห้องปฏิบัติการ",
    "This certificate may not be reproduced other than in full without the laboratory’s approval.",
)
REMARKS = Phrase("หมายเหตุ", "Remarks")
TECHNICIAN = Phrase("ผู้สอบเทียบ", "Calibrated by")
AUTHORISED = Phrase("ผู้อนุมัติใบรับรอง", "Authorised by")
SIGNED = Phrase("ลงนามด้วยกุญแจของนายทะเบียน (Ed25519)", "Signed with the registry’s key (Ed25519)")

PROCEDURES: Mapping[str, Phrase] = {
    "one-point-offset": Phrase(
        "จุดเดียว ปรับค่าเลื่อน (offset) เทียบกับสารอ้างอิง",
        "One point against a reference, correcting the offset",
    ),
    "one-point-gain": Phrase(
        "จุดเดียว ปรับอัตราขยาย (gain) เทียบกับสารอ้างอิง",
        "One point against a reference, correcting the gain",
    ),
    "two-point": Phrase(
        "สองจุด เทียบกับสารอ้างอิง เส้นตรงที่คิดความไม่แน่นอนทั้งสองแกน",
        "Two points against references; straight line with uncertainty in both axes",
    ),
    "multi-point": Phrase(
        "หลายจุด เทียบกับสารอ้างอิง เส้นตรงที่คิดความไม่แน่นอนทั้งสองแกน (ISO 6143)",
        "Several points against references; straight line with uncertainty in both axes (ISO 6143)",
    ),
    "co-location": Phrase(
        "ตั้งคู่กับเครื่องมืออ้างอิง เทียบค่าในช่วงเวลาเดียวกัน",
        "Co-location beside a reference instrument, values of the same times compared",
    ),
}
