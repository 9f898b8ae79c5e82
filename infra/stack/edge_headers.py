"""What browsers are told to allow: the headers that CloudFront adds, for each kind of answer."""

from typing import Any

from infra.stack.stage import Json, Stage

UPLOADS = ("https://${FilesBucket.DomainName}", "https://${FilesBucket.RegionalDomainName}")
"""Where files are uploaded to: signed forms name the bucket by either of its names."""
HSTS_S = 63_072_000
"""For how long browsers ask by HTTPS alone: two years."""
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
CLUB_NEEDS = ("camera",)
"""Members scan tags."""
CONSOLE_NEEDS = ("publickey-credentials-create", "publickey-credentials-get")
"""Staff sign in with passkeys."""


def content_policy() -> str:
    """The Content-Security-Policy of both sites: only what the site itself serves, no inline code
    or styles, no eval; uploads go to the files bucket.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"connect-src 'self' {' '.join(UPLOADS)}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "upgrade-insecure-requests",
        )
    )


def permissions(*needed: str) -> str:
    """The Permissions-Policy that opens these features to the site itself, and no other."""
    return ", ".join(f"{name}={'(self)' if name in needed else '()'}" for name in FEATURES)


def resources(stage: Stage) -> dict[str, Json]:
    """A response headers policy for each kind of answer."""
    if stage.host:
        return {}
    site = {"policy": content_policy(), "referrer": "strict-origin-when-cross-origin"}
    return {
        "ClubHeaders": _headers("club", site, permissions(*CLUB_NEEDS)),
        "ConsoleHeaders": _headers(
            "console", {**site, "referrer": "no-referrer"}, permissions(*CONSOLE_NEEDS)
        ),
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


def _headers(
    name: str,
    said: dict[str, str],
    features: str,
    *,
    ours: bool = True,
    shared: str = "same-origin",
) -> Json:
    """``ours`` says whether the origin's own policies are replaced."""
    security: dict[str, Any] = {
        "ContentSecurityPolicy": {
            "ContentSecurityPolicy": {"Fn::Sub": said["policy"]},
            "Override": ours,
        },
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": said["referrer"], "Override": ours},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": HSTS_S,
            "IncludeSubdomains": True,
            "Override": True,
        },
    }
    more = {
        "Permissions-Policy": features,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": shared,
    }
    if said["policy"] != content_policy():
        security["ContentSecurityPolicy"]["ContentSecurityPolicy"] = said["policy"]
    return {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {
            "ResponseHeadersPolicyConfig": {
                "Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
                "SecurityHeadersConfig": security,
                "CustomHeadersConfig": {
                    "Items": [
                        {"Header": header, "Value": value, "Override": True}
                        for header, value in more.items()
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
