"""Signing: the form, the confirmation, and the signer's own pages."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "attack_protection",  # the desk raises and lowers it
    "forms",  # the form stands on the page of its statement
    "sections",  # rooms above add to the signer's page
    "mail_turns",  # the desk decides about mails of flagged forms
    "signer_mail",  # mails to signers who asked for news
    "terms_cache",  # the terms of signing, for that page
    "visibility_choices",  # the words beside the choices of that form
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words, detail_words
    from campaign.signing import (
        attack_protection,
        audit_actions,
        confirmation_requests,
        lost_link,
        lost_link_views,
        mail_turns,
        proof_views,
        reassent_job,
        retention,
        unsubscribe_views,
        views,
        withdrawal_views,
    )

    retention.init_app(app)
    action_words.add(app, audit_actions.signing_words)
    detail_words.add(app, audit_actions.signing_details)
    reassent_job.init_app(app)
    attack_protection.init_app(app)
    lost_link.init_app(app)
    confirmation_requests.init_app(app)
    mail_turns.init_app(app)
    add_pages(app, views, proof_views, lost_link_views, unsubscribe_views, withdrawal_views)
