"""Members whose names were told before staff could search by name are found by them, too."""

from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import names, store, store_names
from chalicelib.members.service_profile import tokens_of


def is_indexed(profile: dict[str, object]) -> bool:
    """Whether nothing is to do for a stored profile: its name has its words, or it has no name."""
    named = profile.get("given_name") or profile.get("family_name")
    return not named or profile.get("named") == names.FORM


def index_name(program: str, member: str) -> None:
    """Write the words of a member's name. May be called at any time and again."""

    def decide(_: bool) -> tuple[Writes, None]:
        found = store.read(program, member, strong=True)
        if found is None or found.status == "erased":
            return Writes(), None
        words = tokens_of(store.profile(program, member))
        writes = store_names.renamed(program, member, (), words)
        writes += store.named(found)
        return writes, None

    transact(decide)
