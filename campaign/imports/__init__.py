"""Lists of signatures from outside: read, checked, shown, imported, undone."""

from __future__ import annotations

from flask import Flask

from campaign.core.registration import add_commands, add_pages


def register(app: Flask) -> None:
    """Bind the room to the app."""
    from campaign.accounts.audit import action_words
    from campaign.imports import audit_actions, cli, desk, job, preview, questions, retention, row_problems
    from campaign.signatories.sections import list_sections
    from campaign.statements.sections import desk_links

    retention.init_app(app)
    row_problems.init_app(app)
    questions.init_app(app)
    job.init_app(app)
    action_words.add(app, audit_actions.words)
    list_sections.add(app, preview.imports_shown)
    desk_links.add(app, desk.DESK_LINK)
    desk_links.add(app, desk.MEMBERS_LINK)
    add_pages(app, desk)
    add_commands(app, cli.import_list)
