"""What browsers are told to allow: the headers that CloudFront adds, for each kind of answer."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from infra.stack.stage import Json, Stage

UPLOADS = ("https://${FilesBucket.DomainName}", "https://${FilesBucket.RegionalDomainName}")
"""Where files are uploaded to: signed forms name the bucket by either of its names."""
HSTS_S = 63_072_000
"""For how long browsers ask by HTTPS alone: two years."""
FRAMES = "DENY"
NOWHERE = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page: nothing is loaded, nobody frames it."""
IMAGES = "default-src 'none'; sandbox; frame-ancestors 'none'"
FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What browsers offer to pages; each is closed unless a site needs it."""
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""Of an empty style element, which the console's library fills rule by rule, as scripts may."""


class Site(NamedTuple):
    """What browsers are told about the pages of one site."""

    name: str
    features: tuple[str, ...]
    """What it needs of :data:`FEATURES`."""
    referrer: str
    styles: tuple[str, ...] = ()
    """Sources of styles besides its own files."""

    def policy(self, uploads: Iterable[str]) -> str:
        """The Content-Security-Policy: only what the site itself serves, no inline code or styles,
        no eval; uploads go to the origins given.
        """
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                " ".join(("style-src 'self'", *self.styles)),
                "img-src 'self' data: blob:",
                "font-src 'self'",
                "manifest-src 'self'",
                "worker-src 'self'",
                " ".join(("connect-src 'self'", *uploads)),
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
                "object-src 'none'",
            )
        )

    def headers(self, uploads: Iterable[str]) -> dict[str, str]:
        """All of it as headers, but for what only makes sense with HTTPS."""
        return {
            "Content-Security-Policy": self.policy(uploads),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": FRAMES,
            "Referrer-Policy": self.referrer,
            **_custom(permissions(*self.features)),
        }


CLUB = Site("club", ("camera",), "strict-origin-when-cross-origin")
"""Members scan tags."""
CONSOLE = Site(
    "console",
    ("publickey-credentials-create", "publickey-credentials-get"),
    "no-referrer",
    (EMPTY_STYLE,),
)
"""Staff sign in with passkeys."""


def permissions(*needed: str) -> str:
    """The Permissions-Policy that opens these features to the site itself, and no other."""
    return ", ".join(f"{name}={'(self)' if name in needed else '()'}" for name in FEATURES)


def resources(stage: Stage) -> dict[str, Json]:
    """A response headers policy for each kind of answer."""
    if stage.host:
        return {}
    return {
        "ClubHeaders": _of_site(CLUB),
        "ConsoleHeaders": _of_site(CONSOLE),
        # The API's own pages (a tag's, a print sheet) bring a policy of their own, which stays.
        "ApiHeaders": _headers(
            "api", {"policy": NOWHERE, "referrer": "no-referrer"}, permissions(), ours=False
        ),
        # Pictures may stand in e-mails and on partners' pages.
        "MediaHeaders": _headers(
            "media",
            {"policy": IMAGES, "referrer": "no-referrer"},
            permissions(),
            shared="cross-origin",
        ),
    }


def _of_site(site: Site) -> Json:
    policy = {"Fn::Sub": f"{site.policy(UPLOADS)}; upgrade-insecure-requests"}
    said = {"policy": policy, "referrer": site.referrer}
    return _headers(site.name, said, permissions(*site.features))


def _custom(features: str, shared: str = "same-origin") -> dict[str, str]:
    return {
        "Permissions-Policy": features,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": shared,
    }


def _headers(
    name: str,
    said: dict[str, Json | str],
    features: str,
    *,
    ours: bool = True,
    shared: str = "same-origin",
) -> Json:
    """``ours`` says whether the origin's own policies are replaced."""
    security: dict[str, Any] = {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": said["policy"],
            "Override": ours,
        },
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": FRAMES, "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": said["referrer"], "Override": ours},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": HSTS_S,
            "IncludeSubdomains": True,
            "Override": True,
        },
    }
    return {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {
            "ResponseHeadersPolicyConfig": {
                "Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
                "SecurityHeadersConfig": security,
                "CustomHeadersConfig": {
                    "Items": [
                        {"Header": header, "Value": value, "Override": True}
                        for header, value in _custom(features, shared).items()
                    ]
                },
                "RemoveHeadersConfig": {
                    "Items": [
                        {"Header": "x-amz-server-side-encryption"},
                        {"Header": "x-amz-version-id"},
                    ]
                },
            }
        },
    }
