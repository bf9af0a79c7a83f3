"""The co-signer's kit for the day of publication: addresses, text for Word, a site and Telegram, a
picture.
"""

from __future__ import annotations

import re
from html import unescape

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from campaign.circulation.models import Invitation
from campaign.core import tokens
from campaign.core.headers import never_stored
from campaign.core.integers import whole_number
from campaign.core.language import language
from campaign.core.tokens import Purpose, TokenExpired
from campaign.documents.desk import DOCX
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import LetterGroup, counts_line, letter_of, page_address, parts_of
from campaign.documents.orders import PaperOrder, is_long, take
from campaign.documents.views import busy
from campaign.documents.word import letter_docx
from campaign.extensions import db
from campaign.signatories.list_head import MOST_GROUPED
from campaign.signatories.queries import counts_of
from campaign.statements.models import UNSEEN, Statement
from campaign.statements.queries import StatementPage, statement_page

bp = Blueprint("kits", __name__)
bp.after_request(never_stored)
# The longest message of Telegram.
_TELEGRAM = 4_096
_MARKS = re.compile(r"<[^>]+>")


@bp.get("/i/<token>/kit")
def kit(token: str) -> ResponseReturnValue:
    """The whole kit on one page, in the language of the page."""
    page = _page_of(token)
    address, grouped = page_address(page), counts_of(page.id).total <= MOST_GROUPED
    return render_template(
        "documents/kit.html",
        statement=page,
        token=token,
        address=address,
        html=for_a_site(page, address),
        grouped=grouped,
        parts=parts_of(counts_of(page.id).total),
        telegram=for_telegram(page, address),
    )


@bp.get("/i/<token>/statement.docx")
def word(token: str) -> ResponseReturnValue:
    """Text and list for Word, `part` of a very long list. Aborts: 404 for a part that there is not."""
    page = _page_of(token)
    wanted = request.args.get("text")
    wanted = wanted if wanted in page.languages else None
    parts = parts_of(counts_of(page.id).total)
    part = whole_number(request.args.get("part", "1"))
    if part is None or not 1 <= part <= len(parts):
        abort(404)
    try:
        if is_long(counts_of(page.id).total):
            body = take(PaperOrder("letter", page.id, language(), wanted, part)).body
        else:
            body = letter_docx(letter_of(page.id, wanted, by_country=True))
    except TooManyAtOnce:
        return busy()
    response = Response(body, mimetype=DOCX)
    response.headers.set("Content-Disposition", "attachment", filename=f"{page.slug}.docx")
    return response


def for_a_site(page: StatementPage, address: str) -> str:
    """Plain HTML without classes, for any site: title, text, and signatories by country; for a long list a
    link.
    """
    head = f'<h2><a href="{address}">{escape(page.title)}</a></h2>\n{page.body}'
    counts = counts_of(page.id)
    title = f"<h3>{escape(counts_line(counts))}</h3>"
    if counts.total > MOST_GROUPED:
        return f'{head}\n{title}\n<p><a href="{address}">{escape(address)}</a></p>'
    parts = letter_of(page.id, by_country=True).groups
    return "\n".join([head, title, *(_part_for_a_site(part) for part in parts)])


def _part_for_a_site(part: LetterGroup) -> str:
    lines = (
        f"<li>{escape(line.name)}{escape(f' ({line.below})') if line.below else ''}</li>"
        for line in (*part.organisations, *part.people)
    )
    return "\n".join([f"<h4>{escape(part.name)}</h4>", "<ul>", *lines, "</ul>"])


def for_telegram(page: StatementPage, address: str) -> str:
    """The title, as much of the text as one message holds, cut at a sentence if possible, and the address."""
    plain = re.sub(
        r"\n{3,}",
        "\n\n",
        _MARKS.sub("", str(page.body).replace("</p>", "</p>\n").replace("</li>", "</li>\n")),
    ).strip()
    plain = unescape(plain)
    room = _TELEGRAM - len(page.title) - len(address) - 8
    if len(plain) > room:
        cut = plain[:room]
        plain = cut[: max(cut.rfind(". ") + 1, cut.rfind("\n"), room // 2)].rstrip() + " …"
    return f"{page.title}\n\n{plain}\n\n{address}"


def _page_of(token: str) -> StatementPage:
    """The published statement that this signer has signed. Raises TokenInvalid, TokenExpired."""
    invitation = db.session.get(Invitation, tokens.read(Purpose.CIRCULATION, token))
    if invitation is None or invitation.over or invitation.signature_id is None:
        raise TokenExpired
    statement = db.session.get(Statement, invitation.statement_id)
    if statement is None or statement.status in UNSEEN:
        abort(404)
    return statement_page(statement.id, language())
