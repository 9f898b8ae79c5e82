"""A stack of CloudFormation: proposed as a change set, looked at, then carried out and watched."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import changes
from infra.deploy.changes import Change
from infra.deploy.target import Stop, Target

Say = Callable[[str], None]
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
GOOD = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
FRESH = "REVIEW_IN_PROGRESS"
"""A stack that has nothing but change sets yet."""
PROPOSED = "release-"
"""How our change sets' names begin."""
PAUSE_S = 3.0
"""Between two looks at how far CloudFormation is."""
NOTHING = ("didn't contain changes", "No updates are to be performed")


class Stack:
    """One stack of a target, wherever it is."""

    def __init__(self, target: Target, name: str, region: str = "") -> None:
        self.name = name
        self._target = target
        self._region = region or target.region

    def described(self) -> dict[str, Any] | None:
        """The stack as it is; nothing when there is none, or only plans of it."""
        try:
            found = self._call("describe_stacks", StackName=self.name)["Stacks"][0]
        except ClientError as refused:
            if "does not exist" in str(refused):
                return None
            raise
        return None if found["StackStatus"] == FRESH else dict(found)

    def outputs(self) -> dict[str, str]:
        """What the stack tells, by name."""
        found = self.described() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}

    def parameters(self) -> dict[str, str]:
        """The parameters' values, by name."""
        found = self.described() or {}
        return {
            each["ParameterKey"]: each["ParameterValue"] for each in found.get("Parameters", ())
        }

    def propose(
        self, template: dict[str, str], parameters: dict[str, str | None], role: str = ""
    ) -> tuple[str, list[Change]] | None:
        """A change set to this template, made or found again; nothing when nothing would change.

        ``template`` is its place or its text as CloudFormation takes them; a parameter's value is
        ``None`` where it stays.

        Raises:
            Stop: the stack is in no state to be changed, or CloudFormation refuses.
        """
        existing = self.described()
        self._refuse_broken(existing)
        name = PROPOSED + _hash([template, parameters, (existing or {}).get("LastUpdatedTime")])
        found = self._change_set(name)
        if found is None or found["ExecutionStatus"] != "AVAILABLE":
            if found is not None:
                self._call("delete_change_set", StackName=self.name, ChangeSetName=name)
            self._call(
                "create_change_set",
                StackName=self.name,
                ChangeSetName=name,
                ChangeSetType="UPDATE" if existing else "CREATE",
                Capabilities=CAPABILITIES,
                Parameters=[_given(key, value) for key, value in sorted(parameters.items())],
                Tags=[
                    {"Key": "product", "Value": "clubkeeper"},
                    {"Key": "stage", "Value": self._target.stage.name},
                ],
                **template,
                **({"RoleARN": role} if role else {}),
            )
            found = self._made(name)
        self._forget_others(name)
        if found["Status"] == "FAILED":
            self._call("delete_change_set", StackName=self.name, ChangeSetName=name)
            if any(words in found.get("StatusReason", "") for words in NOTHING):
                return None
            raise Stop(f"{self.name} cannot be changed so: {found.get('StatusReason')}")
        return name, changes.read(found["Changes"])

    def carry_out(self, change_set: str, say: Say) -> None:
        """Execute a change set and wait for its end, telling what happens.

        Raises:
            Stop: it failed; the message names the first resource that did.
        """
        known = self._newest()
        self._call("execute_change_set", StackName=self.name, ChangeSetName=change_set)
        self._watch(known, say)

    def wait(self, say: Say) -> None:
        """Wait until nobody changes the stack any more: a deployment that was cut off goes on."""
        found = self.described()
        if found and found["StackStatus"].endswith("IN_PROGRESS"):
            say(f"{self.name} is being changed already; waiting for it.")
            self._watch(self._newest(), say)

    def protect(self) -> None:
        """Forbid to delete the stack."""
        self._call(
            "update_termination_protection", StackName=self.name, EnableTerminationProtection=True
        )

    def _refuse_broken(self, existing: dict[str, Any] | None) -> None:
        status = existing["StackStatus"] if existing else ""
        if status == "ROLLBACK_COMPLETE":
            raise Stop(
                f"The first deployment of {self.name} failed and was taken back. Look at what it "
                f"left behind, then `aws cloudformation delete-stack --stack-name {self.name}`, "
                "and deploy again."
            )
        if status.endswith("_FAILED"):
            raise Stop(
                f"{self.name} is {status}. Mend the cause that its events name, then `aws "
                f"cloudformation continue-update-rollback --stack-name {self.name}`."
            )

    def _change_set(self, name: str) -> dict[str, Any] | None:
        """A change set with all its changes, whatever number of pages."""
        whole: dict[str, Any] = {}
        more: dict[str, str] = {}
        while True:
            try:
                page = self._call(
                    "describe_change_set", StackName=self.name, ChangeSetName=name, **more
                )
            except ClientError as refused:
                if "NotFound" in str(refused) or "does not exist" in str(refused):
                    return None
                raise
            whole = {**page, "Changes": [*whole.get("Changes", ()), *page.get("Changes", ())]}
            if not page.get("NextToken"):
                return whole
            more = {"NextToken": page["NextToken"]}

    def _made(self, name: str) -> dict[str, Any]:
        while True:
            found = self._change_set(name)
            if found and not found["Status"].endswith(("PENDING", "IN_PROGRESS")):
                return found
            time.sleep(PAUSE_S)

    def _forget_others(self, name: str) -> None:
        """Delete what was proposed before and never carried out."""
        page = self._call("list_change_sets", StackName=self.name)
        for each in page["Summaries"]:
            other = each["ChangeSetName"]
            if other.startswith(PROPOSED) and other != name:
                self._call("delete_change_set", StackName=self.name, ChangeSetName=other)

    def _newest(self) -> str:
        page = self._call("describe_stack_events", StackName=self.name)
        return str(page["StackEvents"][0]["EventId"]) if page["StackEvents"] else ""

    def _since(self, known: str) -> list[dict[str, Any]]:
        """Events after a known one, the oldest first."""
        found: list[dict[str, Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self._call("describe_stack_events", StackName=self.name, **more)
            for event in page["StackEvents"]:
                if event["EventId"] == known:
                    return found[::-1]
                found.append(event)
            if not page.get("NextToken"):
                return found[::-1]
            more = {"NextToken": page["NextToken"]}

    def _watch(self, known: str, say: Say) -> None:
        first = ""
        while True:
            found = self.described()
            for event in self._since(known):
                known = event["EventId"]
                status, reason = event["ResourceStatus"], event.get("ResourceStatusReason", "")
                if status.endswith("IN_PROGRESS"):
                    continue
                say(f"  {status:<24} {event['LogicalResourceId']}  {reason}".rstrip())
                if status.endswith("FAILED") and "cancelled" not in reason and not first:
                    first = f"{event['LogicalResourceId']}: {reason or status}"
            if found is None or not found["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(PAUSE_S)
        status = found["StackStatus"] if found else "gone"
        if status not in GOOD:
            raise Stop(f"{self.name} is {status}. The first that failed: {first or 'see above'}")

    def _call(self, operation: str, **arguments: Any) -> Any:
        return self._target.call("cloudformation", operation, self._region, **arguments)


def _given(key: str, value: str | None) -> dict[str, Any]:
    if value is None:
        return {"ParameterKey": key, "UsePreviousValue": True}
    return {"ParameterKey": key, "ParameterValue": value}


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
