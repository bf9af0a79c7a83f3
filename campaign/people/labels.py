"""Labels: the stored values of a case, in words of the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.core.formats import day as day_in_words
from campaign.core.formats import day_in_sentence, number
from campaign.people.anniversaries import Occasion
from campaign.people.dates import Bound, When
from campaign.people.detention import Days, Fault, FaultKind, Length
from campaign.people.vocabulary import CaseStatus, EventKind, Letters, Script, Wish


def kind_words() -> dict[EventKind, str]:
    """The kind of an event."""
    return {
        EventKind.SEARCH: _("Search"),
        EventKind.ARREST: _("Arrest"),
        EventKind.CHARGE: _("Charge"),
        EventKind.EXTENSION: _("Detention extended"),
        EventKind.TRIAL: _("Trial begins"),
        EventKind.HEARING: _("Court hearing"),
        EventKind.VERDICT: _("Verdict"),
        EventKind.SENTENCE: _("Sentence"),
        EventKind.APPEAL: _("Appeal"),
        EventKind.TRANSFER: _("Transfer"),
        EventKind.PUNISHMENT_CELL: _("Punishment cell"),
        EventKind.CORRESPONDENCE_BLOCKED: _("Correspondence blocked"),
        EventKind.AWARD: _("Award"),
        EventKind.RESTRICTION: _("Restriction of freedom"),
        EventKind.RELEASE: _("Release"),
        EventKind.LEFT_COUNTRY: _("Left the country"),
        EventKind.DEATH: _("Death"),
        EventKind.OTHER: _("Other"),
    }


def status_words() -> dict[CaseStatus, str]:
    """The status of a person."""
    return {
        CaseStatus.AT_LIBERTY: _("at liberty"),
        CaseStatus.DETAINED: _("detained"),
        CaseStatus.ON_TRIAL: _("on trial"),
        CaseStatus.SERVING: _("serving a sentence"),
        CaseStatus.RESTRICTED: _("restricted freedom"),
        CaseStatus.RELEASED: _("released"),
        CaseStatus.LEFT_COUNTRY: _("left the country"),
        CaseStatus.DIED_IN_CUSTODY: _("died in custody"),
        CaseStatus.DIED: _("died"),
    }


def wish_words() -> dict[Wish, str]:
    """What may be shown."""
    return {
        Wish.FULL: _("Everything may be shown"),
        Wish.DATES: _("Name and dates only"),
        Wish.NAME: _("Name only"),
        Wish.NOT_PUBLIC: _("Nothing may be public"),
        Wish.UNKNOWN: _("Not known yet"),
    }


def letter_words() -> dict[Letters, str]:
    """Whether letters arrive."""
    return {
        Letters.UNKNOWN: _("not known"),
        Letters.YES: _("Letters arrive"),
        Letters.SOMETIMES: _("Some letters arrive"),
        Letters.NO: _("Letters do not arrive"),
    }


def script_words() -> dict[Script, str]:
    """The script of an address."""
    return {Script.LATIN: _("in Latin letters"), Script.CYRILLIC: _("in Cyrillic letters")}


def occasion_words() -> dict[Occasion, str]:
    """The kind of an occasion."""
    return {Occasion.BIRTHDAY: _("Birthday"), Occasion.ARREST: _("Anniversary of the arrest")}


def when_in_words(when: When) -> str:
    """A date in words: 14 July 2021, September 2022, by September 2025, date not known."""
    if when.day is None:
        return str(_("date not known"))
    if when.bound is Bound.BY:
        return str(_("by %(date)s", date=day_in_sentence(when.day, when.precision)))
    return day_in_words(when.day, when.precision)


def standing_in_words(status: CaseStatus, since: When | None) -> str:
    """The status of a person and since when: released, 13 December 2025; serving a sentence."""
    if since is None:
        return status_words()[status]
    if status is CaseStatus.RELEASED and since.day is not None:
        date = day_in_sentence(since.day, since.precision)
        if since.bound is Bound.BY:
            return str(_("released, by %(date)s", date=date))
        # Translators: shown beside the person's name; "free since %(date)s" where that is how one says it.
        return str(_("released, %(date)s", date=date))
    return f"{status_words()[status]}, {when_in_words(since)}"


def length_in_words(length: Length) -> str:
    """A length in words: 14 years 9 months."""
    years = (
        ngettext("%(number)s year", "%(number)s years", length.years, number=number(length.years))
        if length.years
        else ""
    )
    months = (
        ngettext("%(number)s month", "%(number)s months", length.months, number=number(length.months))
        if length.months
        else ""
    )
    return str(_("%(years)s %(months)s", years=years, months=months)) if years and months else years or months


def days_in_words(days: Days) -> str:
    """A number of days in words: 1,613 days, at least 699 days."""
    said = ngettext("%(number)s day", "%(number)s days", days.count, number=number(days.count))
    return said if days.exact else str(_("at least %(days)s", days=said))


def fault_in_words(fault: Fault) -> str:
    """The contradiction in a timeline, and how to put it right."""
    of = {
        "kind": kind_words()[fault.at.kind],
        "date": when_in_words(fault.at.when),
        "other": kind_words()[fault.other.kind] if fault.other else "",
        "other_date": when_in_words(fault.other.when) if fault.other else "",
        "born": when_in_words(fault.born) if fault.born else "",
    }
    if fault.kind is FaultKind.END_BEFORE_START and fault.other:
        return str(
            _(
                "This release (%(date)s) comes before the arrest (%(other_date)s). Please check both dates.",
                **of,
            )
        )

    if fault.kind is FaultKind.END_BEFORE_START:
        return str(
            _(
                "There is no arrest before this release (%(date)s). Please enter the arrest first; its date "
                "may be unknown.",
                **of,
            )
        )

    if fault.kind is FaultKind.OVERLAP:
        return str(
            _(
                "This arrest (%(date)s) falls within the detention that began on %(other_date)s."
                " Please enter the release between them, or check the dates.",
                **of,
            )
        )

    if fault.kind is FaultKind.NO_TRIAL:
        return str(
            _(
                "There is no trial or verdict before this sentence (%(date)s). Please enter one of them "
                "first.",
                **of,
            )
        )

    if fault.kind is FaultKind.NO_SENTENCE:
        return str(
            _(
                "There is no verdict or sentence before this appeal (%(date)s). Please enter one of them "
                "first.",
                **of,
            )
        )

    if fault.kind is FaultKind.BEFORE_BIRTH:
        return str(
            _(
                "%(kind)s (%(date)s) can’t come before the birth (%(born)s). Please check both dates.",
                **of,
            )
        )

    if fault.kind is FaultKind.AT_LIBERTY:
        return str(
            _(
                "%(kind)s (%(date)s) falls outside of every detention of this person. Please check the date, "
                "or enter that arrest first; its date may be unknown.",
                **of,
            )
        )

    return str(
        _("%(kind)s (%(date)s) can’t come after the death (%(other_date)s). Please check both dates.", **of)
    )


def words_of_cases() -> dict[str, object]:
    """The words and functions by which templates name statuses, events, dates and lengths."""
    return {
        "statuses": status_words(),
        "kinds": kind_words(),
        "letter_words": letter_words(),
        "script_words": script_words(),
        "days_in_words": days_in_words,
        "when_in_words": when_in_words,
        "standing_in_words": standing_in_words,
        "length_in_words": length_in_words,
    }
