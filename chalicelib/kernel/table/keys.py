"""Every key format of the table, in one file.

A key starts with its program, so that no read can cross from one club to another; ``_`` is the
platform itself (no program may be called so) and holds what is found before the program is known.
A row of :data:`PATTERNS` says who owns an item kind and whether it holds personal data;
docs/access-patterns.md and docs/erasure.md are checked against it.
"""

from typing import Literal, NamedTuple

PLATFORM = "_"


class Pattern(NamedTuple):
    """One kind of item."""

    name: str
    room: str
    pk: str
    sk: str
    personal: Literal["no", "pseudonymous", "yes"]


PATTERNS = (
    Pattern("program list", "programs", "_#PROGRAMS", "P#{program}", "no"),
    Pattern("program head", "programs", "{program}#PROGRAM", "HEAD", "no"),
    Pattern("program draft", "programs", "{program}#PROGRAM", "DRAFT", "no"),
    Pattern("program version", "programs", "{program}#PROGRAM", "V#{number}", "no"),
    Pattern("announcement", "programs", "{program}#ANNOUNCEMENTS", "N#{at}#{what}#{number}", "no"),
    Pattern("program pilot", "programs", "{program}#PROGRAM", "PILOT#{number}", "no"),
    Pattern("member", "members", "{program}#M#{member}", "MEMBER", "pseudonymous"),
    Pattern("profile", "members", "{program}#M#{member}", "PROFILE", "yes"),
    Pattern(
        "consent", "members", "{program}#M#{member}", "CONSENT#{purpose}#{number}", "pseudonymous"
    ),
    Pattern("session", "members", "{program}#M#{member}", "SESSION#{session}", "pseudonymous"),
    Pattern("member journal", "members", "{program}#M#{member}", "J#{number}", "pseudonymous"),
    Pattern("member note", "members", "{program}#M#{member}", "NOTE#{note}", "yes"),
    Pattern("unique value", "members", "{program}#U#{kind}#{hash}", "U", "pseudonymous"),
    Pattern("name token", "members", "{program}#NAMES#{start}", "{token}#{member}", "yes"),
    Pattern("one-time code", "members", "{program}#OTP#{challenge}", "OTP", "yes"),
    Pattern("account head", "ledger", "{program}#M#{member}", "HEAD", "pseudonymous"),
    Pattern("entry", "ledger", "{program}#M#{member}", "E#{seq}", "pseudonymous"),
    Pattern("hold", "ledger", "{program}#M#{member}", "HOLD#{hold}", "pseudonymous"),
    Pattern("pending award", "ledger", "{program}#M#{member}", "PEND#{award}", "pseudonymous"),
    Pattern("reversal guard", "ledger", "{program}#M#{member}", "REV#{seq}", "pseudonymous"),
    Pattern(
        "adjustment request", "ledger", "{program}#APPROVALS", "APPROVAL#{approval}", "pseudonymous"
    ),
    Pattern("request guard", "kernel", "{scope}", "G#{hash}", "pseudonymous"),
    Pattern("try counter", "kernel", "{program}#TRIES#{kind}#{hash}", "{window}", "pseudonymous"),
    Pattern("staff person", "staff", "_#STAFF#{staff}", "STAFF", "yes"),
    Pattern("staff session", "staff", "_#STAFF#{staff}", "SESSION#{session}", "pseudonymous"),
    Pattern("staff address", "staff", "_#STAFFMAIL#{hash}", "U", "pseudonymous"),
    Pattern("staff passkey", "staff", "_#PASSKEY#{hash}", "U", "pseudonymous"),
    Pattern("sign-in ticket", "staff", "_#TICKET#{ticket}", "TICKET", "pseudonymous"),
    Pattern("staff of a program", "staff", "{program}#STAFF", "S#{staff}", "pseudonymous"),
    Pattern("staff role", "staff", "{program}#STAFF", "ROLE#{role}", "no"),
    Pattern("owner count", "staff", "{program}#STAFF", "OWNERS", "no"),
    Pattern("audit record", "kernel", "{program}#AUDIT#{month}", "A#{at}#{hash}", "pseudonymous"),
    Pattern("partner", "partners", "{program}#PARTNERS", "PARTNER#{partner}", "no"),
    Pattern("outlet", "partners", "{program}#PARTNERS", "OUTLET#{partner}#{outlet}", "no"),
    Pattern("partner credential", "partners", "{program}#CRED#{credential}", "CRED", "no"),
    Pattern("file", "files", "{program}#FILES", "FILE#{file}", "no"),
    Pattern("coupon", "coupons", "{program}#M#{member}", "COUPON#{coupon}", "pseudonymous"),
    Pattern(
        "coupon history",
        "coupons",
        "{program}#M#{member}",
        "COUPONLOG#{coupon}#{number}",
        "pseudonymous",
    ),
    Pattern("coupon code", "coupons", "{program}#COUPONCODE#{hash}", "COUPON", "pseudonymous"),
    Pattern("coupon issue", "coupons", "{program}#COUPONS", "ISSUE#{issue}", "pseudonymous"),
    Pattern("donation", "donations", "{program}#M#{member}", "DONATION#{number}", "pseudonymous"),
    Pattern(
        "donation total", "donations", "{program}#DONATIONS", "MONTH#{month}#{to}#{shard}", "no"
    ),
    Pattern("group application", "groups", "{program}#M#{member}", "APPLY#{group}", "yes"),
    Pattern(
        "waiting application",
        "groups",
        "{program}#APPLICATIONS",
        "A#{at}#{member}#{group}",
        "pseudonymous",
    ),
    Pattern("seller", "sellers", "{program}#M#{member}", "SELLER", "yes"),
    Pattern("waiting seller", "sellers", "{program}#SELLERS", "S#{at}#{member}", "pseudonymous"),
    Pattern("tag", "tags", "_#TAG#{serial}", "TAG", "pseudonymous"),
    Pattern("tag journal", "tags", "_#TAG#{serial}", "J#{number}", "pseudonymous"),
    Pattern("tag scans", "tags", "_#TAG#{serial}", "SCANS", "no"),
    Pattern(
        "tag of a member", "tags", "{program}#M#{member}", "ITEM#{at}#{serial}", "pseudonymous"
    ),
    Pattern("claim", "tags", "{program}#M#{member}", "CLAIM#{at}#{serial}", "pseudonymous"),
    Pattern("claimed tag", "tags", "_#TAG#{serial}", "CLAIM", "pseudonymous"),
    Pattern("batch", "tags", "{program}#BATCHES", "BATCH#{batch}", "no"),
    Pattern("print window", "tags", "_#WINDOWS", "WINDOW#{until}#{program}#{batch}", "no"),
    Pattern("reward", "rewards", "{program}#REWARDS", "REWARD#{reward}", "no"),
    Pattern("reward text", "rewards", "{program}#REWARDS", "ABOUT#{reward}", "no"),
    Pattern("stock", "rewards", "{program}#REWARDS", "STOCK#{reward}", "no"),
    Pattern("catalogue size", "rewards", "{program}#REWARDS", "SIZE", "no"),
    Pattern("stock journal", "rewards", "{program}#REWARD#{reward}", "J#{number}", "no"),
    Pattern("free code", "rewards", "{program}#REWARD#{reward}", "FREE#{hash}", "no"),
    Pattern("reward code", "rewards", "{program}#REWARD#{reward}", "CODE#{hash}", "pseudonymous"),
    Pattern("gift code", "rewards", "{program}#GIFTCODE#{hash}", "CODE", "pseudonymous"),
    Pattern("pick-up point", "rewards", "{program}#PICKUP", "POINT#{point}", "no"),
    Pattern("order", "rewards", "{program}#M#{member}", "ORDER#{seq}", "pseudonymous"),
    Pattern(
        "order history",
        "rewards",
        "{program}#M#{member}",
        "ORDERLOG#{order}#{number}",
        "pseudonymous",
    ),
    Pattern("order delivery", "rewards", "{program}#M#{member}", "SHIP#{order}", "yes"),
    Pattern("pieces taken", "rewards", "{program}#M#{member}", "TAKEN#{reward}", "pseudonymous"),
    Pattern("order number", "rewards", "{program}#ORDERNO#{short}", "ORDER", "pseudonymous"),
    Pattern("order queue", "rewards", "{program}#ORDERS", "{state}#{at}#{short}", "pseudonymous"),
    Pattern("receipt", "receipts", "{program}#RECEIPT#{receipt}", "RECEIPT", "pseudonymous"),
    Pattern("receipt claim", "receipts", "{program}#CLAIM#{hash}", "CLAIM", "pseudonymous"),
    Pattern(
        "month of purchases", "counters", "{program}#M#{member}", "MONTH#{month}", "pseudonymous"
    ),
    Pattern("tally of purchases", "receipts", "{program}#M#{member}", "TALLY", "pseudonymous"),
    Pattern("proposed level", "receipts", "{program}#PROPOSALS", "P#{at}#{member}", "pseudonymous"),
    Pattern("rule budget", "receipts", "{program}#BUDGET#{rule}", "S#{shard}", "no"),
    Pattern("held quote", "receipts", "{program}#QUOTE#{quote}", "QUOTE", "pseudonymous"),
    Pattern("quote to end", "receipts", "_#QUOTES#{shard}", "Q#{until}#{program}#{quote}", "no"),
    Pattern(
        "membership payment",
        "memberships",
        "{program}#M#{member}",
        "PAID#{at}#{payment}",
        "pseudonymous",
    ),
    Pattern(
        "payment number", "memberships", "{program}#PAYMENT#{payment}", "PAYMENT", "pseudonymous"
    ),
    Pattern("told of gates", "gates", "{program}#M#{member}", "GATES", "pseudonymous"),
    Pattern("forecast", "forecasts", "{program}#FORECASTS", "FORECAST#{forecast}", "no"),
    Pattern(
        "forecast document", "forecasts", "{program}#FORECAST#{forecast}", "DOC#{number}", "no"
    ),
    Pattern("forecast place", "forecasts", "{program}#FORECAST#{forecast}", "PLACE#{number}", "no"),
    Pattern("forecast result", "forecasts", "{program}#FORECAST#{forecast}", "RESULT", "no"),
    Pattern(
        "member of a pilot", "forecasts", "{program}#PILOT#{pilot}", "M#{member}", "pseudonymous"
    ),
    Pattern("job", "jobs", "{program}#JOB#{job}", "JOB", "no"),
    Pattern("job part", "jobs", "{program}#JOB#{job}", "PART#{number}", "no"),
    Pattern("open job", "jobs", "_#JOBS", "OPEN#{program}#{job}", "no"),
    Pattern("award list", "awards", "{program}#AWARDS", "LIST#{list}", "no"),
    Pattern("award rows", "awards", "{program}#AWARDS#{list}", "ROWS#{number}", "pseudonymous"),
    Pattern("award keys", "awards", "{program}#AWARDS#{list}", "KEYS#{number}", "yes"),
    Pattern("award row", "awards", "{program}#AWARDS#{list}", "ROW#{number}", "no"),
    Pattern("import", "transfers", "{program}#IMPORTS", "IMPORT#{import}", "no"),
    Pattern("import outline", "transfers", "{program}#IMPORTS#{import}", "RANGES#{number}", "no"),
    Pattern("import check", "transfers", "{program}#IMPORTS#{import}", "CHECK#{number}", "no"),
    Pattern("import run", "transfers", "{program}#IMPORTS#{import}", "RUN#{number}", "no"),
    Pattern("export", "transfers", "{program}#EXPORTS", "EXPORT#{export}", "no"),
    Pattern("export part", "transfers", "{program}#EXPORTS#{export}", "PART#{number}", "no"),
    Pattern("settlement", "settlement", "{program}#SETTLEMENTS", "SETTLEMENT#{settlement}", "no"),
    Pattern(
        "settlement part", "settlement", "{program}#SETTLEMENTS#{settlement}", "PART#{number}", "no"
    ),
    Pattern("notification", "outreach", "{program}#M#{member}", "N#{at}#{fact}", "pseudonymous"),
    Pattern("notifications seen", "outreach", "{program}#M#{member}", "SEEN", "pseudonymous"),
    Pattern("staff notice", "outreach", "{program}#NOTICES", "N#{at}#{fact}", "no"),
    Pattern(
        "agenda entry",
        "agenda",
        "_#AGENDA#{day}#{shard}",
        "{due}#{program}#{kind}#{ref}",
        "pseudonymous",
    ),
    Pattern("agenda place", "agenda", "_#AGENDA", "OPEN", "no"),
    Pattern("sweep", "sweeper", "_#SWEEP", "ROUND", "no"),
    Pattern("sweep of a segment", "sweeper", "_#SWEEP", "ROUND#{segments}#{segment}", "no"),
    Pattern("upgrade begun", "kernel", "_#UPGRADES", "U#{number}", "no"),
    Pattern("upgrade", "upgrades", "_#UPGRADES#{upgrade}", "RECORD", "no"),
    Pattern("upgrade check", "upgrades", "_#UPGRADES#{upgrade}", "CHECK#{number}", "no"),
    Pattern("upgrade part", "upgrades", "_#UPGRADES#{upgrade}", "PART#{number}", "no"),
)


def numbered(prefix: str, number: int) -> str:
    """``prefix`` and a number that sorts as text in the order of numbers."""
    return f"{prefix}#{number:012d}"


def programs() -> str:
    """Partition of the list of programs."""
    return f"{PLATFORM}#PROGRAMS"


def program(program_id: str) -> str:
    """Partition of a program's documents."""
    return f"{program_id}#PROGRAM"


def agenda(day: str, shard: int) -> str:
    """Partition of what is due on one UTC day (``2026-11-29``), one shard of it."""
    return f"{PLATFORM}#AGENDA#{day}#{shard}"


def agenda_place() -> str:
    """Partition of how far the agenda is worked off."""
    return f"{PLATFORM}#AGENDA"


def announcements(program_id: str) -> str:
    """Partition of what all members of a program are told, in the order of time."""
    return f"{program_id}#ANNOUNCEMENTS"


def member(program_id: str, member_id: str) -> str:
    """Partition of everything of one member."""
    return f"{program_id}#M#{member_id}"


def unique(program_id: str, kind: str, value_hash: str) -> str:
    """Partition of the sentinel that makes a value unique in its program."""
    return f"{program_id}#U#{kind}#{value_hash}"


def names(program_id: str, start: str) -> str:
    """Partition of the words in members' names that begin with the two letters ``start``."""
    return f"{program_id}#NAMES#{start}"


def one_time_code(program_id: str, challenge: str) -> str:
    """Partition of one sign-in challenge."""
    return f"{program_id}#OTP#{challenge}"


def tries(program_id: str, kind: str, subject_hash: str) -> str:
    """Partition of the counters of wrong or costly tries of one subject."""
    return f"{program_id}#TRIES#{kind}#{subject_hash}"


def staff(staff_id: str) -> str:
    """Partition of one person of the staff, on the whole platform."""
    return f"{PLATFORM}#STAFF#{staff_id}"


def staff_address(address_hash: str) -> str:
    """Partition of the sentinel that makes an e-mail address one person's of the staff."""
    return f"{PLATFORM}#STAFFMAIL#{address_hash}"


def passkey(credential_hash: str) -> str:
    """Partition of the sentinel that makes a passkey one person's of the staff."""
    return f"{PLATFORM}#PASSKEY#{credential_hash}"


def sign_in_ticket(ticket: str) -> str:
    """Partition of one sign-in of staff that waits for its second factor."""
    return f"{PLATFORM}#TICKET#{ticket}"


def staff_of(program_id: str) -> str:
    """Partition of a program's staff, its own roles and the count of its owners."""
    return f"{program_id}#STAFF"


def audit(program_id: str, month: str) -> str:
    """Partition of what the staff of a program did in one UTC month (``2026-11``)."""
    return f"{program_id}#AUDIT#{month}"


def approvals(program_id: str) -> str:
    """Partition of a program's requests for corrections that need a second person."""
    return f"{program_id}#APPROVALS"


def partners(program_id: str) -> str:
    """Partition of a program's partners and outlets."""
    return f"{program_id}#PARTNERS"


def credential(program_id: str, credential_id: str) -> str:
    """Partition of one credential of a partner's system, which every call of it reads."""
    return f"{program_id}#CRED#{credential_id}"


def files(program_id: str) -> str:
    """Partition of what is known of a program's uploaded files."""
    return f"{program_id}#FILES"


def coupon_code(program_id: str, code_hash: str) -> str:
    """Partition of what leads from a coupon's code to its member."""
    return f"{program_id}#COUPONCODE#{code_hash}"


def coupons(program_id: str) -> str:
    """Partition of the lists of members to whom staff gave coupons."""
    return f"{program_id}#COUPONS"


def gift_code(program_id: str, code_hash: str) -> str:
    """Partition of what leads from a code that was made for an order to that order."""
    return f"{program_id}#GIFTCODE#{code_hash}"


def donations(program_id: str) -> str:
    """Partition of what charities were given in a program, by month."""
    return f"{program_id}#DONATIONS"


def group_applications(program_id: str) -> str:
    """Partition of what leads to the applications for groups that wait, in the order of time."""
    return f"{program_id}#APPLICATIONS"


def sellers(program_id: str) -> str:
    """Partition of what leads to the sellers who wait to be phoned, in the order of time."""
    return f"{program_id}#SELLERS"


def tag(serial: str) -> str:
    """Partition of one tag; its serial is unique on the whole platform and leads to its program."""
    return f"{PLATFORM}#TAG#{serial}"


def batches(program_id: str) -> str:
    """Partition of a program's tag batches."""
    return f"{program_id}#BATCHES"


def order_number(program_id: str, number: str) -> str:
    """Partition of what leads from an order's number to its member."""
    return f"{program_id}#ORDERNO#{number}"


def orders(program_id: str) -> str:
    """Partition of all orders of a program, by state."""
    return f"{program_id}#ORDERS"


def job(program_id: str, job_id: str) -> str:
    """Partition of one long-running job."""
    return f"{program_id}#JOB#{job_id}"


def windows() -> str:
    """Partition of the open print windows of all programs, in the order of their ends."""
    return f"{PLATFORM}#WINDOWS"


def rewards(program_id: str) -> str:
    """Partition of a program's catalogue: small items of every reward, read together."""
    return f"{program_id}#REWARDS"


def reward(program_id: str, reward_id: str) -> str:
    """Partition of what one reward gathers: its stock journal and its codes."""
    return f"{program_id}#REWARD#{reward_id}"


def receipt(program_id: str, receipt_id: str) -> str:
    """Partition of one receipt, or of another event that a partner told."""
    return f"{program_id}#RECEIPT#{receipt_id}"


def receipt_claim(program_id: str, code_hash: str) -> str:
    """Partition of what leads from a receipt's code to a receipt that is nobody's yet."""
    return f"{program_id}#CLAIM#{code_hash}"


def proposals(program_id: str) -> str:
    """Partition of the levels that are proposed to the staff of a program, in the order of time."""
    return f"{program_id}#PROPOSALS"


def budget(program_id: str, rule: str) -> str:
    """Partition of what all members together got of one rule."""
    return f"{program_id}#BUDGET#{rule}"


def membership_payment(program_id: str, payment: str) -> str:
    """Partition of what leads from a payment for a membership to its member."""
    return f"{program_id}#PAYMENT#{payment}"


def quote(program_id: str, quote_id: str) -> str:
    """Partition of one quote that holds points."""
    return f"{program_id}#QUOTE#{quote_id}"


def quotes_to_end(shard: int) -> str:
    """Partition of some of the held quotes of all programs, in the order of their ends."""
    return f"{PLATFORM}#QUOTES#{shard}"


def forecasts(program_id: str) -> str:
    """Partition of a program's forecasts."""
    return f"{program_id}#FORECASTS"


def forecast(program_id: str, forecast_id: str) -> str:
    """Partition of what one forecast compares and found."""
    return f"{program_id}#FORECAST#{forecast_id}"


def pilot(program_id: str, number: int) -> str:
    """Partition of the members of one pilot."""
    return f"{program_id}#PILOT#{number}"


def pickup(program_id: str) -> str:
    """Partition of a program's pick-up points."""
    return f"{program_id}#PICKUP"


def open_jobs() -> str:
    """Partition of the jobs of all programs that have work left."""
    return f"{PLATFORM}#JOBS"


def award_lists(program_id: str) -> str:
    """Partition of a program's lists of awards."""
    return f"{program_id}#AWARDS"


def award_list(program_id: str, list_id: str) -> str:
    """Partition of the rows of one list of awards."""
    return f"{program_id}#AWARDS#{list_id}"


def imports(program_id: str) -> str:
    """Partition of a program's imports."""
    return f"{program_id}#IMPORTS"


def import_parts(program_id: str, import_id: str) -> str:
    """Partition of how one import is cut up and what became of its parts."""
    return f"{program_id}#IMPORTS#{import_id}"


def exports(program_id: str) -> str:
    """Partition of a program's exports."""
    return f"{program_id}#EXPORTS"


def export_parts(program_id: str, export_id: str) -> str:
    """Partition of how far each part of one export is, and the files that it wrote."""
    return f"{program_id}#EXPORTS#{export_id}"


def settlements(program_id: str) -> str:
    """Partition of a program's settlements."""
    return f"{program_id}#SETTLEMENTS"


def settlement_parts(program_id: str, settlement_id: str) -> str:
    """Partition of how far each part of one settlement is, and its sums so far."""
    return f"{program_id}#SETTLEMENTS#{settlement_id}"


def notices(program_id: str) -> str:
    """Partition of what the staff of a program are told."""
    return f"{program_id}#NOTICES"


def sweep() -> str:
    """Partition of the sweeper's own places in the table."""
    return f"{PLATFORM}#SWEEP"


def upgrades() -> str:
    """Partition of the upgrades of the data that have begun to write."""
    return f"{PLATFORM}#UPGRADES"


def upgrade(upgrade: int) -> str:
    """Partition of what became of one upgrade of the data, and how far each part of it is."""
    return f"{PLATFORM}#UPGRADES#{upgrade}"
