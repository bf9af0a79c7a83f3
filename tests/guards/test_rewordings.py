"""A sentence changed in English keeps its translations."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from deploy import rewordings
from deploy.rewordings import CATALOGUES, ROOT, TEMPLATE, RewordingError, main, read_rewordings, said, written

MODULE = """from flask_babel import gettext as _, ngettext, pgettext
SHOWN = _("Written down, %(name)s.", name="x")
LONG = _(
    "One half, "
    'and "the other".'
)
COUNTED = ngettext("%(num)s silent one", "%(num)s silent ones", 3)
ROLE = pgettext("role", "Change")
"""
PAGE = """<h1>{{ _('Change') }}</h1><p title="{{ _('It\\'s over') }}">{{ _('two
lines') }}</p>"""
RUSSIAN = {
    "Written down, %(name)s.": "Записано: %(name)s.",
    'One half, and "the other".': "Половина",
    ("%(num)s silent one", "%(num)s silent ones"): ("%(num)s молчит", "%(num)s молчат", "%(num)s молчат."),
    "Change": "Изменить",
    "It's over": "Всё",
    "two\nlines": "две\nстроки",
}


@pytest.fixture
def small_site(tmp_path: Path) -> Path:
    """A folder with a module, a page, a Russian catalogue and its template."""
    files = {"campaign/room/desk.py": MODULE, "templates/room/page.html": PAGE}
    files["tests/test_room.py"] = (
        'assert "Written down, Anna." and "One half, and" and "two lines"\n# Change\n# It\'s over\n'
    )
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    russian, template = Catalog(locale="ru"), Catalog()
    for sentence, translation in RUSSIAN.items():
        russian.add(sentence, translation)
        template.add(sentence)
    russian.add("Change", "Сменить", context="role")
    template.add("Change", context="role")
    folder = tmp_path / "campaign/translations/ru/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_bytes(written(russian))
    (tmp_path / TEMPLATE).write_bytes(written(template, is_template=True))
    return tmp_path


def carry(small_site: Path, pairs: str, *options: str) -> Catalog:
    """Run the command on a file of pairs, and read the Russian catalogue."""
    (small_site / "pairs.po").write_text(pairs)
    assert main([str(small_site / "pairs.po"), *options], small_site) == 0
    return russian(small_site)


def russian(small_site: Path) -> Catalog:
    return read_po(
        BytesIO((small_site / "campaign/translations/ru/LC_MESSAGES/messages.po").read_bytes()), locale="ru"
    )


def page(small_site: Path) -> str:
    return (small_site / "templates/room/page.html").read_text()


def module(small_site: Path) -> str:
    return (small_site / "campaign/room/desk.py").read_text()


def test_a_sentence_is_replaced_in_code_catalogue_and_template(small_site: Path) -> None:
    catalogue = carry(
        small_site, 'msgid "Written down, %(name)s."\nmsgstr "Recorded: %(name)s."\n', "--in-source"
    )
    assert catalogue["Recorded: %(name)s."].string == "Записано: %(name)s."
    assert "python-format" in catalogue["Recorded: %(name)s."].flags
    assert "Written down, %(name)s." not in catalogue
    assert 'SHOWN = _("Recorded: %(name)s.", name="x")' in module(small_site)
    assert "Recorded: %(name)s." in read_po(BytesIO((small_site / TEMPLATE).read_bytes()))


def test_plural_forms_are_carried_over(small_site: Path) -> None:
    pairs = 'msgid "%(num)s silent one"\nmsgid_plural "%(num)s silent ones"\n'
    pairs += 'msgstr[0] "%(num)s who is silent"\nmsgstr[1] "%(num)s who are silent"\n'
    message = carry(small_site, pairs, "--in-source").get("%(num)s who is silent")
    assert message.id == ("%(num)s who is silent", "%(num)s who are silent")
    assert message.string == RUSSIAN["%(num)s silent one", "%(num)s silent ones"]
    assert 'ngettext("%(num)s who is silent", "%(num)s who are silent", 3)' in module(small_site)


def test_a_context_tells_sentences_apart(small_site: Path) -> None:
    catalogue = carry(small_site, 'msgctxt "role"\nmsgid "Change"\nmsgstr "Change the role"\n', "--in-source")
    assert catalogue.get("Change the role", "role").string == "Сменить"
    assert catalogue["Change"].string == "Изменить"
    assert "_('Change')" in page(small_site)


def test_literals_side_by_side_quotes_and_line_breaks_are_one_sentence(small_site: Path) -> None:
    pairs = 'msgid "One half, and \\"the other\\"."\nmsgstr "\\"Both\\""\n\n'
    pairs += 'msgid "It\'s over"\nmsgstr "That\'s it"\n\nmsgid "two\\nlines"\nmsgstr "the\\nlines"\n'
    catalogue = carry(small_site, pairs, "--in-source")
    assert {'"Both"', "That's it", "the\nlines"} <= {message.id for message in catalogue}
    assert r'"\"Both\""' in module(small_site)
    assert page(small_site) == PAGE.replace("It\\'s over", "That\\'s it").replace("two\n", "the\n")


def test_what_is_still_said_keeps_its_translation(small_site: Path) -> None:
    catalogue = carry(small_site, 'msgid "Change"\nmsgstr "Edit"\n')
    assert catalogue["Change"].string == catalogue["Edit"].string == "Изменить"


def test_a_reference_keeps_the_change_to_its_file(small_site: Path) -> None:
    (small_site / "campaign/room/desk.py").write_text(MODULE + 'AGAIN = _("Change")\n')
    catalogue = carry(
        small_site, '#: templates/room/page.html\nmsgid "Change"\nmsgstr "Edit"\n', "--in-source"
    )
    assert "_('Edit')" in page(small_site)
    assert 'AGAIN = _("Change")' in module(small_site)
    assert catalogue["Change"].string == catalogue["Edit"].string == "Изменить"


def test_a_translation_that_is_there_stays(small_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue = carry(small_site, 'msgid "Change"\nmsgstr "It\'s over"\n', "--in-source")
    assert catalogue["It's over"].string == "Всё"
    assert "was translated already" in capsys.readouterr().out


def test_another_placeholder_is_refused(small_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = b'msgid "Written down, %(name)s."\nmsgstr "Recorded: %(names)s."\n'
    with pytest.raises(RewordingError):
        read_rewordings(pairs)
    (small_site / "pairs.po").write_bytes(pairs)
    assert main([str(small_site / "pairs.po"), "--in-source"], small_site) == 1
    assert "not the same placeholders" in capsys.readouterr().out
    assert module(small_site) == MODULE


def test_quotations_are_named(small_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    carry(small_site, 'msgid "It\'s over"\nmsgstr "That\'s it"\n')
    assert "quoted in tests/test_room.py:3: It's over" in capsys.readouterr().out


def test_a_draft_pairs_what_was_changed_by_hand(small_site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_site / "campaign/room/desk.py").write_text(
        MODULE.replace("Written down, %(name)s.", "Written here: %(name)s.")
    )
    assert main([], small_site) == 0
    drafted = capsys.readouterr().out
    catalogue = carry(small_site, drafted)
    assert catalogue["Written here: %(name)s."].string == "Записано: %(name)s."
    assert len(catalogue) == len(RUSSIAN) + 1


def test_catalogues_are_written_as_they_stand() -> None:
    for path in ROOT.glob(CATALOGUES):
        catalogue = read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name)
        assert written(catalogue) == path.read_bytes()


def test_every_sentence_that_is_said_is_collected() -> None:
    """Babel does not look into f-strings: a sentence in one would never be translated."""
    template = read_po(BytesIO((ROOT / TEMPLATE).read_bytes()))
    collected = {(message.context, rewordings.all_forms(message.id)) for message in template}
    assert rewordings.spoken(ROOT) - collected == set()


def test_a_sentence_is_found_in_any_call() -> None:
    text = "_('a') ngettext('b', 'c', 2) pgettext('d', \"e\") npgettext('f', 'g', 'h', 2) _l('i') other('j') _(k)"
    assert [(one.context, one.forms) for one in said(text)] == [
        (None, ("a",)),
        (None, ("b", "c")),
        ("d", ("e",)),
        ("f", ("g", "h")),
        (None, ("i",)),
    ]
