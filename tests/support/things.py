"""The things of the example club: of each kind one in every state that an operation may want."""

from dataclasses import dataclass, field
from typing import Any

from tests.support import coupons, forecasts, gifts, purchases, sellers, shop, transfers
from tests.support.club import Club, Member, bearer, new_phone
from tests.support.partner import System, connect
from tests.support.staff import Employee, Passkey, invite

Live = dict[str, Any]
"""Live values by the name of the field or parameter."""
GTIN = "04607012345677"
WHY = {"reason": "Made for the example club"}


def _tag(printed: dict[str, str]) -> Live:
    serial = printed["serial"]
    return {"serial": serial, "serials": [serial], "scratch_code": printed["scratch_code"]}


@dataclass
class Things:
    """Whose they are."""

    club: Club
    member: Member
    employee: Employee
    neighbour: Club
    system: System = field(init=False)

    def all(self) -> list[list[Live]]:
        """For each thing its states; one state's names belong together."""
        club, member = self.club, self.member
        # Other names than in the examples, so that writing those changes something.
        gifts.good(club.staff("PUT", "/partners/rubin", json={"name": "R."}))
        gifts.good(
            club.staff("PUT", "/partners/rubin/outlets/arbat", json={"name": "A.", "kind": "shop"})
        )
        self.system = connect(club)
        sellers.confirmed(member, "rubin", "arbat")
        tags = self._tags()
        return [
            [{"credential": self.system.credential}],
            [self._owner()],
            [_tag(one) for one in tags],
            *purchases.things(member, self.system),  # they open the gate of donations
            self._coupons(),
            self._donations(),
            self._membership(),
            self._groups(),
            *forecasts.things(club),  # its jobs, too, before the job that must not begin
            self._award_lists(),  # before the job that must not begin
            *self._transfers(),
            [self._settlement()],
            self._batches(),
            self._movements(),
            [{"up_to": member.call("GET", "/notifications").json()["rows"][0]["id"]}],
            [self._newcomer()],
            self._requests(),
            [
                {"refresh_token": member.session["refresh_token"]},
                {"refresh_token": self.employee.session["refresh_token"]},
            ],
            *self._staff(),
            [{"partner": "rubin"}],
            *gifts.things(club),
            shop.things(member),
            [shop.ticket(member)],
            [{"outlet": "arbat"}],
            self._versions(),
        ]

    def _owner(self) -> Live:
        """The member, whom a note is about."""
        member = self.member
        card = member.session["member"]["card_number"]
        body = {"text": "Prefers to be called in the evening.", "topic": "data"}
        note = gifts.good(member.staff("POST", "/notes", json=body))["note"]
        return {
            "member": member.id,
            "members": [member.id],
            "confirm": card,
            "card_number": card,
            "note": note,
            "phone": member.phone,
        }

    def _tags(self) -> list[dict[str, str]]:
        """A tag that nobody has, the member's with its points, a withdrawn one, and one that they
        claim to have sold.
        """
        fresh, own, withdrawn, sold = self.club.tags(4, gtin=GTIN)
        gifts.good(self.member.register(own))
        gifts.good(self.club.staff("POST", f"/tags/{withdrawn['serial']}/withdrawal", json=WHY))
        sellers.claimed(self.member, sold)
        gifts.good(sellers.ask(self.member, "rubin"))  # waits for a call
        self.club.house.pump()
        return [fresh, own, withdrawn, sold]

    def _batches(self) -> list[Live]:
        """A batch whose print window is open, one not printed yet, one whose job has not begun."""
        rows = self.club.staff("GET", "/batches").json()["rows"]
        ready = self.club.make_batch(2)
        body = {"sku": "RING-585-17", "category": "ring", "name": {"en": "Ring"}, "count": 1}
        made = gifts.good(self.club.staff("POST", "/batches", json=body))
        found = [rows[0]["batch"], ready, made["batch"]]
        jobs = [self.club.staff("GET", f"/batches/{batch}").json()["job"]["job"] for batch in found]
        return [{"batch": batch, "job": job} for batch, job in zip(found, jobs, strict=True)]

    def _coupons(self) -> list[Live]:
        """One that the member can use."""
        coupons.give(self.club, self.member)
        (given,) = self.member.rows("/coupons")
        return [{"coupon": given["coupon"]}]

    def _donations(self) -> list[Live]:
        """One that can be taken back."""
        path, key = "/donations", {"Idempotency-Key": "of the example club"}
        body = {"to": "childrens-hospice", "points": 5}
        given = gifts.good(self.member.call("POST", path, json=body, headers=key))
        return [{"donation": str(given["donation"])}]

    def _membership(self) -> list[Live]:
        """A payment that can be refunded."""
        body = {
            "number": "OF-THE-EXAMPLE-CLUB",
            "plan": "plus",
            "at": self.club.house.now.isoformat(timespec="milliseconds"),
            "amount": 9900,
            "buyer": {"member": self.member.id},
        }
        paid = gifts.good(self.system.call("POST", "/memberships", json=body))
        return [{"payment": paid["payment"]["payment"]}]

    def _groups(self) -> list[Live]:
        """One that the member applied for, and one that they can apply for."""
        body = {"group": "student", "evidence": "State University, card 1042-77"}
        key = {"Idempotency-Key": "of the example club"}
        gifts.good(self.member.call("POST", "/group-applications", json=body, headers=key))
        return [{"group": "student"}, {"group": "teacher"}]

    def _versions(self) -> list[Live]:
        """The version in force, and an announced one that can be withdrawn."""
        body = {"effective_at": "2098-01-01T00:00:00Z"}
        gifts.good(self.club.staff("POST", "/versions", json=body))
        return [{"version": "1"}, {"version": "2"}]

    def _award_lists(self) -> list[Live]:
        """A list that is checked: one good row, one for nobody. Another of this kind was run."""
        rows = f"{self.member.id},10,Third place\nnobody@example.org,10,Third place\n"
        body = {"csv": f"member,points,reason\n{rows}", "reason": "The spring contest"}
        sent = [gifts.good(self.club.staff("POST", "/award-lists", json=body)) for _ in range(2)]
        checked, run = (one["list"] for one in sent)
        self.club.house.pump()
        skip = {"skip_wrong": True}
        gifts.good(self.club.staff("POST", f"/award-lists/{run}/run", json=skip))
        self.club.house.pump()
        return [{"list": checked}]

    def _transfers(self) -> list[list[Live]]:
        """An import that is checked, another of its kind that was run, and a finished export."""
        lines = [{"phone": new_phone(), "kind": "buyer"}, {"phone": "nobody's", "kind": "buyer"}]
        checked = transfers.checked(self.club, transfers.csv_of(lines))["id"]
        transfers.done(self.club, transfers.csv_of([{"phone": new_phone(), "kind": "seller"}]))
        export = transfers.exported(self.club, "members")["id"]
        return [[{"import": checked}], [{"export": export}]]

    def _settlement(self) -> Live:
        """One that is worked out."""
        made = gifts.good(self.club.staff("POST", "/settlements", json={"month": "2026-08"}))
        self.club.house.pump()
        return {"settlement": made["settlement"]}

    def _movements(self) -> list[Live]:
        """The registration is entry 1, which can be reversed; then something open of each kind."""
        below = f"/members/{self.member.id}"
        gifts.good(self.club.staff("POST", f"{below}/adjustments", json={"points": 300, **WHY}))
        hold = gifts.good(self.club.staff("POST", f"{below}/holds", json={"points": 50, **WHY}))
        award = gifts.good(
            self.club.staff("POST", f"{below}/pending-awards", json={"points": 70, **WHY})
        )
        return [{"seq": "1", "hold": hold["ref"], "award": award["ref"]}]

    def _requests(self) -> list[Live]:
        """A request for points that somebody else made, and one of the examples' own caller."""
        path = f"/members/{self.member.id}/adjustment-requests"
        body = {"points": 40, **WHY}
        fields = bearer(self.club.house.staff(name="other"))
        other = gifts.good(self.club.staff("POST", path, json=body, headers=fields))
        own = gifts.good(self.club.staff("POST", path, json=body))
        return [{"approval": each["approval"]} for each in (other, own)]

    def _newcomer(self) -> Live:
        phone = new_phone()
        challenge = self.club.challenge(phone)
        return {"challenge": challenge, "one_time_code": self.club.code(phone)}

    def _staff(self) -> list[list[Live]]:
        """A person with two roles to choose from, and everything of somebody's own sign-in."""
        role = {"rights": ["staff.write"]}  # nobody gives rights that they lack
        for name in ("gift-desk", "parcel-desk"):
            body = {**role, "name": {"en": name}}
            gifts.good(self.club.staff("PUT", f"/roles/{name}", json=body))
        colleague = invite(self.club, "gift-desk")
        return [
            [{"staff": colleague.staff}],
            [{"role": "gift-desk", **role}, {"role": "parcel-desk", **role}],
            [{"email": self.employee.email}, {"email": f"new.{colleague.email}"}],
            self._proofs(colleague),
            [{"pending": self._invited()}],
        ]

    def _invited(self) -> str:
        """The employee's invitation to a further program."""
        body = {"email": self.employee.email, "name": "O.", "roles": ["support"]}
        gifts.good(self.neighbour.staff("POST", "/staff", json=body))
        (invited,) = self.employee.own("GET", "/me").json()["invitations"]
        return str(invited["pending"])

    def _proofs(self, colleague: Employee) -> list[Live]:
        """The answers of passkeys to a ticket, an invitation and the offer of another factor."""
        own = self.employee
        added = own.own("GET", "/me/factor-offer").json()
        body = {"passkey": Passkey(own.passkey.origin).create(added["passkey"])}
        gifts.good(own.own("PUT", f"/me/factors/{added['factor']}", json=body))
        offer = own.own("GET", "/me/factor-offer").json()
        ticket = own.ticket()
        live = {
            "ticket": ticket["ticket"],
            **colleague.invited(),
            "factor": offer["factor"],
            "passkey": own.passkey.sign(ticket["passkey"]),
        }
        taken_up = colleague.passkey.create(colleague.offer().json()["offer"]["passkey"])
        another = Passkey(own.passkey.origin).create(offer["passkey"])
        return [
            live,
            {**live, "passkey": taken_up},
            {**live, "passkey": another},
            {**live, "factor": added["factor"]},
        ]
