"""The page behind a tag's QR code, for people without an app: the verdict in their language.

Small server-made HTML: no script, no image, nothing from elsewhere.
"""

from html import escape
from string import Template

from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.texts import say, say_count
from chalicelib.tags.printing import policy
from chalicelib.tags.service_verify import Seen

STYLE = """
:root{color-scheme:light dark}
body{margin:0 auto;max-width:34rem;padding:1.5rem;font:1.1rem/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;border-inline-start:.4rem solid;padding-inline-start:.8rem}
.genuine{border-color:#1a7f37}.registered{border-color:#9a6700}
.withdrawn,.unknown{border-color:#cf222e}
dt{opacity:.75;font-size:.9rem}dd{margin:0 0 .6rem}
"""
HEADERS = (("Content-Security-Policy", policy(STYLE)), ("X-Robots-Tag", "noindex, nofollow"))
_PAGE = Template(
    '<!doctype html><html lang="$language" dir="$direction"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    '<meta name="robots" content="noindex,nofollow"><title>$title</title>'
    '<style>$style</style></head><body><main><h1 class="$verdict">$title</h1>'
    "<p>$text</p>$way<dl>$facts</dl></main></body></html>"
)
_WAY = Template('<p><a href="/c/$club/items/$serial">$text</a></p>')
_FACT = Template("<dt>$label</dt><dd><bdi>$value</bdi></dd>")


def landing(seen: Seen, language: str) -> str:
    """The page for one scan."""
    return _PAGE.substitute(
        language=language,
        direction=say(language, "page.direction"),
        title=escape(say(language, f"verdict.{seen.verdict}")),
        text=escape(say(language, f"page.{seen.verdict}")),
        verdict=seen.verdict,
        style=STYLE,
        way=_way(seen, language),
        facts="".join(
            _FACT.substitute(label=escape(say(language, f"page.label.{name}")), value=escape(value))
            for name, value in _facts(seen, language)
        ),
    )


def _way(seen: Seen, language: str) -> str:
    """Where an item that is nobody's yet is registered: in the members' app (AQ-4)."""
    if seen.verdict != "genuine" or seen.program is None:
        return ""
    text = escape(say(language, "page.register"))
    return _WAY.substitute(club=seen.program.id, serial=seen.serial, text=text)


def _facts(seen: Seen, language: str) -> list[tuple[str, str]]:
    if seen.item is None or seen.program is None:
        # As it was read: whoever typed it sees the slip. Empty: it cannot be a serial at all.
        return [("serial", seen.serial)] if seen.serial else []
    told = [
        ("item", seen.item.name.get(language)),
        ("sku", seen.item.sku),
        ("serial", seen.serial),
        ("club", seen.program.name.get(language)),
    ]
    if seen.first:
        first = local_date(parse(seen.first), seen.program.zone).isoformat()
        told += [("scans", say_count(language, "page.scans", seen.times)), ("first", first)]
    return told
