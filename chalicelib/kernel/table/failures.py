"""The exceptions that mean "the table did not answer", as opposed to "the answer is no"."""

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBConnectionError, PynamoDBException

STORAGE_FAILURES = (BotoCoreError, ClientError, PynamoDBConnectionError, PynamoDBException)
