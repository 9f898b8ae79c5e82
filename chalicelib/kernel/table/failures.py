"""Telling "the table or a queue did not answer" from a defect of ours that AWS refused."""

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBConnectionError, PynamoDBException

STORAGE_FAILURES = (BotoCoreError, ClientError, PynamoDBConnectionError, PynamoDBException)
PASSING = frozenset(
    {
        "TransactionConflict",
        "ThrottlingError",
        "ThrottlingException",
        "Throttling",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "TransactionInProgressException",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        "RequestTimeout",
    }
)
"""Error codes after which the same request may succeed."""


def code_of(failure: BaseException) -> str:
    """AWS's code of a failure, else the name of its class."""
    error = _client_error(failure)
    return str(error.response["Error"]["Code"]) if error else type(failure).__name__


def is_passing(failure: BaseException) -> bool:
    """Whether the same request may succeed a little later; else the defect is ours."""
    error = _client_error(failure)
    if error is None:
        return _is_connection(failure)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status >= 500 or code_of(error) in PASSING:
        return True
    reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    return bool(reasons & PASSING)


def _client_error(failure: BaseException) -> ClientError | None:
    if isinstance(failure, ClientError):
        return failure
    cause = getattr(failure, "cause", None)
    return cause if isinstance(cause, ClientError) else None


def _is_connection(failure: BaseException) -> bool:
    cause = getattr(failure, "cause", None) or failure
    return isinstance(cause, BotoCoreError | PynamoDBConnectionError)
