"""Words with which a signature is taken back at high safety: shown once, written down by nobody but its
signer.

Six made-up words of two syllables, 69 bits: easier to copy by hand than digits, in any script of the page,
and not to be guessed.
"""

from __future__ import annotations

import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.vault import digest
from campaign.signatures.models import Signature, SpentPhrase

# No letters that look or sound alike when copied, and none of which two syllables make a coarse word in the
# languages of the site.
_CONSONANTS = "bdfglmnrtvz"
_VOWELS = "aeiou"
_WORDS = 6
_SHAPE = re.compile(rf"([{_CONSONANTS}][{_VOWELS}]){{2}}( ([{_CONSONANTS}][{_VOWELS}]){{2}}){{{_WORDS - 1}}}")


def new_phrase() -> str:
    """Six words, such as `bade lomi teru vaga nizo fure`."""
    return " ".join(
        "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _syllable in range(2))
        for _word in range(_WORDS)
    )


def normal_phrase(typed: str) -> str:
    """The words as they were shown, however they were typed; empty when these can't be such words."""
    words = " ".join(re.findall(r"[a-z]+", typed[:200].lower()))
    return words if _SHAPE.fullmatch(words) else ""


def phrase_mark(words: str) -> bytes:
    """What is kept of the words.

    They are random, so that no key has to guard them, and none that is removed makes them useless. 32 bytes.
    """
    return bytes.fromhex(digest("words of a signature", words))


def is_known_phrase(session: Session, words: str) -> bool:
    """True for words that were shown to somebody, whatever they open."""
    mark = phrase_mark(words)
    return session.get(SpentPhrase, mark) is not None or _signature_of(session, mark) is not None


def signature_of_phrase(session: Session, words: str) -> Signature | None:
    """The signature that these words take back."""
    return _signature_of(session, phrase_mark(words))


def spend_phrase(session: Session, words: str) -> None:
    """Let these words be known, and open nothing. Twice is no error."""
    session.merge(SpentPhrase(mark=phrase_mark(words)))
    session.flush()


def _signature_of(session: Session, mark: bytes) -> Signature | None:
    return session.scalar(select(Signature).where(Signature.words_mark == mark))
