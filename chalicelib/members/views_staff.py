"""Members as staff see them."""

from chalicelib.kernel.texts import say
from chalicelib.members.model import Note, Profile
from chalicelib.members.service_profile import Person
from chalicelib.members.shapes_staff import FoundView, NoteView

SHOWN_DIGITS = 4


def found_view(person: Person) -> FoundView:
    """One row of what a search found."""
    member, profile = person.member, person.profile
    return FoundView(
        member=member.member,
        name=full_name(profile),
        phone=masked(profile.phone),
        card_number=member.card_number,
        kind=member.kind,
        status=member.status,
        joined_at=member.joined_at,
    )


def full_name(profile: Profile) -> str:
    """Given and family name, as far as they were told."""
    return " ".join(name for name in (profile.given_name, profile.family_name) if name)


def masked(phone: str | None) -> str | None:
    """A phone number of which only the last digits can be read."""
    return None if phone is None else "•••" + phone[-SHOWN_DIGITS:]


def note_view(note: Note, language: str) -> NoteView:
    """A note in the reader's language, as far as the platform wrote it."""
    text = note.text
    if not text and note.line:
        text = say(language, "note.call_on_line", line=note.line)
    elif not text:
        text = say(language, "note.call")
    return NoteView(note=note.note, at=note.at, author=note.author, topic=note.topic, text=text)
