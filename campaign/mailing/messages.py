"""Messages: the three templates of a mail, rendered, and the headers."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from flask import render_template
from flask_babel import force_locale
from flask_mail import BadHeaderError, Message

from campaign.core.mail_addresses import deliverable
from campaign.core.settings import settings
from campaign.mailing.operations import Inviter, MailContent

# Every mail to a signer is shorter, in all languages.
_PADDED_TO = 6_144


@dataclass(frozen=True, slots=True)
class Rendered:
    """Subject, plain text and HTML of one mail."""

    subject: str
    text: str
    html: str


class UnfoldedMessage(Message):
    """A message whose header lines stay as they are: the library would fold a long address into encoded
    words, which no mail program reads.
    """

    unfolded: tuple[str, ...] = ()

    def as_bytes(self) -> bytes:
        """The message as it is sent.

        The lines are ours: ASCII, and shorter than the 998 characters that SMTP allows.
        """
        return b"".join(f"{line}\r\n".encode("ascii") for line in self.unfolded) + super().as_bytes()


def render(content: MailContent, language: str) -> Rendered:
    """A mail as its recipient reads it.

    Its templates are `templates/<room>/mail/<name>/{subject.txt,body.txt,body.html}`.
    """
    room, name = content.template.split("/")
    folder = f"{room}/mail/{name}"
    with force_locale(language):
        return Rendered(
            " ".join(render_template(f"{folder}/subject.txt", **content.context).split()),
            render_template(f"{folder}/body.txt", **content.context).strip() + "\n",
            render_template(f"{folder}/body.html", mail_language=language, **content.context),
        )


def message(
    message_id: str,
    recipient: str,
    rendered: Rendered,
    inviter: Inviter | None = None,
    unsubscribe: str = "",
    reply_to: str = "",
) -> Message:
    """The message of one outbox row.

    `message_id` is the first part of its Message-ID, random and sealed with the row, so that a mail sent
    twice is one to mail programs.

    From has the name of an `inviter` before our own address, since relays send for no other, and answers go
    to the inviter. `unsubscribe`: an address where one POST ends such mails (RFC 2369, RFC 8058).
    `reply_to`: where answers go without an inviter.
    """
    # RFC 3834: no out-of-office answers to this.
    headers = {"Auto-Submitted": "auto-generated"}
    built = UnfoldedMessage(
        subject=rendered.subject,
        recipients=[deliverable(recipient)],
        body=rendered.text,
        html=rendered.html,
        # Quoted where it has to be: a comma or an at sign in a name would be read as another address.
        sender=formataddr((" ".join(inviter.name.split()), parseaddr(settings().mail_sender)[1]))
        if inviter
        else settings().mail_sender,
        reply_to=inviter.email if inviter else reply_to or None,
        extra_headers=headers,
    )
    if unsubscribe:
        built.unfolded = (
            f"List-Unsubscribe: <{unsubscribe}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        )

    built.msgId = f"<{message_id}@{sender_domain()}>"
    _pad(built)
    return built


def _pad(built: Message) -> None:
    """Lengthen a message by white space behind its HTML. Mail servers log sizes, which would tell the level
    of safety, and whether a lost link was found.
    """
    try:
        missing = -len(built.as_bytes()) % _PADDED_TO
    except (UnicodeEncodeError, BadHeaderError):
        # It is refused when it is sent.
        return
    # On the wire the end of a line is two characters.
    built.html = f"{built.html}{' ' * (missing % 2)}{chr(10) * (missing // 2)}"


def sender_domain() -> str:
    """The domain of the sender, the only thing that our mails say about where they come from."""
    return settings().mail_sender.rpartition("@")[2].rstrip(">")
