"""How applications for groups are stored: one of a member for each group, and a queue for staff."""

from collections.abc import Iterator

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.groups.model import Application, State, Told
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes


class ApplicationItem(Item):
    """A member's last application for one group."""

    at = UnicodeAttribute()
    state = UnicodeAttribute()
    evidence = UnicodeAttribute(default="")
    refusal = UnicodeAttribute(default="")
    decided_at = UnicodeAttribute(default="")
    until = UnicodeAttribute(default="")
    told = UnicodeAttribute(default="")

    def value(self) -> Application:
        """The application as a value."""
        program, _, member = str(self.pk).split("#")
        return Application(
            program=program,
            member=member,
            group=str(self.sk).partition("#")[2],
            at=self.at,
            state=msgspec.convert(self.state, State),
            evidence=self.evidence,
            reason=self.refusal,
            decided_at=self.decided_at,
            until=self.until,
            told=msgspec.convert(self.told, Told),
        )


class WaitingItem(Item):
    """That an application waits, with the files that prove it; deleted when it is decided."""

    files: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...], default=())


def find(program: str, member: str, group: str) -> Application | None:
    """A member's last application for a group, or nothing. A strong read."""
    item = ApplicationItem.find(keys.member(program, member), _key(group), strong=True)
    return item.value() if item else None


def of_member(program: str, member: str) -> dict[str, Application]:
    """A member's last applications, by group. A strong read."""
    found = ApplicationItem.below(keys.member(program, member), "APPLY#", strong=True)
    return {one.group: one for one in (item.value() for item in found)}


def waiting(program: str, after: str | None, limit: int) -> Iterator[WaitingItem]:
    """What waits to be decided, the oldest first, beyond the sort key ``after``."""
    pk = keys.group_applications(program)
    return WaitingItem.below(pk, "A#", after=after, limit=limit, strong=True)


def left(program: str, member: str) -> list[WaitingItem]:
    """What waits of one member: the whole queue is read, which staff keep short."""
    return [one for one in waiting(program, None, 1000) if str(one.sk).split("#")[2] == member]


def gone(item: WaitingItem) -> Writes:
    """Nothing waits here any more."""
    return Writes().delete(item)


def files(of: Application) -> tuple[str, ...]:
    """The files by which a waiting application can be checked. A strong read."""
    row = _waiting(of)
    found = WaitingItem.find(str(row.pk), str(row.sk), strong=True)
    return found.files if found else ()


def applied(new: Application, before: Application | None, files: tuple[str, ...]) -> Writes:
    """A new application, in the place of the one before."""
    same = (
        ApplicationItem.pk.does_not_exist()
        if before is None
        else (ApplicationItem.at == before.at) & (ApplicationItem.state == before.state)
    )
    item = ApplicationItem(
        keys.member(new.program, new.member),
        _key(new.group),
        at=new.at,
        state=new.state,
        evidence=new.evidence,
    )
    row = _waiting(new)
    row.files = files
    return Writes().put(item, same).put_new(row)


def decided(before: Application, after: Application) -> Writes:
    """A decision, if nobody made one meanwhile; what proved it is forgotten."""
    field = ApplicationItem
    item = field(keys.member(before.program, before.member), _key(before.group))
    return (
        Writes()
        .update(
            item,
            [
                field.state.set(after.state),
                field.refusal.set(after.reason),
                field.decided_at.set(after.decided_at),
                field.until.set(after.until),
                field.evidence.remove(),
            ],
            (field.at == before.at) & (field.state == "waiting"),
        )
        .delete(_waiting(before))
    )


def told(before: Application, what: Told) -> Writes:
    """The member was told of a proof's end, if they were not before."""
    field = ApplicationItem
    item = field(keys.member(before.program, before.member), _key(before.group))
    same = (field.at == before.at) & (field.state == "approved")
    return Writes().update(item, [field.told.set(what)], same)


def _waiting(of: Application) -> WaitingItem:
    return WaitingItem(keys.group_applications(of.program), f"A#{of.at}#{of.member}#{of.group}")


def _key(group: str) -> str:
    return f"APPLY#{group}"
