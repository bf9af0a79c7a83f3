"""Withdrawal phrases: the words that withdraw a signature at high safety, shown and stored nowhere.

Six made-up words of two syllables, 69 bits: easier to copy by hand than digits, in any script of the page,
and infeasible to guess.
"""

from __future__ import annotations

import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.database import insert_unless_taken
from campaign.core.vault import digest
from campaign.signatures.models import Signature, SpentPhrase

# No letters that look or sound alike, and none from which two syllables form a coarse word in the site's
# languages.
_CONSONANTS = "bdfglmnrtvz"
_VOWELS = "aeiou"
_WORDS = 6
_SHAPE = re.compile(rf"([{_CONSONANTS}][{_VOWELS}]){{2}}( ([{_CONSONANTS}][{_VOWELS}]){{2}}){{{_WORDS - 1}}}")


def new_phrase() -> str:
    """A new phrase of six words, such as `bade lomi teru vaga nizo fure`."""
    return " ".join(
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _syllable in range(2))
        for _word in range(_WORDS)
    )


def phrase_from(secret: bytes) -> str:
    """The phrase that follows from 32 secret bytes: the same each time."""
    number, syllables = int.from_bytes(secret), []
    for _syllable in range(_WORDS * 2):
        number, place = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        syllables.append(_CONSONANTS[place // len(_VOWELS)] + _VOWELS[place % len(_VOWELS)])
    return " ".join(syllables[word] + syllables[word + 1] for word in range(0, len(syllables), 2))


def normal_phrase(typed: str) -> str:
    """The phrase as it was shown, however it was typed; empty if it can't be one."""
    words = " ".join(re.findall(r"[a-z]+", typed[:200].lower()))
    return words if _SHAPE.fullmatch(words) else ""


def phrase_mark(words: str) -> bytes:
    """The digest of a phrase, 32 bytes: all that is kept of it.

    The words are random, so no key is needed to protect them, and no destroyed key makes them useless.
    """
    return bytes.fromhex(digest("words of a signature", words))


def is_known_mark(session: Session, mark: bytes) -> bool:
    """True for the digest of a phrase that was shown to somebody, whether or not it still withdraws
    anything.
    """
    return session.get(SpentPhrase, mark) is not None or signature_of_mark(session, mark) is not None


def signature_of_mark(session: Session, mark: bytes) -> Signature | None:
    """The signature that the phrase of this digest withdraws."""
    return session.scalar(select(Signature).where(Signature.words_mark == mark))


def spend_mark(session: Session, mark: bytes) -> None:
    """Note the digest of a phrase as known but without effect. Doing it twice is no error."""
    insert_unless_taken(session, SpentPhrase.__table__, {"mark": mark}, ("mark",))  # type: ignore[arg-type]
