"""Calls AWS operations for the test: one JSON request a line on stdin, one JSON answer a line on stdout.

By botocore, which MiniStack brings along: a client that the product does not use, for every service there is.
Endpoint, region, credentials and certificate come from the environment, as for any AWS tool.
"""

import json
import sys

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

SESSION = botocore.session.get_session()
CLIENTS = {}


def client_for(service, region, headers):
    key = (service, region, json.dumps(headers, sort_keys=True))
    if key not in CLIENTS:
        client = SESSION.create_client(service, region_name=region)

        def add_headers(request, **_):
            for name, value in headers.items():
                request.headers[name] = value

        client.meta.events.register("before-sign", add_headers)
        CLIENTS[key] = client
    return CLIENTS[key]


def as_json(value):
    """What JSON has no form for: bodies are read, times become ISO 8601."""
    if hasattr(value, "read"):
        return value.read().decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


for line in sys.stdin:
    call = json.loads(line)
    try:
        client = client_for(call["service"], call["region"], call["headers"])
        result = getattr(client, call["operation"])(**call["parameters"])
        result.pop("ResponseMetadata", None)
        answer = {"result": result}
    except ClientError as error:
        answer = {"code": error.response["Error"]["Code"], "message": str(error)}
    except BotoCoreError as error:
        answer = {"code": type(error).__name__, "message": str(error)}
    print(json.dumps({"id": call["id"], **answer}, default=as_json), flush=True)
