"""Where the name of a person stands in what everyone can read outside the case file: texts that people
wrote by hand.

The wish of the person or the family guards the file, and what is made from it. It can't guard a sentence in a
statement: so such places are found, in every spelling and language of the name and in its cases, and shown
to the team. More is found than meant rather than less: a person looks at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.permissions import confined_to
from campaign.core.registration import Registry
from campaign.core.search import spoken_words
from campaign.people.models import CaseEvent, CaseEventText, Person, PersonName, PersonText
from campaign.people.visibility import Extent, may_be_seen

# Vowels as sounds are written; what stands after the last consonant of a name changes with its case.
_VOWELS = "*+="
# The longest ending: -skaha, -skomu, -ovymi.
_LONGEST_ENDING = 4
# A shorter stem has to be the whole word: too many words begin with it.
_SHORT_STEM = 4
# Given name and surname, perhaps with a patronymic between them.
_APART = 3

Sounds = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names a person. `place` says in words what it is, `title` which one, in `language`.

    `endpoint` and `values` lead to the page on which the team changes it, where there is one. `key` is set
    for what can be taken off at once; `alone` is true where it seems to be about the person and nobody
    else.
    """

    place: str
    title: str
    language: str
    endpoint: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    alone: bool = False


class NameFinder:
    """Finds a person's names in texts."""

    def __init__(self, names: Iterable[str]) -> None:
        spoken = [_sounds(name) for name in names]
        self._wholes = [_stems(words) for words in spoken if words]
        # Surnames stand last, in our files; a single name is taken as one.
        self._surnames = {stem for words in spoken if words for stem in _stems(words[-1:])[0]}

    def finds(self, *texts: str | None) -> bool:
        """True if a text has the surname, or two words of one name near each other, however spelled."""
        return any(self._in(_sounds(text)) for text in texts if text)

    def _in(self, words: Sounds) -> bool:
        if any(_is_form(word, stem) for readings in words for word in readings for stem in self._surnames):
            return True
        return any(self._near(words, whole) for whole in self._wholes if len(whole) > 1)

    def _near(self, words: Sounds, whole: Sequence[set[str]]) -> bool:
        found: dict[int, int] = {}
        for place, readings in enumerate(words):
            for number, stems in enumerate(whole):
                if any(_is_form(word, stem) for word in readings for stem in stems):
                    found[number] = place
            recent = [number for number, last in found.items() if place - last < _APART]
            if len(recent) > 1:
                return True
        return False


def finder_of(session: Session, person: Person) -> NameFinder:
    """What finds this person, by all names of the file."""
    return NameFinder(session.scalars(select(PersonName.name).where(PersonName.person_id == person.id)).all())


# Rooms that show texts by hand answer here with the places that name a person, as everyone can read them now.
mentions: Registry[Callable[[Session, Person, NameFinder], Iterable[Mention]]] = Registry(
    "mentions of a name"
)
# Take off what has these keys and is the member's to change, and keep it guarded by the wish from now on.
take_off: Registry[Callable[[Session, Person, Sequence[str]], None]] = Registry("mentions taken off")


def mentions_of(session: Session, person: Person) -> list[Mention]:
    """All places outside the case file that name the person."""
    finder = finder_of(session, person)
    return [found for answer in mentions.answers() for found in answer(session, person, finder)]


def others_in_files(session: Session, person: Person, finder: NameFinder) -> Iterable[Mention]:
    """The files of other people that name this one."""
    seen = select(Person).where(Person.id != person.id, may_be_seen(Extent.FULL)).order_by(Person.slug)
    for other in session.scalars(seen):
        named = next((name for name in other.names if name.canonical), other.names[0])
        texts = session.scalars(select(PersonText).where(PersonText.person_id == other.id)).all()
        events = session.scalars(
            select(CaseEventText)
            .join(CaseEvent, CaseEvent.id == CaseEventText.event_id)
            .where(CaseEvent.person_id == other.id)
        ).all()
        written = [part for text in texts for part in (text.role, text.life, text.health, text.letter_note)]
        written += [part for text in events for part in (text.explanation, text.place, text.note)]
        written += [source.line or "" for source in other.sources]
        if other.portrait is not None:
            written += [other.portrait.description, other.portrait.credit]
        if finder.finds(*written):
            own = confined_to()
            may = own is None or other.kept_by_id in own
            yield Mention(
                _("Case file of another person"),
                named.name,
                named.language,
                "people_desk.show" if may else None,
                {"slug": other.slug},
            )


def _sounds(text: str) -> Sounds:
    """The sounds of each word, with the hissing ones as one: German has z where others write ts."""
    return [
        tuple(sound.replace("ts", "s").replace("z", "s") for sound in readings)
        for readings in spoken_words(text)
    ]


def _stems(words: Sounds) -> list[set[str]]:
    return [{sound.rstrip(_VOWELS) or sound for sound in readings} for readings in words]


def _is_form(word: str, stem: str) -> bool:
    """True for a word that is the stem with an ending, as far as endings go."""
    if not word.startswith(stem):
        return False
    ending = word[len(stem) :]
    if len(stem) < _SHORT_STEM:
        return ending.strip(_VOWELS) == "" and len(ending) <= 2
    return len(ending) <= _LONGEST_ENDING
