"""The choices of an export, as addresses, commands and jobs spell them."""

from __future__ import annotations

from enum import StrEnum


class Contents(StrEnum):
    """The lists that can be taken away."""

    PUBLIC = "public"
    ADDRESSEE = "addressee"
    # Signatories who asked for news, with their addresses.
    CONTACTS = "contacts"


class FormatName(StrEnum):
    """The formats. Rooms register how each is written (exports.formats)."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    DOCX = "docx"
    JSON = "json"
    TEXT = "text"
    # In the layout that the United Nations require.
    UN = "un"


class SignatoryOrder(StrEnum):
    """The order of signatories; organisations stand before people in each."""

    SIGNED = "signed"
    NAME = "name"
    COUNTRY = "country"
    # As on the statement's page: organisations by name, people as they signed.
    PAGE = "page"


class Grouping(StrEnum):
    """What the rows are grouped by."""

    NONE = "none"
    KIND = "kind"
    COUNTRY = "country"
    # Consultative status with ECOSOC.
    STATUS = "status"


class Headings(StrEnum):
    """The headings of a table: names of fields, for programs, or words in the language of the file."""

    NAMES = "names"
    WORDS = "words"
