"""The member's card: its number, and the number as a barcode for the till (AB-1)."""

import io

from chalicelib.kernel.ids import Ids
from chalicelib.members.model import CARD_LENGTH, card_number


def new_number(ids: Ids) -> str:
    """A random card number; that it is nobody else's is proved by its unique value."""
    return card_number(ids.digits(CARD_LENGTH - 1))


def barcode_svg(number: str) -> str:
    """The number as a Code 128 barcode (ISO/IEC 15417), an SVG document."""
    # Imported here: only this call needs it.
    from barcode import Code128
    from barcode.writer import SVGWriter

    out = io.BytesIO()
    Code128(number, writer=SVGWriter()).write(out, {"module_height": 15.0})
    return out.getvalue().decode()
