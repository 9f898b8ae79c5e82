"""Texts as QR codes for screens."""

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004 §6.3.8)."""


def svg(text: str) -> str:
    """The text as a QR code, an SVG document."""
    # Imported here: few calls need it.
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    drawn = qrcode.make(text, image_factory=SvgPathFillImage, border=QUIET)
    return str(drawn.to_string().decode())
