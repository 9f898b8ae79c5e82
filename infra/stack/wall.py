"""The web firewall before CloudFront: a small stack of its own, because AWS keeps the firewalls of
CloudFront in us-east-1 alone, whatever the stage's region.

It counts addresses in the rough, before anything of ours runs; what a member, an address or a
program may do is counted exactly by the API itself.
"""

import json

from infra.stack.stage import Json, Stage

REGION = "us-east-1"
WINDOW_S = 300
ALL = 6_000
"""Requests of one address in five minutes. A mobile operator puts many people behind one."""
PARTNERS = 30_000
"""The same for what partners' systems sign: one address may stand for all tills of a chain."""
GUESSING = 150
"""Tries of codes and passwords of one address in five minutes. The API's own limits are narrower
(300 codes sent and 60 wrong ones an hour); this one keeps a flood from reaching it."""
PARTNER_PATHS = "^/v1/partner/"
GUESSED_PATHS = (
    "^/v1/programs/[^/]+/(sign-in-codes|sessions)$",
    "^/v1/(staff-sign-in|staff-sessions|staff-enrolments)",
    "^/v1/me/(items|receipts)",
)
"""Where one-time codes are sent and tried, passwords, scratch codes, and the codes of receipts."""
MANAGED = {
    "AWSManagedRulesAmazonIpReputationList": (),
    # Batches of receipts are larger than 8 KB, and tills name no browser.
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY", "NoUserAgent_HEADER"),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}
"""AWS's own groups of rules; with each, those that only count."""
SECRETS = ("authorization", "cookie", "webhook-signature")
"""Headers that the log does not show."""
TOO_MANY = "too_many_requests"


def name(stage: Stage) -> str:
    """The stack's name."""
    return f"clubkeeper-{stage.name}-wall"


def template(stage: Stage) -> Json:
    """The whole stack: the firewall, and the log of what it blocked or would have."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Clubkeeper, stage {stage.name}: the web firewall before CloudFront",
        "Resources": {
            "Wall": _wall(stage),
            "WallLog": {
                "Type": "AWS::Logs::LogGroup",
                "DeletionPolicy": "Delete",
                "UpdateReplacePolicy": "Retain",
                "Properties": {
                    # AWS takes only names that begin so.
                    "LogGroupName": f"aws-waf-logs-clubkeeper-{stage.name}",
                    "RetentionInDays": stage.log_days,
                },
            },
            "WallLogging": _logging(),
        },
        "Outputs": {"WebAclArn": {"Value": {"Fn::GetAtt": ["Wall", "Arn"]}}},
    }


def _wall(stage: Stage) -> Json:
    partners = _path(PARTNER_PATHS)
    guessed = {
        "AndStatement": {
            "Statements": [
                _is("POST"),
                {"OrStatement": {"Statements": [_path(each) for each in GUESSED_PATHS]}},
            ]
        }
    }
    rules = [
        *(_managed(group, counted) for group, counted in MANAGED.items()),
        _rate("Everybody", ALL, {"NotStatement": {"Statement": partners}}),
        _rate("Partners", PARTNERS, partners),
        _rate("Guessing", GUESSING, guessed),
    ]
    return {
        "Type": "AWS::WAFv2::WebACL",
        "Properties": {
            "Name": name(stage),
            "Scope": "CLOUDFRONT",
            "DefaultAction": {"Allow": {}},
            "VisibilityConfig": _seen("Wall"),
            "CustomResponseBodies": {
                TOO_MANY: {"ContentType": "APPLICATION_JSON", "Content": _problem()}
            },
            "Rules": [{**rule, "Priority": number} for number, rule in enumerate(rules)],
        },
    }


def _problem() -> str:
    """The refusal as the API itself would put it; no languages are known here."""
    return json.dumps(
        {
            "type": f"/problems/{TOO_MANY}",
            "title": "Too many requests",
            "status": 429,
            "detail": "There were too many requests from your network. Try again in five minutes.",
            "code": TOO_MANY,
            "retry_after": WINDOW_S,
        }
    )


def _managed(group: str, counted: tuple[str, ...]) -> Json:
    statement: Json = {"VendorName": "AWS", "Name": group}
    if counted:
        statement["RuleActionOverrides"] = [
            {"Name": rule, "ActionToUse": {"Count": {}}} for rule in counted
        ]
    return {
        "Name": group,
        "Statement": {"ManagedRuleGroupStatement": statement},
        "OverrideAction": {"None": {}},
        "VisibilityConfig": _seen(group),
    }


def _rate(rule: str, most: int, which: Json) -> Json:
    return {
        "Name": rule,
        "Statement": {
            "RateBasedStatement": {
                "AggregateKeyType": "IP",
                "Limit": most,
                "EvaluationWindowSec": WINDOW_S,
                "ScopeDownStatement": which,
            }
        },
        "Action": {
            "Block": {
                "CustomResponse": {
                    "ResponseCode": 429,
                    "CustomResponseBodyKey": TOO_MANY,
                    "ResponseHeaders": [{"Name": "Retry-After", "Value": str(WINDOW_S)}],
                }
            }
        },
        "VisibilityConfig": _seen(rule),
    }


def _path(pattern: str) -> Json:
    return {
        "RegexMatchStatement": {
            "FieldToMatch": {"UriPath": {}},
            "RegexString": pattern,
            # an address may be written in other letters that mean the same
            "TextTransformations": [
                {"Priority": 0, "Type": "URL_DECODE"},
                {"Priority": 1, "Type": "NORMALIZE_PATH"},
            ],
        }
    }


def _is(method: str) -> Json:
    return {
        "ByteMatchStatement": {
            "FieldToMatch": {"Method": {}},
            "PositionalConstraint": "EXACTLY",
            "SearchString": method,
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
        }
    }


def _seen(metric: str) -> Json:
    return {
        "CloudWatchMetricsEnabled": True,
        "MetricName": metric,
        "SampledRequestsEnabled": True,
    }


def _logging() -> Json:
    """What was let through is CloudFront's to log; here stands what a rule caught."""
    return {
        "Type": "AWS::WAFv2::LoggingConfiguration",
        "Properties": {
            "ResourceArn": {"Fn::GetAtt": ["Wall", "Arn"]},
            "LogDestinationConfigs": [
                {
                    "Fn::Sub": (
                        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}"
                        ":log-group:${WallLog}"
                    )
                }
            ],
            "RedactedFields": [{"SingleHeader": {"Name": header}} for header in SECRETS],
            "LoggingFilter": {
                "DefaultBehavior": "DROP",
                "Filters": [
                    {
                        "Behavior": "KEEP",
                        "Requirement": "MEETS_ANY",
                        "Conditions": [
                            {"ActionCondition": {"Action": action}}
                            for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                        ],
                    }
                ],
            },
        },
    }
