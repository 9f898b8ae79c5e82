"""Several items by one read: of different kinds, and asked again for what the table left out."""

from typing import Any

from botocore.stub import Stubber

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import IntAttribute, Item, client, together


class Apple(Item):
    """One kind."""

    weight = IntAttribute()


class Pear(Item):
    """Another kind."""

    length = IntAttribute()


def _key(sk: str) -> dict[str, Any]:
    return {"pk": {"S": "tree"}, "sk": {"S": sk}}


def _asked(*keys: str) -> dict[str, Any]:
    return {settings().table: {"ConsistentRead": True, "Keys": [_key(key) for key in keys]}}


def test_what_the_table_left_out_is_asked_for_again() -> None:
    table = settings().table
    with Stubber(client()) as stub:
        for asked, found, left in (
            (("a", "b", "c"), [{**_key("b"), "length": {"N": "7"}}], _asked("a", "c")),
            (("a", "c"), [{**_key("a"), "weight": {"N": "100"}}], {}),
        ):
            answer = {"Responses": {table: found}, "UnprocessedKeys": left}
            sent = {"RequestItems": _asked(*asked), "ReturnConsumedCapacity": "TOTAL"}
            stub.add_response("batch_get_item", answer, sent)
        read = together([(Apple, "tree", "a"), (Pear, "tree", "b"), (Pear, "tree", "c")])
        stub.assert_no_pending_responses()
    apple, pear = read["tree", "a"], read["tree", "b"]
    assert isinstance(apple, Apple)
    assert isinstance(pear, Pear)
    assert (apple.weight, pear.length, len(read)) == (100, 7, 2)


def test_nothing_wanted_is_nothing_asked() -> None:
    assert together([]) == {}
