"""A club without a table, for the pure rules of the ledger."""

from datetime import UTC, datetime

from chalicelib.ledger import posting, rules, store
from chalicelib.ledger.model import Account, Award, Cause, Reason
from chalicelib.programs.model import After, KindRules, LongTexts, Program, Texts, Unit

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
CAUSE = Cause("test", "", "system")


def program(grace_days: int = 0) -> Program:
    """A club whose points live 30 days."""
    return Program(
        id="test",
        version=1,
        name=Texts(en="Test"),
        zone="UTC",
        currency="EUR",
        languages=("en",),
        unit=Unit(),
        burn=After(count=30, unit="day", grace_days=grace_days),
        kinds={"buyer": KindRules(joins="active")},
        rules_public=True,
        rules=LongTexts(en="-"),
    )


def account(**fields: object) -> Account:
    """An account of nobody in particular."""
    return Account("test", "m", **fields)  # type: ignore[arg-type]


def award(head: Account, points: int, at: datetime = START) -> posting.Posting:
    """Points for no particular reason."""
    return posting.award(head, [Award(points, Reason("adjustment"))], CAUSE, program(), at)


def hold_item(held: posting.Posting) -> store.HoldItem:
    """The stored hold that a posting placed."""
    lots = rules.held_lots(held.entry.movements)
    points = sum(lot.points for lot in lots)
    return store.HoldItem("pk", "HOLD#h", state="open", points=points, lots=lots, placed=2)
