#!/usr/bin/env python3
"""Writes api/models/<service>.json from the installed botocore package.

Run by hand, after which the tables are committed; the build reads only them. A further service is
one more name in SERVICES (botocore's directory name).

    python3 -m venv target/extract && target/extract/bin/pip install botocore==1.43.107
    target/extract/bin/python api/extract/extract.py

The tables carry the interface only (names, types, constraints, locations), no documentation.
sqs-query.json adds what botocore dropped when SQS moved to JSON: the query protocol's error codes
and element names. dynamodb-additions.json adds what AWS published for DynamoDB after that botocore.
enum-order.json adds the order in which AWS lists the values of an enum in its messages, where real
answers attest it.
"""

import gzip
import json
from pathlib import Path

import botocore

SERVICES = [
    "dynamodb", "dynamodbstreams", "sqs", "sns", "events", "scheduler", "pipes", "schemas", "logs",
    "sts", "iam", "kms", "secretsmanager",
]

# What AWS puts before the "#" in the __type of modelled errors; of services not listed, nothing.
NAMESPACES = {
    "dynamodb": "com.amazonaws.dynamodb.v20120810",
    "dynamodbstreams": "com.amazonaws.dynamodb.v20120810",
    "sqs": "com.amazonaws.sqs",
}

HERE = Path(__file__).resolve().parent
MODELS = HERE.parent / "models"
DATA = Path(botocore.__file__).resolve().parent / "data"

METADATA = [
    "apiVersion", "endpointPrefix", "jsonVersion", "protocol", "protocols", "serviceFullName",
    "serviceId", "signingName", "targetPrefix", "xmlNamespace", "awsQueryCompatible",
]
SHAPE = [
    "type", "required", "members", "member", "key", "value", "min", "max", "pattern", "enum",
    "flattened", "locationName", "timestampFormat", "sensitive", "box", "exception", "fault",
    "error", "union", "document", "eventstream", "event", "payload", "streaming", "xmlNamespace",
]
REFERENCE = [
    "shape", "location", "locationName", "queryName", "flattened", "timestampFormat",
    "idempotencyToken", "box", "streaming", "xmlAttribute", "xmlNamespace", "eventpayload",
    "eventheader", "jsonvalue",
]


def pick(source, keys):
    return {key: source[key] for key in keys if key in source}


def newest(service):
    return sorted((DATA / service).glob("*/service-2.json*"))[-1]


def load(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def reference(ref):
    picked = pick(ref, REFERENCE)
    return picked["shape"] if len(picked) == 1 else picked


def shape(source):
    picked = pick(source, SHAPE)
    if "members" in picked:
        picked["members"] = {name: reference(ref) for name, ref in picked["members"].items()}
    for part in ("member", "key", "value"):
        if part in picked:
            picked[part] = reference(picked[part])
    return picked


def operation(source):
    picked = {}
    for part in ("input", "output"):
        if part in source:
            picked[part] = source[part]["shape"]
    if "resultWrapper" in source.get("output", {}):
        picked["resultWrapper"] = source["output"]["resultWrapper"]
    if source["http"] != {"method": "POST", "requestUri": "/"}:
        picked["http"] = source["http"]
    picked["errors"] = [error["shape"] for error in source.get("errors", [])]
    return picked


def add_sqs_query(model):
    query = json.loads((HERE / "sqs-query.json").read_text())
    model["metadata"]["xmlNamespace"] = query["xmlNamespace"]
    model["metadata"]["protocols"] = ["json", "query"]
    for name, error in query["errors"].items():
        model["shapes"][name]["error"] = error
    for path, name in query["names"].items():
        owner, member = path.split(".")
        target = model["shapes"][owner]
        ref = target["members"][member] if "members" in target else target[member]
        ref["queryName"] = name
    for target in model["shapes"].values():
        target.pop("enum", None)  # SQS refuses unknown names in words of its own
    for name, op in model["operations"].items():
        if "output" in op:
            op["output"]["resultWrapper"] = name + "Result"


def add_dynamodb(model):
    additions = json.loads((HERE / "dynamodb-additions.json").read_text())
    for kind in ("operations", "shapes"):
        known = additions[kind].keys() & model[kind].keys()
        if known:
            raise SystemExit(f"botocore has them by now, take them out of the additions: {known}")
        model[kind].update(additions[kind])
    for name, members in additions["members"].items():
        model["shapes"][name]["members"].update(members)


def add_enum_order(service, model):
    orders = json.loads((HERE / "enum-order.json").read_text())["orders"].get(service, {})
    for name, order in orders.items():
        values = model["shapes"][name]["enum"]
        known = [value for value in order if value in values]
        model["shapes"][name]["enum"] = known + [v for v in values if v not in known]


def lines(entries):
    return ",\n".join(
        json.dumps(name) + ": " + json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        for name, value in entries.items())


def main():
    MODELS.mkdir(exist_ok=True)
    for service in SERVICES:
        model = load(newest(service))
        if service == "sqs":
            add_sqs_query(model)
        if service == "dynamodb":
            add_dynamodb(model)
        add_enum_order(service, model)
        metadata = pick(model["metadata"], METADATA)
        if service in NAMESPACES:
            metadata["namespace"] = NAMESPACES[service]
        tables = [
            ("metadata", metadata),
            ("operations", {n: operation(o) for n, o in sorted(model["operations"].items())}),
            ("shapes", {n: shape(s) for n, s in sorted(model["shapes"].items())}),
        ]
        body = ",\n".join(f'"{name}": {{\n{lines(entries)}\n}}' for name, entries in tables)
        (MODELS / f"{service}.json").write_text("{\n" + body + "\n}\n", encoding="utf-8")
    (MODELS / "NOTICE").write_text(
        f"The interface tables in this directory are derived from botocore {botocore.__version__}\n"
        "(https://github.com/boto/botocore), copyright Amazon.com, Inc. or its affiliates, under\n"
        "the Apache License, Version 2.0. All documentation was removed. The query protocol's names\n"
        "and error codes in sqs.json are from the Maven artifact software.amazon.api.models:sqs:1.0.6\n"
        "(Amazon.com, Inc. or its affiliates, Apache License, Version 2.0). The bulk operations and the\n"
        "disassociation of replicas in dynamodb.json are from the npm package\n"
        "@aws-sdk/client-dynamodb 3.1169.0 (https://github.com/aws/aws-sdk-js-v3, Amazon.com, Inc. or\n"
        "its affiliates, Apache License, Version 2.0), with the constraints that Amazon DynamoDB's API\n"
        "reference states.\n"
        "Written by api/extract/extract.py.\n",
        encoding="utf-8")


if __name__ == "__main__":
    main()
