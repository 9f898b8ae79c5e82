"""The secrets: one that never changes, and one that rotates (decision 31)."""

from infra.stack.stage import Json, Stage

ROTATE = "Rotate"
EVERY_DAYS = 30
_MADE = {"PasswordLength": 64, "ExcludePunctuation": True}


def resources(stage: Stage) -> dict[str, Json]:
    """Both secrets, and who rotates the second."""
    made: dict[str, Json] = {
        "DataKey": _secret(
            "Root of Clubkeeper's keyed hashes. Never change or delete it: phones and scratch "
            "codes could not be found again.",
            _MADE,
        ),
        "SigningKeys": _secret(
            "Keys that sign Clubkeeper's tokens, newest first; they rotate.",
            {**_MADE, "SecretStringTemplate": '{"keys": []}', "GenerateStringKey": "first"},
        ),
        "RotatePermission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": ROTATE},
                "Action": "lambda:InvokeFunction",
                "Principal": "secretsmanager.amazonaws.com",
                "SourceAccount": {"Ref": "AWS::AccountId"},
            },
        },
    }
    if not stage.host:
        made["SigningKeysRotation"] = {
            "Type": "AWS::SecretsManager::RotationSchedule",
            "DependsOn": "RotatePermission",
            "Properties": {
                "SecretId": {"Ref": "SigningKeys"},
                "RotationLambdaARN": {"Fn::GetAtt": [ROTATE, "Arn"]},
                "RotationRules": {"ScheduleExpression": f"rate({EVERY_DAYS} days)"},
            },
        }
    return made


def _secret(about: str, made: Json) -> Json:
    return {
        "Type": "AWS::SecretsManager::Secret",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {"Description": about, "GenerateSecretString": made},
    }
