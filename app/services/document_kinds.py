"""What kind of file a document is, by how its bytes begin.

Owns the kinds that are known and the refusal of what a name promises and the bytes do not hold.
Reads no file and keeps nothing.
"""

from __future__ import annotations

from pathlib import PurePath

from app.models.errors import UsageError

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_ARCHIVES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
_TEXTS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".xml": "application/xml",
    ".eml": "message/rfc822",
}
_PROMISED = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".zip": "application/zip",
    **_ARCHIVES,
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def media_type_of(name: str, content: bytes) -> str:
    """Tell a document's media type by its bytes.

    Raises UsageError for a program, and for a name such as `letter.pdf` whose bytes are no PDF.
    """
    ending = PurePath(name).suffix.lower()
    if content.startswith(_PROGRAMS):
        raise UsageError(
            f"“{name}” is a program, not a document.", hint="Give the document itself."
        )
    found = next((kind for start, kind in _STARTS if content.startswith(start)), None)
    if found == "application/zip":
        found = _ARCHIVES.get(ending, found)
    if found is None:
        found = _text_type(ending, content)
    promised = _PROMISED.get(ending)
    if promised is not None and promised != found:
        raise UsageError(
            f"“{name}” is not what its ending says: its bytes are not those of {promised}.",
            hint="It may be damaged, or renamed. Take it from its source again.",
        )
    return found


def _text_type(ending: str, content: bytes) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return (
        _TEXTS.get(ending, "text/plain") if b"\x00" not in content else "application/octet-stream"
    )
