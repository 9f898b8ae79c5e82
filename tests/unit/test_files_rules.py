"""What files are told by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.files import model
from chalicelib.kernel.settings import Settings

STAGE = Settings(table="t", stage="test", public_url="https://club.example", secret="s" * 32)


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n%", "application/pdf"),
        (b"RIFF\x24\0\0\0WAVEfmt ", None),
        (b"<svg xmlns=", None),
        (b"GIF89a", None),
        (b"\x89PNG\n\x1a\n", None),
        (b"", None),
    ],
)
def test_an_image_or_page_is_known_by_its_first_bytes(head: bytes, wanted: str | None) -> None:
    assert model.seen_type(head) == wanted


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\ufeff")))
def test_text_is_read_as_it_was_written(text: str) -> None:
    assert model.as_text(text.encode()) == text
    assert model.as_text(b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize("content", [b"\xff\xfea\0b\0", "Кольцо".encode("cp1251"), b"a\0b"])
def test_what_is_no_utf8_text_is_none(content: bytes) -> None:
    assert model.as_text(content) is None


def test_only_images_lie_where_they_are_served() -> None:
    served = {purpose for purpose, rules in model.PURPOSES.items() if rules.folder == "media"}
    assert served == {"reward-image"}
    assert model.clean_key("list", "jewels", "f") == "private/jewels/f"
    assert model.quarantine_key("jewels", "f") == "quarantine/jewels/f"


def test_images_are_served_below_the_public_address_unless_told_otherwise() -> None:
    assert STAGE.media == "https://club.example/media"
