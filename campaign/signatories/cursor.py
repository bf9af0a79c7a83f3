"""Cursors of the public list: a reader's place in it, and its form in an address."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_

from campaign.core.vault import SealBroken, vault
from campaign.signatures.models import SignatoryKind, Signature


@dataclass(frozen=True, slots=True)
class ListCursor:
    """The place right behind one line, even if that signatory has left since.

    `key` is the sort key of a named organisation.
    """

    kind: SignatoryKind
    position: int
    key: str | None = None

    def cursor(self, statement_id: int) -> str:
        """This place as part of an address of the statement, read by cursor_at().

        It carries the values that the list is sorted by, since the row of a signatory who has left no longer
        has them. For people that is a number. For organisations it derives from the name, and the
        organisation may withdraw: so it is encrypted, and unreadable in histories and logs. The encryption is
        deterministic, since a page whose address changes would be a new page to every browser.
        """
        plain = json.dumps([self.kind, self.position, self.key], ensure_ascii=False, separators=(",", ":"))
        return (
            base64.urlsafe_b64encode(vault().cover(plain.encode(), _purpose(statement_id)))
            .rstrip(b"=")
            .decode()
        )

    def later_in_register(self) -> ColumnElement[bool]:
        """The SQL condition for organisations behind this place, in the order of queries.REGISTER."""
        if self.key is None:
            return and_(Signature.sort_key.is_(None), Signature.position > self.position)
        same = and_(Signature.sort_key == self.key, Signature.position > self.position)
        return or_(Signature.sort_key.is_(None), Signature.sort_key > self.key, same)


def cursor_at(statement_id: int, cursor: str) -> ListCursor | None:
    """The place that `cursor` names; None for one that was truncated, changed, forged, or made for another
    statement.
    """
    try:
        covered = base64.urlsafe_b64decode(cursor + "==")
        kind, position, key = json.loads(vault().uncover(covered, _purpose(statement_id)))
    except (SealBroken, ValueError):
        return None
    return ListCursor(SignatoryKind(kind), position, key)


def _purpose(statement_id: int) -> str:
    return f"place in the list of statement {statement_id}"
