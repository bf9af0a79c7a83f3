"""What the team does with statements: the editor, and the buttons."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.statements.models import Revision
from tests.support import BELARUSIAN, ENGLISH, csrf_of

NEW = "/desk/statements/new"


def send(team: FlaskClient, address: str, page: str, /, **fields: Any) -> TestResponse:
    """Post a form with the token of `page`, and the mark of what that showed."""
    shown = team.get(page)
    state = shown.text.partition('name="state"')[2].partition('value="')[2].partition('"')[0]
    return team.post(
        address, data={"csrf_token": csrf_of(shown)} | ({"state": state} if state else {}) | fields
    )


def typed(**changes: Any) -> dict[str, Any]:
    """A well filled editor; None leaves a field out."""
    filled = {
        "kind": "petition",
        "signers": "both",
        "title_en": "Free them",
        "body_en": "They *helped* others.",
    } | changes
    return {name: value for name, value in filled.items() if value is not None}


def write(team: FlaskClient, **changes: Any) -> TestResponse:
    """Save a new statement."""
    return send(team, NEW, NEW, **typed(**changes))


def loaded(team: FlaskClient, slug: str) -> str:
    """The state that the editor of a statement sends with it."""
    page = team.get(f"/desk/statements/{slug}/edit").text
    return page.split('name="state"')[1].split('value="')[1].split('"')[0]


def change(team: FlaskClient, slug: str, /, **changes: Any) -> TestResponse:
    """Save an existing statement as it was loaded now."""
    page = f"/desk/statements/{slug}/edit"
    return send(team, page, page, **typed(**{"slug": slug, "state": loaded(team, slug)} | changes))


def press(team: FlaskClient, slug: str, button: str, **fields: Any) -> TestResponse:
    """Press publish, close or reopen, having read what the page shows."""
    read = (
        team.get(f"/desk/statements/{slug}/publish")
        .text.partition('name="draft"')[2]
        .partition('value="')[2]
        .partition('"')[0]
    )
    fields = ({"draft": read} if button == "publish" else {}) | fields
    return send(team, f"/desk/statements/{slug}/{button}", NEW, **fields)


def revisions(app: Flask) -> list[tuple[int, str, bool]]:
    """(number, change, published) of all revisions."""
    with app.app_context():
        rows = db.session.scalars(select(Revision).order_by(Revision.number)).all()
        return [(row.number, str(row.change), row.published_at is not None) for row in rows]


BOTH = {
    "title_en": ENGLISH.title,
    "body_en": ENGLISH.body,
    "title_be": BELARUSIAN.title,
    "body_be": BELARUSIAN.body,
}


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    return page.text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


def side(page: TestResponse, whose: str) -> list[str]:
    """What the page shows of one version, a text for each field, with marks of what differs."""
    return [block.strip() for block in re.findall(rf'<div class="side {whose}">(.*?)</div>', page.text, re.S)]
