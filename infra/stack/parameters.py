"""What an owner may set when deploying: the template's parameters, with the stage's defaults."""

from infra.stack.stage import Json, Stage

LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]
"""The periods that CloudWatch Logs knows."""


def parameters(stage: Stage) -> dict[str, Json]:
    """Name -> definition; all have defaults, so that a stage can be tried out as it is."""
    return {
        "PublicUrl": _text(
            "Origin of the club's site, API and QR codes: https:// and the domain, without a "
            "trailing slash. Printed QR codes keep it for ever.",
            stage.public_url,
            AllowedPattern="https?://[a-z0-9.:-]+",
        ),
        "Version": _text(
            "What is deployed, as its release is called; GET /v1/health tells it.",
            "development",
        ),
        "SenderEmail": _text(
            "Sender of e-mails; its domain has to be verified in Amazon SES.",
            stage.sender_email,
            AllowedPattern="[^@\\s]+@[^@\\s]+",
        ),
        "AlarmEmail": _text(
            "Who is told when an alarm goes off; empty: nobody.",
            "",
            AllowedPattern="([^@\\s]+@[^@\\s]+)?",
        ),
        "LogDays": _number("Days that logs are kept.", stage.log_days, AllowedValues=LOG_DAYS),
        "Workers": _number(
            "Most parts of jobs, and most pages of the agenda, that are worked on at once.",
            stage.workers,
            MinValue=2,
            MaxValue=1000,
        ),
        "RequestsPerSecond": _number(
            "Steady requests of all callers that the gateway lets through.",
            stage.requests_per_second,
            MinValue=1,
        ),
        "Burst": _number(
            "Requests above the steady rate that may come at once.", stage.burst, MinValue=1
        ),
        "MessagesPerDay": _number(
            "Budget of paid messages (SMS) of one program and day; beyond it none is sent.",
            stage.messages_per_day,
            MinValue=0,
        ),
    }


def _text(about: str, default: str, **more: Json) -> Json:
    return {"Type": "String", "Description": about, "Default": default, **more}


def _number(about: str, default: int, **more: Json) -> Json:
    return {"Type": "Number", "Description": about, "Default": default, **more}
