"""Which lines each selection of goods takes, for all selections of a program at once.

A set of selections is a whole number with a bit for each. For every facet (SKU, category, brand, …)
a table says which selections a value leaves open; those that take a line are the intersection over
the facets. So what a line costs hardly depends on how many selections there are.
"""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.earning.model import Line
from chalicelib.programs.rules_conditions import Goods

EVERYTHING = Goods()


class Facet:
    """A table from the values of one property to the sets that they leave open."""

    __slots__ = ("_unwanted", "_wanted", "by_value", "otherwise")

    def __init__(self) -> None:
        """Nobody asks for the property yet."""
        self._wanted: dict[str, int] = {}
        self._unwanted: dict[str, int] = {}
        self.by_value: dict[str, int] = {}
        """What one value leaves open; a value that is not here: :attr:`otherwise`."""
        self.otherwise = 0

    def add(self, bit: int, wanted: Iterable[str], unwanted: Iterable[str] = ()) -> None:
        """Set ``bit`` wants one of these values (any, if none is named) and none of those; once."""
        for value in wanted:
            self._wanted[value] = self._wanted.get(value, 0) | bit
        for value in unwanted:
            self._unwanted[value] = self._unwanted.get(value, 0) | bit

    def seal(self, every: int) -> None:
        """Work the table out, for the sets in ``every``."""
        narrowed = 0
        for bits_ in self._wanted.values():
            narrowed |= bits_
        self.otherwise = every & ~narrowed
        self.by_value = {
            value: (self.otherwise | self._wanted.get(value, 0)) & ~self._unwanted.get(value, 0)
            for value in self._wanted.keys() | self._unwanted.keys()
        }

    def of_all(self, values: Iterable[str]) -> int:
        """The sets that a thing with several values leaves open: one wanted, none unwanted."""
        found, barred = self.otherwise, 0
        for value in values:
            found |= self._wanted.get(value, 0)
            barred |= self._unwanted.get(value, 0)
        return found & ~barred


class Selectors:
    """All different selections of a program; each has a number, :data:`EVERYTHING` has 0."""

    __slots__ = ("_by_goods", "_facets", "_priced", "_sale", "_tags")

    def __init__(self) -> None:
        """Only :data:`EVERYTHING` is known."""
        self._by_goods: dict[Goods, int] = {EVERYTHING: 0}
        self._facets = (Facet(), Facet(), Facet())
        self._tags = Facet()
        self._sale = (0, 0)
        self._priced: tuple[tuple[int, int, int | None], ...] = ()

    def number(self, goods: Goods) -> int:
        """The number of a selection; before :meth:`seal` a new one gets the next."""
        return self._by_goods.setdefault(goods, len(self._by_goods))

    def seal(self) -> None:
        """Build the tables; no more selections afterwards."""
        for goods, number in self._by_goods.items():
            bit = 1 << number
            sku, category, brand = self._facets
            sku.add(bit, goods.sku, goods.except_sku)
            category.add(bit, goods.category, goods.except_category)
            brand.add(bit, goods.brand, goods.except_brand)
            self._tags.add(bit, goods.tags, goods.except_tags)
        every = (1 << len(self._by_goods)) - 1
        for facet in (*self._facets, self._tags):
            facet.seal(every)
        self._sale = (
            every & ~self._bits(goods for goods in self._by_goods if goods.on_sale is True),
            every & ~self._bits(goods for goods in self._by_goods if goods.on_sale is False),
        )
        self._priced = tuple(
            (1 << number, goods.price_from, goods.price_below)
            for goods, number in self._by_goods.items()
            if goods.price_from or goods.price_below is not None
        )

    def of_lines(self, lines: Iterable[Line]) -> list[int]:
        """For each line the set of selections that take it."""
        sku, category, brand = self._facets
        by_sku, no_sku = sku.by_value, sku.otherwise
        by_category, no_category = category.by_value, category.otherwise
        by_brand, no_brand = brand.by_value, brand.otherwise
        tags, sale, priced = self._tags, self._sale, self._priced
        found = []
        for line in lines:
            taken = (
                by_sku.get(line.sku, no_sku)
                & by_category.get(line.category, no_category)
                & by_brand.get(line.brand, no_brand)
                & sale[line.on_sale]
                & (tags.of_all(line.tags) if line.tags else tags.otherwise)
            )
            for bit, lowest, above in priced:
                if taken & bit and not _costs(line, lowest, above):
                    taken ^= bit
            found.append(taken)
        return found

    def _bits(self, some: Iterable[Goods]) -> int:
        return sum(1 << self._by_goods[goods] for goods in some)


def places(goods: Goods, lines: Sequence[Line]) -> list[int]:
    """Places of the lines that one selection takes."""
    selectors = Selectors()
    bit = 1 << selectors.number(goods)
    selectors.seal()
    return [place for place, taken in enumerate(selectors.of_lines(lines)) if taken & bit]


def bits(of: int) -> Iterator[int]:
    """The numbers in a set, rising."""
    while of:
        low = of & -of
        yield low.bit_length() - 1
        of ^= low


def _costs(line: Line, lowest: int, above: int | None) -> bool:
    """Whether the price paid for one piece, exact, lies within the bounds."""
    fits = line.paid >= lowest * line.quantity
    return fits and (above is None or line.paid < above * line.quantity)
