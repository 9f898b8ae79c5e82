"""How a program's own roles and the number of its owners are stored."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.model import Texts
from chalicelib.staff.model import Role
from chalicelib.staff.rights import GIVEN

ROLE = "ROLE#"
OWNERS = "OWNERS"


class RoleItem(Item):
    """A role that a program made for itself."""

    name: PackedAttribute[Texts] = PackedAttribute(Texts)
    rights: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...])
    version = IntAttribute()
    uses = IntAttribute()
    author = UnicodeAttribute()
    changed_at = UnicodeAttribute()


class OwnersItem(Item):
    """How many owners who can sign in a program has."""

    active = IntAttribute()


def role(program: str, role_id: str) -> Role | None:
    """A role of the program, given or its own. One strong read for an own one."""
    if role_id in GIVEN:
        return Role(role=role_id, rights=GIVEN[role_id])
    item = RoleItem.find(keys.staff_of(program), ROLE + role_id, strong=True)
    return None if item is None else _role(item)


def own_roles(program: str) -> Iterator[Role]:
    """The roles that the program made for itself, by id. A strong read."""
    return map(_role, RoleItem.below(keys.staff_of(program), ROLE, strong=True))


def written(
    program: str, role: Role, name: Texts, before: Role | None, author: str, at: str
) -> Writes:
    """Add or change an own role, if nobody did meanwhile."""
    item = RoleItem(
        keys.staff_of(program),
        ROLE + role.role,
        name=name,
        rights=role.rights,
        version=1 if before is None else before.version + 1,
        uses=0,
        author=author,
        changed_at=at,
    )
    if before is None:
        return Writes().put_new(item)
    actions = [
        RoleItem.name.set(name),
        RoleItem.rights.set(role.rights),
        RoleItem.version.set(item.version),
        RoleItem.author.set(author),
        RoleItem.changed_at.set(at),
    ]
    return Writes().update(item, actions, RoleItem.version == before.version)


def deleted(program: str, role: Role) -> Writes:
    """Delete an own role that nobody has, if it is still as it was seen."""
    unused = (RoleItem.version == role.version) & (RoleItem.uses == 0)
    return Writes().delete(RoleItem(keys.staff_of(program), ROLE + role.role), unused)


def used(program: str, role: Role, more: int) -> Writes:
    """Count that one person more (1) or less (-1) has a role, if its rights are still those seen.

    Given roles cannot be deleted, so they are not counted.
    """
    if role.role in GIVEN:
        return Writes()
    item = RoleItem(keys.staff_of(program), ROLE + role.role)
    same = RoleItem.version == role.version
    return Writes().update(item, [RoleItem.uses.add(more)], same)


def active_owners(program: str) -> int:
    """How many owners of the program can sign in. A strong read."""
    item = OwnersItem.find(keys.staff_of(program), OWNERS, strong=True)
    return 0 if item is None else item.active


def owners_counted(program: str, before: int, after: int) -> Writes:
    """The number of owners that a decision rests on, and what it becomes."""
    item = OwnersItem(keys.staff_of(program), OWNERS, active=after)
    seen = OwnersItem.active == before
    seen = seen if before else OwnersItem.pk.does_not_exist() | seen
    return Writes().check(item, seen) if before == after else Writes().put(item, seen)


def _role(item: RoleItem) -> Role:
    return Role(
        role=item.sk.removeprefix(ROLE),
        rights=item.rights,
        name=item.name,
        version=item.version,
        uses=item.uses,
    )
