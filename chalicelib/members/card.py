"""The member's card: its number, and the number as QR code and barcode for the till (AB-1)."""

import io

from chalicelib.kernel.ids import Ids
from chalicelib.members.model import CARD_LENGTH, card_number

QR_QUIET = 4
"""Modules of white around the code (ISO/IEC 18004 §6.3.8)."""


def new_number(ids: Ids) -> str:
    """A random card number; that it is nobody else's is proved by its unique value."""
    return card_number(ids.digits(CARD_LENGTH - 1))


def qr_svg(number: str) -> str:
    """The number as a QR code, an SVG document."""
    # Imported here, as below: only these two calls need them.
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    return str(
        qrcode.make(number, image_factory=SvgPathFillImage, border=QR_QUIET).to_string().decode()
    )


def barcode_svg(number: str) -> str:
    """The number as a Code 128 barcode (ISO/IEC 15417), an SVG document."""
    from barcode import Code128
    from barcode.writer import SVGWriter

    out = io.BytesIO()
    Code128(number, writer=SVGWriter()).write(out, {"module_height": 15.0})
    return out.getvalue().decode()
