"""The dashboard: the work that waits for the team, and whether the machine does its own."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from campaign.accounts.calendars import calendar_token
from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, confined_to, current_member, may, requires
from campaign.accounts.sign_in_attempts import tried_lately
from campaign.core import worker
from campaign.core.language import language
from campaign.core.settings import settings
from campaign.mailing.queries import outbox_report
from campaign.moderation.signature_table import waiting_count
from campaign.people.labels import occasion_words
from campaign.people.team_queries import needing_check, remembered
from campaign.privacy.key_expiry import ending_contacts, ending_keys
from campaign.signatories.daily_counts import by_day
from campaign.signatories.listing import drifts
from campaign.signatories.queries import Counts, counts_by_statement
from campaign.statements.models import UNSEEN, Status
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements

bp = Blueprint("desk", __name__, url_prefix="/desk")
NAV_ENTRY = NavEntry("desk.dashboard", _l("Dashboard"), 10)


@bp.get("/")
@requires(Permission.ACCOUNT, of=Reach.OWN)
def dashboard() -> ResponseReturnValue:
    """Open statements, signatures in review, the outbox and the worker.

    Counts are compared with rows on demand (`?check=counts`). An administrator sees none of these and is
    led to the team.
    """
    if not may(Permission.READ):
        return redirect(url_for("team.index"), 303)
    own, writes = own_statements(), may(Permission.WRITE_STATEMENTS)
    lines = statement_lines(language(), drafts=True, ids=own)
    open_ones = [line for line in lines if line.status is Status.OPEN]

    return render_template(
        "desk/dashboard.html",
        statements=open_ones,
        drafts=sum(line.status in UNSEEN for line in lines),
        counts=counts_by_statement([line.id for line in open_ones]),
        nothing=Counts(),
        days=by_day([line.id for line in open_ones]),
        reviews=waiting_count(own),
        outbox=outbox_report(),
        ending_contacts=ending_contacts(),
        ending_keys=ending_keys(),
        silent=sorted(worker.silent_jobs(_frequent_jobs())),
        failing=sorted(worker.failing_jobs()),
        remembered=remembered(language(), confined_to()) if writes else [],
        occasions=occasion_words(),
        checking=needing_check(confined_to()) if writes else 0,
        calendar=absolute_calendar(),
        tried=tried_lately() if may(Permission.MANAGE_TEAM) else [],
        drifts=drifts() if request.args.get("check") == "counts" else None,
    )


def absolute_calendar() -> str:
    """The address of the calendar with the days to remember, for the signed-in member's calendar program."""
    return settings().site_url + url_for("feeds.team_calendar", token=calendar_token(current_member()))


def _frequent_jobs() -> set[str]:
    """The jobs that run more often than silence is measured, so that their silence is a sign of failure."""
    return {
        name
        for name, job in worker.jobs(current_app).items()
        if job.every < worker.SILENT_AFTER.total_seconds()
    }
