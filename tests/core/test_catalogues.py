"""A catalogue alone makes a language: Georgian is added to a copy of the tree, and no code is touched."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from campaign.core.catalogues import (
    catalogue_languages,
    has_our_letters,
    is_compiled,
    is_written_leftwards,
    name_in_itself,
    share_translated,
)

ROOT = Path(__file__).resolve().parent.parent.parent
GEORGIAN = """msgid ""
msgstr ""
"Language: ka\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Statements"
msgstr "განცხადებები"

msgid "All statements"
msgstr "ყველა განცხადება"

msgid "%(number)s person"
msgid_plural "%(number)s people"
msgstr[0] "%(number)s ადამიანი"
msgstr[1] "%(number)s ადამიანი"
"""
# What the app of the copy answers in the new language.
ASKED = """
from flask_migrate import upgrade
from campaign import create_app
from campaign.core.database import writing
from campaign.core.language import offered_languages
from campaign.desk.sample_content import load_sample
from campaign.site import operations
from campaign.site.queries import forget_site

app = create_app()
client = app.test_client()
with app.app_context():
    upgrade()
    load_sample("correct horse battery staple")
    print("before", "ka" in offered_languages())
print("moved", client.get("/ka/s/").status_code)
with app.app_context():
    with writing() as session:
        operations.change_section(session, operations.NamesAndLanguages("Site", ("ka", "en", "be"), "ka", "UTC"))
    forget_site()
    app.extensions["page_cache"].clear()
paths = ["/", "/s/", "/about", "/privacy", "/safety", "/p/", "/p/marfa-rabkova", "/s/free-viasna",
    "/s/free-viasna/signatories", "/s/free-viasna/versions", "/feed.json", "/sitemap.xml", "/calendar.ics",
    "/s/free-viasna/people", "/s/free-viasna/timeline", "/s/free-viasna/papers",
    "/s/free-viasna/statement.pdf", "/p/marfa-rabkova/poster.pdf", "/s/free-viasna/how-this-list-was-made",
    "/embed/p/marfa-rabkova", "/desk/sign-in", "/check-your-mail", "/api/v1/statements", "/nowhere"]
print("answers", {path: client.get(path).status_code for path in paths if client.get(path).status_code != 200})
home, text = client.get("/s/").text, client.get("/s/free-viasna").text
print("georgian", '<html lang="ka">' in home, "ყველა განცხადება" in home, "ქართული" in home)
print("falls back", 'lang="en"' in text, "საქართველო" in text)
print("english", '<html lang="en">' in client.get("/en/s/").text, client.get("/ka/s/").headers.get("Location"))
"""


def test_the_languages_of_the_house_come_first_under_their_own_names(tmp_path: Path) -> None:
    for code in ("ka", "lt", "be", "de", "xx", "nonsense", "pt_BR"):
        (tmp_path / code / "LC_MESSAGES").mkdir(parents=True)
        (tmp_path / code / "LC_MESSAGES" / "messages.po").write_text(GEORGIAN)
    (tmp_path / "pl").mkdir()
    assert catalogue_languages(tmp_path) == {
        "en": "English",
        "be": "Беларуская",
        "de": "Deutsch",
        "lt": "Lietuvių",
        "ka": "ქართული",
    }
    assert [name_in_itself(code) for code in ("ro", "uk", "fr")] == ["Română", "Українська", "Français"]


def test_a_catalogue_says_how_far_it_is(tmp_path: Path) -> None:
    template = 'msgid "Statements"\nmsgstr ""\n\nmsgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr ""\n'
    (tmp_path / "messages.pot").write_text(template)
    folder = tmp_path / "ka" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    assert share_translated("ka", tmp_path) == 0
    (folder / "messages.po").write_text(GEORGIAN + '\n#, fuzzy\nmsgid "One"\nmsgstr "ერთი"\n')
    assert (share_translated("ka", tmp_path), share_translated("en", tmp_path)) == (33, 100)
    assert not is_compiled("ka", tmp_path)
    assert [has_our_letters(code) for code in ("en", "be", "lt", "ka", "el")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [is_written_leftwards(code) for code in ("en", "ka", "ar")] == [False, False, True]


@pytest.mark.databases("sqlite")
def test_georgian_is_offered_by_its_catalogue_alone(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("campaign", "templates", "static", "migrations"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    folder = copy / "campaign/translations/ka/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(GEORGIAN)
    with (folder / "messages.po").open("rb") as source, (folder / "messages.mo").open("wb") as compiled:
        write_mo(compiled, read_po(source))

    keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEYS", "VAULT_KEYS")}
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONUTF8": "1",
        "FLASK_SKIP_DOTENV": "1",
        "INSTANCE_PATH": str(copy / "instance"),
        **keys,
    }
    asked = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr[-3000:]
    said = [line for line in asked.stdout.splitlines() if line.partition(" ")[0] != "INFO"]
    assert said[-6:] == [
        "before False",
        "moved 302",
        "answers {'/nowhere': 404}",
        "georgian True True True",
        "falls back True True",
        "english True /s/",
    ], asked.stdout
