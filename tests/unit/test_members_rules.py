"""The pure rules about members."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import qr
from chalicelib.kernel.check_digits import check_symbol
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.facts import Image
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.table.keys import PATTERNS
from chalicelib.members import card, facts, model
from chalicelib.members.erasure import MAP, deleted_later
from chalicelib.messages import addresses

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_new_card_numbers_carry_their_check_digit() -> None:
    numbers = {card.new_number(Ids()) for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(len(number) == 16 and model.is_card_number(number) for number in numbers)


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_of_a_card_number_is_noticed(body: str, place: int, by: int) -> None:
    number = model.card_number(body)
    wrong = str((int(number[place]) + by) % 10)
    assert not model.is_card_number(number[:place] + wrong + number[place + 1 :])


def test_card_numbers_are_checked_as_the_standard_says() -> None:
    # ISO/IEC 7812-1's own worked example of Luhn's formula.
    assert check_symbol("7992739871", model.DIGITS) == "3"
    assert model.in_groups("4000123412341231") == "4000 1234 1234 1231"


def test_a_card_shows_as_qr_and_as_barcode() -> None:
    for svg in (qr.svg("4000123412341231"), card.barcode_svg("4000123412341231")):
        assert "<svg" in svg
        assert "</svg>" in svg


@given(
    st.integers(0, 9_999_999),
    st.sampled_from(["+7916{}", "+7 (916) {}", " +7-916-{} ", "+7.916.{}"]),
)
def test_a_phone_number_has_one_form(number: int, written: str) -> None:
    digits = f"{number:07}"
    assert addresses.normalise("sms", written.format(digits)) == f"+7916{digits}"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("+971 50 123 4567", "+971501234567"),
        ("+٩٧١٥٠١٢٣٤٥٦٧", "+971501234567"),
        ("+38 (050) 123-45-67", "+380501234567"),
        ("+1 202-555-0123", "+12025550123"),
    ],
)
def test_phones_of_other_countries(written: str, stored: str) -> None:
    assert addresses.normalise("sms", written) == stored


@pytest.mark.parametrize(
    "written", ["", "8 916 555-12-34", "+7916", "+7 495 123-45-67", "+7 809 555 12 34", "abc", "+0"]
)
def test_what_takes_no_sms_is_refused(written: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        addresses.normalise("sms", written)
    (fault,) = refused.value.fields
    assert fault.pointer == "/address"
    assert fault.code in ("wrong_phone", "no_mobile_phone")


@given(st.text(max_size=40))
def test_no_text_breaks_normalising(text: str) -> None:
    for normalise in (addresses.phone, addresses.email):
        try:
            stored = normalise(text)
        except InvalidFields:
            continue
        assert normalise(stored) == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" Ann@Example.ORG ", "ann@example.org"),
        ("a.b+c@sub.example.co", "a.b+c@sub.example.co"),
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_an_email_address_has_one_form(written: str, stored: str) -> None:
    assert addresses.normalise("email", written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a@b",
        "@example.org",
        "a@",
        "a b@example.org",
        "a..b@example.org",
        "a@-x.org",
        "a@1.2.3.4",
    ],
)
def test_what_is_no_email_address_is_refused(written: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        addresses.normalise("email", written)
    assert [fault.code for fault in refused.value.fields] == ["wrong_email"]


@given(st.dates(date(1900, 1, 1), date(2026, 11, 23)))
def test_a_possible_birthday_is_kept(birthday: date) -> None:
    assert model.checked_birthday(birthday, AT.date(), "/birthday") == birthday.isoformat()


@pytest.mark.parametrize("birthday", [date(1899, 12, 31), date(2026, 11, 24)])
def test_an_impossible_birthday_is_refused(birthday: date) -> None:
    with pytest.raises(InvalidFields):
        model.checked_birthday(birthday, AT.date(), "/birthday")


def test_a_name_of_nothing_but_space_is_refused() -> None:
    assert model.tidy("  Anna \t Maria ", "/given_name") == "Anna Maria"
    with pytest.raises(InvalidFields):
        model.tidy(" \u00a0 ", "/given_name")


def test_a_journal_item_of_a_member_is_a_fact_and_nothing_else_is() -> None:
    item: Image = {
        "pk": "jewels#M#0c4x9k2m7q1w8e5r3t6y",
        "sk": "J#000000000002",
        "fact": "member.profile_changed",
        "at": render(AT),
        "actor": "member:0c4x9k2m7q1w8e5r3t6y",
        "data": '{"fields":["city"]}',
    }
    fact = facts.project(item)
    assert fact is not None
    assert (fact.program, fact.member) == ("jewels", "0c4x9k2m7q1w8e5r3t6y")
    assert (fact.name, fact.data["fields"]) == ("member.profile_changed", ["city"])
    assert facts.project({**item, "sk": "MEMBER"}) is None
    assert facts.project({**item, "pk": "_#TAG#7K3M9QWX2B4D"}) is None


def test_the_erasure_map_covers_every_kind_of_item_that_leads_to_a_person() -> None:
    personal = {pattern.name for pattern in PATTERNS if pattern.personal != "no"}
    assert set(MAP) == personal


def test_the_erasure_document_says_what_the_map_says() -> None:
    document = (Path(__file__).parents[2] / "docs" / "erasure.md").read_text()
    for name, how in MAP.items():
        assert f"| {name} | {how.action} | {how.when} | {how.why} |" in document


def test_the_follow_up_deletes_what_the_map_says() -> None:
    marks = {"SESSION#", "N#", "SEEN", "NOTE#", "SHIP#", "APPLY#", "SELLER"}
    assert set(deleted_later()) == marks
