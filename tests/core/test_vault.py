"""Sealed values open only with a key of the ring, unchanged, and at their own place."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.vault import SealBroken, Vault, digest

OLD, NEW = "old key " * 5, "new key " * 5
ROW = uuid.UUID(int=7)
PLACE = ("signatures", "sealed", ROW)


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_again(plain: bytes) -> None:
    vault = Vault([NEW])
    assert vault.unseal(vault.seal(plain, *PLACE), *PLACE) == plain


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.none(), max_size=5))
def test_a_dictionary_opens_as_it_was(fields: dict[str, object]) -> None:
    vault = Vault([NEW])
    assert vault.unseal_json(vault.seal_json(fields, *PLACE), *PLACE) == fields


def test_the_plain_text_and_the_key_are_not_in_the_sealed_bytes() -> None:
    sealed = Vault([NEW]).seal(b"anna@post.example.org", *PLACE)
    assert b"anna" not in sealed and b"post.example" not in sealed and NEW.encode() not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    vault = Vault([NEW])
    assert len({vault.seal(b"Anna", *PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "place",
    [
        ("signatures", "sealed", uuid.UUID(int=8)),
        ("signatures", "sealed_contact", ROW),
        ("submissions", "sealed", ROW),
        ("signatures", "sealed", 7),
    ],
)
def test_a_value_that_was_moved_to_another_row_column_or_table_stays_shut(
    place: tuple[str, str, uuid.UUID | int],
) -> None:
    vault = Vault([NEW])
    with pytest.raises(SealBroken):
        vault.unseal(vault.seal(b"Anna", *PLACE), *place)


@given(st.binary(min_size=1, max_size=300))
def test_what_was_covered_is_uncovered_and_is_alike_each_time(plain: bytes) -> None:
    before, after = Vault([OLD]), Vault([OLD, NEW])
    covered = before.cover(plain, "place")
    assert covered == before.cover(plain, "place") != after.cover(plain, "place")
    assert after.uncover(covered, "place") == plain
    assert len(plain) < 4 or plain not in covered


@pytest.mark.parametrize(
    "change",
    [
        lambda covered: covered[:-1],
        lambda covered: covered + b"x",
        lambda _covered: b"",
        lambda _covered: b"x" * 16,
    ],
)
def test_a_covered_value_that_was_changed_or_made_elsewhere_stays_shut(
    change: Callable[[bytes], bytes],
) -> None:
    covered = Vault([NEW]).cover(b"Anna", "place")
    for vault, value, purpose in (
        (Vault([NEW]), change(covered), "place"),
        (Vault([OLD]), covered, "place"),
        (Vault([NEW]), covered, "other"),
    ):
        with pytest.raises(SealBroken):
            vault.uncover(value, purpose)


def test_a_change_of_any_byte_is_noticed() -> None:
    vault = Vault([NEW])
    sealed = vault.seal(b"Anna", *PLACE)
    for index in range(len(sealed)):
        changed = sealed[:index] + bytes([sealed[index] ^ 1]) + sealed[index + 1 :]
        with pytest.raises(SealBroken):
            vault.unseal(changed, *PLACE)


def test_a_value_that_was_cut_at_any_length_is_noticed() -> None:
    vault = Vault([NEW])
    sealed = vault.seal(b"Anna", *PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            vault.unseal(sealed[:length], *PLACE)


def test_an_old_key_opens_and_the_newest_seals() -> None:
    before, after = Vault([OLD]), Vault([OLD, NEW])
    assert after.unseal(before.seal(b"Anna", *PLACE), *PLACE) == b"Anna"
    with pytest.raises(SealBroken):
        before.unseal(after.seal(b"Anna", *PLACE), *PLACE)
    assert Vault([NEW]).unseal(after.seal(b"Anna", *PLACE), *PLACE) == b"Anna"


def test_a_refusal_says_nothing_of_the_value() -> None:
    with pytest.raises(SealBroken) as refusal:
        Vault([NEW]).unseal(Vault([OLD]).seal(b"Anna", *PLACE), *PLACE)
    assert str(refusal.value) == "no key for a value of signatures.sealed"


def test_an_index_differs_by_key_purpose_and_value_and_is_found_after_a_rotation() -> None:
    before, after = Vault([OLD]), Vault([OLD, NEW])
    assert (
        len(
            {
                before.index("code", "1"),
                before.index("code", "2"),
                before.index("mailbox", "1"),
                after.index("code", "1"),
            }
        )
        == 4
    )
    assert after.indexes("code", "1") == [after.index("code", "1"), before.index("code", "1")]
    assert len(after.index("code", "1")) == 32


def test_a_digest_tells_where_one_part_ends() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert len(digest("ab", "c")) == 64


def test_the_length_of_a_sealed_value_says_little_of_what_is_in_it() -> None:
    vault = Vault([NEW])
    names = ("Li", "Anna Example", "Święta Małgorzata-Krzysztofa Wojciechowska-Brzęczyszczykiewicz")
    assert len({len(vault.seal_json({"name": name}, *PLACE)) for name in names}) == 1
    assert len({len(vault.seal_text(f"{name}@post.example.org", *PLACE)) for name in names}) == 1
    for name in names:
        assert vault.unseal_json(vault.seal_json({"name": name}, *PLACE), *PLACE) == {"name": name}
        assert vault.unseal_text(vault.seal_text(name, *PLACE), *PLACE) == name
    # What earlier releases sealed has its own length.
    assert vault.unseal_text(vault.seal(b"Anna", *PLACE), *PLACE) == "Anna"
