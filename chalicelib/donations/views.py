"""From donations to what is shown of them."""

from chalicelib.donations.model import Donation, Total
from chalicelib.donations.shapes import CharityTotal, DonationView, Report
from chalicelib.programs.model import Program


def donation_view(donation: Donation, language: str) -> DonationView:
    """A donation in the reader's language."""
    return DonationView(
        donation=donation.donation,
        to=donation.to,
        name=donation.name.get(language),
        points=donation.points,
        at=donation.at,
        taken_back_at=donation.taken_back_at or None,
    )


def report_view(totals: list[Total], program: Program) -> Report:
    """Totals under the names that the charities have now."""
    return Report(
        charities=[
            CharityTotal(
                one.to, program.charities.get(one.to), one.points, one.donations, one.money
            )
            for one in totals
        ],
        points=sum(one.points for one in totals),
        donations=sum(one.donations for one in totals),
        money=sum(one.money for one in totals),
    )
