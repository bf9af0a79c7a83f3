"""Updates: news, outcomes and hearings after publication, and mails to signers who asked for news."""

from __future__ import annotations

from flask import Flask

from campaign.accounts.audit import action_words, detail_words
from campaign.core.registration import add_pages

# What other rooms may import beside models, queries, operations, states, rights, errors and signals.
PUBLIC = (
    "labels",  # kinds in words
)


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.navigation import nav_entries
    from campaign.people.name_mentions import mentions, take_off
    from campaign.people.sections import case_file_sections
    from campaign.people.signals import person_released, person_shown_otherwise
    from campaign.signing.sections import signer_sections
    from campaign.statements.sections import desk_links
    from campaign.updates import (
        audit_actions,
        desk,
        name_mentions,
        news_mail,
        people_updates,
        release_desk,
        retention,
        sections,
    )

    action_words.add(app, audit_actions.words)
    detail_words.add(app, audit_actions.detail_words)
    retention.init_app(app)
    news_mail.init_app(app)
    person_released.connect(people_updates.draft_of_release)
    person_shown_otherwise.connect(people_updates.follow_the_wish)
    nav_entries.add(app, desk.NAV_ENTRY)
    signer_sections.add(app, sections.news_for_signer)
    case_file_sections.add(app, sections.news_of_person)
    desk_links.add(app, desk.DESK_LINK)
    mentions.add(app, name_mentions.named_in_updates)
    take_off.add(app, name_mentions.take_off_updates)
    add_pages(app, desk, release_desk)
