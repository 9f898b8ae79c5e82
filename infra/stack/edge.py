"""CloudFront: one origin for browsers, tills and scanners, in front of the API and the sites.

``/v1/*`` and the pages behind QR codes (``/t/*``, ``/01/*``) go to the API, ``/media/*`` to the
files bucket, ``/console/*`` to the console's site and everything else to the club's. See
docs/decisions/0031-edge.md for what this proves and what it does not.
"""

from pathlib import Path

from chalicelib.kernel.http.client import KEY
from infra.stack.sites import CLUB, CONSOLE, LOGS, by_cloudfront
from infra.stack.stage import API_STAGE, Json, Stage

DISTRIBUTION = "Distribution"
API_PATHS = ("/v1/*", "/t/*", "/01/*")
"""Where the API's own routes are."""
MEDIA = "media/"
"""Prefix of the files bucket that is served."""
FUNCTIONS = Path(__file__).with_name("edge_functions")
# AWS's own policies, of which every account has the same.
CACHE_NOTHING = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHE_AS_TOLD = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""Everything of the viewer's request but Host, by which the gateway finds the API."""
ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""Every status that CloudFront would keep."""
READING = ["GET", "HEAD"]
ANYTHING = [*READING, "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
NO_VALUE = {"Ref": "AWS::NoValue"}


def parameters(stage: Stage) -> dict[str, Json]:
    """The owner's domain and the web firewall, each of which may be missing."""
    if stage.host:
        return {}
    return {
        "Domain": {
            "Type": "String",
            "Description": "The club's own domain; empty: CloudFront's name for it.",
            "Default": "",
            "AllowedPattern": "([a-z0-9-]+\\.)*[a-z0-9-]*",
        },
        "CertificateArn": {
            "Type": "String",
            "Description": "ACM certificate of that domain, in us-east-1.",
            "Default": "",
            "AllowedPattern": "(arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/.+)?",
        },
        "WebAclArn": {
            "Type": "String",
            "Description": "The web firewall of the stack clubkeeper-<stage>-wall in us-east-1.",
            "Default": "",
        },
    }


def conditions(stage: Stage) -> dict[str, Json]:
    """What depends on whether they are there."""
    if stage.host:
        return {}
    return {
        "HasDomain": {
            "Fn::And": [_given("Domain"), _given("CertificateArn")],
        },
        "HasWall": _given("WebAclArn"),
    }


def resources(stage: Stage) -> dict[str, Json]:
    """The distribution with its functions, and the keys by which it proves itself to the API.

    None for the emulator, which has no CloudFront to prove anything with.
    """
    if stage.host:
        return {}
    return {
        **{name: _key() for name in _keys(stage)},
        "ApiViewer": _function("api", "Tells the API the viewer's address."),
        "SitePages": _function("site", "Leads the addresses of an app to its entry page."),
        "SitesAccess": _access("sites"),
        "MediaAccess": _access("media"),
        DISTRIBUTION: _distribution(stage),
    }


def environment(stage: Stage) -> dict[str, Json]:
    """What the functions have to know: the keys that they take."""
    if stage.host:
        return {}
    return {"CLUBKEEPER_ORIGIN_KEYS": {"Fn::Sub": " ".join(map(_value, _keys(stage)))}}


def media_statement(stage: Stage) -> list[Json]:
    """For the files bucket's policy: the pictures, and nothing else, are CloudFront's to read."""
    return [] if stage.host else [by_cloudfront("FilesBucket", MEDIA)]


def outputs(stage: Stage) -> dict[str, Json]:
    """Where everybody finds the stage."""
    if stage.host:
        return {}
    return {
        "DistributionId": {"Value": {"Ref": DISTRIBUTION}},
        "SiteUrl": {
            "Value": {
                "Fn::If": [
                    "HasDomain",
                    {"Fn::Sub": "https://${Domain}"},
                    {"Fn::Sub": f"https://${{{DISTRIBUTION}.DomainName}}"},
                ]
            }
        },
    }


def _given(parameter: str) -> Json:
    return {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]}


def _keys(stage: Stage) -> list[str]:
    """Logical names: the key that CloudFront sends, and the one before it, still taken.

    Raising the stage's number makes a new key, of which the functions know before CloudFront sends
    it, and takes away the one before the last.
    """
    number = stage.origin_key
    return [f"OriginKey{each}" for each in (number, number - 1) if each > 0]


def _key() -> Json:
    return {
        "Type": "AWS::SecretsManager::Secret",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "Description": "By this CloudFront proves to the API that a request came through it.",
            "GenerateSecretString": {"PasswordLength": 43, "ExcludePunctuation": True},
        },
    }


def _value(name: str) -> str:
    return f"{{{{resolve:secretsmanager:${{{name}}}}}}}"


def _function(name: str, about: str) -> Json:
    return {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
            "AutoPublish": True,
            "FunctionCode": (FUNCTIONS / f"{name}.js").read_text(),
            "FunctionConfig": {"Comment": about, "Runtime": "cloudfront-js-2.0"},
        },
    }


def _access(name: str) -> Json:
    return {
        "Type": "AWS::CloudFront::OriginAccessControl",
        "Properties": {
            "OriginAccessControlConfig": {
                "Name": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
                "OriginAccessControlOriginType": "s3",
                "SigningBehavior": "always",
                "SigningProtocol": "sigv4",
            }
        },
    }


def _distribution(stage: Stage) -> Json:
    return {
        "Type": "AWS::CloudFront::Distribution",
        # The API takes a new key before CloudFront sends it.
        "DependsOn": ["APIHandler"],
        "Properties": {
            "DistributionConfig": {
                "Comment": {"Fn::Sub": "${AWS::StackName}"},
                "Enabled": True,
                "HttpVersion": "http2and3",
                "IPV6Enabled": True,
                "PriceClass": "PriceClass_All",
                "Aliases": {"Fn::If": ["HasDomain", [{"Ref": "Domain"}], NO_VALUE]},
                "ViewerCertificate": {"Fn::If": ["HasDomain", _certificate(), NO_VALUE]},
                "WebACLId": {"Fn::If": ["HasWall", {"Ref": "WebAclArn"}, NO_VALUE]},
                "Logging": {
                    "Bucket": {"Fn::GetAtt": [LOGS, "DomainName"]},
                    "IncludeCookies": False,
                    "Prefix": "cloudfront/",
                },
                "Origins": [
                    _api(stage),
                    _bucket("media", "FilesBucket", "MediaAccess"),
                    _bucket("club", CLUB, "SitesAccess"),
                    _bucket("console", CONSOLE, "SitesAccess"),
                ],
                "CacheBehaviors": [
                    *(_to_api(path) for path in API_PATHS),
                    {"PathPattern": "/media/*", **_to_bucket("media", "MediaHeaders")},
                    {
                        "PathPattern": "/console/*",
                        **_to_bucket("console", "ConsoleHeaders", "SitePages"),
                    },
                ],
                "DefaultCacheBehavior": _to_bucket("club", "ClubHeaders", "SitePages"),
                # CloudFront keeps errors for ten seconds even of what is never cached, by path
                # alone: one member's 404 would be another's. No pages in their place.
                "CustomErrorResponses": [
                    {"ErrorCode": status, "ErrorCachingMinTTL": 0} for status in ERRORS
                ],
            }
        },
    }


def _certificate() -> Json:
    return {
        "AcmCertificateArn": {"Ref": "CertificateArn"},
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }


def _api(stage: Stage) -> Json:
    return {
        "Id": "api",
        "DomainName": {"Fn::Sub": "${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
        "OriginPath": f"/{API_STAGE}",
        "OriginCustomHeaders": [
            {"HeaderName": KEY, "HeaderValue": {"Fn::Sub": _value(_keys(stage)[0])}}
        ],
        "CustomOriginConfig": {
            "OriginProtocolPolicy": "https-only",
            "OriginSSLProtocols": ["TLSv1.2"],
            "OriginReadTimeout": 30,
            "OriginKeepaliveTimeout": 60,
        },
    }


def _bucket(origin: str, bucket: str, access: str) -> Json:
    return {
        "Id": origin,
        "DomainName": {"Fn::GetAtt": [bucket, "RegionalDomainName"]},
        "OriginAccessControlId": {"Fn::GetAtt": [access, "Id"]},
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def _to_api(path: str) -> Json:
    return {
        "PathPattern": path,
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": ANYTHING,
        "CachePolicyId": CACHE_NOTHING,
        "OriginRequestPolicyId": ALL_BUT_HOST,
        "ResponseHeadersPolicyId": {"Ref": "ApiHeaders"},
        "FunctionAssociations": [_before("ApiViewer")],
        "Compress": True,
    }


def _to_bucket(origin: str, headers: str, function: str = "") -> Json:
    behaviour = {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": READING,
        "CachePolicyId": CACHE_AS_TOLD,
        "ResponseHeadersPolicyId": {"Ref": headers},
        "Compress": True,
    }
    if function:
        behaviour["FunctionAssociations"] = [_before(function)]
    return behaviour


def _before(function: str) -> Json:
    return {
        "EventType": "viewer-request",
        "FunctionARN": {"Fn::GetAtt": [function, "FunctionARN"]},
    }
