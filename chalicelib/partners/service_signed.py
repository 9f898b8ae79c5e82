"""Who signed a request of a partner's system."""

import re
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.http.signed import (
    Claim,
    CredentialEnded,
    PartnerBlocked,
    SignatureInvalid,
    SignatureTooNew,
    SignatureTooOld,
    TooManyBadSignatures,
)
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.signatures import matches, timing
from chalicelib.kernel.table.keys import PLATFORM
from chalicelib.partners import model_credentials, store
from chalicelib.partners.model_credentials import Credential

WRONG = Limit("partner-signature", 300, timedelta(hours=1))
"""Of one client. A chain's shops may stand behind one address: a till that signs wrongly must not
close it to the others, so only wrong requests are refused above this, and right ones cost nothing.
"""
_SENT_AS = re.compile(r"([a-z][a-z0-9-]{1,30})\.([0-9a-z]{1,64})")
_UNTIMELY: dict[str, type[Unauthorized]] = {
    "too_old": SignatureTooOld,
    "too_new": SignatureTooNew,
}


def verify(claim: Claim, stage: Settings, at: datetime) -> PartnerCaller:
    """The partner's system that made a request. One strong read unit.

    What is wrong beyond the signature is told only to who has the secret.

    Raises:
        SignatureInvalid, TooManyBadSignatures: no secret of the credential made this signature.
        SignatureTooOld, SignatureTooNew, CredentialEnded, PartnerBlocked.
    """
    found = _claimed(claim.credential)
    generation = _generation(claim, found, stage)
    if found is None or generation == 0:
        raise _counted(claim.client, at)
    untimely = _UNTIMELY.get(timing(claim.signed, at))
    if untimely:
        raise untimely
    if not model_credentials.is_good(found, generation, at):
        raise CredentialEnded
    if found.blocked:
        raise PartnerBlocked
    return PartnerCaller(
        program=found.program,
        partner=found.partner,
        credential=found.credential,
        name=found.name,
        scopes=found.scopes,
        outlets=found.outlets,
        message=claim.signed.ident,
    )


def _claimed(sent_as: str) -> Credential | None:
    names = _SENT_AS.fullmatch(sent_as)
    return store.credential(names[1], names[2]) if names else None


def _generation(claim: Claim, credential: Credential | None, stage: Settings) -> int:
    """Number of the secret that signed; 0: none of those that may be asked for."""
    if credential is None:
        return 0
    for generation in model_credentials.generations(credential):
        if matches(claim.signed, model_credentials.key(stage, credential, generation)):
            return generation
    return 0


def _counted(client: str, at: datetime) -> SignatureInvalid | TooManyBadSignatures:
    """The refusal of a wrong signature, which counts against its client."""
    wait = WRONG.retry_after(PLATFORM, client, at)
    if wait:
        return TooManyBadSignatures(retry_after=wait)
    WRONG.count(PLATFORM, client, at)
    return SignatureInvalid()
