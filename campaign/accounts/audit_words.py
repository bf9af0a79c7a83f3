"""What the log keeps in short codes, in words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import format_decimal
from flask_babel import gettext as _

from campaign.accounts.audit import AuditLine, action_words, detail_words
from campaign.accounts.forms import role_names


def action_text(action: str) -> str:
    """What was done, as a sentence without its end. An action of a later version is shown as it is kept."""
    known = dict(_actions())
    for words in action_words.answers():
        known |= words()
    return known.get(action, action)


def detail_texts(line: AuditLine) -> list[str]:
    """The details that say something to a person, one sentence each; the digest of a text stays as it is."""
    wordings = dict(_details())
    for words in detail_words.answers():
        wordings |= words()
    return [said for name, value in line.details.items() if (said := wordings[name](value) if name in wordings else f"{name}: {value}")]


def subject_of(line: AuditLine) -> tuple[str, str]:
    """(what, which), such as `("statement", "free-them")`; older entries part the two by a space."""
    what, _mark, which = line.subject.replace(" ", ":", 1).partition(":")
    return what, which


def _actions() -> dict[str, str]:
    return {
        "keys rotated": _("Sealed values began to be sealed again under a new key"),
        "statement key destroyed": _("The key of a statement was destroyed: nobody can find out who signed any more"),
        "backup made": _("A backup was made"),
        "backup restored": _("A backup was restored"),
        "signed in": _("A session was begun"),
        "signed out": _("A session was ended"),
        "second factor switched on": _("A second factor was switched on"),
        "second factor switched off": _("A second factor was switched off"),
        "recovery code used": _("A recovery code was used to sign in"),
        "member added": _("A member was added to the team"),
        "role changed": _("The role of a team member was changed"),
        "organisations of member changed": _("The organisations that a team member works for were changed"),
        "member deactivated": _("The account of a team member was switched off"),
        "member activated": _("The account of a team member was switched on again"),
        "invited": _("An invitation to the team was made"),
        "invitation accepted": _("An invitation was accepted and a password was set"),
        "statement created": _("A statement was written"),
        "statement edited": _("A statement was changed"),
        "statement published": _("A text was published"),
        "statement closed": _("A statement was closed"),
        "statement archived": _("A statement was archived"),
        "handed over": _("A list was handed over"),
        "circulation started": _("A text was sent to organisations for sign-on"),
        "circulation changed": _("The deadline or the inviting person of a circulation was changed"),
        "circulation taken back": _("A circulating text was made a draft again"),
        "circulation reminded": _("Organisations that had not replied were reminded"),
        "circulation published": _("A text was published with the organisations that signed it"),
        "organisations invited": _("Organisations were invited to sign"),
        "invitation taken back": _("An invitation to sign was cancelled"),
        "shared link switched": _("The shared link of a circulation was switched on or off"),
        "text sent round": _("A changed text was sent for sign-on"),
        "answer written down": _("An answer received by phone or message was recorded"),
        "answer let join": _("A late answer or one from an unknown mailbox was accepted"),
        "suggestion decided": _("A suggested change was accepted or rejected"),
        "reply recorded": _("A reply to a handover was recorded"),
        "handover removed": _("A handover was removed"),
        "statement reopened": _("A statement was reopened"),
        "organisation entered": _("An organisation was added to the registry"),
        "organisation changed": _("An organisation in the registry was changed"),
        "organisations merged": _("Two records of one organisation were merged"),
        "logo changed": _("The logo of an organisation was changed"),
        "logo removed": _("The logo of an organisation was removed"),
        "registry exported": _("The registry of organisations was exported"),
        "registry imported": _("Organisations were imported into the registry"),
        "case file opened": _("A case file was opened"),
        "case file changed": _("A case file was changed"),
        "case file withdrawn": _("A case file was withdrawn from view"),
        "case file shown again": _("A case file was made visible again"),
        "case file deleted": _("A case file was deleted"),
        "case files exported": _("Case files were exported"),
        "case files imported": _("Case files were imported"),
        "wish written down": _("The wish of a person or family was recorded"),
        "status confirmed": _("The status of a person was confirmed"),
        "portrait changed": _("A portrait was changed"),
        "day card made": _("A day card was made"),
        "portrait removed": _("A portrait was removed"),
        "event entered": _("An event was added to a timeline"),
        "event changed": _("An event in a timeline was changed"),
        "event removed": _("An event was deleted from a timeline"),
        "people of campaign changed": _("The people of a campaign were changed"),
        "topic entered": _("A topic was added"),
        "topic changed": _("A topic was changed"),
        "update written": _("An update was written"),
        "update changed": _("An update was changed"),
        "update published": _("An update was published"),
        "update withdrawn": _("An update was unpublished"),
        "update removed": _("An update was deleted"),
        "update mailed": _("An update was mailed to signers who asked for news"),
        "addressee entered": _("An addressee was added to the address book"),
        "addressee changed": _("An addressee in the address book was changed"),
        "addressee removed": _("An addressee was removed from the address book"),
        "list exported": _("A public list was exported"),
        "complete export asked": _("A confidential full export was requested"),
        "complete export granted": _("A confidential full export was granted to another member"),
        "complete export refused": _("A confidential full export was refused"),
        "complete export fetched": _("A confidential full export was downloaded"),
        "signatures imported": _("Signatures were imported"),
        "import undone": _("An import of signatures was undone"),
    }


def _details() -> dict[str, Callable[[object], str]]:
    """By the name of a detail, how its value reads; an empty text leaves it out."""
    return {
        "revision": lambda value: _("text %(number)s", number=value),
        # Words of the case, told by its page; the key of a person says nothing to a reader.
        **dict.fromkeys(("kind", "wish", "person"), lambda _value: ""),
        "day": str,
        "change": lambda value: {"editorial": _("Wording only"), "material": _("Demands change"), "first": _("First text")}.get(
            str(value), str(value)
        ),
        "sha256": lambda value: f"SHA-256 {str(value)[:12]}…",
        "text_changed": lambda value: _("with a new draft of the text") if value else "",
        "published": lambda value: _("published at once") if value else "",
        "days": lambda value: _("Kept for days: %(number)s", number=_number(value)),
        "withdrawn": lambda value: _("Withdrawn again, according to the journal: %(number)s", number=_number(value)),
        "keys": lambda value: _("Keys destroyed again: %(number)s", number=_number(value)),
        "values": lambda value: _("Sealed values: %(number)s", number=_number(value)),
        "role": lambda value: _("Role: %(role)s", role=_role(value)),
        "before": lambda value: _("Role before: %(role)s", role=_role(value)),
        "after": lambda value: _("Role now: %(role)s", role=_role(value)),
        "format": lambda value: _("Format: %(format)s", format={"text": _("Text")}.get(str(value), str(value).upper())),
        "rows": lambda value: _("Signatories: %(number)s", number=_number(value)),
        "version": lambda value: _("Version of the list: %(number)s", number=_number(value)),
        "people": lambda value: _("People: %(number)s", number=_number(value)),
        # Tells an imported list from others, to the command that imports.
        "list": lambda _value: "",
        "merged": lambda value: _("The record that was merged in: %(slug)s", slug=value),
        "moved": lambda value: _("Signatures moved: %(number)s", number=_number(value)),
        "invalidated": lambda value: _("Signatures invalidated, because both had signed: %(number)s", number=_number(value)),
        "new": lambda value: _("New: %(number)s", number=_number(value)),
        "changed": lambda value: _("Changed: %(number)s", number=_number(value)),
        "organisations": lambda value: _("Organisations: %(number)s", number=_number(value)),
    }


def _role(value: object) -> str:
    return role_names().get(str(value), str(value))


def _number(value: object) -> str:
    return str(format_decimal(value)) if isinstance(value, int) else str(value)
