"""Every mail has one function that builds it and three templates, and both speak of the same placeholders."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import typing
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined, meta

from campaign.config import LANGUAGES
from campaign.mailing.messages import render
from campaign.mailing.operations import MailContent
from campaign.rooms import ROOMS

pytestmark = pytest.mark.databases("sqlite")

PACKAGE = Path(__file__).resolve().parent.parent.parent / "campaign"
FILES = ("subject.txt", "body.txt", "body.html")
# What templates of mails may use beside what their function gives: words, and the language of the HTML.
ALWAYS_THERE = {"_", "mail_language"}
Builder = Callable[..., MailContent]


def _builders() -> dict[str, Builder]:
    """The functions of all rooms' `mails.py`, by "<room>/<function>"."""
    rooms = [room for room in ROOMS if find_spec(f"campaign.{room}.mails")]
    modules = {room: import_module(f"campaign.{room}.mails") for room in rooms}
    return {
        f"{room}/{name}": function
        for room, module in modules.items()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


BUILDERS = _builders()


def _example(name: str, kind: Any, *, yes: bool) -> Any:
    """An argument that can be found again in what is built of it. `yes`: the truth of every switch."""
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        made: Any = kind
        return made(**{part: _example(part, hint, yes=yes) for part, hint in hints.items()})
    if kind is bool:
        return yes
    if kind is str:
        return f"example-{name}"
    assert kind == Sequence[str], f"say here what an example of {kind} is"
    return [f"example-{name}-1", f"example-{name}-2"]


def _built(mail: str) -> Iterator[MailContent]:
    """The mail as its function builds it of examples: with each switch off, and on."""
    hints = typing.get_type_hints(BUILDERS[mail])
    assert hints.pop("return") is MailContent, "the functions of mails.py build mails"
    for yes in (False, True):
        yield BUILDERS[mail](**{name: _example(name, kind, yes=yes) for name, kind in hints.items()})


def _folder(mail: str) -> str:
    return mail.replace("/", "/mail/")


def _placeholders(environment: Environment, name: str) -> set[str]:
    """What a template takes from outside, with what it extends and includes."""
    assert environment.loader is not None
    tree = environment.parse(environment.loader.get_source(environment, name)[0], name)
    used = meta.find_undeclared_variables(tree)
    for other in meta.find_referenced_templates(tree):
        assert other is not None, f"{name} refers to a template that only shows when it is rendered"
        used |= _placeholders(environment, other)
    return used


@pytest.fixture
def strict(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A placeholder without a value fails; in the worker it is left empty, so that the mail goes out."""
    monkeypatch.setattr(context.jinja_env, "undefined", StrictUndefined)


def test_every_mail_has_a_function_and_every_function_its_three_templates(app: Flask) -> None:
    found = {name for name in app.jinja_env.list_templates() if "/mail/" in name}
    assert found == {f"{_folder(mail)}/{file}" for mail in BUILDERS for file in FILES}


@pytest.mark.parametrize("mail", BUILDERS)
def test_a_function_builds_the_mail_of_its_name_from_what_it_is_given(mail: str) -> None:
    for content in _built(mail):
        assert content.template == mail
        said = {name: value for name, value in content.context.items() if value not in ("", "y")}
        assert [name for name, value in said.items() if f"example-{name}" not in value] == []


@pytest.mark.parametrize("mail", BUILDERS)
def test_the_placeholders_of_a_mail_are_what_its_function_gives(app: Flask, mail: str) -> None:
    used = set().union(*(_placeholders(app.jinja_env, f"{_folder(mail)}/{file}") for file in FILES))
    for content in _built(mail):
        assert used - ALWAYS_THERE == set(content.context)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mail", BUILDERS)
@pytest.mark.usefixtures("strict")
def test_a_mail_can_be_made_in_every_language(mail: str, language: str) -> None:
    for content in _built(mail):
        rendered = render(content, language)
        assert rendered.subject and f'lang="{language}"' in rendered.html
        for name in {"link", "links", "code", "unsubscribe"} & set(content.context):
            assert f"example-{name}" in rendered.text and f"example-{name}" in rendered.html


def test_only_functions_of_mails_and_the_worker_say_what_a_mail_says() -> None:
    making = set()
    for path in PACKAGE.rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if any(isinstance(call, ast.Name) and call.id == "MailContent" for call in calls):
            making.add(path.relative_to(PACKAGE).as_posix())
    assert making == {f"{mail.partition('/')[0]}/mails.py" for mail in BUILDERS} | {"mailing/outbox.py"}


# What rows of the outbox hold that an earlier version sealed: a mail waits up to 14 days, over an upgrade
# too. A mail that is renamed, or needs more than it did, keeps its templates under the old name for as long.
SEALED_BEFORE = {
    "accounts/invitation": "name link site",
    "circulation/changed": "title until inviter discreet person organisation link note",
    "circulation/code": "person organisation code inviter",
    "circulation/invitation": "title until inviter discreet person organisation link",
    "circulation/kit": "title until inviter discreet person organisation link own",
    "circulation/receipt": "title until inviter discreet person organisation link text sha256",
    "circulation/reminder": "title until inviter discreet person organisation link",
    "moderation/approved": "link",
    "moderation/question": "words link answer_to",
    "moderation/rejected": "words link answer_to",
    "signing/asked_anew": "link unsubscribe",
    "signing/confirmation": "link code",
    "signing/confirmation_once": "link code",
    "signing/link_again": "links",
    "signing/no_link": "links",
    "updates/news": "link unsubscribe",
    "updates/told": "coalition statement title words name link unsubscribe",
}


@pytest.mark.parametrize("mail", SEALED_BEFORE)
@pytest.mark.usefixtures("strict")
def test_a_mail_that_waits_over_an_upgrade_can_still_be_made(mail: str) -> None:
    sealed = {name: f"example-{name}" for name in SEALED_BEFORE[mail].split()}
    assert render(MailContent(mail, sealed), "en").subject
