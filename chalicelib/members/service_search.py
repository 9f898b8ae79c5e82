"""Staff look for members: by phone, e-mail, card number or name. Each look is on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.table.pages import Page, Sieve, sifted
from chalicelib.kernel.table.writes import commit
from chalicelib.members import lookup, names, store, store_names
from chalicelib.members.errors import TooManySearches
from chalicelib.members.service_profile import Person
from chalicelib.members.store_names import NameItem

By = lookup.Key | Literal["name"]
MOST_LOOKED_AT = 500
"""Words of names that are read for one page."""
BY_PERSON = Limit("member-search", 300, timedelta(hours=1))
"""More than any hotline needs, and too few to copy a club's members."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for."""

    program: str
    by: By
    value: str
    limit: int
    cursor: str
    actor: str
    at: datetime


def search(wanted: Search) -> Page[Person]:
    """The members found. Each look is on record: by what was looked and who was shown, at most a
    page of them, but not for whom.

    Raises:
        InvalidFields: the value cannot be one of its kind; a name needs a word of two letters.
        InvalidCursor.
        TooManySearches: this person looked too often within the hour.
    """
    _refuse_many(wanted)
    found = _by_name(wanted) if wanted.by == "name" else _by_key(wanted, wanted.by)
    _record(wanted, found.rows)
    return found


def _by_key(wanted: Search, key: lookup.Key) -> Page[Person]:
    owner = lookup.owner(wanted.program, key, wanted.value, f"/{key}")
    found = None if owner is None else _person(wanted.program, owner)
    return Page([found] if found else [], "")


def _by_name(wanted: Search) -> Page[Person]:
    words = names.words(wanted.value)
    start = names.rarest(words)
    if not start:
        short = FieldError("/name", "too_short", {"limit": str(names.SHORTEST)})
        raise InvalidFields(fields=(short,))

    def keep(item: NameItem) -> bool:
        return names.is_first(item.token, item.tokens, start) and names.fits(words, item.tokens)

    def show(item: NameItem) -> Person | None:
        return _person(wanted.program, item.member)

    page = sifted(
        wanted.cursor,
        "#".join((keys.names(wanted.program, start), *words)),
        lambda after: store_names.beginning(wanted.program, start, after),
        Sieve(keep, show, wanted.limit, MOST_LOOKED_AT),
    )
    return Page([person for person in page.rows if person], page.next)


def _person(program: str, member: str) -> Person | None:
    found = store.read(program, member, strong=True)
    if found is None or found.status == "erased":
        return None
    return Person(found, store.profile(program, member))


def _refuse_many(wanted: Search) -> None:
    """Count one look; raises TooManySearches."""
    wait = BY_PERSON.take(wanted.program, wanted.actor, wanted.at)
    if wait:
        raise TooManySearches(retry_after=wait)


def _record(wanted: Search, found: list[Person]) -> None:
    act = audit.Act(
        program=wanted.program,
        actor=wanted.actor,
        action="member.searched",
        subject=audit.subject(by=wanted.by, hits=str(len(found))),
        at=wanted.at,
        after={"members": [person.member.member for person in found]},
    )
    commit(audit.put(act))
