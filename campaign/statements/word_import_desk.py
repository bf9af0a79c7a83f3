"""The import of text from Word or Google Docs into the editor, pasted or as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, requires
from campaign.core.request_body import takes_up_to
from campaign.statements.desk import bp
from campaign.statements.errors import WordUnreadable
from campaign.statements.word_import import LONGEST_PASTE, markdown_of_docx, markdown_of_html


@bp.post("/pasted")
@takes_up_to(2 * LONGEST_PASTE)
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def pasted() -> ResponseReturnValue:
    """The HTML of a clipboard (`html`) as Markdown. Nothing is kept."""
    html = request.form.get("html", "")
    if len(html) > LONGEST_PASTE:
        abort(413)
    return Response(markdown_of_html(html), mimetype="text/plain")


def take_word(form: Any) -> bool:
    """Put the text of an uploaded file into the field of its language; problems are reported beside the file.

    True if the text was taken.
    """
    code, uploaded = form.word_language.data, form.word.data.read() if form.word.data else b""
    if not uploaded:
        form.word.errors = [_("Please choose a file.")]
        return False

    try:
        text = markdown_of_docx(uploaded)
    except WordUnreadable as unreadable:
        form.word.errors = [_reasons()[unreadable.reason]]
        return False

    first, _line, rest = text.partition("\n")
    if first.startswith("#") and not form[f"title_{code}"].data:
        form[f"title_{code}"].data, text = first.lstrip("# ").strip("*"), rest.strip()
    # The text typed before is kept above it.
    form[f"body_{code}"].data = "\n\n".join(part for part in (form[f"body_{code}"].data, text) if part)

    return True


def _reasons() -> dict[str, str]:
    return {
        "large": _("This file is larger than 5 MB. Please choose a smaller one."),
        "kind": _("This is not a .docx file. In Word or Google Docs, save it as “Word document (.docx)”."),
        "broken": _(
            "This file can't be read: it is damaged or incomplete. Please save it again and choose it once"
            " more."
        ),
    }
