"""``make deploy`` from the first time to the way back, on the emulator's CloudFormation and S3.

The stack is small and ours alone: what a real stage is made of has its own tests.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.upgrades.steps import UPGRADES
from infra.deploy import __main__ as command
from infra.deploy import package, releases, smoke, stack, static, target
from infra.deploy.steps import Deployment
from infra.deploy.target import Stop, Target
from infra.local.platform import Platform
from infra.local.sites import WEB
from infra.stack import wall
from infra.stack.stage import Stage, stage
from tests.support.club import House

HOME = "eu-central-1"
BUCKET = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"}
CODE = {
    "Type": "AWS::Serverless::LayerVersion",
    "Properties": {"LayerName": "code", "ContentUri": "./deployment.zip"},
}
SMALL: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Transform": "AWS::Serverless-2016-10-31",
    "Parameters": {
        name: {"Type": "String", "Default": default}
        for name, default in {
            "Version": "development",
            "PublicUrl": "https://club.example.org",
            "SenderEmail": "club@example.org",
            "Domain": "",
            "CertificateArn": "",
        }.items()
    },
    "Resources": {
        "ClubSiteBucket": BUCKET,
        "Code": CODE,
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "DelaySeconds": 1,
                "Tags": [
                    {"Key": name, "Value": {"Ref": name}}
                    for name in ("PublicUrl", "SenderEmail", "Version")
                ],
            },
        },
    },
    "Outputs": {
        "ClubSiteBucketName": {"Value": {"Ref": "ClubSiteBucket"}},
        "SiteUrl": {"Value": {"Fn::Sub": "https://${ClubSiteBucket}.example.net"}},
    },
}
"""As ``python -m layers.package`` leaves a template, with a tenth of its parts."""
WALL = {
    "Resources": {"Wall": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {"WebAclArn": {"Value": "arn:aws:wafv2:us-east-1:000000000000:global/webacl/a/b"}},
}
"""Stands in for the firewall, which the emulator does not make."""

APPLIED = {
    "known": 1,
    "stored": 1,
    "upgrades": [
        {"upgrade": 1, "name": "prices", "state": "applied", "parts": 0, "passes": []},
    ],
}
MIGRATE = {
    "MigrateRole": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    },
    "Migrate": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["MigrateRole", "Arn"]},
            "Code": {"ZipFile": f"def handler(event, context):\n    return {APPLIED!r}\n"},
        },
    },
}
"""A function that upgrades data, with nothing left to do."""


class Rig:
    """A stage in an emptied account, and what is deployed to it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.stage: Stage = stage(name)
        self.package = folder / "package"
        self.web = folder / "web"
        self.said: list[str] = []
        self.package.mkdir()
        self.build(SMALL, b"code 1")
        self.work = Deployment(Target.of(self.stage), self.said.append)

    def build(self, template: dict[str, Any], code: bytes) -> None:
        """What the packager would leave."""
        (self.package / "template.json").write_text(json.dumps(template))
        (self.package / "deployment.zip").write_bytes(code)

    def site(self, **files: str) -> None:
        """A built site of the club; names with ``_`` for dots."""
        folder = self.web / "club" / "dist"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, text in files.items():
            (folder / name.replace("_", ".")).write_text(text)

    def run(self, step: str, *more: str) -> int:
        """One step of the command, as from a shell."""
        folders = ("--package", str(self.package), "--web", str(self.web))
        return command.main([step, self.stage.name, *folders, *more])

    @property
    def site_objects(self) -> dict[str, Any]:
        """What is in the club's site bucket."""
        bucket = self.work.main.outputs()["ClubSiteBucketName"]
        return {each["Key"]: each for each in static.objects(self.work.target, bucket)}

    def remove(self) -> None:
        """Take everything away again."""
        here = self.work.target
        buckets = [self.work.store.name, self.work.main.outputs().get("ClubSiteBucketName", "")]
        for bucket in filter(None, buckets):
            versions = here.call("s3", "list_object_versions", Bucket=bucket)
            for each in (*versions.get("Versions", ()), *versions.get("DeleteMarkers", ())):
                place = {"Key": each["Key"], "VersionId": each["VersionId"]}
                here.call("s3", "delete_object", Bucket=bucket, **place)
        for name, region in ((here.name, HOME), (wall.name(self.stage), wall.REGION)):
            here.call("cloudformation", "delete_stack", region, StackName=name)
        here.call("s3", "delete_bucket", Bucket=self.work.store.name)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "PAUSE_S", 0.02)
    monkeypatch.setattr(smoke, "PATIENCE_S", 0)


@pytest.fixture
def rig(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A stage that nobody deployed yet."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", HOME)
    monkeypatch.setenv("AWS_REGION", HOME)
    monkeypatch.setattr(wall, "template", lambda stage: WALL)
    target._session.cache_clear()
    made = Rig("dev", tmp_path)
    yield made
    made.remove()


def test_a_stage_from_its_first_day_to_the_way_back(
    rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rig.run("plan") == 0
    shown = capsys.readouterr().out
    assert "clubkeeper-dev in eu-central-1: 3 changes" in shown
    assert "clubkeeper-dev-wall in us-east-1: 1 changes" in shown
    assert "add  ClubSiteBucket  AWS::S3::Bucket" in shown
    assert rig.work.main.outputs() == {}, "a plan changes nothing"

    assert rig.run("apply") == 0
    shown = capsys.readouterr().out
    assert "CREATE_COMPLETE" in shown
    values = rig.work.main.parameters()
    assert values["PublicUrl"] == rig.work.main.outputs()["SiteUrl"], "it learns its own address"
    assert values["Version"] == package.commit()
    (first,) = rig.work.releases()

    rig.site(index_html="one", app_0123456789_js="1", robots_txt="*")
    assert rig.run("sites") == 0
    assert "console: " in capsys.readouterr().out, "a site that nobody built is told of"
    (first,) = rig.work.releases()
    assert set(first.sites) == {"club"}

    other = json.loads(json.dumps(SMALL))
    other["Resources"]["Queue"]["Properties"]["DelaySeconds"] = 2
    other["Resources"] |= MIGRATE
    other["Outputs"]["MigrateName"] = {"Value": {"Ref": "Migrate"}}
    rig.build(other, b"code 2")
    rig.site(index_html="two", app_9876543210_js="2")
    wish = ("--set", "SenderEmail=hello@club.example")
    assert rig.run("deploy", *wish) == 0
    shown = capsys.readouterr().out
    assert "change  Queue" in shown
    assert "Nothing was changed" in shown
    assert rig.run("deploy", "--yes", *wish) == 1, "the look from outside finds no such address"
    shown = capsys.readouterr().out
    assert "Upgrade 1 prices: applied" in shown
    assert "GET /v1/health  no answer" in shown
    assert rig.work.main.parameters()["SenderEmail"] == "hello@club.example"
    second = rig.work.releases()[-1]
    assert second.artefacts != first.artefacts
    assert {"app.0123456789.js", "app.9876543210.js"} <= rig.site_objects.keys()
    capsys.readouterr()

    back = Deployment(rig.work.target, rig.said.append)
    assert second.upgrades == first.upgrades == len(UPGRADES)
    releases.write(back.store, msgspec.structs.replace(first, upgrades=0))
    assert rig.run("rollback", "--yes") == 1
    assert "The data have met upgrade 1" in capsys.readouterr().err
    assert rig.work.main.parameters()["SenderEmail"] == "hello@club.example", "nothing was changed"
    releases.write(back.store, first)

    assert rig.run("rollback") == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert rig.run("rollback", "--yes") == 1
    assert back.main.parameters()["SenderEmail"] == "club@example.org"
    assert rig.work.releases()[-1].back_to == first.release
    assert rig.work.releases()[-1].template == first.template
    bucket = back.main.outputs()["ClubSiteBucketName"]
    page = rig.work.target.call("s3", "get_object", Bucket=bucket, Key="index.html")
    assert page["Body"].read() == b"one"

    assert rig.run("releases") == 0
    assert f"(back to {first.release})" in capsys.readouterr().out


def test_prod_takes_commits_alone(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(package, "commit", lambda: "4f1c2a9b0d-changed")
    folder = ("--package", str(rig.package))
    assert command.main(["plan", "prod", *folder]) == 1
    assert "prod takes commits alone" in capsys.readouterr().err


def test_the_same_again_changes_nothing(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert rig.run("plan") == rig.run("apply") == 0
    assert len(rig.work.releases()) == 1
    proposals = rig.work.target.call(
        "cloudformation", "list_change_sets", StackName="clubkeeper-dev"
    )
    assert len(proposals["Summaries"]) <= 1, "what was proposed in vain is tidied away"
    assert "clubkeeper-dev: as planned already" in capsys.readouterr().out
    assert rig.run("apply") == 0


def test_data_are_not_lost_by_accident(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    assert rig.run("plan") == rig.run("apply") == 0
    less = json.loads(json.dumps(SMALL))
    del less["Resources"]["ClubSiteBucket"], less["Outputs"]
    rig.build(less, b"code 1")
    assert rig.run("plan") == 1
    said = capsys.readouterr()
    assert "REMOVE  ClubSiteBucket" in said.out
    assert "ALLOW=ClubSiteBucket" in said.err
    assert rig.run("plan", "--allow", "ClubSiteBucket") == 0


def test_only_what_was_planned_is_carried_out(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    assert rig.run("apply") == 1
    assert "Nothing is planned" in capsys.readouterr().err
    assert rig.run("plan") == rig.run("apply") == rig.run("plan") == 0
    other = json.loads(json.dumps(SMALL))
    other["Resources"]["Queue"]["Properties"]["DelaySeconds"] = 9
    packaged = package.upload(rig.work.store, rig.package)
    rig.build(other, b"code 1")
    newer = package.upload(rig.work.store, rig.package)
    assert newer.template != packaged.template
    proposed = rig.work.main.propose({"TemplateURL": rig.work.store.url(newer.template)}, {})
    assert proposed
    rig.work.main.carry_out(proposed[0], rig.said.append)
    assert rig.run("apply") == 1
    assert "has changed since the plan (change Queue): plan again" in capsys.readouterr().err


def test_a_failure_names_the_first_resource_that_failed(
    rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = json.loads(json.dumps(SMALL))
    function = {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": "one-of-two",
            "FunctionCode": "function handler(event) { return event.request; }",
            "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"},
        },
    }
    broken["Resources"] |= {"Right": function, "Wrong": {**function, "DependsOn": "Right"}}
    rig.build(broken, b"code 1")
    assert rig.run("plan") == 0
    assert rig.run("apply") == 1
    said = capsys.readouterr().err
    assert "clubkeeper-dev is" in said
    assert "The first that failed: Wrong:" in said
    assert rig.run("plan") == 1
    assert "failed and was taken back" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Colour=red", "no parameter Colour"),
        ("PublicUrl=https://x.example", "follows Domain"),
        ("Domain=club.example.org", "needs both"),
        ("Domain", "Write Name=value"),
    ],
)
def test_wrong_parameters_are_refused(
    rig: Rig, capsys: pytest.CaptureFixture[str], given: str, said: str
) -> None:
    assert rig.run("plan", "--set", given) == 1
    assert said in capsys.readouterr().err


def test_the_deployment_bucket_is_closed(rig: Rig) -> None:
    rig.work.store.ensure()
    rig.work.store.ensure()
    call, bucket = rig.work.target.call, rig.work.store.name
    closed = call("s3", "get_public_access_block", Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}
    assert call("s3", "get_bucket_versioning", Bucket=bucket)["Status"] == "Enabled"
    policy = json.loads(call("s3", "get_bucket_policy", Bucket=bucket)["Policy"])
    assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert call("s3", "get_bucket_encryption", Bucket=bucket)


@pytest.mark.req("SV-3")
def test_files_are_kept_by_browsers_as_their_names_say(rig: Rig) -> None:
    assert rig.run("plan") == rig.run("apply") == 0
    rig.site(index_html="one", app_0123456789_js="1")
    assert rig.run("sites") == 0
    bucket = rig.work.main.outputs()["ClubSiteBucketName"]
    for name, kept, kind in (
        ("index.html", "no-cache", "text/html; charset=utf-8"),
        (
            "app.0123456789.js",
            "public, max-age=31536000, immutable",
            "text/javascript; charset=utf-8",
        ),
    ):
        found = rig.work.target.call("s3", "head_object", Bucket=bucket, Key=name)
        assert (found["CacheControl"], found["ContentType"]) == (kept, kind)
    rig.site(index_html="two", app_1111111111_js="2")
    assert rig.run("sites") == rig.run("sites") == 0
    assert set(rig.site_objects) == {"index.html", "app.0123456789.js", "app.1111111111.js"}
    rig.site(index_html="three", app_2222222222_js="3")
    assert rig.run("sites") == 0
    assert set(rig.site_objects) == {"index.html", "app.1111111111.js", "app.2222222222.js"}


def test_an_empty_build_is_refused(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    assert rig.run("plan") == rig.run("apply") == 0
    rig.site(app_0123456789_js="1")
    assert rig.run("sites") == 1
    assert "holds no built site" in capsys.readouterr().err


@pytest.mark.req("SV-3")
def test_the_apps_are_put_up_as_they_were_built(rig: Rig) -> None:
    assert command._reader().parse_args(["sites"]).web == WEB
    assert rig.run("plan") == rig.run("apply") == 0
    rig.web.mkdir()
    (rig.web / "club").symlink_to(WEB / "club")
    assert rig.run("sites") == 0
    bucket = rig.work.main.outputs()["ClubSiteBucketName"]
    dist = WEB / "club/dist"
    built = [file.relative_to(dist).as_posix() for file in dist.rglob("*") if file.is_file()]
    assert sorted(rig.site_objects) == sorted(built)
    for name in built:
        found = rig.work.target.call("s3", "head_object", Bucket=bucket, Key=name)
        for_ever = name.startswith("assets/")
        assert (found["CacheControl"] == static.FOR_EVER) == for_ever, name


@pytest.mark.parametrize(
    ("name", "for_ever"),
    [
        ("app.3f2a91bc.js", True),
        ("assets/index-0a1b2c3d4e5f.css", True),
        ("index.html", False),
        ("app-settings.js", False),
        ("faced-defacedbad.js", False),
        ("sw.js", False),
    ],
)
def test_only_a_hash_makes_a_name_last(name: str, for_ever: bool) -> None:
    assert (static.headers(name)["CacheControl"] == static.FOR_EVER) == for_ever


def test_the_look_from_outside_sees_a_stage_that_is_well(house: House) -> None:
    found = smoke.look(smoke.getter(house.url), stage="local", version="development", https=False)
    assert [check.what for check in found if check.wrong] == []


def test_the_look_from_outside_sees_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    policy = {"content-security-policy": "script-src 'self' 'unsafe-inline'"}
    answers = {
        "/v1/health": smoke.Answer(200, {}, b'{"stage":"prod","version":"old"}'),
        "/": smoke.Answer(200, {"content-type": "text/html", **policy}, b"<!doctype html>"),
        "/v1/me": smoke.Answer(200, {}, b"{}"),
    }
    nothing = smoke.Answer(403, {"content-type": "application/xml"}, b"<Error/>")
    found = smoke.look(
        lambda path: answers.get(path, nothing),
        stage="prod",
        version="new",
        https=True,
        pages=["/"],
    )
    assert all(check.wrong for check in found)
    assert command.main(["smoke", "--url", "http://127.0.0.1:1"]) == 1
    assert "checks failed" in capsys.readouterr().out


def test_without_credentials_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    target._session.cache_clear()
    with pytest.raises(Stop, match="no credentials"):
        Target.of(stage("dev"))
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION")
    target._session.cache_clear()
    with pytest.raises(Stop, match="No region"):
        Target.of(stage("dev"))
