"""Words of spreadsheets in the languages of the interface: names of columns, countries, kinds, yes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from flask_babel import gettext as _

from campaign.imports.affiliation_words import (
    is_optional,
    is_representative,
    is_represented,
    joins,
    without_affiliation,
)
from campaign.imports.heading_languages import (
    is_of_signatures,
    known_heading,
    names_country_and_region,
    names_region_first,
    without_regions,
)
from campaign.imports.listing_words import ANONYMOUS, CONSENT, about_listing, is_negated, is_of_other_data
from campaign.signatures.models import SignatoryKind

# The answer that leaves a country empty which nobody knows.
NO_COUNTRY = "none"


class Field(StrEnum):
    """The fields that a column of a sheet can hold."""

    KIND = "kind"
    NAME = "name"
    MIDDLE = "middle"
    SURNAME = "surname"
    SECOND_SURNAME = "second_surname"
    COUNTRY = "country"
    CITY = "city"
    ORGANISATION = "organisation"
    AFFILIATION = "affiliation"
    TITLE = "title"
    WEBSITE = "website"
    EMAIL = "email"
    UPDATES = "updates"
    CONSENT = "consent"
    ANONYMOUS = "anonymous"


# The columns of which a row needs one.
NAMES = (Field.NAME, Field.MIDDLE, Field.SURNAME, Field.SECOND_SURNAME, Field.ORGANISATION)


def field_names() -> dict[Field, str]:
    """The fields in words."""
    return {
        Field.NAME: _("Name"),
        Field.MIDDLE: _("Middle name or patronymic, if in a separate column"),
        Field.SURNAME: _("Family name, if in a separate column"),
        Field.SECOND_SURNAME: _("Second family name, if in a separate column"),
        Field.CITY: _("City"),
        Field.COUNTRY: _("Country"),
        Field.ORGANISATION: _("Organisation"),
        Field.AFFILIATION: _("Where a person works or belongs"),
        Field.TITLE: _("Position in the organisation"),
        Field.WEBSITE: _("Website"),
        Field.KIND: _("Organisation or person"),
        Field.EMAIL: _("E-mail address"),
        Field.UPDATES: _("Asked for updates by e-mail"),
        Field.CONSENT: _("Agreed to be listed"),
        Field.ANONYMOUS: _("Asked to stay anonymous"),
    }


# How names of columns begin, without marks; the first field that fits takes a column.
_BEGINNINGS: dict[Field, str] = {
    Field.UPDATES: (
        "updates news newsletter subscri subskry subscrip новост рассылк подписк навін падпіск новин "
        "розсилк підписк nowości aktualności neuigkeit nachricht"
    ),
    Field.EMAIL: "email mail почта емейл имейл пошта мейл электронн poczta adres adresse",
    Field.WEBSITE: "website web url site homepage сайт вебсайт интернет strona www webseite internet",
    Field.COUNTRY: (
        "country land länder wohnland краіна страна країна kraj państwo staat pays país pais paese nazione"
    ),
    Field.CITY: (
        "city town place город гарад горад місто населен населён miasto miejscowość stadt ort wohnort "
        "ville ciudad città citta localidad comune"
    ),
    Field.ORGANISATION: (
        "organisation organization organiz organis ngo org institution association company организац "
        "арганізац організац нко учрежден название назва nazwa organizacj instytucj stowarzyszen verein "
        "verband einrichtung firma lorgani dellorgani"
    ),
    Field.KIND: "kind type тип тып вид від rodzaj typ art",
    Field.MIDDLE: "middle patronym отчеств пабацьку побатькові",
    Field.SURNAME: (
        "surname lastname familyname lname фамили прозвішч прозьвішч прізвищ nazwisk nachname familienname "
        "zuname apellido cognome sobrenome achternaam"
    ),
    Field.TITLE: (
        "title position role function job должност пасад посад статус stanowisk funkcj funktion titel amt "
        "beruf"
    ),
    Field.NAME: (
        "name firstname given fullname person signatory representative contact имя фио имена подпис імя піб "
        "подпіс підпис прозвішчаімя прозьвішчаімя імёны "
        "представител прадстаўнік представник imię imie imiona podpis osoba "
        "vorname rufname anzeigename unterzeichn vertreter nom prénom prenom nombre nome voornaam naam fname "
        "forename nickname alias künstlername pseudonym псевдоним псеўданім "
        "псевдонім pseudonim seudónimo pseudonimo именем іменем імем"
    ),
}
_STEMS = {field: tuple(text.split()) for field, text in _BEGINNINGS.items()}
# A word for one of these makes "University" part of another name, as in "City of the university".
_OF_OTHERS = {Field.UPDATES, Field.EMAIL, Field.WEBSITE, Field.COUNTRY, Field.CITY, Field.KIND}
_SECOND_SURNAME = re.compile(
    r"(?:apellido|surname|last name|family name|cognome|nachname|прозвішча|прізвище|фамилия|nazwisko)"
    r" ?(?:2|ii)"
    r"|(?:segundo|second|2nd|2o|drugie|zweiter|secondo) (?:apellido|surname|nazwisko|nachname|cognome)"
    r"|apellido materno"
)
_MIDDLE = re.compile(
    r"name ?2|(?:segundo|secondo) (?:nombre|nome)|second (?:given|first) name|other names?|drugie imi[eę]"
    r"|zweiter vorname|weitere vornamen|(?:deuxième|second|autres) prénoms?|другое имя|другое імя|друге імя"
    r"|tussenvoegsel"
)
_BETWEEN = {"and", "und", "of", "the", "der"}
_LATER_NAMES = {"last", "family", "second"}
# Columns of which nothing is imported, whatever other words their names have; and words that make a country
# of a column only where no other is one.
_IGNORED = re.compile(
    r"timestamp|time ?stamp|отметка времени|zeitstempel|horodat|marca temporal|sygnatura czasowa"
    r"|\bip\b|gender|\bsex\b|\bпол\b|date of birth|birth|дата рожд|дата нарадж|geburt|urodzen"
    r"|naissance|nacimiento|nascita|рожд|нарадж|народж|паходж|походж|происхожд|pochodzen|herkunft"
    # Names of other people, and names that somebody had before.
    r"|maiden|девич|дзяво[чц]|дівоч|panieńsk|rodow|mädchenname|jeune fille|soltera|nubile|former name"
    r"|collect(?:or|ed by)|collecteur|сборщик|собирател|зборшчык|збирач|\breferr|recruit|\bvolunteer"
    r"|волонт[её]р|валанц[её]р|wolontariusz|sammler|(?:entered|added|invited) by|ankieter|witness|свидетел"
    r"|landkreis|\bkreis\b|(?:regierungs)?bezirk|\bcounty\b|powiat|gmina|\bрайон|\bраён|département"
    r"|phone|телефон|тэлефон|telefon|mobile|comment|комментар|каментар|комент|kommentar|komentarz"
    r"|\bstates?\b"
    r"|bundesland|województw|wojewodztw|область|вобласць|province|région|region|username|user name"
    r"|started|submitted|postal|zip\b"
    r"|^st\.?$|\bprov(?:\.|$)|\bprovin[cz]|\bprowincj|\bkanton|\bcanton|^uf$|\bestado\b|\bcounty\b|landkreis|oblast"
    r"|\bstato\b|\blang\b|\bsprache\b|\blangue\b|\blingua\b|\bidioma\b|\bjęzyk\b|\bмова\b|\bязык\b|\bштат\b"
)
_OF_NAMES = re.compile(
    r"name|имен|имя|імя|ім[’'ʼ]я|імен|imi|nazwisk|\bnom|nombre|nome|list|списк|спіс|public|publi"
)
_CITIZENSHIP = re.compile(
    r"гражданств|грамадзян|громадян|citizen|national|obywatel|staatsang|staatsbürg|ciudadan|cittadin|citoyen"
)
_RESIDENCE = re.compile(
    r"прожив|пражыв|живе|жыве|residen|résid|wohn|zamieszk|\bliv(?:e|ing)\b|aufenthalt|пребыв|перабыв|перебув"
)
# The name under which somebody wants to be seen, and the one that they keep to themselves.
_PUBLIC = re.compile(
    r"preferred|nickname|\balias|künstler|(?:on|under) the (?:letter|statement|appeal|petition)"
    r"|\bsign(?:ing)? as|how should|(?:как|як) (?:вас|тебя)|öffentlich"
    r"|p[uú]blic|publi[sz]|publik|pubbli|publi[ée]|appear|display|shown|pseudonym|псевд|псеўд|pseudonim|seudón"
    r"|публ|апубл|(?:для|in|the|for|на|у|в) (?:the )?(?:спис|спіс|list)|\blist|спіс|спис|anzeige"
    r"|veröffentlich|affich|\blista|\blisty|wyświetl|widoczn|visib|видим|бачн|sichtbar|appara[iî]|aparec|erschein|показ|паказ"
)
_NOT_PUBLIC = re.compile(
    r"\breal\b|legal|настоящ|сапраўд|справжн|prawdziw|\becht|bürgerlich|vrai|réel|verdader|veri?tabl|внутр"
    r"|унутр|intern|passport|паспорт|пашпарт|official"
)
_LONG_STEM = 5
_INITIALS = re.compile(r"(?<!\w)(?:\w\.\s?){2,}(?!\w)")
# Columns that services of forms, petitions and mailings add of themselves.
_SERVICE = frozenset((
    "id", "response id", "submitdate", "date submitted", "lastpage", "last page", "startlanguage",
    "start language", "seed", "startdate", "datestamp", "ipaddr", "refurl", "token", "interviewtime",
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "_id", "_uuid",
    "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__", "_tags",
    "_index", "_parent_index", "meta/instanceid", "formhub/uuid", "instanceid", "start time",
    "completion time", "last modified time", "language", "total points", "quiz feedback", "#",
    "network id", "start date (utc)", "submit date (utc)", "stage date (utc)", "response type", "tags",
    "ending", "score", "submission date", "submission id", "submission ip", "last update date",
    "approval status", "referrer", "referer", "signed on", "commented date", "reason for signing",
    "postal code", "zip code", "zip_code", "address", "street", "created_at", "updated_at", "uuid",
    "user_agent", "user agent", "source", "source_code", "referrer code", "can2_user_tags",
    "can2_subscription_status", "can2_phone", "member_rating", "optin_time", "optin_ip", "confirm_time",
    "confirm_ip", "latitude", "longitude", "gmtoff", "dstoff", "timezone", "region", "last_changed",
    "leid", "euid", "notes", "birthday", "subscribe date", "status", "signature", "signature date", "date",
    "дата", "data", "datum",
))  # fmt: skip
# Questions of forms, which are longer than names of columns. The first that fits says the field.
_QUESTIONS = (
    (
        Field.ORGANISATION,
        r"name of (?:the|your) organi[sz]ation|organi[sz]ation.{1,12}(?:represent|name)"
        r"|(?:назва|название)\w* .{0,8}(?:арганізац|организац|організац)|nazw\w+ .{0,9}organizacj"
        r"|name ihrer organisation|nom de votre organisation",
    ),
    (
        Field.COUNTRY,
        r"(?:which|what|your) country|country (?:do|are|of)|в какой стране|из какой страны|у якой краіне"
        r"|з якой краіны|в якій країні|з якої країни|w jakim kraju|z jakiego kraju|welchem land|quel pays"
        r"|qué país|quale paese",
    ),
    (
        Field.CITY,
        r"(?:which|what) (?:city|town)|в каком городе|у якім горадзе|в якому місті|w jakim mie"
        r"|welcher stadt|quelle ville",
    ),
    (
        Field.NAME,
        r"\bsign(?:ing)? as\b|how should .{0,20}(?:list|sign|show|name|call)"
        r"|как (?:вас|тебя) (?:подпис|указ|назв)"
        r"|як вас (?:падпіс|назв|пазнач|підпис|вказ)|wie sollen wir sie nennen"
        r"|your (?:full )?name|full name|(?:first and last|first and family) name|signed by|вас завуць"
        r"|вас зовут|вас звати|ваш[аеі]? (?:імя|имя|ім.?я|прозвішча|прізвище|фамили)|się nazywasz"
        r"|imię i nazwisko|ihr(?:en)? (?:vollständige[nr]? )?name|heißen sie|heisst du|votre nom|appelez"
        r"|su nombre|se llama|suo nome|si chiama",
    ),
)
_WEAK = {
    Field.COUNTRY: frozenset({"land", "staat"}),
    # What is signed by hand says less than a name.
    Field.NAME: frozenset({"contact", "role", "подпись", "подпіс", "подпис", "підпис", "podpis"}),
}
_WORDS = re.compile(r"\w+")
_BARE = re.compile(r"['’ʼ`\-]")
_KINDS = {
    SignatoryKind.PERSON: (
        "person people individual citizen человек физлицо физическое лицо гражданин асоба чалавек фізасоба "
        "особа людина громадянин osoba człowiek privatperson mensch p"
    ),
    SignatoryKind.ORGANISATION: (
        "organisation organization ngo org association group организация нко группа арганізацыя суполка "
        "група організація organizacja stowarzyszenie fundacja verein stiftung gruppe o"
    ),
}
_KIND_OF = {word: kind for kind, text in _KINDS.items() for word in text.split()}


def is_ignored(header: str) -> bool:
    """True for the name of a column of which nothing is imported, such as "State" or "Phone", whatever its
    cells look like.
    """
    said = header.casefold().strip(" :*")
    if names_country_and_region(said):
        said = without_regions(said)
    is_known = said in _SERVICE or said.startswith(("can2_", "_", "can_")) or bool(_IGNORED.search(said))
    return (is_known and not CONSENT.search(said)) or is_of_other_data(about_listing(said))


def _listing_of(said: str) -> Field | None:
    """Whether a column has agreements to be listed, or refusals; None for any other."""
    said = about_listing(said)
    hides = bool(ANONYMOUS.search(said))
    if not hides and not CONSENT.search(said):
        return None
    return Field.ANONYMOUS if hides != is_negated(said) else Field.CONSENT


def field_of(header: str, *, answers: bool = True) -> Field | None:
    """The field that a column of this name holds; None when its name says nothing.

    Without `answers` its cells are no yes and no.
    """
    if (
        answers
        and not is_of_other_data(about_listing(header.casefold()))
        and (said := _listing_of(header.casefold()))
    ):
        return said
    if is_ignored(header) or names_region_first(header):
        return None
    if known := known_heading(header):
        return Field(known)
    if names_country_and_region(header):
        return Field.COUNTRY
    if said := _organised(header):
        return said
    words = _words(header.replace("_", " "))
    if words in (["last"], ["family"], ["l", "name"]) or (
        "name" in words and _LATER_NAMES & set(words) and "first" not in words
    ):
        return Field.SURNAME
    if _SECOND_SURNAME.search(" ".join(words)):
        return Field.SECOND_SURNAME
    if _MIDDLE.fullmatch(" ".join(words)):
        return Field.MIDDLE
    if words in (["first"], ["f", "name"]):
        return Field.NAME
    if words[-2:] in (["па", "бацьку"], ["по", "батькові"]):
        return Field.MIDDLE
    if question := next((field for field, said in _QUESTIONS if re.search(said, header.casefold())), None):
        return question
    found = _found(words)
    if Field.ORGANISATION in found and Field.KIND in found:
        return Field.KIND
    if found[:1] == [Field.ORGANISATION] and is_optional(header):
        return Field.AFFILIATION
    # "Имя и фамилия", "imię i nazwisko", "first and last name": both in one.
    return (
        Field.NAME
        if found and found[0] is Field.SURNAME and Field.NAME in found
        else found[0]
        if found
        else None
    )


def _organised(header: str) -> Field | None:
    """The field of a column in whose name an affiliation is said, or an organisation that is represented."""
    left = without_affiliation(header)
    words = _WORDS.findall(_BARE.sub("", (left or header).casefold()))
    found = _found(words)
    if _OF_OTHERS & set(found):
        return None
    if is_represented(header):
        return Field.ORGANISATION
    if is_representative(header):
        return Field.NAME
    if Field.ORGANISATION in found and _found(words[:1]) == [Field.TITLE]:
        return Field.TITLE
    if left is None:
        return None
    # "Name and affiliation" is one column of both.
    return Field.NAME if Field.NAME in found and joins(header) else Field.AFFILIATION


def _words(text: str) -> list[str]:
    """The words of a text in small letters; "Ф.И.О." is one."""
    joined = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", text.casefold())
    return _WORDS.findall(_BARE.sub("", joined))


def _found(words: Sequence[str]) -> list[Field]:
    # "Landkreis" is no country.
    plain = [word for word in words if not word.startswith("land") or word in ("land", "lands")]
    return [field for field, stems in _STEMS.items() if any(word.startswith(stems) for word in plain)]


def is_question(header: str) -> bool:
    """True for a long name of a column that asks for something, as forms do."""
    said = header.casefold()
    patterns = (CONSENT.pattern, ANONYMOUS.pattern, *(pattern for _field, pattern in _QUESTIONS))
    return any(re.search(pattern, said) for pattern in patterns)


def rank_of(header: str, field: Field) -> int:
    """How well a name of a column says that it holds this field: the smaller the better."""
    words, said = _words(header), header.casefold()
    if field in (Field.CONSENT, Field.ANONYMOUS):
        # Of several questions, that about the name.
        return len(words) + 100 * (not _OF_NAMES.search(said))
    rank = len(words) + 100 * bool(words and _WEAK.get(field, frozenset()) & set(words))
    if field is Field.SURNAME:
        # In Bulgarian it is the patronymic, beside "фамилия".
        rank += 50 * (said == "презиме")
    if field is Field.COUNTRY:
        return rank + 200 * bool(_CITIZENSHIP.search(said)) - 100 * bool(_RESIDENCE.search(said))
    if field in NAMES and field is not Field.ORGANISATION:
        return (
            rank - 200 * is_public_name(header) + 200 * _is_kept_name(said) + 400 * is_of_signatures(header)
        )
    return rank


def is_citizenship(header: str) -> bool:
    """True for a column of citizenships, which tell little about where somebody lives."""
    return bool(_CITIZENSHIP.search(header.casefold()))


def is_public_name(header: str) -> bool:
    """True for "Public name" and "Pseudonym": the name that is to be listed, if there are several."""
    said = header.casefold()
    return bool(_PUBLIC.search(said)) and not _is_kept_name(said)


def is_withheld_name(header: str) -> bool:
    """True for "Name (not for publication)", which is in no list, even if no other name is there."""
    said = header.casefold()
    return _listing_of(said) is Field.ANONYMOUS and not re.search("anonym|ан[оа]н[иі]м", said)


def _is_kept_name(said: str) -> bool:
    return bool(_NOT_PUBLIC.search(said)) or is_negated(said) or bool(ANONYMOUS.search(said))


def is_full_name(header: str) -> bool:
    """True for a name beside which first and family names say nothing more."""
    words = _words(header)
    is_both = Field.SURNAME in _found(words) and Field.NAME in _found(words)
    is_both = is_both or ({"first", "last"} <= set(words)) or ("name" in words and "surname" in words)
    said = header.casefold()
    is_full = bool(re.search(r"\bfull|полн|поўн|повн|pełn|vollständig|voller name|complet", said))
    return is_both or is_full or bool({"фио", "піб", "fullname"} & set(words)) or is_public_name(header)


def names_family(header: str) -> bool:
    """True for "Nom" and "Name", which is the family name where a given name has a column of its own."""
    return _bare_name(header) in ("nom", "noms", "nom de famille", "nom d'usage", "name", "naam", "nume")


def names_given(header: str) -> bool:
    """True for the name of a column of given names, beside which "Nom" or "Name" is the family name."""
    return _bare_name(header).startswith(
        (
            "prénom",
            "prenume",
            "prenom",
            "vorname",
            "rufname",
            "voorna",
            "first name",
            "first_name",
            "firstname",
            "fname",
            "given",
            "forename",
        )
    )


def _bare_name(header: str) -> str:
    """The name of a column in small letters, without marks at its ends."""
    return header.casefold().replace("(s)", "s").replace("’", "'").strip(" :*.?")


def is_only_header(cell: str) -> bool:
    """True when every word of a cell names a column: alone in its row, "Imported Person" is somebody."""
    words = [word for word in _words(cell) if len(word) > 1 and word not in _BETWEEN]
    return known_heading(cell) is not None or (
        bool(words)
        and all(
            any(word.startswith(stems) for stems in _STEMS.values()) or word in _LATER_NAMES for word in words
        )
    )


def is_header_of_names(cell: str) -> bool:
    """True for a cell that nobody is called by: "Ф.И.О.", "Signatory", "Full name"."""
    words = [word for word in _words(cell) if len(word) > 1 and word not in _BETWEEN]
    return field_of(cell) in NAMES and bool(words) and all(map(_is_word_of_headers, words))


def _is_word_of_headers(word: str) -> bool:
    long = tuple(stem for stems in _STEMS.values() for stem in stems if len(stem) >= _LONG_STEM)
    short = {stem for stems in _STEMS.values() for stem in stems if len(stem) < _LONG_STEM}
    return (
        word.startswith(long)
        or word in short
        or word[:-1] in short
        or word in _LATER_NAMES | {"first", "full"}
    )


def kind_of(cell: str) -> SignatoryKind | None:
    """Person or organisation, in any of the languages; None for another word."""
    return next((_KIND_OF[word] for word in _WORDS.findall(cell.casefold()) if word in _KIND_OF), None)
