"""S2 of what is kept: a mailbox is one however its address is written, and only the key of its statement
can ask for it.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from campaign.core.database import writing
from campaign.core.mail_addresses import PROVIDERS
from campaign.core.vault import keyed_hash, vault
from campaign.extensions import db
from campaign.privacy import key_destruction
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import Signature
from campaign.statements.errors import KeyDestroyed
from campaign.statements.models import Statement
from campaign.statements.queries import statement_key
from tests.support import Campaign

ONE_MAILBOX = (
    ("a.b@gmail.com", "AB@GMAIL.com", "ab+news@googlemail.com", "a.b+x+y@gmail.com", "ａｂ@gmail.com"),
    ("ina.b@yandex.ru", "ina-b@ya.ru", "Ina.B+1@yandex.by", "ina.b@yandex.com"),
    ("ina@proton.me", "i.n_a@protonmail.com", "ina+tag@pm.me", "i-na@proton.me"),
    ("ina@icloud.com", "INA+x@me.com", "ina@mac.com"),
    ("ina@organisation.org", "Ina@ORGANISATION.org"),
    ("ina@пошта.бел", "INA@xn--80a1acn3a.xn--90ais"),
)
TWO_MAILBOXES = (
    ("a.b@organisation.org", "ab@organisation.org"),
    ("a+b@organisation.org", "a@organisation.org"),
    ("ina@gmail.com", "ina@proton.me"),
    ("ina@hotmail.com", "ina@outlook.com"),
    ("a.b@tuta.com", "ab@tuta.com"),
    ("a+b@tuta.com", "a@tuta.com"),
    ("a.b@outlook.com", "ab@outlook.com"),
    ("+a@gmail.com", "a@gmail.com"),
)


@pytest.mark.parametrize("written", ONE_MAILBOX, ids=lambda written: written[0])
def test_all_spellings_of_one_mailbox_are_one(written: tuple[str, ...]) -> None:
    assert len({canonical(address) for address in written}) == 1


@pytest.mark.parametrize("written", TWO_MAILBOXES, ids=lambda written: written[0])
def test_two_mailboxes_stay_two(written: tuple[str, str]) -> None:
    assert canonical(written[0]) != canonical(written[1])


@given(st.emails())
def test_the_canonical_form_is_its_own(address: str) -> None:
    assert canonical(canonical(address)) == canonical(address)
    assert canonical(address.upper()) == canonical(address)


def test_the_rules_name_each_domain_once() -> None:
    named = [domain for provider in PROVIDERS for domain in provider.domains]
    assert len(named) == len(set(named)) and all(domain == domain.lower() for domain in named)


@pytest.mark.parametrize("written", ONE_MAILBOX[:3], ids=lambda written: written[0])
def test_a_mailbox_counts_once_however_it_is_written(
    campaign: Campaign, client: FlaskClient, written: tuple[str, ...]
) -> None:
    campaign.statement()
    for address in written[:3]:
        campaign.sign(email=address)
    assert campaign.counts() == (1, 0)


def test_the_index_is_of_its_statement_alone_and_ends_with_its_key(campaign: Campaign) -> None:
    address = "anna@post.example.org"
    one, two = campaign.statement(), campaign.statement("other")
    campaign.sign(email=address)
    campaign.sign("other", email=address)
    with campaign.app.app_context():
        kept = dict(
            db.session.execute(select(Signature.statement_id, Signature.mailbox_index)).tuples().all()
        )
        assert kept[one] != kept[two]
        assert {
            key: keyed_hash(statement_key(db.session(), key), "mailbox", canonical(address))
            for key in (one, two)
        } == kept
        # The keys of the house alone can't ask.
        assert kept[one] not in vault().indexes("mailbox", canonical(address))
        with writing() as session:
            key_destruction.destroy(session, session.get_one(Statement, one))
        with pytest.raises(KeyDestroyed):
            statement_key(db.session(), one)
        statement_key(db.session(), two)
