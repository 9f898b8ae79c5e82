"""From applications to what is shown of them."""

from chalicelib.groups.model import Application
from chalicelib.groups.service import Mine
from chalicelib.groups.shapes import ApplicationView, Groups, GroupStanding


def groups_view(found: Mine, language: str) -> Groups:
    """Every group that members can apply for."""
    return Groups(groups=[_group(found, group, language) for group in found.program.groups])


def application_view(found: Application) -> ApplicationView:
    """One application."""
    return ApplicationView(
        member=found.member,
        group=found.group,
        at=found.at,
        state=found.state,
        evidence=found.evidence or None,
        decided_at=found.decided_at or None,
    )


def _group(found: Mine, group: str, language: str) -> GroupStanding:
    terms, last = found.program.groups[group], found.applications.get(group)
    proof = next((one for one in found.groups if one.group == group), None)
    today = found.today.isoformat()
    return GroupStanding(
        group=group,
        name=terms.name.get(language),
        evidence=terms.evidence.get(language),
        member=proof is not None and (not proof.until or proof.until >= today),
        until=(proof.until or None) if proof else None,
        application=last.state if last else None,
        reason=(last.reason or None) if last else None,
    )
