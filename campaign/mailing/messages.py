"""Messages: the three templates of a mail, rendered, and the headers."""

from __future__ import annotations

from dataclasses import dataclass
from email import charset, policy
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import parseaddr

from flask import render_template
from flask_babel import force_locale
from flask_mail import BadHeaderError, Message

from campaign.core.mail_addresses import deliverable
from campaign.core.settings import settings
from campaign.mailing.mail_headers import address_field, text_field
from campaign.mailing.operations import Inviter, MailContent

# Every mail to a signer is shorter, in all languages.
_PADDED_TO = 12_288
# A line of a body in bytes (RFC 5321, 4.5.3.1.6), without its end.
_LONGEST_LINE = 990
_AS_MADE = policy.SMTP.clone(refold_source="none")
_QUOTED = charset.Charset("utf-8")
_QUOTED.body_encoding = charset.QP


@dataclass(frozen=True, slots=True)
class Rendered:
    """Subject, plain text and HTML of one mail."""

    subject: str
    text: str
    html: str


class WireMessage(Message):
    """A message whose header fields go over the wire as they are made here: the library would fold a subject
    anew, which loses blanks between encoded words, and a long address into words that no mail program reads.
    """

    # Of ours: ASCII, and shorter than the 998 characters that SMTP allows.
    unfolded: tuple[str, ...] = ()
    # In the name of a person, before our own address.
    shown_name = ""

    def as_bytes(self) -> bytes:
        """The message as it is sent."""
        return b"".join(f"{line}\r\n".encode("ascii") for line in self.unfolded) + super().as_bytes()

    def _message(self) -> MIMEBase:
        built = super()._message()
        # The one that takes values with line ends.
        built.policy = policy.compat32
        name, address = parseaddr(str(self.sender))
        built.replace_header("From", address_field(self.shown_name or name, address, "From"))
        if self.subject:
            built.replace_header("Subject", text_field(self.subject, "Subject"))
        built.policy = _AS_MADE
        return built

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        """A part as it is, or quoted-printable where a line of it is longer than SMTP allows."""
        lines = (text or "").encode("utf-8", "surrogatepass").splitlines()
        long = any(len(line) > _LONGEST_LINE for line in lines)
        return MIMEText(text or "", subtype, _QUOTED if long else "utf-8")  # type: ignore[arg-type]


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
    sender: str = "",
) -> Message:
    """The message of one outbox row.

    `message_id` is the first part of its Message-ID, random and sealed with the row, so that a mail sent
    twice is one to mail programs.

    From has the name of an `inviter` before our own address, since relays send for no other, and answers go
    to the inviter. `unsubscribe`: an address where one POST ends such mails (RFC 2369, RFC 8058).
    `reply_to`: where answers go without an inviter. `sender`: the name before our own address without one.
    """
    # RFC 3834: no out-of-office answers to this.
    headers = {"Auto-Submitted": "auto-generated"}
    built = WireMessage(
        subject=rendered.subject,
        recipients=[deliverable(recipient)],
        body=rendered.text,
        html=rendered.html,
        sender=settings().mail_sender,
        reply_to=inviter.email if inviter else reply_to or None,
        extra_headers=headers,
    )
    if name := inviter.name if inviter else sender:
        built.shown_name = " ".join(name.split())
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
