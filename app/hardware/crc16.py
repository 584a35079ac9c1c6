"""The cyclic redundancy check that Modbus and SDI-12 share: polynomial 0xA001, reflected.

Owns the sum and its two ways of being written; the protocols say what it covers.
"""

from __future__ import annotations


def _table_entry(octet: int) -> int:
    for _ in range(8):
        octet = octet >> 1 ^ (0xA001 if octet & 1 else 0)
    return octet


_TABLE = tuple(_table_entry(octet) for octet in range(256))


def crc16(data: bytes | bytearray, *, initial: int) -> int:
    """Give the CRC of the bytes; Modbus begins with 0xFFFF, SDI-12 with 0."""
    crc = initial
    for octet in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ octet) & 0xFF]
    return crc


def modbus_crc(data: bytes | bytearray) -> bytes:
    """Give the two bytes that end a Modbus RTU frame, low byte first."""
    return crc16(data, initial=0xFFFF).to_bytes(2, "little")


def sdi12_crc(data: bytes | bytearray) -> bytes:
    """Give the three letters that end an SDI-12 or WXT reply (SDI-12 1.4, 4.4.12)."""
    crc = crc16(data, initial=0)
    return bytes((0x40 | crc >> 12, 0x40 | crc >> 6 & 0x3F, 0x40 | crc & 0x3F))
