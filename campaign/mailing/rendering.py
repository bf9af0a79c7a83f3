"""From a template and its context to a message: a pure function, and its three templates."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import force_locale
from flask_mail import Message

from campaign.core.http import settings


@dataclass(frozen=True, slots=True)
class Rendered:
    """Subject, plain text and HTML of one mail."""

    subject: str
    text: str
    html: str


def render(template: str, language: str, context: Mapping[str, str]) -> Rendered:
    """Render `templates/<room>/mail/<name>/{subject.txt,body.txt,body.html}` in the recipient's language."""
    room, name = template.split("/")
    folder = f"{room}/mail/{name}"
    with force_locale(language):
        return Rendered(
            " ".join(render_template(f"{folder}/subject.txt", **context).split()),
            render_template(f"{folder}/body.txt", **context).strip() + "\n",
            render_template(f"{folder}/body.html", mail_language=language, **context),
        )


def message(row: uuid.UUID, recipient: str, rendered: Rendered) -> Message:
    """The message of one outbox row. Its Message-ID comes from the row, so that a mail sent twice is one to mail programs."""
    built = Message(
        subject=rendered.subject,
        recipients=[recipient],
        body=rendered.text,
        html=rendered.html,
        sender=settings().mail_sender,
        # RFC 3834: no out-of-office answers to this.
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    built.msgId = f"<{row.hex}@{sender_domain()}>"
    return built


def sender_domain() -> str:
    """The domain of the sender, which is all that our mails say about where they come from."""
    return settings().mail_sender.rpartition("@")[2].rstrip(">")
