"""What boto3 sees of EventBridge's archives and replays, and their refusals.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import datetime
import json
import time

import boto3
from botocore.exceptions import ClientError

events, sqs, sts = (boto3.client(name) for name in ("events", "sqs", "sts"))
account = sts.get_caller_identity()["Account"]
bus = f"arn:aws:events:us-east-1:{account}:event-bus/default"


def refusal(call, **arguments):
    """The code and the message of a call that has to be refused."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError(f"not refused: {arguments}")


archive = events.create_archive(
    ArchiveName="orders",
    EventSourceArn=bus,
    EventPattern=json.dumps({"source": ["shop"]}),
    RetentionDays=1,
)
assert archive["State"] == "ENABLED", archive
assert isinstance(archive["CreationTime"], datetime.datetime), archive

rule = events.describe_rule(Name="Events-Archive-orders")
assert rule["ManagedBy"] == "prod.vhs.events.aws.internal", rule
assert json.loads(rule["EventPattern"]) == {
    "source": ["shop"],
    "replay-name": [{"exists": False}],
}, rule
assert refusal(events.remove_targets, Rule=rule["Name"], Ids=[rule["Name"]]) == (
    "ManagedRuleException",
    "Events-Archive-orders is a managed rule. Set 'force' parameter to true to override.",
)

put = events.put_events(
    Entries=[
        {"Source": source, "DetailType": "Order", "Detail": json.dumps({"n": n})}
        for n, source in enumerate(["shop", "bank", "shop"])
    ]
)
assert put["FailedEntryCount"] == 0, put
described = events.describe_archive(ArchiveName="orders")
assert described["EventCount"] == 2, described
assert events.list_archives(EventSourceArn=bus)["Archives"][0]["EventCount"] == 2

url = sqs.create_queue(QueueName="late")["QueueUrl"]
events.put_rule(Name="late", EventPattern=json.dumps({"source": ["shop"]}))
events.put_targets(
    Rule="late", Targets=[{"Id": "t", "Arn": f"arn:aws:sqs:us-east-1:{account}:late"}]
)
now = datetime.datetime.now(datetime.timezone.utc)
asked = {
    "ReplayName": "again",
    "EventSourceArn": archive["ArchiveArn"],
    "EventStartTime": now - datetime.timedelta(minutes=5),
    "EventEndTime": now + datetime.timedelta(minutes=5),
    "Destination": {"Arn": bus},
}
assert events.start_replay(**asked)["State"] == "STARTING"
assert refusal(events.start_replay, **asked) == (
    "ResourceAlreadyExistsException",
    "Replay again already exists.",
)
for _ in range(1000):
    replay = events.describe_replay(ReplayName="again")
    if replay["State"] == "COMPLETED":
        break
    time.sleep(0.02)
assert replay["State"] == "COMPLETED", replay
received = []
while len(received) < 2:
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10)
    received += [json.loads(message["Body"]) for message in answer["Messages"]]
assert [event["detail"]["n"] for event in received] == [0, 2], received
assert {event["replay-name"] for event in received} == {"again"}, received
assert [event["id"] for event in received] == [
    put["Entries"][0]["EventId"],
    put["Entries"][2]["EventId"],
], received

assert events.list_replays(State="COMPLETED")["Replays"][0]["ReplayName"] == "again"
assert refusal(events.list_replays, State="FAILED", NamePrefix="a") == (
    "ValidationException",
    "At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or"
    " NamePrefix.",
)
assert refusal(events.cancel_replay, ReplayName="again") == (
    "IllegalStatusException",
    "Replay again is not in a valid state for this operation.",
)
events.delete_archive(ArchiveName="orders")
assert refusal(events.describe_archive, ArchiveName="orders") == (
    "ResourceNotFoundException",
    "Archive orders does not exist.",
)
assert refusal(events.create_archive, ArchiveName="a b", EventSourceArn=bus)[0] == (
    "ValidationException"
)
