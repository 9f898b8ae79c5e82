"""Event sources as they should be: Chalice knows neither partial failures nor filters, nor where
to put what fails for good, and takes only ARNs that exist.

While packaging, app.py reads stand-ins for the ARNs: their last part is the logical name of the
queue, or ``stream``.
"""

from infra.local.resources import queue_arn
from infra.stack.stage import Json

STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/Table/stream/stand-in"
STAND_INS = {
    "CLUBKEEPER_STREAM_ARN": STREAM,
    "CLUBKEEPER_NOTIFICATIONS_QUEUE_ARN": queue_arn("NotificationsQueue"),
    "CLUBKEEPER_JOBS_QUEUE_ARN": queue_arn("JobsQueue"),
    "CLUBKEEPER_AGENDA_QUEUE_ARN": queue_arn("AgendaQueue"),
}
"""The environment in which app.py is packaged."""


def finish(event: Json) -> None:
    """Put one of Chalice's event sources right, in place.

    Raises:
        ValueError: a kind of source that nobody thought of.
    """
    properties = event["Properties"]
    match event["Type"]:
        case "SQS":
            queue = properties["Queue"].rsplit(":", 1)[-1]
            properties["Queue"] = {"Fn::GetAtt": [queue, "Arn"]}
            properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
        case "DynamoDB":
            properties["Stream"] = {"Fn::GetAtt": ["Table", "StreamArn"]}
        case "Schedule":
            pass
        case kind:
            raise ValueError(f"Nothing is known of event sources of the kind {kind}.")
