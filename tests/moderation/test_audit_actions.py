"""What the log keeps of these rooms: every action has words, and operations record it, never a view."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask

import campaign
from campaign.accounts import audit_words
from campaign.accounts.audit import AuditAction, AuditLine
from campaign.core import clock
from campaign.moderation.audit_actions import ModerationAction, moderation_details
from campaign.signing.audit_actions import SigningAction

ROOMS = ("moderation", "signatories", "signatures", "signing")
ENUMS = (ModerationAction, SigningAction)


@pytest.mark.parametrize("enum", ENUMS)
def test_every_action_has_a_sentence(context: Flask, enum: type[AuditAction]) -> None:
    assert context
    assert {action for action in enum if audit_words.action_text(action) == action} == set()


def test_details_read_as_sentences(context: Flask) -> None:
    assert context
    kept: dict[str, object] = {
        "own_domain": True,
        "mailed": False,
        "hidden": True,
        "at_once": 3,
        "level": "proof",
    }
    said = audit_words.detail_texts(
        AuditLine(1, clock.now(), None, "organisation approved", "signature:x", kept)
    )
    assert said == [
        "its e-mail domain was recorded as its own",
        "without an e-mail",
        "hidden at once",
        "decided together with others: 3",
        "Requires a calculation",
    ]
    assert moderation_details()["own_domain"](False) == ""


def test_views_of_these_rooms_record_nothing_and_nobody_records_a_bare_string() -> None:
    code = Path(campaign.__file__).parent
    recording = set()
    for path in (path for room in ROOMS for path in (code / room).glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id in {"record", "record_for", "record_by_day"}:
                assert not any(
                    isinstance(argument, ast.Constant) and argument.value for argument in call.args
                ), path
                recording.add(path.stem)
    assert recording == {"operations", "reports", "attack_protection", "closed_names", "mail_turns"}
