"""The edge: what of the outside reaches which part of the stack, and what browsers are told."""

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.kernel.http.client import KEY, VIEWER
from infra.stack import edge, edge_headers, template, wall
from infra.stack.stage import Stage, stage

ANNA = "203.0.113.7"
PAGES = {
    "/": "/index.html",
    "/items/7K3M9QWX2B4D": "/index.html",
    "/console/": "/console/index.html",
    "/console/members/24": "/console/index.html",
    "/consoles": "/index.html",
    "/assets/app.3f2a91bc.js": "/assets/app.3f2a91bc.js",
    "/console/assets/app.3f2a91bc.css": "/console/assets/app.3f2a91bc.css",
    "/manifest.webmanifest": "/manifest.webmanifest",
    "/robots.txt": "/robots.txt",
}


@pytest.fixture(scope="module")
def prod() -> Stage:
    """The stage that members meet."""
    return stage("prod")


@pytest.fixture(scope="module")
def made(prod: Stage) -> dict[str, Any]:
    """What is merged into Chalice's template."""
    return dict(template.additions(prod)["Resources"])


@pytest.fixture(scope="module")
def front(made: dict[str, Any]) -> dict[str, Any]:
    """The distribution."""
    return dict(made[edge.DISTRIBUTION]["Properties"]["DistributionConfig"])


def function(name: str, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    """What a function at the edge makes of requests, in JavaScript."""
    code = (edge.FUNCTIONS / f"{name}.js").read_text()
    events = [
        {"viewer": {"ip": ANNA}, "request": {"headers": {}, "uri": "/", **request}}
        for request in requests
    ]
    script = f"{code}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)));"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def target(front: dict[str, Any], path: str) -> dict[str, Any]:
    """The behaviour that serves a path, as CloudFront chooses it: the first that fits."""
    fitting = (each for each in front["CacheBehaviors"] if fnmatchcase(path, each["PathPattern"]))
    return dict(next(fitting, front["DefaultCacheBehavior"]))


@pytest.mark.req("SV-3")
def test_every_route_of_the_api_is_reached_through_the_edge(front: dict[str, Any]) -> None:
    import app

    paths = {operation.path for room in app.ROOMS for operation in room.operations}
    assert {target(front, path)["TargetOriginId"] for path in paths} == {"api"}


@pytest.mark.req("SV-3")
def test_the_rest_of_the_address_is_static_files(front: dict[str, Any]) -> None:
    found = {
        path: target(front, path)["TargetOriginId"]
        for path in ("/media/jewels/0123456789abcdefghjk", "/console/", "/console/a.js", "/", "/v1")
    }
    assert list(found.values()) == ["media", "console", "console", "club", "club"]


def test_the_api_is_never_cached_and_is_sent_all_but_the_host(front: dict[str, Any]) -> None:
    for path in ("/v1/me", "/t/7K3M9QWX2B4D", "/01/04607012345677/21/7K3M9QWX2B4D"):
        behaviour = target(front, path)
        assert set(behaviour["AllowedMethods"]) >= {"POST", "PUT", "PATCH", "DELETE", "GET"}
        assert behaviour["CachePolicyId"] == edge.CACHE_NOTHING
        # Cookies, queries, Authorization and signatures pass, the __Host- refresh cookies too.
        assert behaviour["OriginRequestPolicyId"] == edge.ALL_BUT_HOST
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert [each["EventType"] for each in behaviour["FunctionAssociations"]] == [
            "viewer-request"
        ]


def test_errors_are_neither_turned_into_pages_nor_kept(front: dict[str, Any]) -> None:
    for each in front["CustomErrorResponses"]:
        assert each == {"ErrorCode": each["ErrorCode"], "ErrorCachingMinTTL": 0}
    assert {each["ErrorCode"] for each in front["CustomErrorResponses"]} >= {403, 404, 500, 503}


def test_only_https_of_today(front: dict[str, Any]) -> None:
    behaviours = [*front["CacheBehaviors"], front["DefaultCacheBehavior"]]
    assert {each["ViewerProtocolPolicy"] for each in behaviours} == {
        "https-only",
        "redirect-to-https",
    }
    assert all(each["Compress"] for each in behaviours)
    assert front["HttpVersion"] == "http2and3"
    assert front["ViewerCertificate"]["Fn::If"][1]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    api = next(each for each in front["Origins"] if each["Id"] == "api")
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_the_edge_puts_the_viewers_address_in_place_of_a_made_up_one() -> None:
    (sent,) = function("api", {"headers": {VIEWER: {"value": "10.0.0.1"}}})
    assert sent["headers"][VIEWER] == {"value": ANNA}


def test_an_apps_own_addresses_lead_to_its_entry_page() -> None:
    sent = function("site", *({"uri": uri} for uri in PAGES))
    assert [each["uri"] for each in sent] == list(PAGES.values())
    (moved,) = function("site", {"uri": "/console"})
    assert (moved["statusCode"], moved["headers"]["location"]["value"]) == (301, "/console/")


def test_the_key_to_the_api_is_changed_without_a_gap(prod: Stage) -> None:
    second = msgspec.structs.replace(prod, origin_key=2)
    third = msgspec.structs.replace(prod, origin_key=3)
    for each, keys in ((prod, [1]), (second, [2, 1]), (third, [3, 2])):
        names = [f"OriginKey{number}" for number in keys]
        found = edge.resources(each)
        assert [name for name in found if name.startswith("OriginKey")] == names
        sent = json.dumps(found[edge.DISTRIBUTION])
        assert f"${{{names[0]}}}" in sent
        assert all(f"${{{name}}}" not in sent for name in names[1:])
        taken = edge.environment(each)["CLUBKEEPER_ORIGIN_KEYS"]["Fn::Sub"]
        assert re.findall(r"\$\{(\w+)}", taken) == names
        assert found[edge.DISTRIBUTION]["DependsOn"] == ["APIHandler"]


def test_the_api_is_sent_the_key(front: dict[str, Any], made: dict[str, Any]) -> None:
    api = next(each for each in front["Origins"] if each["Id"] == "api")
    assert [each["HeaderName"] for each in api["OriginCustomHeaders"]] == [KEY]
    takes = {
        name
        for name, resource in made.items()
        if "CLUBKEEPER_ORIGIN_KEYS" in json.dumps(resource.get("Properties", {}))
    }
    assert takes == {"APIHandler"}


@pytest.mark.parametrize(
    ("name", "styles"),
    [("ClubHeaders", "'self'"), ("ConsoleHeaders", f"'self' {edge_headers.EMPTY_STYLE}")],
)
def test_pages_load_nothing_but_their_own(made: dict[str, Any], name: str, styles: str) -> None:
    config = made[name]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    said = config["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    rules = dict(rule.partition(" ")[::2] for rule in said.split("; "))
    assert "unsafe" not in said
    assert "*" not in said
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"]) == ("'self'", styles)
    assert rules["frame-ancestors"] == "'none'"
    assert rules["connect-src"] == " ".join(["'self'", *edge_headers.UPLOADS])
    assert config["ContentSecurityPolicy"]["Override"]
    assert config["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert config["ContentTypeOptions"]["Override"]


@pytest.mark.parametrize("site", [edge_headers.CLUB, edge_headers.CONSOLE])
def test_the_local_platform_tells_browsers_the_same(
    made: dict[str, Any], site: edge_headers.Site
) -> None:
    told = site.headers(edge_headers.UPLOADS)
    name = f"{site.name.capitalize()}Headers"
    config = made[name]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    said = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    assert told == {
        **{each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]},
        "Content-Security-Policy": said.removesuffix("; upgrade-insecure-requests"),
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
    }


def test_a_page_of_the_api_keeps_its_own_policy(made: dict[str, Any]) -> None:
    config = made["ApiHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    said = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    assert said == {"ContentSecurityPolicy": edge_headers.NOWHERE, "Override": False}


def test_buckets_are_read_by_our_distribution_alone(made: dict[str, Any]) -> None:
    for bucket, below in {
        "FilesBucket": "media/*",
        "ClubSiteBucket": "*",
        "ConsoleSiteBucket": "*",
    }.items():
        said = made[f"{bucket}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        (allowed,) = (each for each in said if each["Effect"] == "Allow")
        assert allowed["Action"] == "s3:GetObject"
        assert allowed["Resource"]["Fn::Sub"].endswith(f"/{below}")
        assert "${Distribution}" in json.dumps(allowed["Condition"])
        assert any(each["Effect"] == "Deny" for each in said)
    for name in ("ClubSiteBucket", "ConsoleSiteBucket", "EdgeLogsBucket"):
        properties = made[name]["Properties"]
        assert all(properties["PublicAccessBlockConfiguration"].values())
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert properties["BucketEncryption"]


def test_the_firewall_knows_where_codes_and_passwords_are_tried() -> None:
    import app

    posts = {
        operation.path
        for room in app.ROOMS
        for operation in room.operations
        if operation.method == "POST"
    }
    tried = {path for path in posts if any(re.match(each, path) for each in wall.GUESSED_PATHS)}
    assert tried >= {
        "/v1/programs/{program}/sign-in-codes",
        "/v1/programs/{program}/sessions",
        "/v1/staff-sign-in",
        "/v1/staff-sessions",
        "/v1/me/items",
    }
    assert not any(re.match(wall.PARTNER_PATHS, path) for path in tried)


def test_the_firewalls_template_is_sound(prod: Stage, tmp_path: Path) -> None:
    file = tmp_path / "wall.json"
    file.write_text(json.dumps(wall.template(prod)))
    lint = [Path(sys.executable).with_name("cfn-lint"), "-r", wall.REGION, "--", file]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_firewall_blocks_in_its_order_and_answers_as_the_api(prod: Stage) -> None:
    rules = wall.template(prod)["Resources"]["Wall"]["Properties"]
    assert [rule["Priority"] for rule in rules["Rules"]] == list(range(len(rules["Rules"])))
    limits = {
        rule["Name"]: rule["Statement"]["RateBasedStatement"]["Limit"]
        for rule in rules["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    }
    assert limits["Guessing"] < limits["Everybody"] < limits["Partners"]
    said = json.loads(rules["CustomResponseBodies"][wall.TOO_MANY]["Content"])
    assert (said["status"], said["code"]) == (429, wall.TOO_MANY)


def test_the_emulator_is_given_no_edge() -> None:
    found = template.additions(stage("dev", host=True))
    kinds = {resource.get("Type", "") for resource in found["Resources"].values()}
    assert not {kind for kind in kinds if "CloudFront" in kind}
    assert "CLUBKEEPER_ORIGIN_KEYS" not in json.dumps(found)
    assert {"ClubSiteBucketName", "ConsoleSiteBucketName"} <= found["Outputs"].keys()
