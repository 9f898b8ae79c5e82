"""The room's table of contents entry, which its route modules fill."""

from typing import Any

from chalicelib.kernel.http.routing import Room

room = Room(
    "staff",
    "People of the club's owner are invited by e-mail and sign in with a password and a second "
    "factor: a passkey or an authenticator app. What they may do follows from their roles in each "
    "program, at once: nothing is cached. Roles are data: some are given, owners make others. "
    "Nobody gives or takes rights that they lack themselves. After signing out or changing the "
    "password the token is void: a retry of such a call is answered `401 session_ended`, which "
    "means that it is done.",
)
CLUB = {"program": "jewels"}
STAFF = {"program": "jewels", "staff": "4w8r2t6y0c9k3m7q1x5z"}
ROLE = {"program": "jewels", "role": "gift-desk"}
EMAIL = "olga@example.com"
PASSWORD = "correct horse battery staple"  # nosec B105
INVITATION = "4w8r2t6y0c9k3m7q1x5z.7m2q9x4c1k8w5t0r3y6z9p2h4v"
NONCE = "9s4Fq1Zr7xKc2mVt0WbY3g"
TICKET = "7d5e2468ace013579bdf024683f1c9a0b7d5e246"
_CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiIiwib3JpZ2luIjoiIn0"
_CREDENTIAL = {"id": "r1s4Yw", "rawId": "r1s4Yw", "type": "public-key"}
ASSERTION: dict[str, Any] = {
    **_CREDENTIAL,
    "response": {
        "clientDataJSON": _CLIENT_DATA,
        "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
        "signature": "MEUCIQDx",
    },
}
ATTESTATION: dict[str, Any] = {
    **_CREDENTIAL,
    "response": {"clientDataJSON": _CLIENT_DATA, "attestationObject": "o2NmbXRkbm9uZQ"},
}
