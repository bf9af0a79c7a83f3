"""Signatures: their states, their names, the texts they agreed to, and what remains of a withdrawn one."""

from __future__ import annotations

from flask import Flask

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "assents",  # the texts that a signature agreed to
    "bulk_insert",  # many signatures at once, for imported lists
    "data_export",  # all that is held about a signer, for the signer
    "fields",  # what a visitor typed
    "from_invitation",  # a signature given before publication
    "mailbox_identity",  # one mailbox, however its address is written
    "messages",  # the words beside a name
    "new_signatures",  # the one maker of signatures
    "name_checks",  # rooms above know names to look at
    "names",  # where the names of a signature are kept
    "organisation_identity",  # one organisation, recognised without being named
    "organisation_merge",  # one step of a merge, whose page composes several rooms
    "tombstones",  # the record of withdrawals, for restores
    "withdrawal_phrase",  # the way back at high safety
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.organisations.operations import named_in_seals
    from campaign.organisations.signals import organisations_merged
    from campaign.people.operations import kept_on_file
    from campaign.signatures import case_file_guard, organisation_merge, retention

    retention.init_app(app)
    named_in_seals.add(app, organisation_merge.organisations_in_seals)
    organisations_merged.connect(organisation_merge.move_signatures)
    kept_on_file.add(app, case_file_guard.signed_for)
