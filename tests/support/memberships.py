"""Paid memberships over HTTP."""

import itertools
from typing import Any

import httpx

from chalicelib.kernel.clock import render
from tests.support.club import Member
from tests.support.partner import System

Json = dict[str, Any]
_numbers = itertools.count(1)


def tell(system: System, member: Member, plan: str, **more: Any) -> httpx.Response:
    """A partner's system tells of a payment of just now."""
    body = {
        "number": f"SUB-{next(_numbers)}",
        "plan": plan,
        "at": render(system.club.house.now),
        "amount": 9900,
        "buyer": {"member": member.id},
        **more,
    }
    return system.call("POST", "/memberships", json=body)


def pay(system: System, member: Member, plan: str, **more: Any) -> Json:
    """The same, of a payment that is taken."""
    answer = tell(system, member, plan, **more)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def refund(system: System, payment: Json) -> Json:
    """A partner's system tells that the money went back."""
    path = f"/memberships/{payment['payment']['payment']}/refund"
    answer = system.call("POST", path, json={"reason": "Ordered by mistake"})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def mine(member: Member, plan: str) -> Json:
    """A membership as the member sees it, with a fresh sign-in."""
    fresh = member.club.sign_in(member.phone)
    answer = fresh.call("GET", "/memberships")
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["memberships"]
    return next(one for one in found if one["plan"] == plan)
