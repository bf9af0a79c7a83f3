"""Ten lists in the shapes that campaigns really have, and what a careful person would read in each of them.

The people and organisations are invented, put together from short lists of names by a seeded generator: the
same seed gives the same files.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.world.sheets import workbook

_GIVEN = {
    "by": ("Алесь", "Ганна", "Марыя", "Янка", "Кацярына", "Уладзімір", "Наста", "Зміцер", "Вольга", "Мікола"),
    "ru": ("Анна", "Борис", "Ирина", "Семён", "Ольга", "Артём", "Елена", "Фёдор", "Мария", "Павел"),
    "ua": ("Оксана", "Тарас", "Соломія", "Андрій", "Ірина", "Дмитро", "Олена", "Юрій", "Ганна", "Петро"),
    "pl": ("Anna", "Łukasz", "Żaneta", "Michał", "Zofia", "Paweł", "Małgorzata", "Jacek", "Ewa", "Wojciech"),
    "en": ("Mary", "John", "Aoife", "William", "Priya", "Thomas", "Grace", "Samuel", "Ellen", "Joseph"),
    "fr": ("Élodie", "Jean-Luc", "Zoé", "François", "Anaïs", "Gaëlle", "Noël", "Thérèse", "Rémi", "Hélène"),
}
_FAMILY = {
    "by": ("Прыклад", "Узорная", "Пробны", "Выдуманая", "Нічый", "Дзесяты", "Папяровы", "Чарговая"),
    "ru": ("Пример", "Образцова", "Пробный", "Вымыслова", "Ничей", "Десятый", "Бумажная", "Ёлкин"),
    "ua": ("Приклад", "Зразкова", "Пробний", "Вигадана", "Нічий", "Десятий", "Паперова", "Її-Черга"),
    "pl": ("Przykład", "Wzorcowa", "Próbny", "Zmyślona", "Niczyj", "Dziesiąty", "Źrebięcy", "Papierowa"),
    "en": ("Example", "Sample", "O’Test", "Madeup", "Nobody", "Paperwork", "Draft", "Specimen-Jones"),
    "fr": ("Exemple", "Modèle", "d’Essai", "L’Invention", "Personne", "Dixième", "Papier", "Échantillon"),
}
_PATRONYMIC = ("Іванович", "Петрівна", "Олексійович", "Марківна", "Степанович")


@dataclass(frozen=True, slots=True, order=True)
class Signed:
    """A signatory as the list should end: what is not named is empty. `country` is an ISO code."""

    name: str = ""
    organisation: str = ""
    country: str = ""
    city: str = ""
    title: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class RealList:
    """A list: the file's name and bytes, the answers to what it is asked about, and who signed."""

    name: str
    body: bytes
    signed: Sequence[Signed]
    answers: Mapping[str, str] = field(default_factory=dict)


def real_lists() -> Iterator[RealList]:
    """The ten lists."""
    for made in (
        _export_of_a_form,
        _workbook_of_a_coalition,
        _letter_pasted_from_a_mail,
        _sheet_of_a_parliament,
        _unicode_text_of_excel,
        _french_sheet,
        _organisations_on_few_lines,
        _export_of_a_petition,
        _marks_that_nobody_sees,
        _table_of_representatives,
    ):
        yield made(random.Random(made.__name__))


def _person(dice: random.Random, of: str) -> tuple[str, str]:
    return dice.choice(_GIVEN[of]), dice.choice(_FAMILY[of])


def _different(dice: random.Random, of: str, number: int) -> list[tuple[str, str]]:
    """So many pairs of names, no two of them alike: a middle initial where the names do not suffice."""
    found: dict[tuple[str, str], None] = {}
    initials = "ABCDEFGHKLMNOPRSTW"
    while len(found) < number:
        given, family = _person(dice, of)
        if (given, family) in found:
            given = f"{given} {dice.choice(initials)}."
        found[given, family] = None
    return list(found)


def _csv(rows: Sequence[Sequence[str]], separator: str, encoding: str, start: str = "") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return (start + text.getvalue()).encode(encoding)


def _export_of_a_form(dice: random.Random) -> RealList:
    """What a form on the web gives: long questions, a moment, a consent before the name."""
    countries = {
        "Poland": "PL",
        "Polska": "PL",
        "Lithuania": "LT",
        "Belarus": "BY",
        "Germany": "DE",
        "UK": "GB",
    }
    rows = [
        (
            "Timestamp",
            "I agree to the publication of my name",
            "Email Address",
            "What is your full name?",
            "Your city",
            "Country of residence",
            "Anything that you want to tell us",
        )
    ]
    signed = []
    for number, (given, family) in enumerate(_different(dice, "en", 300)):
        said = dice.choice(list(countries))
        city = dice.choice(("", "Warsaw", "Vilnius", "Leeds"))
        moment = f"5/{number % 28 + 1}/2026 {number % 24}:{number % 60:02}:07"
        mail = f"signer{number}@post.example.org"
        rows.append(
            (moment, "Yes", mail, f"{given} {family}", city, said, dice.choice(("", "Thank you!", "No")))
        )
        signed.append(Signed(f"{given} {family}", country=countries[said], city=city))

    return RealList("form-responses.csv", _csv(rows, ",", "utf-8"), signed)


def _sheet_of_a_parliament(dice: random.Random) -> RealList:
    """Three columns of a name, and an old encoding."""
    rows = [("№", "Прізвище", "Ім'я", "По батькові", "Місто", "Країна")]
    signed = []
    for number, (given, family) in enumerate(_different(dice, "ua", 80)):
        if "." in given:
            given = given.partition(" ")[0]
        patronymic = f"{dice.choice(_PATRONYMIC)}"
        city = dice.choice(("Київ", "Львів", "Одеса", "Суми"))
        rows.append(
            (str(number + 1), family, given, patronymic, city, dice.choice(("Україна", "УКРАЇНА", "UA")))
        )
        signed.append(Signed(f"{given} {patronymic} {family}", country="UA", city=city))

    return RealList("підписи.csv", _csv(rows, ";", "cp1251"), signed)


def _unicode_text_of_excel(dice: random.Random) -> RealList:
    """“Unicode Text” as Excel saves it, with a title above the names of the columns."""
    rows: list[tuple[str, ...]] = [("Lista podpisów pod listem otwartym", "", "", ""), ("", "", "", "")]
    rows.append(("Imię", "Nazwisko", "Miejscowość", "Kraj"))
    countries = {"Polska": "PL", "Zjednoczone Królestwo": "GB", "Niemcy": "DE", "Białoruś": "BY", "USA": "US"}
    signed = []
    for given, family in _different(dice, "pl", 150):
        said = dice.choice(list(countries))
        city = dice.choice(("Łódź", "Gdańsk", "Kraków"))
        rows.append((given, family, city, said))
        signed.append(Signed(f"{given} {family}", country=countries[said], city=city))

    return RealList("podpisy.txt", _csv(rows, "\t", "utf-16"), signed)


def _french_sheet(dice: random.Random) -> RealList:
    """A line for Excel before the names of the columns, family names first, and where people work."""
    rows = [("Nom", "Prénom", "Organisation (le cas échéant)", "Ville", "Pays")]
    countries = {"France": "FR", "Belgique": "BE", "Suisse": "CH", "Côte d’Ivoire": "CI", "Biélorussie": "BY"}
    signed = []
    for given, family in _different(dice, "fr", 250):
        said = dice.choice(list(countries))
        city = dice.choice(("Lyon", "Liège", "Genève"))
        work = dice.choice(("", "", "Université de Liège", "Théâtre du Papier"))
        rows.append((family, given, work, city, said))
        signed.append(Signed(f"{given} {family}", country=countries[said], city=city, affiliation=work))

    return RealList("signataires.csv", _csv(rows, ";", "cp1252", "sep=;\r\n"), signed)


def _export_of_a_petition(dice: random.Random) -> RealList:
    """What a platform for petitions gives: a state beside the country, and countries in every manner."""
    rows = [("full_name", "email", "city", "state", "postal_code", "country_code", "signed_on")]
    places = {
        "United States of America": ("US", "San Francisco", "CA"),
        "U.S.A.": ("US", "Boston", "MA"),
        "United Kingdom": ("GB", "Leeds", ""),
        "Wales": ("GB", "Cardiff", ""),
        "Turkey": ("TR", "Ankara", ""),
        "Viet Nam": ("VN", "Hanoi", ""),
        "UAE": ("AE", "Dubai", ""),
        "Bosnia and Herzegovina": ("BA", "Mostar", ""),
        "Côte d'Ivoire": ("CI", "Abidjan", ""),
        "CAN": ("CA", "Toronto", "ON"),
        "BLR": ("BY", "Minsk", ""),
        "Georgia": ("GE", "Batumi", ""),
        "Южная Корея": ("KR", "Seoul", ""),
        "Czech Republic": ("CZ", "Brno", ""),
    }
    signed = []
    languages = ("en", "ru", "by", "pl", "fr")
    people = [pair for of in languages for pair in _different(dice, of, 600)]
    dice.shuffle(people)
    for number, (given, family) in enumerate(people):
        said = dice.choice(list(places))
        code, city, state = places[said]
        mail, day = f"s{number}@mail.example.org", f"2026-05-{number % 28 + 1:02}T10:00:00Z"
        rows.append((f"{given} {family}", mail, city, state, "", said, day))
        signed.append(Signed(f"{given} {family}", country=code, city=city))

    return RealList("petition-export.csv", _csv(rows, ",", "utf-8-sig"), signed)


def _marks_that_nobody_sees(dice: random.Random) -> RealList:
    """Names copied from the web, with the marks that come along, under headings in Belarusian."""
    rows = [("Прозвішча", "Імя", "Краіна", "Горад")]
    countries = {"Беларусь": "BY", "Польшча": "PL", "Нямеччына": "DE", "Літва": "LT", "ЗША": "US"}
    unseen = ("\u200e", "\u00ad", "\u200b", "\ufeff", "\u202a{}\u202c", "\u00a0", "\t")
    signed = []
    for given, family in _different(dice, "by", 75):
        said = dice.choice(list(countries))
        mark = dice.choice(unseen)
        marked = mark.format(family) if "{}" in mark else f"{family}{mark}"
        city = dice.choice(("Гародня", "Мінск", "Беласток"))
        rows.append((marked, given, said, f"{city}\u200e"))
        signed.append(Signed(f"{given} {family}", country=countries[said], city=city))

    return RealList("подпісы.csv", _csv(rows, ";", "utf-8-sig"), signed)


def _letter_pasted_from_a_mail(dice: random.Random) -> RealList:
    """The end of a letter: kinds and countries as headings, numbers, a total, a name over two lines."""
    lines = ["ORGANISATIONS", ""]
    signed = []
    number = 0
    for heading, code, names in (
        ("BELARUS", "BY", ("Human Rights Test (HRT)", "Centre “Sample”", "Невыдуманая суполка")),
        ("POLAND", "PL", ("Fundacja Przykład", "Stowarzyszenie Wzór")),
        ("UNITED KINGDOM", "GB", ("Paper Rights Watch",)),
    ):
        lines.append(heading)
        for name in names:
            number += 1
            lines.append(f"{number}. {name}")
            signed.append(Signed(organisation=name, country=code))
        lines.append("")

    lines += ["Total: 6 organisations", "", "INDIVIDUALS", ""]
    for heading, code, of in (("LITHUANIA", "LT", "ru"), ("GERMANY", "DE", "en")):
        lines.append(heading)
        for given, family in _different(dice, of, 30):
            lines.append(f"{dice.choice(('•', '-', '–'))} {given} {family}")
            signed.append(Signed(f"{given} {family}", country=code))
        lines.append("")
    lines.append("Total: 60 signatures")

    return RealList("letter.txt", "\n".join(lines).encode(), signed)


def _organisations_on_few_lines(dice: random.Random) -> RealList:
    """Names of organisations one after the other, as they stand at the foot of a press release."""
    kinds = ("Centre", "Union", "Alliance", "Initiative", "Committee")
    what = (
        "Paper",
        "Sample",
        "Example",
        "Test",
        "Draft",
        "Specimen",
        "Fiction",
        "Madeup",
        "Proof",
        "Pattern",
    )
    names = [f"{thing} {kind} for Human Rights" for thing in what for kind in kinds]
    names[3] = "Wim’s Friends (PipeWire, GStreamer) Association"
    names[7] = "Human Rights House “Nobody”"
    dice.shuffle(names)
    lines = [f"{'; '.join(names[start : start + 5])};" for start in range(0, len(names), 5)]
    signed = [Signed(organisation=name) for name in names]
    return RealList("release.txt", "\n".join(lines).encode(), signed)


def _workbook_of_a_coalition(dice: random.Random) -> RealList:
    """A workbook with a title; without scripts or formulas, one row for each person."""
    rows: list[Sequence[str]] = [("Open letter: who signed", "", "", ""), ()]
    rows.append(("No", "Name as it should appear", "Country", "Profession"))
    countries = {"Ukraine": "UA", "Poland": "PL", "Republic of Moldova": "MD", "The Netherlands": "NL"}
    signed = []
    for number, (given, family) in enumerate(_different(dice, "en", 200)):
        said = dice.choice(list(countries))
        shown = f"{given} {family[0]}. {number}th" if number % 9 == 0 else f"{given} {family}"
        rows.append((str(number + 1), shown, said, dice.choice(("writer", "lawyer", ""))))
        signed.append(Signed(shown, country=countries[said]))

    return RealList("coalition.xlsx", workbook(rows).getvalue(), signed)


def _table_of_representatives(dice: random.Random) -> RealList:
    """Organisations, with who signs for each, the post, and websites in every manner."""
    rows: list[Sequence[str]] = [
        ("Name of the organisation", "Country", "Signed by", "Position", "Website", "Contact e-mail")
    ]
    countries = {
        "Georgia": "GE",
        "Czechia": "CZ",
        "North Macedonia": "MK",
        "Norway": "NO",
        "Kazakhstan": "KZ",
    }
    sites = ("Https://Sample{}.example.org", "www.sample{}.example.org", "-", "", "no website")
    signed = []
    people = _different(dice, "en", 60)
    for number, (given, family) in enumerate(people):
        said = dice.choice(list(countries))
        name = f"Paper Society No. {number + 1}"
        post = dice.choice(("Director", "Chair", "Editor of Paper.io", "Prof. Dr h.c. mult."))
        rows.append(
            (
                name,
                said,
                f"{given} {family}",
                post,
                dice.choice(sites).format(number),
                f"o{number}@post.example.org",
            )
        )
        signed.append(Signed(f"{given} {family}", name, countries[said], title=post))

    return RealList("representatives.xlsx", workbook(rows).getvalue(), signed)
