"""Forecasts as the API shows them, in one language."""

import msgspec

from chalicelib.forecasts import store
from chalicelib.forecasts.figures import Changed, DaySum, Economy, Played, Result, economy
from chalicelib.forecasts.model import WHOLE, Forecast, Named
from chalicelib.forecasts.service import Found
from chalicelib.forecasts.shapes import (
    ChangeResult,
    DocumentResult,
    FaultyRow,
    ForecastRow,
    ForecastView,
    MemberChange,
    MoneyResult,
    PointsResult,
    RuleResult,
    SpanResult,
)
from chalicelib.jobs.views import job_view
from chalicelib.kernel.money import written
from chalicelib.kernel.texts import say
from chalicelib.programs.model import Program


def forecast_row(found: Forecast, language: str) -> ForecastRow:
    """One row of a list."""
    return ForecastRow(
        forecast=found.forecast,
        name=found.name,
        state=found.state,
        source=found.source,
        begins=found.first,
        ends=found.last,
        receipts=found.receipts,
        documents=[name_of(one, language) for one in found.documents],
        created_at=found.created_at,
        created_by=found.created_by,
    )


def forecast_view(found: Found, language: str) -> ForecastView:
    """A forecast and, when it is done, what it found."""
    forecast = found.forecast
    result = None
    if forecast.state == "done":
        result = store.result(forecast.program, forecast.forecast)
    return ForecastView(
        **msgspec.structs.asdict(forecast_row(forecast, language)),
        file=forecast.file or None,
        faulty=forecast.faulty,
        faults=[
            FaultyRow(
                line=one.line,
                code=one.code,
                pointer=one.pointer,
                detail=say(language, f"forecast_row.{one.code}"),
            )
            for one in forecast.faults
        ],
        assumptions=forecast.assumptions,
        job=job_view(found.job),
        result=results(forecast, result, language) if result else None,
    )


def results(forecast: Forecast, result: Result, language: str) -> list[DocumentResult]:
    """What each document came to."""
    documents = store.documents(forecast.program, forecast.forecast)
    base = result.played[0]
    rows = zip(forecast.documents, documents, result.played, strict=True)
    return [
        _document(forecast, named, document, played, (forecast.documents[0], base), language)
        for named, document, played in rows
    ]


def name_of(named: Named, language: str) -> str:
    """What a document is called in a comparison."""
    return named.name or say(language, f"forecast_document.{named.kind}", number=named.version)


def _document(
    forecast: Forecast,
    named: Named,
    document: Program,
    played: Played,
    base: tuple[Named, Played],
    language: str,
) -> DocumentResult:
    figures = played.figures
    money = economy(figures, named.point_value)
    names = {rule.id: rule.name.get(language) for rule in document.earning.rules}
    beside = _beside(played, money, base)
    return DocumentResult(
        name=name_of(named, language),
        kind=named.kind,
        version=named.version or None,
        receipts=figures.receipts,
        events=figures.events,
        refused=figures.refused,
        members=figures.members,
        points=PointsResult(
            opening=played.opening,
            given=figures.given,
            excused=figures.excused,
            spent=figures.spent,
            exchanged=figures.exchanged,
            burnt=figures.burnt,
            open=figures.open,
            pending=figures.pending,
            owed=figures.owed,
        ),
        breakage=money.breakage,
        money=_money(played, money),
        vouchers=figures.vouchers,
        gifts=figures.gifts,
        beside=beside,
        rules=[
            RuleResult(
                rule=name,
                name=names.get(name, name),
                times=one.times,
                points=one.points,
                money=one.money,
            )
            for name, one in figures.rules.items()
        ],
        months=_months(figures.days),
        days=[_span(day, sums) for day, sums in figures.days.items()],
        sentences=_sentences(forecast, named, document, beside, (played, money), language),
    )


def _money(played: Played, money: Economy) -> MoneyResult:
    figures = played.figures
    return MoneyResult(
        turnover=figures.turnover,
        margin=figures.margin,
        cost_known=_share(figures.costed, figures.turnover),
        point_value=money.point_value,
        points_cost=money.points_cost,
        discounts=figures.discounts,
        coupons=figures.coupons,
        discount_cost=money.discount_cost,
        discount_share=_share(money.discount_cost, figures.turnover),
        vouchers=figures.voucher_money,
        donations=figures.donations,
        liability=money.liability,
        expected=money.expected,
        near=money.near,
        far=money.far,
    )


def _beside(played: Played, money: Economy, base: tuple[Named, Played]) -> ChangeResult:
    then = economy(base[1].figures, base[0].point_value)
    changes = played.changes
    winners, losers = changes.winners, changes.losers
    return ChangeResult(
        near=money.near - then.near,
        far=money.far - then.far,
        given=played.figures.given - base[1].figures.given,
        winners=winners,
        losers=losers,
        unchanged=changes.members - winners - losers,
        deciles=list(changes.deciles()),
        most=[_member(one) for one in changes.most],
        least=[_member(one) for one in changes.least],
    )


def _sentences(
    forecast: Forecast,
    named: Named,
    document: Program,
    beside: ChangeResult,
    played: tuple[Played, Economy],
    language: str,
) -> list[str]:
    """What is worth knowing, in words."""
    figures, money = played[0].figures, played[1]

    def amount(of: int) -> str:
        return written(of, document.currency)

    found = [
        say(
            language,
            "forecast.costs",
            given=figures.given,
            cost=amount(money.discount_cost),
            share=percent(_share(money.discount_cost, figures.turnover)),
            near=amount(money.near),
            far=amount(money.far),
        ),
        say(
            language,
            "forecast.breakage",
            share=percent(money.breakage),
            open=figures.outstanding,
            liability=amount(money.liability),
        ),
    ]
    if named.kind != "in_force":
        found.append(
            say(
                language,
                "forecast.beside",
                near=_signed(amount(beside.near)),
                far=_signed(amount(beside.far)),
            )
        )
        found.append(
            say(language, "forecast.members", winners=beside.winners, losers=beside.losers)
        )
    if named.discounts and forecast.assumptions.prices == "paid":
        found.append(say(language, "forecast.discounts_not_played"))
    if figures.costed < figures.turnover and not forecast.assumptions.margin:
        known = percent(_share(figures.costed, figures.turnover))
        found.append(say(language, "forecast.cost_unknown", share=known))
    if figures.gifts:
        found.append(say(language, "forecast.gifts_not_costed", count=figures.gifts))
    if figures.refused:
        found.append(say(language, "forecast.refused", count=figures.refused))
    return found


def percent(points: int) -> str:
    """Basis points as people read them: 1250 → ``12.5 %``."""
    whole, rest = divmod(abs(points), 100)
    told = f"{whole}.{rest:02}".rstrip("0").rstrip(".")
    return f"{'-' if points < 0 else ''}{told} %"


def _months(days: dict[str, DaySum]) -> list[SpanResult]:
    found: dict[str, DaySum] = {}
    for day, sums in days.items():
        found[day[:7]] = found.get(day[:7], DaySum()).plus(sums)
    return [_span(month, sums) for month, sums in found.items()]


def _span(name: str, sums: DaySum) -> SpanResult:
    return SpanResult(
        span=name,
        receipts=sums.receipts,
        turnover=sums.turnover,
        given=sums.given,
        spent=sums.spent,
        burnt=sums.burnt,
        discounts=sums.discounts,
    )


def _member(one: Changed) -> MemberChange:
    return MemberChange(member=one.member, in_force=one.before, here=one.after, change=one.change)


def _share(part: int, whole: int) -> int:
    return part * WHOLE // whole if whole > 0 else 0


def _signed(amount: str) -> str:
    return amount if amount.startswith("-") else f"+{amount}"
