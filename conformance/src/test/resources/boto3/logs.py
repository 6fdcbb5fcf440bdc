"""CloudWatch Logs by boto3 and, where it is, the AWS CLI: put, get, filter, tail."""

import json
import os
import shutil
import subprocess
import time

import boto3
from botocore.exceptions import ClientError

logs = boto3.client("logs")
now = int(time.time() * 1000)


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


logs.create_log_group(logGroupName="app", tags={"team": "a"})
logs.create_log_stream(logGroupName="app", logStreamName="one")
assert code(logs.create_log_group, logGroupName="app") == "ResourceAlreadyExistsException"
assert code(logs.create_log_group, logGroupName="no spaces") == "InvalidParameterException"
put = logs.put_log_events(
    logGroupName="app",
    logStreamName="one",
    sequenceToken="any",
    logEvents=[
        {"timestamp": now - 1000 + i, "message": json.dumps({"n": i, "who": "é"})}
        for i in range(20)
    ],
)
assert put["nextSequenceToken"] and "rejectedLogEventsInfo" not in put

page = logs.get_log_events(logGroupName="app", logStreamName="one", limit=5)
assert [json.loads(event["message"])["n"] for event in page["events"]] == [15, 16, 17, 18, 19]
page = logs.get_log_events(
    logGroupName="app", logStreamName="one", limit=5, nextToken=page["nextBackwardToken"]
)
assert [json.loads(event["message"])["n"] for event in page["events"]] == [10, 11, 12, 13, 14]

pages = logs.get_paginator("filter_log_events").paginate(
    logGroupName="app",
    filterPattern="{ $.n > 7 && $.who = é }",
    startTime=now - 990,
    endTime=now - 985,
    PaginationConfig={"PageSize": 2},
)
found = [event for page in pages for event in page["events"]]
assert [event["timestamp"] for event in found] == [now - 990 + i for i in range(6)], found
assert {event["logStreamName"] for event in found} == {"one"}

matches = logs.test_metric_filter(
    filterPattern="[ip, ..., status = 5*, bytes]",
    logEventMessages=['1.2.3.4 - "GET /" 500 12', '1.2.3.4 - "GET /" 200 12'],
)["matches"]
assert [match["eventNumber"] for match in matches] == [1]
assert matches[0]["extractedValues"]["$status"] == "500"

logs.put_retention_policy(logGroupName="app", retentionInDays=3)
group = logs.describe_log_groups(logGroupNamePrefix="ap")["logGroups"][0]
assert group["retentionInDays"] == 3 and group["storedBytes"] > 20 * 26
assert logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"team": "a"}
assert code(logs.start_query, logGroupName="app", startTime=0, endTime=1, queryString="x") in (
    "NotImplemented",
)

# the CLI, where it is
if shutil.which("aws"):

    def cli(*arguments):
        endpoint = os.environ["AWS_ENDPOINT_URL"]  # which older ones do not read
        process = subprocess.run(
            ["aws", "--endpoint-url", endpoint, "--output", "json", "logs", *arguments],
            capture_output=True,
            text=True,
        )
        return process.returncode, process.stdout, process.stderr

    status, output, error = cli("filter-log-events", "--log-group-name", "app", "--limit", "3")
    assert status == 0, error
    assert len(json.loads(output)["events"]) >= 3
    status, output, error = cli("tail", "app", "--since", "5m", "--format", "short")
    if "Invalid choice" not in error and "invalid choice" not in error:  # version 2 only
        assert status == 0 and output.count('"n"') == 20, output + error

logs.delete_log_stream(logGroupName="app", logStreamName="one")
assert logs.filter_log_events(logGroupName="app")["events"] == []
logs.delete_log_group(logGroupName="app")
assert logs.describe_log_groups()["logGroups"] == []
