"""Refusals of votes: what a committee member may say to a proposal, and when."""

from __future__ import annotations

from app.models.codes import CheckCategory as Category
from app.services.checks.refusal import Refusal

COMMITTEE = "Domain, People; TGO registry technical infrastructure, 2015"

VOTE_REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        9590,
        "Each member votes once",
        Category.MESSAGE_SEQUENCE,
        "{user} has voted {choice} on {transaction} already; a vote stands as it was cast.",
        "{user} ลงคะแนน{choice_th}ในธุรกรรม {transaction} แล้ว คะแนนที่ลงแล้วเปลี่ยนไม่ได้",
        COMMITTEE,
    ),
    Refusal(
        9591,
        "A vote against has a comment",
        Category.MESSAGE_SEQUENCE,
        "A vote against needs a comment, so that the officer knows what to mend.",
        "การลงคะแนนไม่เห็นชอบต้องมีความเห็น เพื่อให้เจ้าหน้าที่ทราบสิ่งที่ต้องแก้ไข",
        COMMITTEE,
        field="comment",
    ),
    Refusal(
        9592,
        "The committee decides on a conversion",
        Category.VERSION_AND_AUTHENTICATION,
        "The committee decides on {transaction}, by votes; nobody approves or rejects it alone.",
        "คณะกรรมการเป็นผู้ตัดสิน {transaction} ด้วยการลงคะแนน ไม่มีผู้ใดอนุมัติหรือปฏิเสธได้เพียงลำพัง",
        COMMITTEE,
    ),
    Refusal(
        9593,
        "Only conversions are voted on",
        Category.VERSION_AND_AUTHENTICATION,
        "{transaction} is not for the committee; {wanted} decides on it.",
        "{transaction} ไม่ใช่เรื่องของคณะกรรมการ {wanted_th}เป็นผู้ตัดสิน",
        COMMITTEE,
    ),
    Refusal(
        9595,
        "Votes that may still come are waited for",
        Category.MESSAGE_SEQUENCE,
        "The vote on {transaction} is open: {yes} yes and {no} no of {members} members, and the "
        "quorum is {quorum}. Members vote; whoever proposed it may withdraw it.",
        "การลงคะแนนใน {transaction} ยังไม่สิ้นสุด: เห็นชอบ {yes} ไม่เห็นชอบ {no} จากกรรมการ {members} คน "
        "องค์ประชุมคือ {quorum} โปรดให้กรรมการลงคะแนน หรือให้ผู้เสนอถอนรายการ",
        COMMITTEE,
    ),
    Refusal(
        9594,
        "Nobody agrees to a conversion at once",
        Category.VERSION_AND_AUTHENTICATION,
        "The committee decides on a conversion, by votes; propose it without naming who approves.",
        "คณะกรรมการเป็นผู้ตัดสินการแปลงหน่วยด้วยการลงคะแนน โปรดเสนอโดยไม่ระบุผู้อนุมัติ",
        COMMITTEE,
    ),
)
