"""The REST API around Chalice's routes: address, throttling, access logs, and the gateway's own
answers in the shape of ours.
"""

import json
from http import HTTPStatus
from typing import NamedTuple

from infra.local.answers import in_all_languages
from infra.stack.stage import API_STAGE, Json, Stage

LINE = {
    "request": "$context.requestId",
    "method": "$context.httpMethod",
    # the pattern, not the path: paths can hold serials and ids of members
    "route": "$context.resourcePath",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "ms": "$context.responseLatency",
    "integration_ms": "$context.integrationLatency",
    "bytes": "$context.responseLength",
}
"""A line of the access log: no address, no agent, nothing of whoever asks."""


COMPRESSED_BYTES = 1024
"""Answers at least so large are compressed, for callers that take that."""


class Said(NamedTuple):
    """What the gateway answers by itself in one case."""

    status: int
    code: str
    detail: str
    """The sentence where the catalogues have none for the code."""
    headers: tuple[tuple[str, str], ...] = ()


_LATER = (("Retry-After", "1"),)
_UNKNOWN = Said(404, "no_such_route", "There is nothing at this address.")
_DEFECT = Said(500, "internal", "Something went wrong on our side.")
_AWAY = Said(503, "unavailable", "This cannot be done right now.", _LATER)
_UNREADABLE = Said(400, "bad_request", "The request cannot be read.")

ANSWERS = {
    "MISSING_AUTHENTICATION_TOKEN": _UNKNOWN,  # what the gateway calls an unknown address or method
    "RESOURCE_NOT_FOUND": _UNKNOWN,
    "UNAUTHORIZED": Said(
        401,
        "unauthorized",
        "Sign in and send the access token.",
        (("WWW-Authenticate", "Bearer"),),
    ),
    "ACCESS_DENIED": Said(403, "forbidden", "You may not do this."),
    "WAF_FILTERED": Said(403, "forbidden", "You may not do this."),
    "THROTTLED": Said(429, "too_many_requests", "Too many requests.", _LATER),
    "REQUEST_TOO_LARGE": Said(413, "too_large", "The body is too large."),
    "UNSUPPORTED_MEDIA_TYPE": Said(415, "wrong_content_type", "The body is not JSON."),
    "BAD_REQUEST_BODY": _UNREADABLE,
    "BAD_REQUEST_PARAMETERS": _UNREADABLE,
    "DEFAULT_4XX": _UNREADABLE,
    "AUTHORIZER_FAILURE": _AWAY,
    "INTEGRATION_FAILURE": _AWAY,
    "INTEGRATION_TIMEOUT": _AWAY,
    "API_CONFIGURATION_ERROR": _DEFECT,
    "AUTHORIZER_CONFIGURATION_ERROR": _DEFECT,
    "DEFAULT_5XX": _DEFECT,
}
"""By the gateway's own names of the cases."""


def resources(stage: Stage) -> dict[str, Json]:
    """What is merged into Chalice's REST API, and where its access log goes."""
    return {
        "RestAPI": {
            "DependsOn": "ApiAccount",
            "Properties": {
                "AccessLogSetting": {
                    "DestinationArn": {"Fn::GetAtt": ["ApiAccessLogs", "Arn"]},
                    "Format": json.dumps(LINE),
                },
                "DefinitionBody": {
                    "info": {"title": {"Ref": "AWS::StackName"}},  # metrics go by this name
                    "x-amazon-apigateway-gateway-responses": _answers(),
                },
                # CloudFront compresses only what it keeps, and keeps nothing of the API
                "MinimumCompressionSize": COMPRESSED_BYTES,
                "MethodSettings": [
                    {
                        "ResourcePath": "/*",
                        "HttpMethod": "*",
                        "ThrottlingRateLimit": {"Ref": "RequestsPerSecond"},
                        "ThrottlingBurstLimit": {"Ref": "Burst"},
                    }
                ],
            },
        },
        "ApiAccessLogs": {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"RetentionInDays": {"Ref": "LogDays"}},
        },
        **_account(),
    }


def _account() -> dict[str, Json]:
    """The region's one setting that lets gateways write logs. Other stacks use it too, so that it
    stays when this one goes.
    """
    stays = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return {
        "ApiAccount": {
            "Type": "AWS::ApiGateway::Account",
            **stays,
            "Properties": {"CloudWatchRoleArn": {"Fn::GetAtt": ["ApiAccountRole", "Arn"]}},
        },
        "ApiAccountRole": {
            "Type": "AWS::IAM::Role",
            **stays,
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                # the only policy that the gateway accepts for this role
                "ManagedPolicyArns": [
                    {
                        "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/"
                        "AmazonAPIGatewayPushToCloudWatchLogs"
                    }
                ],
            },
        },
    }


def _answers() -> Json:
    return {kind: _answer(said) for kind, said in ANSWERS.items()}


def _answer(said: Said) -> Json:
    document = {
        "type": f"/problems/{said.code}",
        "title": HTTPStatus(said.status).phrase,
        "status": said.status,
        "detail": in_all_languages(said.code, said.detail),
        "code": said.code,
        "instance": "urn:request:$context.requestId",
    }
    headers = (("Content-Type", "application/problem+json"), *said.headers)
    return {
        "statusCode": str(said.status),
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers
        },
        "responseTemplates": {"application/json": json.dumps(document, ensure_ascii=False)},
    }


def outputs(stage: Stage) -> dict[str, Json]:
    """Where the API answers, without the edge before it."""
    address = "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/" + API_STAGE
    return {
        "ApiId": {"Value": {"Ref": "RestAPI"}},
        "ApiUrl": {"Value": {"Fn::Sub": address}},
    }
