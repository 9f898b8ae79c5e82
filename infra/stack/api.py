"""The REST API around Chalice's routes: address, throttling, access logs, the gateway's own
answers.
"""

from infra.stack.stage import API_STAGE, Json, Stage


def resources(stage: Stage) -> dict[str, Json]:
    """What is merged into Chalice's REST API."""
    return {
        "RestAPI": {
            "Properties": {
                "MethodSettings": [
                    {
                        "ResourcePath": "/*",
                        "HttpMethod": "*",
                        "ThrottlingRateLimit": {"Ref": "RequestsPerSecond"},
                        "ThrottlingBurstLimit": {"Ref": "Burst"},
                    }
                ],
            }
        }
    }


def outputs(stage: Stage) -> dict[str, Json]:
    """Where the API answers, without the edge before it."""
    return {
        "ApiId": {"Value": {"Ref": "RestAPI"}},
        "ApiUrl": {
            "Value": {
                "Fn::Sub": "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/"
                + API_STAGE
            }
        },
    }
