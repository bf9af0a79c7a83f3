"""Two statements of high safety, and all that a reader of one mailbox sees of them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from campaign.statements.models import Safety
from tests.support import Campaign, form, link_in, organisation_form

START = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)
CROWD = ("Ales Adzin", "Bela Dva", "Chas Try", "Dana Chatyry", "Eva Piac")
WORDS = re.compile(r'<p class="words"[^>]*>([a-z ]+)</p>')


@dataclass(slots=True)
class Days:
    """The clock, at an hour of the days since the start."""

    moment: dt.datetime = field(default=START)

    def at(self, day: float, hours: float = 0) -> None:
        """Move to a day, at nine o'clock and so many hours."""
        self.moment = START + dt.timedelta(days=day, hours=hours)


class World:
    """One statement, the mailbox that is read, and all that its reader sees."""

    def __init__(self, campaign: Campaign, slug: str, read: str) -> None:
        self.campaign, self.slug, self.read, self.seen = campaign, slug, read, []  # type: ignore[var-annotated]
        self.client = campaign.app.test_client()
        campaign.statement(slug, safety=Safety.HIGH)

    def send(self, **fields: str | None) -> list[str]:
        """Send a form. The links in the mails that came to the mailbox that is read."""
        given = {"email": self.read} | fields
        data = organisation_form(**given) if given.get("kind") == "organisation" else form(**given)
        before = len(self.campaign.sink.mails)
        self.note("form", self.client.post(f"/s/{self.slug}/sign", data=data))
        if data.get("reference"):
            # The mail of a form that a program filled in waits for the team.
            self.campaign.let_go(self.slug)
        self.campaign.work()
        mails = self.campaign.sink.mails[before:]
        if given["email"] == self.read:
            self.seen.append(("mails", len(mails)))
        return [link_in(mail) for mail in mails]

    def press(self, link: str) -> str:
        """Open the link, press its button. The words shown."""
        self.note("page", self.client.get(link), link)
        pressed = self.client.post(link, data={"action": "confirm"})
        self.note("button", pressed, link)
        self.campaign.work()
        return WORDS.findall(pressed.text)[0]

    def note(self, what: str, response: TestResponse, link: str = "-") -> None:
        """Remember an answer, without what is random."""
        body = WORDS.sub("WORDS", response.text).replace(link, "LINK")
        self.seen.append((what, response.status, body, response.headers.get("Location", "")))

    def look(self) -> None:
        """Read all that is public of the list."""
        self.campaign.app.extensions["page_cache"].clear()
        self.campaign.work()
        for page in (
            "",
            "/signatories",
            "/signatories?by=country",
            "/live",
            "/how-this-list-was-made",
            "/feed.atom",
        ):
            self.seen.append((page, self._said(f"/s/{self.slug}{page}")))
        numbers = self.client.get(f"/s/{self.slug}/live.json").get_json()
        numbers["newest"] = sorted(map(str, numbers["newest"]))
        self.seen.append(("numbers", sorted(map(str, numbers.items()))))
        listed = self.client.get(f"/api/v1/statements/{self.slug}/signatures").get_json()["signatures"]
        self.seen.append(("api", sorted(str(one | {"position": 0}) for one in listed)))

    def _said(self, address: str) -> list[str]:
        """The words of a page in an order of their own, since names come shuffled."""
        page = self.client.get(address).text.replace(self.slug, "SLUG")
        return sorted(
            re.sub(r"version=\d+|data-version=\"\d+\"|v=[0-9a-f]+|urn:uuid:[0-9a-f-]+", "", page).split()
        )

    def crowd(self) -> None:
        """Others sign, with mailboxes of their own."""
        for number, name in enumerate(CROWD):
            (link,) = self.send(name=name, email=f"{self.slug}{number}@crowd.example.org")
            self.press(link)


def assert_same(worlds: tuple[World, World]) -> None:
    """Both saw the same, one thing after the other."""
    for one, other in zip(worlds[0].seen, worlds[1].seen, strict=True):
        if one != other:
            differ = [pair for pair in zip(one[1], other[1], strict=False) if pair[0] != pair[1]]
            raise AssertionError(f"{one[0]}: {differ[:8]}, {len(one[1])} and {len(other[1])}")


def forget(world: World) -> None:
    """What happened before the adversary came was not seen."""
    world.seen.clear()
