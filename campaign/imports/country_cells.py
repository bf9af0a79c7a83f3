"""Cells that may be a country: codes and names that
mean something else as often, such as a state, a degree,
a language or a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from campaign.core.countries import country_of

_CODE = re.compile(r"[A-Za-z]{2,3}")
# Codes in small letters that are words in languages with Latin letters.
_WORDS = frozenset(
    """
    ad ae ag ai al am an ao ar are arm as at au aus az
    ba be bel ben bi bo br by can co com cr de di do dom dz
    ec ee es et fin fj fr ga guy ie il im in io iq ir irl
    is it je ke ki km kn la lb li ma mar me mg ml mo mr
    ms mu my na ne no nor nu om pa pan pe per pm pt sa sen si so st sv tg to ton tun tv ug us va ve vi
    vu ye za
    """.split()  # noqa: SIM905
)
# "No" and "not applicable".
_NO = frozenset({"no", "na"})
# Those of English are no sign of a list of codes.
_ENGLISH = frozenset(
    """
    is in it be so to me us by my no na an am as at do are can per
    """.split()  # noqa: SIM905
)
_ENOUGH = 3
# Codes of which every list has one, beside names that are written out.
_HABITUAL = frozenset({"UK", "US", "USA", "UAE", "GB", "EU"})
_STATES = frozenset(
    """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA
    ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK
    OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU
    """.split()  # noqa: SIM905
)
_DEGREES = frozenset(
    """
    AA AB BA BS MA MS MSC BSC MBA MD DD DM DMD DDS DO DR JD LLM LLB PHD MPH MP MEP MPA MLA SJ
    OP OSB OFM SM CM PM QC KC SC RN PE PA CPA ESQ JR SR CEO CFO COO CTO PR HR AI BD ED EDD
    """.split()  # noqa: SIM905
)
# Parts of other countries; a column of them has some that are no country.
_PARTS = (
    # Canada and the United States, Australia
    _STATES | set("AB BC MB NB NL NS NT NU ON PE QC SK YT".split()),  # noqa: SIM905
    frozenset("NSW VIC QLD SA WA TAS ACT NT".split()),  # noqa: SIM905
    # Cantons of Switzerland
    frozenset(
        """AG AI AR BE BL BS FR GE GL GR JU LU NE NW
        OW SG SH SO SZ TG TI UR VD VS ZG ZH""".split()  # noqa: SIM905
    ),
    # States of Brazil
    frozenset(
        """AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB
        PR PE PI RJ RN RS RO RR SC SP SE TO""".split()  # noqa: SIM905
    ),
    # Provinces of Italy
    frozenset(
        """
        AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT
        BZ CA CB CE CH CL CN CO CR CS CT CZ EN FC FE FG FI FM
        FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN
        MO MS MT NA NO NU OR PA PC PD PE PG PI PN PO PR PT PU
        PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU
        SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VT VV
        """.split()  # noqa: SIM905
    ),
    # Counties of Romania
    frozenset(
        """
        AB AR AG BC BH BN BT BV BR BZ CS CL CJ CT CV DB DJ GL
        GR GJ HR HD IL IS IF MM MH MS NT OT PH SM SJ SB SV TR
        TM TL VS VL VN
        """.split()  # noqa: SIM905
    ),
    # Languages
    frozenset(
        """
        AR AZ BE BG BS CA CS CY DA DE EL EN ES ET EU FA FI FR
        GA HE HI HR HU HY ID IS IT JA KA KK KO KY LT LV MK MN
        MS MT NB NL NO PL PT RO RU SK SL SQ SR SV TG TK TR TT UK UR UZ VI ZH
        """.split()  # noqa: SIM905
    ),
)
_LANGUAGES = _PARTS[-1]
_NAMES_OF_STATES = frozenset({
    "alabama", "alaska", "arizona", "arkansas", "california", "colorado", "connecticut",
    "delaware", "florida", "georgia", "hawaii", "idaho", "illinois", "indiana", "iowa", "kansas",
    "kentucky", "louisiana", "maine", "maryland", "massachusetts", "michigan", "minnesota",
    "mississippi", "missouri", "montana", "nebraska", "nevada", "new hampshire", "new jersey",
    "new mexico", "new york", "north carolina", "north dakota", "ohio", "oklahoma", "oregon",
    "pennsylvania", "rhode island", "south carolina", "south dakota", "tennessee", "texas",
    "utah", "vermont", "virginia", "washington", "west virginia", "wisconsin", "wyoming",
    "district of columbia", "puerto rico",
})  # fmt: skip
# Countries that are also names of people.
_GIVEN_NAMES = frozenset({"georgia", "jordan", "chad", "kenya", "джорджия", "джордан"})


def is_code(cell: str) -> bool:
    """True for two or three Latin letters, whatever they mean."""
    return bool(_CODE.fullmatch(cell.strip(" .")))


class CountryCells:
    """The cells of a column that may hold countries: one of them is judged by the others."""

    def __init__(self, cells: Iterable[str]) -> None:
        self._said = {cell for each in cells if (cell := each.strip(" ."))}
        self._codes = {cell for cell in self._said if _CODE.fullmatch(cell)}
        self._countries = {cell for cell in self._codes if country_of(cell)}

    def is_doubtful(self, cell: str) -> bool:
        """True for what may be a country, and a word or a state as well: a person says which."""
        bare = cell.strip(" .")
        if not _CODE.fullmatch(bare):
            return bare.casefold() in _NAMES_OF_STATES and self._names_states()
        if not bare.isupper():
            return bare.casefold() in _WORDS | _NO and not self._is_of_codes(lower=True)
        if bare.casefold() in _NO:
            return not self._is_of_codes(lower=False)
        return bare in _STATES and self._holds_states()

    def are_countries(self) -> bool:
        """False where all cells mean something else as well: what has no name is no column of countries."""
        said = {cell.upper() for cell in self._said}
        if not self._said or said <= {name.upper() for name in _GIVEN_NAMES} | {"MALTA", "INDIA"}:
            return False
        if self._codes != self._said:
            return {cell.casefold() for cell in self._said} - _NAMES_OF_STATES != set()
        if said <= _DEGREES or (said <= _LANGUAGES and not all(cell.isupper() for cell in self._said)):
            return False
        if any(said <= part and any(country_of(cell) is None for cell in said) for part in _PARTS):
            return False
        return said == {"DE"} or not said <= _STATES

    def names(self) -> int:
        """How many of the cells are countries by name: more sure than codes."""
        return sum(country_of(cell) is not None for cell in self._said if cell not in self._codes) + bool(
            self._said & _HABITUAL
        )

    def _is_of_codes(self, *, lower: bool) -> bool:
        """True where codes are written throughout."""
        sure = {
            cell
            for cell in self._countries
            if (cell.islower() if lower else cell.isupper())
            and cell.casefold() not in _NO
            and cell not in _ENGLISH
        }
        return len(sure) >= _ENOUGH and all(
            cell.islower() if lower else cell.isupper() for cell in self._said
        )

    def _holds_states(self) -> bool:
        """True where nothing but names speaks for a column of countries, and where some are no country."""
        if any(cell in _STATES and cell not in self._countries for cell in self._codes):
            return True
        if self._said == {"DE"}:
            return False
        return not {cell for cell in self._countries if cell.isupper()} - _STATES - _HABITUAL

    def _names_states(self) -> bool:
        names = {cell.casefold() for cell in self._said}
        return any(name in _NAMES_OF_STATES and country_of(name) is None for name in names)


def share_of_countries(cells: Sequence[str]) -> float:
    """The share of the cells of a column without a name that are countries; 0 where they may be others."""
    column = CountryCells(cells)
    if not cells or not column.are_countries():
        return 0
    return sum(country_of(cell) is not None and not column.is_doubtful(cell) for cell in cells) / len(cells)
