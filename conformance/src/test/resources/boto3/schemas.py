"""What boto3 sees of the schema registry: registries, versions, discovery, code, and refusals.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import io
import json
import time
import zipfile

import boto3
from botocore.exceptions import ClientError

events, schemas = boto3.client("events"), boto3.client("schemas")


def refusal(call, **arguments):
    """The code, the message and the status of a call that has to be refused."""
    try:
        call(**arguments)
    except ClientError as error:
        answer = error.response
        return (
            answer["Error"]["Code"],
            answer["Error"]["Message"],
            answer["ResponseMetadata"]["HTTPStatusCode"],
        )
    raise AssertionError("was not refused")


content = json.dumps(
    {
        "openapi": "3.0.0",
        "info": {"version": "1.0.0", "title": "Order"},
        "paths": {},
        "components": {
            "schemas": {
                "Order": {"type": "object", "properties": {"id": {"type": "string"}}}
            }
        },
    }
)
registry = schemas.create_registry(RegistryName="shop", Tags={"k": "v"})
assert registry["ResponseMetadata"]["HTTPStatusCode"] == 201
assert schemas.list_tags_for_resource(ResourceArn=registry["RegistryArn"])["Tags"] == {
    "k": "v"
}
made = schemas.create_schema(
    RegistryName="shop", SchemaName="order", Type="OpenApi3", Content=content
)
assert made["SchemaVersion"] == "1"
assert refusal(
    schemas.create_schema,
    RegistryName="shop",
    SchemaName="order",
    Type="OpenApi3",
    Content=content,
) == ("ConflictException", "Schema with name order already exists.", 409)
assert refusal(schemas.describe_registry, RegistryName="no") == (
    "NotFoundException",
    "Registry with name no does not exist.",
    404,
)
described = schemas.describe_schema(RegistryName="shop", SchemaName="order")
assert described["Content"] == content, described
names = [
    each["RegistryName"]
    for page in schemas.get_paginator("list_registries").paginate(
        PaginationConfig={"PageSize": 1}
    )
    for each in page["Registries"]
]
assert names == ["aws.events", "shop"], names

bus = "arn:aws:events:us-east-1:000000000000:event-bus/default"
discoverer = schemas.create_discoverer(SourceArn=bus, Description="all of it")
assert discoverer["State"] == "STARTED"
stopped = schemas.stop_discoverer(DiscovererId=discoverer["DiscovererId"])
assert stopped["State"] == "STOPPED"
schemas.start_discoverer(DiscovererId=discoverer["DiscovererId"])
events.put_events(
    Entries=[{"Source": "shop", "DetailType": "Order placed", "Detail": '{"id":"a"}'}]
)
name = {"RegistryName": "discovered-schemas", "SchemaName": "shop@OrderPlaced"}
for _ in range(600):
    try:
        schema = schemas.describe_schema(**name)
        break
    except schemas.exceptions.NotFoundException:
        time.sleep(0.1)
assert '"required":["id"]' in schema["Content"], schema
exported = schemas.export_schema(Type="JSONSchemaDraft4", **name)
assert json.loads(exported["Content"])["title"] == "OrderPlaced"

for language in "Java8", "Python36", "TypeScript3":
    assert refusal(schemas.describe_code_binding, Language=language, **name)[2] == 404
    put = schemas.put_code_binding(Language=language, **name)
    assert put["ResponseMetadata"]["HTTPStatusCode"] == 202
    schemas.get_waiter("code_binding_exists").wait(Language=language, **name)
    source = schemas.get_code_binding_source(Language=language, **name)["Body"].read()
    files = zipfile.ZipFile(io.BytesIO(source))
    assert any("/AWSEvent." in file for file in files.namelist()), files.namelist()
    for file in files.namelist():
        if file.endswith(".py"):
            compile(files.read(file), file, "exec")

found = schemas.get_discovered_schema(
    Type="OpenApi3", Events=[json.dumps({"Source": "s", "Resources": ["r"]})]
)
assert json.loads(found["Content"])["info"]["title"] == "Event"
schemas.delete_discoverer(DiscovererId=discoverer["DiscovererId"])
schemas.delete_schema(RegistryName="shop", SchemaName="order")
schemas.delete_registry(RegistryName="shop")
