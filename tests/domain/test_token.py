"""Our reference finds its case again, and nobody else can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.token import make_message_id, make_reference, referenced_case

KEY = b"a key for tests"


@given(st.integers(1, 10**12 - 1), st.text(max_size=40), st.text(max_size=40))
def test_a_reference_is_found_in_any_text(number: int, before: str, after: str) -> None:
    assert referenced_case(KEY, f"{before} {make_reference(KEY, number)} {after}") == number


def test_it_is_found_in_a_message_id_and_in_small_letters() -> None:
    reference = make_reference(KEY, 42)
    assert referenced_case(KEY, make_message_id(reference, "abc", "example.test")) == 42
    assert referenced_case(KEY, reference.lower()) == 42


@pytest.mark.parametrize("forged", ["AM-42-AAAAAAAAAA", "AM-42-", "AM-42", "am-0-7777777777"])
def test_a_forged_one_is_passed_over(forged: str) -> None:
    assert referenced_case(KEY, f"{forged} {make_reference(KEY, 7)}") == 7


def test_another_workspaces_key_does_not_fit() -> None:
    assert referenced_case(b"another key", make_reference(KEY, 42)) is None


def test_the_signature_of_one_case_does_not_open_another() -> None:
    signature = make_reference(KEY, 42).rpartition("-")[2]
    assert referenced_case(KEY, f"AM-43-{signature}") is None


def test_a_reference_inside_a_longer_word_is_none() -> None:
    reference = make_reference(KEY, 42)
    assert referenced_case(KEY, f"X{reference}") is None
    assert referenced_case(KEY, f"{reference}X") is None


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    assert referenced_case(KEY, "AM-1-" * 100_000 + "A" * 100_000) is None
