"""Logos: drawn anew, or refused with a reason."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from campaign.core.pictures import LARGEST_FILE, PictureRefused
from campaign.organisations.logos import draw
from tests.support import Campaign, csrf_of
from tests.world.pictures import SECRET, picture

PAGE = "/desk/organisations/test-league/edit"


def bomb() -> bytes:
    """A few bytes that claim to be 60,000 × 60,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_pixels_is_kept(kind: str) -> None:
    uploaded = picture(kind)
    assert SECRET.encode() in uploaded
    drawn = draw(uploaded)
    assert SECRET.encode() not in drawn.png
    assert (drawn.width, drawn.height) == (320, 160)
    with Image.open(io.BytesIO(drawn.png)) as shown:
        assert shown.format == "PNG"
        assert not shown.info
        assert shown.getexif() == {}


REFUSED = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "kind"),
    "text": (b"this is no picture", "kind"),
    "gif": (b"GIF89a" + b"\0" * 40, "kind"),
    "half of a picture": (picture("JPEG")[:900], "broken"),
    "a bomb": (bomb(), "bomb"),
    "too large a file": (b"\x89PNG" + b"\0" * LARGEST_FILE, "large"),
    "a dot": (picture(size=(4, 4)), "small"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    uploaded, reason = REFUSED[name]
    with pytest.raises(PictureRefused) as refused:
        draw(uploaded)
    assert refused.value.reason == reason


def send(team: FlaskClient, uploaded: bytes | None, description: str = "A sprig of wormwood") -> TestResponse:
    """Fill in the form of the logo."""
    data: dict[str, object] = {"csrf_token": csrf_of(team.get(PAGE)), "description": description}
    if uploaded is not None:
        data["picture"] = (io.BytesIO(uploaded), "logo.png")
    return team.post("/desk/organisations/test-league/logo", data=data, content_type="multipart/form-data")


def test_a_logo_is_shown_and_taken_away(team: FlaskClient, client: FlaskClient, campaign: Campaign) -> None:
    campaign.organisation()
    assert client.get("/o/test-league/logo.png").status_code == 404
    assert send(team, picture()).status_code == 303
    page = client.get("/o/test-league").text
    assert 'alt="A sprig of wormwood"' in page
    shown = client.get("/o/test-league/logo.png")
    assert shown.mimetype == "image/png"
    assert "Set-Cookie" not in shown.headers
    with Image.open(io.BytesIO(shown.data)) as image:
        assert image.size == (320, 160)
    assert send(team, None, "Wormwood").status_code == 303
    campaign.work()
    assert 'alt="Wormwood"' in client.get("/o/test-league").text
    token = csrf_of(team.get(PAGE))
    assert (
        team.post("/desk/organisations/test-league/logo/remove", data={"csrf_token": token}).status_code
        == 303
    )
    campaign.work()
    assert client.get("/o/test-league/logo.png").status_code == 404
    assert "logo.png" not in client.get("/o/test-league").text


@pytest.mark.parametrize(
    ("uploaded", "said"),
    [
        (None, "Please choose a file."),
        (b"no picture", "This kind of picture is not accepted."),
        (b"\x89PNG" + b"\0" * LARGEST_FILE, "This file is larger than 5 MB."),
        (bomb(), "This picture has too many pixels."),
    ],
)
def test_a_refused_logo_is_explained_and_the_description_kept(
    team: FlaskClient, campaign: Campaign, uploaded: bytes | None, said: str
) -> None:
    campaign.organisation()
    refused = send(team, uploaded, "A sprig of wormwood, green")
    assert refused.status_code == 422
    assert said in refused.text
    assert "A sprig of wormwood, green" in refused.text


def test_a_logo_without_a_description_is_refused(team: FlaskClient, campaign: Campaign) -> None:
    campaign.organisation()
    refused = send(team, picture(), "")
    assert refused.status_code == 422
    assert "Please say in a few words what the logo shows" in refused.text
