"""The print file: CSV for a printing house, or a sheet of labels that a browser prints.

The only place where scratch codes leave the platform.
"""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from string import Template
from typing import NamedTuple

from chalicelib.kernel.codes import in_groups
from chalicelib.kernel.csv_text import rows_text
from chalicelib.kernel.texts import say
from chalicelib.tags.model import Item, Label, address

STYLE = """
@page{margin:8mm}
body{margin:0;font:9pt/1.3 sans-serif;color:#000;background:#fff}
h1{font-size:12pt;margin:4mm}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(60mm,1fr))}
article{display:grid;grid-template-columns:24mm 1fr;gap:2mm;padding:2mm}
article{border:.2mm dashed #999;break-inside:avoid}
svg{width:24mm;height:24mm}
p{margin:0;overflow-wrap:anywhere}
small{display:block;font-size:7pt}
code{font:bold 10pt monospace;white-space:nowrap}
.code{grid-column:1/-1;border:.3mm solid #000;padding:1mm 2mm;text-align:center}
@media print{h1{display:none}}
"""
_SHEET = Template(
    '<!doctype html><html lang="$language" dir="$direction"><head><meta charset="utf-8">'
    "<title>$title</title><style>$style</style></head><body><h1>$title</h1>"
    "<main>$labels</main></body></html>"
)
_LABEL = Template(
    "<article>$qr<div><p>$club</p><p><b>$name</b></p><p>$sku</p>"
    '<p><small>$serial_label</small><code dir="ltr">$serial</code></p></div>'
    '<p class="code"><small>$code_label</small><code dir="ltr">$code</code></p></article>'
)


class Heading(NamedTuple):
    """What stands above a sheet of labels, and the club's name on each of them."""

    title: str
    club: str


def policy(style: str) -> str:
    """A Content-Security-Policy that allows one inline style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def csv_text(labels: Iterable[Label], item: Item, public_url: str) -> str:
    """One row per tag, safe to open in a spreadsheet."""
    rows = (
        (
            label.serial,
            address(public_url, item.gtin, label.serial),
            in_groups(label.code),
            item.sku,
        )
        for label in labels
    )
    return rows_text(("serial", "url", "scratch_code", "sku"), rows)


def sheet(
    labels: Iterable[Label], item: Item, public_url: str, heading: Heading, language: str
) -> str:
    """A page of labels that needs nothing else to print: QR code, club, name, SKU, serial, and the
    code in a box of its own, which the scratch layer covers.
    """
    same = {
        "club": escape(heading.club),
        "name": escape(item.name.get(language)),
        "sku": escape(item.sku),
        "serial_label": escape(say(language, "page.label.serial")),
        "code_label": escape(say(language, "page.label.scratch_code")),
    }
    shown = [
        _LABEL.substitute(
            same,
            qr=qr_svg(address(public_url, item.gtin, label.serial)),
            serial=label.serial,
            code=in_groups(label.code),
        )
        for label in labels
    ]
    return _SHEET.substitute(
        language=language,
        direction=say(language, "page.direction"),
        title=escape(heading.title),
        style=STYLE,
        labels="".join(shown),
    )


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004, level M) as one SVG path of horizontal runs, with its margin."""
    # Imported here: only printing needs it.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    # A fixed mask: choosing the best of eight takes 20 times as long, and scanners read any.
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    path = "".join(
        f"M{start} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    )
    size = len(rows)
    return f'<svg viewBox="0 0 {size} {size}" role="img"><path d="{path}"/></svg>'


def _runs(row: list[bool]) -> Iterable[tuple[int, int]]:
    start: int | None = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
