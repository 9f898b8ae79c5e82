"""Serials, scratch codes, GTINs and print files: pure rules."""

import csv
import io
import random
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.check_digits import check_symbol
from chalicelib.kernel.codes import in_groups, read_code
from chalicelib.kernel.ids import ALPHABET, in_time_order
from chalicelib.kernel.texts import say
from chalicelib.tags import model, printing
from chalicelib.tags.model import Item, Keys, Label, Name
from chalicelib.tags.store import TagItem

KEYS = Keys(b"serial" * 6, b"code" * 8, b"stored" * 6)
SEED = "5e" * 32
GUESSES = 1_000_000
BODIES = st.text(ALPHABET, min_size=12, max_size=12)
CODES = BODIES.map(lambda body: body + check_symbol(body, ALPHABET))
LOOKS = {
    "0": "0OoОоΟ０٠۰",
    "1": "1IiLlІіӀ１١۱",
    "3": "3Зз３٣۳",
    "A": "AaАаΑＡ",
    "B": "BbВвΒ",
    "C": "CcСс",
    "E": "EeЕеЁΕ",
    "H": "HhНнΗ",
    "J": "JjЈ",
    "K": "KkКкΚ",
    "M": "MmМмΜ",
    "N": "NnΝ",
    "P": "PpРрΡ",
    "S": "SsЅѕ",
    "T": "TtТтΤ",
    "X": "XxХхΧｘ",
    "Y": "YyУуΥ",
    "7": "7７٧۷",
}


def test_labels_are_a_function_of_seed_and_number() -> None:
    """Making or printing a part again gives the same labels; another seed or key gives others."""
    whole = list(model.labels(KEYS, SEED, range(1, 1001)))
    assert list(model.labels(KEYS, SEED, range(501, 1001))) == whole[500:]
    assert len({label.serial for label in whole} | {label.code for label in whole}) == 2000
    other_seed = model.labels(KEYS, "00" * 32, range(1, 1001))
    other_keys = model.labels(KEYS._replace(code=b"x" * 32), SEED, range(1, 1001))
    assert {label.code for label in other_seed}.isdisjoint(label.code for label in whole)
    assert [label.serial for label in other_keys] == [label.serial for label in whole]
    assert {label.code for label in other_keys}.isdisjoint(label.code for label in whole)


def test_every_symbol_is_as_frequent_as_any_other() -> None:
    """60 bits are 60 bits: no symbol is favoured."""
    drawn = "".join(label.code[:-1] for label in model.labels(KEYS, SEED, range(1, 8001)))
    expected = len(drawn) / len(ALPHABET)
    assert all(0.9 < drawn.count(symbol) / expected < 1.1 for symbol in ALPHABET)


@given(CODES, st.data())
def test_a_code_is_read_kindly(code: str, data: st.DataObject) -> None:
    """Case, separators, look-alikes and twins of other scripts do not matter."""
    typed = "".join(data.draw(st.sampled_from(LOOKS.get(symbol, symbol))) for symbol in code)
    between = data.draw(st.sampled_from(["", " ", "-", "\u00a0", "–", ".", "\u200f", "_"]))
    assert read_code(between.join(typed)) == code
    assert read_code(in_groups(code)) == code


@given(CODES, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_a_slip(code: str, place: int, symbol: str) -> None:
    """The check symbol catches every single wrong symbol, so it costs no attempt."""
    typed = code[:place] + symbol + code[place + 1 :]
    assert (read_code(typed) is None) == (symbol != code[place])


@given(st.text(max_size=60))
def test_reading_never_fails(text: str) -> None:
    """Whatever is typed, it is a code or a slip, a serial or none."""
    code, serial = read_code(text), model.read_serial(text)
    assert code is None or re.fullmatch(f"[{ALPHABET}]{{13}}", code)
    assert serial is None or re.fullmatch(f"[{ALPHABET}]{{12}}", serial)


@given(BODIES)
def test_a_serial_is_read_like_a_code(serial: str) -> None:
    """People type serials too."""
    assert model.read_serial(f" {serial[:6].lower()} {serial[6:]}") == serial
    assert model.read_serial(serial + "0") is None
    assert model.read_serial(serial[:11] + "U") is None


def test_guesses_hit_nothing() -> None:
    """Random codes with good check symbols against the stored hashes of 1000 tags."""
    stored = {
        model.code_hash(KEYS, label.serial, label.code)
        for label in model.labels(KEYS, SEED, range(1, 1001))
    }
    serial = next(iter(model.labels(KEYS, SEED, [1]))).serial
    chance = random.Random(7)
    for _ in range(GUESSES):
        body = "".join(chance.choices(ALPHABET, k=12))
        assert model.code_hash(KEYS, serial, body + check_symbol(body, ALPHABET)) not in stored


def test_a_hash_is_of_its_own_serial_and_key() -> None:
    """Equal codes on two tags are stored differently, and a dump without the key tells nothing."""
    first = model.code_hash(KEYS, "7K3M9QWX2B4D", "H4XK7QMN2RTBW")
    assert first != model.code_hash(KEYS, "7K3M9QWX2B4E", "H4XK7QMN2RTBW")
    assert first != model.code_hash(
        KEYS._replace(stored=b"y" * 36), "7K3M9QWX2B4D", "H4XK7QMN2RTBW"
    )


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("40170725", "00000040170725"),
        ("614141000036", "00614141000036"),
        ("4607012345677", "04607012345677"),
        ("10614141000415", "10614141000415"),
        ("4607012345670", None),
        ("460701234567", None),
        ("٤607012345677", None),
        ("", None),
        ("123456789", None),
    ],
)
def test_gtin(text: str, full: str | None) -> None:
    """GTIN-8, -12, -13 and -14 with a good check digit become GTIN-14; the rest is none."""
    assert model.read_gtin(text) == full


@given(st.integers(1, model.MOST_TAGS), st.sampled_from([model.PART, model.SHEET, 7]))
def test_parts_cover_a_batch_once(count: int, size: int) -> None:
    """Every tag is in exactly one part, and no part is empty."""
    spans = [
        model.part_numbers(part, size, count) for part in range(1, model.parts(count, size) + 1)
    ]
    assert all(spans)
    assert spans[0].start == 1
    assert spans[-1].stop == count + 1
    assert all(one.stop == other.start for one, other in pairwise(spans))


def test_dated_ids_sort_in_time() -> None:
    """Newest first is the reverse order of keys."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    instants = [start + timedelta(milliseconds=step**3) for step in range(200)]
    ids = [in_time_order(at, "zzzzzzzzzzzzzzzzzzzz") for at in instants]
    assert ids == sorted(ids)
    assert all(len(one) == 20 for one in ids)


@pytest.mark.parametrize(
    ("verdict", "own_program", "own", "next_step"),
    [
        ("genuine", False, False, "sign_in"),
        ("genuine", True, False, "register"),
        ("registered", True, True, "yours"),
        ("registered", True, False, "taken"),
        ("registered", False, False, None),
        ("withdrawn", True, True, None),
        ("unknown", True, False, None),
    ],
)
def test_next_step(
    verdict: model.Verdict, own_program: bool, own: bool, next_step: model.Next | None
) -> None:
    """What a person who scanned can do; a stranger learns nothing of an owner."""
    assert model.next_step(verdict, own_program=own_program, own=own) == next_step


def test_a_tag_fits_in_a_kilobyte() -> None:
    """The largest tag that staff can order costs one write unit, registered and tried."""
    letters = "ж" * 60
    item = Item(
        sku="S" * 64,
        category="c" * 40,
        name=Name(en=letters, ru=letters, uk=letters, ar=letters),
        gtin="0" * 14,
    )
    tag = TagItem(
        "_#TAG#7K3M9QWX2B4D", "TAG", program="p" * 31, batch="b" * 20, number=100_000, item=item,
        sent_to="r" * 40, code_hash="f" * 43, registered_by="m" * 20, registered_at="t" * 24,
        entry=999_999, withdrawn_at="t" * 24, tries_day=20_000, tries=10, journal=999,
    )  # fmt: skip
    stored = tag.serialize()
    size = sum(
        len(name.encode()) + len(next(iter(value.values())).encode())
        for name, value in stored.items()
    )
    assert size <= 1024


def test_csv_holds_no_formula() -> None:
    """A cell that a spreadsheet would run is text; other cells are as they are."""
    item = Item(sku='=HYPERLINK("x","y")', category="ring", name=Name(en="Ring"))
    text = printing.csv_text([Label(1, "7K3M9QWX2B4D", "H4XK7QMN2RTBW")], item, "https://c.example")
    header, row = csv.reader(io.StringIO(text))
    assert header == ["serial", "url", "scratch_code", "sku"]
    assert row == [
        "7K3M9QWX2B4D",
        "https://c.example/t/7K3M9QWX2B4D",
        "H4XK-7QMN-2RTB-W",
        "'" + item.sku,
    ]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "ar"])
def test_sheet_runs_nothing(language: str) -> None:
    """A name is text whatever it holds; the sheet has no script and reaches nowhere."""
    name = Name(en="<script>alert(1)</script>$x & Ring")
    item = Item(sku="R-1", category="ring", name=name, gtin="04607012345677")
    labels = list(model.labels(KEYS, SEED, range(1, 4)))
    heading = printing.Heading("Batch", "Club <b>")
    html = printing.sheet(labels, item, "https://c.example", heading, language)
    parsed = _Tags()
    parsed.feed(html)
    assert "script" not in parsed.seen
    assert "http" not in html
    assert name.get("en") in parsed.text
    assert all(in_groups(label.code) in parsed.text for label in labels)
    assert parsed.text.count("Club <b>") == len(labels)
    for key in ("serial", "scratch_code"):
        assert parsed.text.count(say(language, f"page.label.{key}")) == len(labels)
    assert ('dir="rtl"' in html) == (language == "ar")


def test_qr_code_is_the_librarys() -> None:
    """The path covers exactly the dark modules."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    text = "https://c.example/01/04607012345677/21/7K3M9QWX2B4D"
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, on in enumerate(row) if on}
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", printing.qr_svg(text))
    drawn = {(int(x) + step, int(y)) for x, y, length in runs for step in range(int(length))}
    assert drawn == dark
