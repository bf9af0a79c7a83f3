"""What the owners set goes before the environment; without the database the environment holds."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from campaign.core.database import writing
from campaign.core.language import default_language, offered_languages
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.site import operations
from campaign.site.operations import Colours, Contacts, NamesAndLanguages, NotOffered, RetentionDefaults
from campaign.site.queries import SiteWords, forget_site, site_from, this_site


def _change(section: operations.Section) -> list[str]:
    with writing() as session:
        changed = operations.change_section(session, section)
    forget_site()
    return changed


def test_the_environment_holds_until_an_owner_says_otherwise(context: Flask) -> None:
    before = this_site()
    assert before == site_from(settings())
    assert _change(Contacts((), "", "", "", "", ())) == []
    assert dataclasses.replace(this_site(), version=0) == before
    changed = _change(Contacts(("Coalition", "Tbilisi"), "", "mailto:a@b.example", "", "Coalition", ()))
    assert sorted(changed) == ["operator", "press_contact", "sender_name"]
    assert this_site().operator == ("Coalition", "Tbilisi")
    assert _change(RetentionDefaults(30, None, 7)) == ["contact_days", "log_times_days"]
    assert (this_site().contact_days, this_site().undo_days) == (30, settings().undo_days)


def test_languages_are_offered_in_their_order_with_a_default_among_them(context: Flask) -> None:
    assert default_language() == "en"
    _change(NamesAndLanguages("Site", ("de", "be"), "be", "UTC"))
    assert (list(offered_languages()), default_language()) == (["de", "be"], "be")
    for languages in (("de",), ()):
        with pytest.raises(NotOffered):
            _change(NamesAndLanguages("Site", languages, "be", "UTC"))
    assert (list(offered_languages()), default_language()) == (["de", "be"], "be")


def test_words_fall_back_to_the_default_language_part_by_part(context: Flask) -> None:
    with writing() as session:
        words = {"en": SiteWords("Together", "About us", ""), "be": SiteWords("Разам")}
        assert operations.change_words(session, words) == ["tagline (en)", "about (en)", "tagline (be)"]
    forget_site()
    assert this_site().words_in("be") == SiteWords("Разам", "About us", "")
    with writing() as session:
        assert operations.change_words(session, {"be": SiteWords()}) == ["tagline (be)"]
        assert operations.change_words(session, {"be": SiteWords()}) == []
    forget_site()
    assert set(this_site().words) == {"en"}


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize(
    "wrong",
    [
        "languages = 'de,be', default_language = 'd'",
        "languages = 'de,be', default_language = 'en'",
        "languages = 'de,be', default_language = NULL",
        "accent = '#000000'",
        "contact_days = 0",
        "undo_days = 366",
        "setup_steps = 6",
        "id = 2",
    ],
)
def test_the_database_refuses(context: Flask, wrong: str) -> None:
    _change(Colours("", ""))
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(f"UPDATE site_settings SET {wrong}"))


def test_without_the_database_the_last_answer_holds(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _change(NamesAndLanguages("Our Coalition", ("en",), "en", "UTC"))
    assert this_site().name == "Our Coalition"

    def away(*_arguments: object, **_options: object) -> None:
        raise OperationalError("connect", None, Exception("gone"))

    monkeypatch.setattr("campaign.site.queries.Session.scalar", away)
    forget_site()
    assert this_site().name == settings().site_name
    monkeypatch.undo()
    db.session.rollback()
    forget_site()
    assert this_site().name == "Our Coalition"
