"""Every table that holds something of a person says how long it stays."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from campaign.core import clock, retention, worker
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.extensions import db


def _personal_tables() -> set[str]:
    return {
        table.name
        for table in db.metadata.tables.values()
        if any(column.info.get("personal") for column in table.columns)
    }


def test_every_table_with_a_personal_column_has_a_rule(context: Flask) -> None:
    assert {"outbox", "submissions", "signatures", "team_members", "mail_tallies"} <= _personal_tables()
    assert _personal_tables() - set(retention.rules()) == set()


def test_every_rule_is_about_a_table_and_says_in_words_how_long(context: Flask) -> None:
    for name, rule in retention.rules().items():
        assert name in db.metadata.tables
        assert len(rule.keeps.split()) >= 4


def test_sealed_columns_that_hold_what_people_typed_are_marked_personal(app: Flask) -> None:
    keys_not_people = {("statement_keys", "sealed"), ("tally_keys", "sealed"), ("link_keys", "sealed")}
    sealed = {
        (table.name, column.name): column
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    unmarked = {place for place, column in sealed.items() if not column.info.get("personal")}
    assert unmarked == keys_not_people


def test_the_worker_carries_the_rules_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setitem(app.extensions, "retention", {})
    for table in ("outbox", "submissions"):
        retention.keep(app, table, "until the test is over", lambda table=table: done.append(table) or 1)  # type: ignore[misc]
    retention.keep(app, "signatures", "until a person says otherwise")
    with app.app_context():
        assert worker.jobs(app)["retention"].run() is False
    assert done == ["outbox", "submissions"]


def test_a_rule_may_delete_because_it_runs_in_a_transaction_that_writes(
    app: Flask, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing() as session:
        session.add(JobReport(job="old", seen_at=clock.now()))
    monkeypatch.setitem(app.extensions, "retention", {})
    retention.keep(app, "job_reports", "until the test is over", lambda: db.session.query(JobReport).delete())
    with pytest.raises(DBAPIError):
        db.session.query(JobReport).delete()
    db.session.rollback()
    retention.purge_all()
    assert db.session.query(JobReport).count() == 0
