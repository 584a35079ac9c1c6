"""The PDF file around the pages: fonts, forms, attachments, metadata.

Owns how a certificate's file is put together, always the same bytes for the same content.
Must not lay out pages and must not sign.

It uses reportlab's document layer without its canvas, which would name a font that is not
embedded on every page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFObjectReference,
    PDFPage,
    PDFStream,
    PDFString,
    PDFZCompress,
)

from app.services.certificates.palette import PAGE_HEIGHT, PAGE_WIDTH
from app.services.certificates.pdf_fonts import DocumentFonts
from app.services.certificates.sheet import Sheet

_CREATOR = "Teak"


@dataclass(frozen=True, slots=True)
class Form:
    """Compressed operators drawn by name, and the size of their box in points."""

    operators: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF."""

    name: str
    media_type: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Description:
    """What the file says about itself; `language` is a BCP 47 tag."""

    title: str
    author: str
    subject: str
    keywords: str
    language: str
    created_at: datetime


def write_pdf(
    sheets: Sequence[Sheet],
    *,
    fonts: DocumentFonts,
    forms: Mapping[str, Form],
    attachments: Sequence[Attachment],
    description: Description,
) -> bytes:
    """Write the file's bytes, unsigned; the same for the same input."""
    document = PDFDocument(compression=1, invariant=1, pdfVersion=(1, 7), lang=description.language)
    placed = {name for sheet in sheets for name in sheet.forms}
    references = {
        name: document.Reference(_form_stream(form), name)
        for name, form in forms.items()
        if name in placed
    }
    for sheet in sheets:
        document.addPage(_page(sheet, references))
    fonts.add_to(document)
    _describe(document, description)
    _attach(document, attachments, description.created_at)
    _set_identity(document, sheets, attachments)
    content: bytes = document.GetPDFData(None)
    return content


def _page(sheet: Sheet, references: Mapping[str, object]) -> PDFPage:
    page = PDFPage()
    # The page is given whole, so that reportlab adds nothing of its own to it.
    page.Override_default_compilation = 1
    page.MediaBox = PDFArray([0, 0, PAGE_WIDTH, PAGE_HEIGHT])
    page.Contents = PDFStream(
        content="\n".join(sheet.operators).encode("ascii"), filters=[PDFZCompress]
    )
    page.Resources = PDFDictionary(
        {
            "Font": PDFObjectReference("BasicFonts"),
            "XObject": PDFDictionary({name: references[name] for name in set(sheet.forms)}),
        }
    )
    return page


def _form_stream(form: Form) -> PDFStream:
    stream = PDFStream(content=form.operators)
    stream.dictionary = PDFDictionary(
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": PDFArray([0, 0, form.width, form.height]),
            "Resources": PDFDictionary({}),
            "Filter": "/FlateDecode",
        }
    )
    return stream


def _describe(document: PDFDocument, description: Description) -> None:
    document.setTitle(description.title)
    document.setAuthor(description.author)
    document.setSubject(description.subject)
    document.setKeywords(description.keywords)
    document.setCreator(_CREATOR)
    moment = description.created_at
    # Its own clock would print the moment of writing, or a fixed day of the year 2000.
    document._timeStamp = SimpleNamespace(YMDhms=moment.timetuple()[:6], dhh=0, dmm=0)  # noqa: SLF001
    metadata = PDFStream(content=_metadata(description))
    metadata.dictionary = PDFDictionary({"Type": "/Metadata", "Subtype": "/XML"})
    document.Catalog.Metadata = metadata
    document.Catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})


def _attach(document: PDFDocument, attachments: Sequence[Attachment], created_at: datetime) -> None:
    names: list[object] = []
    # A name tree is sorted by its keys.
    for attachment in sorted(attachments, key=lambda each: each.name):
        reference = document.Reference(_file_specification(document, attachment, created_at))
        names += [PDFString(attachment.name), reference]
    catalog = document.Catalog
    catalog.Names = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(names)})})
    catalog.AF = PDFArray(names[1::2])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "AF"]


def _file_specification(
    document: PDFDocument, attachment: Attachment, created_at: datetime
) -> PDFDictionary:
    stream = PDFStream(content=attachment.content, filters=[PDFZCompress])
    stream.dictionary = PDFDictionary(
        {
            "Type": "/EmbeddedFile",
            "Subtype": "/" + attachment.media_type.replace("/", "#2F"),
            "Params": PDFDictionary(
                {
                    "Size": len(attachment.content),
                    "ModDate": PDFString(created_at.strftime("D:%Y%m%d%H%M%SZ")),
                }
            ),
        }
    )
    file = document.Reference(stream)
    return PDFDictionary(
        {
            "Type": "/Filespec",
            "F": PDFString(attachment.name),
            "UF": PDFString(attachment.name),
            "Desc": PDFString(attachment.description),
            "AFRelationship": "/Data",
            "EF": PDFDictionary({"F": file, "UF": file}),
        }
    )


def _set_identity(
    document: PDFDocument, sheets: Sequence[Sheet], attachments: Sequence[Attachment]
) -> None:
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update("\n".join(sheet.operators).encode("utf-8"))
    for attachment in attachments:
        digest.update(attachment.content)
    identity = digest.hexdigest()[:32]
    document._ID = f"[<{identity}><{identity}>]".encode("ascii")  # noqa: SLF001


def _metadata(description: Description) -> bytes:
    title, author = escape(description.title), escape(description.author)
    subject, keywords = escape(description.subject), escape(description.keywords)
    moment = description.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{description.language}</rdf:li></rdf:Bag></dc:language>
<pdf:Keywords>{keywords}</pdf:Keywords>
<xmp:CreatorTool>{_CREATOR}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
    return packet.encode("utf-8")
