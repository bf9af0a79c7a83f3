"""Words that people write beside a mail address, in small letters and without dots: labels, titles, forms of
companies. One that is glued to an address with a dot or a hyphen can be read two ways.
"""

from __future__ import annotations

import re

_LABELS = """
    e-mail email mail mailto to from cc bcc e-mail-adresse emailadresse adresse address addresses addr
    contact contacts kontakt kontakty kontaktdaten tel telephone telefon phone fax mob mobile adres adresy
    name person organisation organization osoba organizacja имя імя организация арганізацыя організація
    poczta e-poczta courriel mél mel correo dirección direccion indirizzo posta
    e-пошта пошта почта э-почта эл эл.почта электронная электронны электронная-почта адрас адрес адреса
    кантакт контакт контакты кантакты тэл тел телефон тэлефон факс моб мейл емейл е-мейл имейл мыло скрынька
""".split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
_TITLES = """
    prof professor profesor professeur dr doc mgr mag inż inz lic phd ba ma md msc bsc jd llm llb mba esq jr
    sr mr mrs ms mx miss herr frau hr fr pan pani pp mme mlle m sig sra srta ing dipl dipl-ing adv adw hab hc
    rev st hon amb gen sen dep min pres prez dir mec kand cand acad akad bp abp archbp ks kard sir d-r k-t rep
    cllr mjr maj płk ppłk dott avv col capt sgt eng arch dsc dphil ra rain
    inc ltd llc co corp plc gmbh ev sa sas sarl spa srl bv vzw asbl ngo oo zoo zs zu os ops ry ab as
    dottssa drssa sigra signora signor profssa univ-prof mult dra profa sz szanowny szanowna
    spadarynia spadar panna lord lady dame sheikh imam rabbi pastor fra prof-dr pd priv-doz dres
    maître profesora doctora abogado abogada avvocato avvocata
    дюн кюн дин кин кэн дэн кфн дфн дмн кмн дпн кпн ктн дтн спадар спадарыня спадарня пані панна господин
    госпожа добродій добродійка адвокат прафесар професор профессор доктор акадэмік академик академік
    проф др доц адв акад канд канд-т сен деп мін мин дыр дир инж д-р к-т г-н г-жа гн гжа сп спн спня пан пані
    им імя тав
""".split()  # noqa: SIM905
# They begin remarks and no names: "in Warsaw", "no phone".
_BEGINNINGS_OF_REMARKS = frozenset(
    """
    in at to is no so it as by on for from with via per not only please see ask write call if or and
    but was has w z na do po nie dla od przez bez tylko
    в на из для по не без от только у ў з са не праз толькі з від до тільки
    aus bei für mit ohne nicht nur dans chez pour avec sans en con sin para
    """.split()  # noqa: SIM905
)
LABELS = frozenset(_LABELS)
TITLES = frozenset(_TITLES)
# Glued to an address these begin no local part that anybody has.
_LONG_LABELS = ("mailto", "emailaddress", "email", "e-mail", "kontakt", "contact", "telefon", "phone")
_LATIN = sorted((re.escape(word) for word in LABELS | TITLES if word.isascii()), key=len, reverse=True)
_GLUED = re.compile(rf"^(?:{'|'.join(_LATIN)})[._-]+(?=[^\W_])", re.I)
_USUAL_REST = frozenset(
    {"us", "me", "o", "s", "y", "e", "os", "er", "form", "team", "office", "info", "page"}
)


def is_label(word: str) -> bool:
    """True for a word that says that an address follows, such as "E-mail"."""
    return word.casefold().strip(".:()*") in LABELS


def is_title(word: str) -> bool:
    """True for a title, or for the form of a company behind its name: "Prof.", "e.V."."""
    return word.casefold().replace(".", "").strip(",") in TITLES


def begins_remark(text: str) -> bool:
    """True for a text that begins as a remark does, and no name: "in Warsaw"."""
    return text.split(" ", 1)[0] in _BEGINNINGS_OF_REMARKS


def without_glued_word(local: str) -> str:
    """A local part without the title or label that may be glued to its front; the same where none is."""
    if found := _GLUED.match(local):
        return local[found.end() :]
    small = local.lower()
    for label in _LONG_LABELS:
        rest = local[len(label) :]
        if (
            small.startswith(label)
            and len(rest) > 1
            and rest[:1].isalpha()
            and rest.lower() not in _USUAL_REST
        ):
            return rest
    return local
