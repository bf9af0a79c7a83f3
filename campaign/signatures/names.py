"""Where a signatory's name is kept: in columns while public, sealed for the team, nowhere if only counted."""

from __future__ import annotations

import uuid
from typing import Any

from campaign.core.collation import sort_key
from campaign.core.search import search_key
from campaign.core.vault import vault
from campaign.signatures.errors import NameMissing
from campaign.signatures.models import NAMED_COLUMNS, SignatoryKind, Signature, Visibility

_KEPT = ("name", "organisation_name", "title", "website", "city")


def name_columns(
    signature_id: uuid.UUID, kind: SignatoryKind, visibility: Visibility, names: dict[str, Any]
) -> dict[str, Any]:
    """The values of all naming columns. `names` has name, organisation_name, title, website, city,
    organisation_id.

    Raises NameMissing when what is shown or kept would be nameless, or an organisation wants to be only
    counted.
    """
    empty: dict[str, Any] = {column: None for column in NAMED_COLUMNS if column != "message"} | {
        "sealed": None,
        "organisation_id": None,
    }
    kept: dict[str, Any] = {column: names.get(column) or None for column in _KEPT}
    listed_as = kept["organisation_name"] if kind is SignatoryKind.ORGANISATION else kept["name"]
    if visibility is Visibility.COUNTED:
        if kind is SignatoryKind.ORGANISATION:
            raise NameMissing
        return empty
    if not listed_as:
        raise NameMissing
    if visibility is Visibility.TEAM:
        kept["organisation_id"] = names.get("organisation_id")
        return empty | {"sealed": vault().seal_json(kept, "signatures", "sealed", signature_id)}

    searchable = " ".join(part for part in (kept["organisation_name"], kept["name"], kept["city"]) if part)
    return (
        empty
        | kept
        | {
            "organisation_id": names.get("organisation_id"),
            "sort_key": sort_key(listed_as),
            "search_key": search_key(searchable),
        }
    )


def names_of(signature: Signature) -> dict[str, Any]:
    """The names of a signature wherever they are kept: for its signer and the team only."""
    if signature.sealed is not None:
        return vault().unseal_json(signature.sealed, "signatures", "sealed", signature.id)
    return {column: getattr(signature, column) for column in (*_KEPT, "organisation_id")}


def write_names(signature: Signature, names: dict[str, object], visibility: Visibility) -> None:
    """Set the naming columns of a signature, as name_columns() makes them. Raises NameMissing."""
    signature.visibility = visibility
    for column, value in name_columns(signature.id, SignatoryKind(signature.kind), visibility, names).items():
        setattr(signature, column, value)
    signature.folded = False
