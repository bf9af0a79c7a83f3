"""Records that may be the same organisation, in other scripts and spellings: for a person to judge, never
decided here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz import fuzz
from sqlalchemy import func, select

from campaign.core.search import spoken_words
from campaign.extensions import db
from campaign.organisations.models import NameMark, Organisation, OrganisationName
from campaign.organisations.name_sounds import STEM, Heard, Sounds, beginnings, heard, marks_sought
from campaign.organisations.name_variants import (
    countries_in_brackets,
    place_words,
    title_of,
    variants,
    without_country,
)

_ALIKE = 84.0
# Names spelled differently as a whole: "Frontline", a slip in a common word.
_SAME_WHOLE = 92.0
# The same words, perhaps from another script.
_SAME_SAID = 95.0
_SAME_WORD = 70.0
# About 2 s, once after each change.
_MOST_NAMES = 4_000
# Rows of marks that are read for one name, and names that are compared with it: some 20 ms.
_MOST_ROWS = 1_200
_MOST_COMPARED = 60
# A whole name that says the same would be above.
_BY_ABBREVIATION = 90.0
# A made-up one is nobody's twin.
_REAL = select(Organisation.id).where(Organisation.fictional.is_(False))


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two organisations (ids, the smaller first) that may be one; `closeness` is that of their closest names,
    up to 100.
    """

    first: int
    second: int
    closeness: float


def likely_duplicates(most: int = 20) -> list[Likeness]:
    """Pairs of the registry that may be one organisation, the closest first.

    None for a very large registry: it would hold up the page.
    """
    found = db.session.execute(
        select(OrganisationName.organisation_id, OrganisationName.name)
        .where(OrganisationName.organisation_id.in_(_REAL))
        .order_by(OrganisationName.id)
    ).tuples()
    rows = tuple(found)
    return _pairs(rows)[:most] if len(rows) <= _MOST_NAMES else []


def similar_to(names: Iterable[str], but: int | None = None) -> list[int]:
    """Organisations with a name close to one of `names`, the closest first; not the one with the id `but`."""
    wanted = list(dict.fromkeys(names))
    best: dict[int, float] = {}
    for organisation_id, name in _candidates(wanted):
        if organisation_id != but:
            best[organisation_id] = max(
                best.get(organisation_id, 0), *(likeness_of_names(one, name) for one in wanted)
            )

    return sorted(
        (each for each, found in best.items() if found >= _ALIKE), key=lambda each: (-best[each], each)
    )


def twins_of(name: str, most: int = 5) -> list[int]:
    """Organisations of which a name says the same as this one in another form: another script, an
    abbreviation, brackets, quotation marks, its kind of body or country. The closest first.

    Nearer than similar_to(): this is asked of people who sign, and not only of the team.
    """
    best: dict[int, float] = {}
    for organisation_id, other in _candidates([name]):
        best[organisation_id] = max(best.get(organisation_id, 0), _sameness(name, other))
    found = sorted((each for each, score in best.items() if score), key=lambda each: (-best[each], each))
    return found[:most]


def prepare() -> None:
    """Make what is made once in a process, half a second's work, before a signer waits for it."""
    _sameness("League of Poland (PL)", "League (Poland)")


def _sameness(one: str, other: str) -> float:
    left, right = variants(one), variants(other)
    if left.given & (right.given | right.initials) or right.given & left.initials:
        return _BY_ABBREVIATION
    pairs = ((heard(a), heard(b)) for a in left.forms for b in right.forms)
    found = max(closeness(a, b) if a.numbers == b.numbers else 0 for a, b in pairs)
    found = max(found if found >= _SAME_SAID else 0, _but_for_what_is_added(left.forms[0], right.forms[0]))
    return min(found, _most_alike(one, other))


def likeness_of_names(one: str, other: str) -> float:
    """The similarity of two names in all the forms in which each is written, 0 to 100."""
    left, right = variants(one), variants(other)
    if left.given & (right.given | right.initials) or right.given & left.initials:
        return _BY_ABBREVIATION
    found = max(closeness(heard(a), heard(b)) for a in left.forms for b in right.forms)
    return min(max(found, _but_for_what_is_added(left.forms[0], right.forms[0])), _most_alike(one, other))


def _most_alike(one: str, other: str) -> float:
    """Of two countries in brackets, each has an organisation of its own."""
    said = countries_in_brackets(one), countries_in_brackets(other)
    return _ALIKE if all(said) and not said[0] & said[1] else 100


def _but_for_what_is_added(one: str, other: str) -> float:
    return max(_but_for_a_country(one, other), _but_for_a_subtitle(one, other))


def _but_for_a_subtitle(one: str, other: str) -> float:
    """The similarity of names of which one says what the organisation is, behind a dash or colon."""
    titles = [title_of(name) for name in (one, other)]
    if all(titles) or not any(titles):
        return 0
    left, right = (heard(title or name) for title, name in zip(titles, (one, other), strict=True))
    found = closeness(left, right) if left.numbers == right.numbers else 0
    return min(_BY_ABBREVIATION, found) if found >= _SAME_SAID else 0


def _but_for_a_country(one: str, other: str) -> float:
    """The similarity of names of which one says its country and the other none: perhaps a section of it."""
    left, right = heard(one), heard(other)
    without = [Heard(_without_places(name.telling), name.whole, name.numbers) for name in (left, right)]
    changed = [
        name.telling != bare.telling and bool(bare.telling)
        for name, bare in zip((left, right), without, strict=True)
    ]
    if changed.count(True) != 1:
        return _but_for_the_only_word(one, other)
    return min(_BY_ABBREVIATION, _of_words(without[0].telling, without[1].telling))


def _but_for_the_only_word(one: str, other: str) -> float:
    """The same for names of common words, in which nothing else is distinguishing: “Civil Rights Defenders
    Sweden”.
    """
    bare = [without_country(name) for name in (one, other)]
    left, right = map(heard, bare)
    is_one = [name == known for name, known in zip(bare, (one, other), strict=True)].count(True) == 1
    return _BY_ABBREVIATION if is_one and all(bare) and left.whole == right.whole else 0


def _without_places(words: Sounds) -> Sounds:
    return tuple(word for word in words if not set(word) & _places())


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    said = (readings for readings in spoken_words(" ".join(sorted(place_words()))))
    return frozenset(reading[:STEM] for readings in said for reading in readings)


def _candidates(names: Iterable[str]) -> Iterable[tuple[int, str]]:
    """Ids and names of the registry that have anything in common with one of `names`, those with the rarest
    in common first: a registry of many thousands is neither read nor compared here.
    """
    found: dict[int, tuple[int, str]] = {}
    for name in names:
        found |= _sharing_marks(name)
    return found.values()


def _sharing_marks(name: str) -> dict[int, tuple[int, str]]:
    """By the id of the name: the nearest names of the registry, each with its organisation."""
    counted = select(NameMark.mark, func.count()).where(NameMark.mark.in_(marks_sought(name)))
    often = dict(db.session.execute(counted.group_by(NameMark.mark)).tuples().all())
    rarest, rows = list[str](), 0
    for mark in sorted(often, key=lambda mark: (often[mark], mark)):
        if rarest and rows + often[mark] > _MOST_ROWS:
            break
        rarest.append(mark)
        rows += often[mark]
    if not rarest:
        return {}
    shared = (
        select(NameMark.name_id, NameMark.mark, OrganisationName.organisation_id, OrganisationName.name)
        .join(OrganisationName, OrganisationName.id == NameMark.name_id)
        .where(NameMark.mark.in_(rarest), OrganisationName.organisation_id.in_(_REAL))
        .order_by(NameMark.name_id)
        .limit(_MOST_ROWS)
    )
    weights: dict[int, float] = defaultdict(float)
    names: dict[int, tuple[int, str]] = {}
    for name_id, mark, organisation_id, known in db.session.execute(shared).tuples():
        weights[name_id] += 1 / often[mark]
        names[name_id] = organisation_id, known
    marked = _count_marks(names) if len(names) > _MOST_COMPARED else {}
    # Of names that share as much, those that say little else.
    nearest = sorted(names, key=lambda each: (-weights[each], marked.get(each, 0), each))
    return {each: names[each] for each in nearest[:_MOST_COMPARED]}


def _count_marks(name_ids: Iterable[int]) -> dict[int, int]:
    counted = select(NameMark.name_id, func.count()).where(NameMark.name_id.in_(list(name_ids)))
    return dict(db.session.execute(counted.group_by(NameMark.name_id)).tuples().all())


def closeness(one: Heard, other: Heard) -> float:
    """The similarity of two names by sound, 0 to 100: by the words that distinguish them from others, or as a
    whole.
    """
    whole = fuzz.ratio(one.whole, other.whole) if one.numbers == other.numbers else 0
    return max(_of_words(one.telling, other.telling), whole if whole >= _SAME_WHOLE else 0)


def _of_words(one: Sounds, other: Sounds) -> float:
    """The similarity of words in any order, the closest first.

    A word that only one of the two has counts against it.
    """
    scored = ((_word(left, right), i, j) for i, left in enumerate(one) for j, right in enumerate(other))
    # A word that is merely somewhat alike is another word.
    alike = sorted((score for score in scored if score[0] >= _SAME_WORD), reverse=True)

    matched_left, matched_right, total = set(), set(), 0.0
    for score, i, j in alike:
        if i not in matched_left and j not in matched_right:
            matched_left.add(i)
            matched_right.add(j)
            total += score

    return 2 * total / (len(one) + len(other)) if one and other else 0


def _word(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return max(fuzz.ratio(reading, candidate) for reading in one for candidate in other)


@lru_cache(maxsize=2)
def _pairs(rows: tuple[tuple[int, str], ...]) -> list[Likeness]:
    """Compare names that share the beginning of one of their two rarest words: all with all would take too
    long.
    """
    names: dict[int, set[Heard]] = defaultdict(set)
    for organisation_id, name in rows:
        names[organisation_id].add(heard(name))

    shelves: dict[str, set[int]] = defaultdict(set)
    often = Counter(
        beginning
        for known in names.values()
        for beginning in {said for name in known for said in beginnings(name)}
    )
    for organisation_id, known in names.items():
        for spoken in known:
            rarest = sorted(beginnings(spoken), key=lambda beginning: (often[beginning], beginning))[:2]
            for beginning in rarest:
                shelves[beginning].add(organisation_id)

    candidates = {pair for shelf in shelves.values() for pair in combinations(sorted(shelf), 2)}
    found = [Likeness(first, second, _closest(names, first, second)) for first, second in candidates]
    return sorted(
        (pair for pair in found if pair.closeness >= _ALIKE),
        key=lambda pair: (-pair.closeness, pair.first, pair.second),
    )


def _closest(names: Mapping[int, set[Heard]], first: int, second: int) -> float:
    return max(closeness(one, other) for one in names[first] for other in names[second])
