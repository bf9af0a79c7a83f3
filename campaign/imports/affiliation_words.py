"""Words in names of columns that tell where people work from organisations that sign."""

from __future__ import annotations

import re

# Where somebody works or belongs: nobody signs for their employer.
_OF_PEOPLE = (
    r"affiliat\w*|employer\w*|work ?place\w*|plac\w* of (?:work|employment|study)|universit\w*"
    r"|where\b.{0,20}?\b(?:work|study|teach)\w*"
    r"|афф?илиац\w*|мест\w* (?:работы|службы|уч[её]бы)|работодател\w*"
    r"|где\b.{0,14}?(?:работае|учит|служит)\w*"
    r"|ун[иі]верс[иі]т[эеє]т\w*|вуз\w*"
    r"|аф[іи]л[іья]+[цт]\w*|месц\w* (?:працы|службы|вучобы)|працадаў\w*|дзе\b.{0,14}?(?:працуе|вучы)\w*|вну"
    r"|місц\w* (?:роботи|праці|служби|навчання)|(?:роботодав|працедав)\w*|зво"
    r"|де\b.{0,14}?(?:працює|навча)\w*"
    r"|afiliac\w*|miejsc\w* (?:pracy|zatrudnienia|nauki)|zakład\w* pracy|pracodawc\w*|uczeln\w*"
    r"|uniwersytet\w*|gdzie\b.{0,14}?pracuj\w*"
    r"|\w*zugehörigkeit\w*|arbeitgeber\w*|arbeits(?:platz|stelle|stätte|ort)\w*|hochschul\w*|dienststelle\w*"
    r"|wo\b.{0,14}?arbeite\w*"
    r"|employeu\w*|lieu de travail|lieu d'exercice|rattachement|où\b.{0,14}?travail\w*"
    r"|a?filiaci[oó]n\w*|emplead\w*|(?:lugar|centro) de (?:trabajo|estudios?)|universidad\w*"
    r"|d[oó]nde\b.{0,14}?trabaj\w*"
    r"|affiliazion\w*|datore di lavoro|(?:luogo|posto|sede) di lavoro|ateneo|appartenenza"
    r"|dove\b.{0,14}?lavor\w*"
    r"|werkgever\w*|werkplek\w*"
)
# Either: a position beside them may be that of a professor, or of a director who signs.
_OF_BOTH = (
    r"institut\w*|інстыту\w*|інститу\w*|институ\w*|учреждени\w*|установ[аиы]\w*|заклад\w*"
    r"|instytu\w*|placówk\w*|einrichtung\w*|[eé]tablissement\w*|instituci\w*|istitu\w*|instelling\w*"
    r"|facult\w*|факульт\w*|department\w*"
)
_IF_ANY = re.compile(
    r"\bif (?:any|applicable|relevant|you)|\boptional|identification|\bопционал|\bвідсутн"
    r"|если (?:есть|имеется|применимо|вы )|при наличии|необязател|по желанию|для идентификации"
    r"|калі (?:ёсць|маецца|вы )|пры наяўнасці|неабавязков|па жаданні"
    r"|якщо (?:є|маєте|ви )|за наявності|не ?обов'?язков|за бажанням"
    r"|je[śsż][lż]?[ie]?li|\bopcj|\bo ile|nieobowiązk|dobrowoln"
    r"|\bfalls\b|\bwenn\b|\bsofern\b|\bggf\b|freiwillig|gegebenenfalls"
    r"|s'il y a|le cas [eé]ch[eé]ant|\bsi (?:vous|applicable|pertinent)|facultati|[eé]ventuel"
    r"|\bsi (?:la |lo )?(?:hay|tiene|existe|aplica|corresponde|procede)|en su caso|\bopcional"
    r"|\bse (?:presente|applicabile|esiste|c'è|ce n'è)|facoltativ|\bopzional|eventual|indien|optioneel"
)
_ON_BEHALF = re.compile(
    r"\bbehalf\b|\brepresent(?:ed|ing)?\b(?!ative)|от имени|представля[ею]|ад імя|ад імені|прадстаўля[ею]"
    r"|від імені|представляє|w imieniu|reprezentowan|im namen|vertreten[e]?\b|au nom de|représent[ée]+e?\b"
    r"|en nombre de|representad|a nome di|per conto|rappresentat|namens"
)
_REPRESENTATIVE = re.compile(
    r"representative|представител|прадстаўні|представни|przedstawiciel|reprezentant|vertreter|représentant"
    r"|representante|rappresentante|vertegenwoordig"
)
_IN_CHARGE = re.compile(
    r"contact|signed by|director|\bhead\b|контакт|кантакт|kontakt|ansprech|директор|дырэктар|dyrektor|руковод"
    r"|кіраўні|керівник"
)
_TOGETHER = re.compile(r"[,/&+]|\b(?:and|und|et|y|e|i|oraz|и|і|й|та)\b")
_PEOPLE = re.compile(rf"\b(?:{_OF_PEOPLE})")
_BOTH = re.compile(rf"\b(?:{_OF_BOTH})")


def without_affiliation(header: str) -> str | None:
    """The name of a column without the words of an affiliation; None where it has none."""
    said = _plain(header)
    left = _BOTH.sub(" ", _PEOPLE.sub(" ", said))
    return None if left == said else left


def names_institution(header: str) -> bool:
    """True for "Institution", where people work and which may sign as well."""
    said = _plain(header)
    return bool(_BOTH.search(said)) and not _PEOPLE.search(said) and not is_optional(header)


def is_optional(header: str) -> bool:
    """True for "Organisation (if any)", which is asked of people."""
    return bool(_IF_ANY.search(_plain(header)))


def is_represented(header: str) -> bool:
    """True for "On behalf of", the name of a column of organisations that sign."""
    return bool(_ON_BEHALF.search(_plain(header)))


def is_representative(header: str) -> bool:
    """True for "Representative of the organisation", whatever other words there are."""
    return bool(_REPRESENTATIVE.search(_plain(header)))


def is_in_charge(header: str) -> bool:
    """True for the name of a column of people who sign for organisations."""
    return is_representative(header) or bool(_IN_CHARGE.search(_plain(header)))


def joins(header: str) -> bool:
    """True for "Name and affiliation", a column of two things."""
    return bool(_TOGETHER.search(_plain(header)))


def _plain(header: str) -> str:
    return header.casefold().replace("’", "'").replace("ʼ", "'")
