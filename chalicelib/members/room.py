"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Example, Room

room = Room(
    "members",
    "Members join and sign in by a one-time code sent to a phone or e-mail address. They see and "
    "change what is kept about them, carry a card, and can take everything along or be forgotten. "
    "After signing out or being erased the token is void: a retry of such a call is answered "
    "`401 session_ended`, which means that it is done.",
)
CHALLENGE = "3f1c9a0b7d5e2468ace013579bdf02468ace1357"
CODE = {"challenge": CHALLENGE, "one_time_code": "482915"}
CLUB = {"program": "jewels"}
MEMBER = Example(path={"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"})
