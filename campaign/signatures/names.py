"""Where a signatory's name is kept: in columns while shown, sealed for the team, nowhere if only counted."""

from __future__ import annotations

import uuid
from typing import Any

from campaign.core.collation import sort_key
from campaign.core.search import search_key
from campaign.core.vault import SealBroken, vault
from campaign.signatures.errors import NameMissing
from campaign.signatures.models import NAMED_COLUMNS, SHOWN, SignatoryKind, Signature, State, Visibility

_KEPT = ("name", "organisation_name", "title", "website", "city", "affiliation")
# What leads from a name to the registry.
_BESIDE = ("organisation_id", "keeps_name")


def is_shown(visibility: Visibility | str, state: State | str) -> bool:
    """True if a signature's name stands in the columns of the list, and not sealed."""
    return visibility == Visibility.PUBLIC and state in SHOWN


def name_columns(
    signature_id: uuid.UUID, kind: SignatoryKind, visibility: Visibility, state: State, names: dict[str, Any]
) -> dict[str, Any]:
    """The values of all naming columns. `names` has name, organisation_name, title, website, city,
    affiliation (of a person), organisation_id, keeps_name, and the message while it is shown.

    Raises NameMissing when what is shown or kept would be nameless, or an organisation wants to be only
    counted.
    """
    empty: dict[str, Any] = dict.fromkeys((*NAMED_COLUMNS, *_BESIDE, "sealed"))
    kept: dict[str, Any] = {column: names.get(column) or None for column in _KEPT}
    if kind is SignatoryKind.ORGANISATION:
        kept["affiliation"] = None
    listed_as = kept["organisation_name"] if kind is SignatoryKind.ORGANISATION else kept["name"]
    if visibility is Visibility.COUNTED:
        if kind is SignatoryKind.ORGANISATION:
            raise NameMissing
        return empty
    if not listed_as:
        raise NameMissing
    message = names.get("message") or None if visibility is Visibility.PUBLIC else None
    if not is_shown(visibility, state):
        kept["organisation_id"] = names.get("organisation_id")
        if names.get("keeps_name"):
            kept["keeps_name"] = True
        if not kept["affiliation"]:
            del kept["affiliation"]
        if message:
            kept["message"] = message
        return empty | {"sealed": vault().seal_json(kept, "signatures", "sealed", signature_id)}

    searchable = " ".join(part for part in (kept["organisation_name"], kept["name"], kept["city"]) if part)
    return (
        empty
        | kept
        | {
            "message": message,
            **{column: names.get(column) for column in _BESIDE},
            "sort_key": sort_key(listed_as),
            "search_key": search_key(searchable),
        }
    )


def names_of(signature: Signature) -> dict[str, Any]:
    """The names of a signature wherever they are kept, with the message that was shown: for its signer and
    the team only. Raises SealBroken.
    """
    if signature.sealed is not None:
        return vault().unseal_json(signature.sealed, "signatures", "sealed", signature.id)
    return {column: getattr(signature, column) for column in (*_KEPT, *_BESIDE, "message")}


def named_organisation(signature: Signature) -> int | None:
    """The id, in the registry, of the organisation that signed; None also where that is unreadable."""
    try:
        known: int | None = names_of(signature).get("organisation_id")
    except SealBroken:
        return None
    return known


def write_names(signature: Signature, names: dict[str, object], visibility: Visibility) -> None:
    """Set the naming columns of a signature, as name_columns() makes them. Raises NameMissing."""
    signature.visibility = visibility
    kind, state = SignatoryKind(signature.kind), State(signature.state)
    for column, value in name_columns(signature.id, kind, visibility, state, names).items():
        setattr(signature, column, value)
    signature.folded = False


def write_reason(signature: Signature, reason: str | None) -> None:
    """Keep the reason of a decision, sealed; None forgets it."""
    signature.sealed_reason = (
        vault().seal_text(reason, "signatures", "sealed_reason", signature.id) if reason is not None else None
    )


def reason_of(signature: Signature) -> str | None:
    """The reason of the last decision. Raises SealBroken."""
    kept = signature.sealed_reason
    return vault().unseal_text(kept, "signatures", "sealed_reason", signature.id) if kept else None


def write_message(signature: Signature, message: str | None) -> None:
    """Set the message that the list shows, or will show once the signature is on it; None removes it."""
    if is_shown(signature.visibility, signature.state):
        signature.message = message
    elif signature.visibility == Visibility.PUBLIC:
        write_names(signature, names_of(signature) | {"message": message}, Visibility.PUBLIC)
    signature.folded = False


def shown_message(signature: Signature) -> str | None:
    """The message that the list shows, or showed before the signature left it. Raises SealBroken."""
    message: str | None = names_of(signature).get("message")
    return message
