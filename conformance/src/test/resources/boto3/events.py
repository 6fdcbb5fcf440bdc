"""What boto3 sees of EventBridge's buses, rules, targets and events, and their refusals.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import datetime
import json

import boto3
from botocore.exceptions import ClientError

events, sqs, sts = (boto3.client(name) for name in ("events", "sqs", "sts"))
account = sts.get_caller_identity()["Account"]
partner = "210987654321"
shop = f"arn:aws:events:us-east-1:{account}:event-bus/shop"


def refusal(call, **arguments):
    """The code and the message of a call that has to be refused."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError(f"not refused: {arguments}")


def queue(name):
    """A new queue's URL and ARN."""
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:{account}:{name}"


def received(url):
    """The bodies of the messages that are in a queue."""
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MaxNumberOfMessages=10)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


# Buses
assert events.create_event_bus(
    Name="shop", Description="The shop", Tags=[{"Key": "team", "Value": "shop"}]
)["EventBusArn"] == shop
assert refusal(events.create_event_bus, Name="shop") == (
    "ResourceAlreadyExistsException",
    "Event bus shop already exists.",
)
assert refusal(events.create_event_bus, Name="a b")[0] == "ValidationException"
described = events.describe_event_bus(Name="shop")
assert described["Description"] == "The shop", described
assert isinstance(described["CreationTime"], datetime.datetime), described
assert "Policy" not in described, described
assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default", "shop"]
assert events.list_tags_for_resource(ResourceARN=shop)["Tags"] == [
    {"Key": "team", "Value": "shop"}
]
assert refusal(events.delete_event_bus, Name="default")[0] == "ValidationException"
assert refusal(events.describe_event_bus, Name="none") == (
    "ResourceNotFoundException",
    "Event bus none does not exist.",
)

# Rules
rule = events.put_rule(
    Name="paid",
    EventBusName="shop",
    EventPattern=json.dumps({"source": ["shop"], "detail": {"paid": [True]}}),
    Description="What was paid",
)["RuleArn"]
assert rule == f"arn:aws:events:us-east-1:{account}:rule/shop/paid", rule
assert refusal(events.put_rule, Name="x", EventPattern="{")[0] == "InvalidEventPatternException"
assert refusal(events.put_rule, Name="x")[0] == "ValidationException"
assert refusal(
    events.put_rule, Name="x", EventBusName="shop", ScheduleExpression="rate(1 hour)"
) == (
    "ValidationException",
    "ScheduleExpression is supported only on the default event bus.",
)
assert refusal(events.describe_rule, Name="x", EventBusName="shop") == (
    "ResourceNotFoundException",
    "Rule x does not exist on EventBus shop.",
)
assert events.test_event_pattern(
    EventPattern=json.dumps({"source": ["shop"]}),
    Event=json.dumps(
        {
            "id": "1",
            "account": account,
            "source": "shop",
            "time": "2026-01-01T00:00:00Z",
            "region": "us-east-1",
            "resources": [],
            "detail-type": "Order",
            "detail": {},
        }
    ),
)["Result"]

# Targets
url, arn = queue("orders")
dead_url, dead = queue("dead")
put = events.put_targets(
    Rule="paid",
    EventBusName="shop",
    Targets=[
        {
            "Id": "orders",
            "Arn": arn,
            "InputTransformer": {
                "InputPathsMap": {"n": "$.detail.n"},
                "InputTemplate": '{"order": <n>}',
            },
            "DeadLetterConfig": {"Arn": dead},
            "RetryPolicy": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60},
        },
        {"Id": "gone", "Arn": arn + "-gone", "DeadLetterConfig": {"Arn": dead}},
    ],
)
assert put["FailedEntryCount"] == 0, put
targets = events.list_targets_by_rule(Rule="paid", EventBusName="shop")["Targets"]
assert sorted(target["Id"] for target in targets) == ["gone", "orders"], targets
assert events.list_rule_names_by_target(TargetArn=arn, EventBusName="shop")["RuleNames"] == [
    "paid"
]
assert refusal(events.delete_rule, Name="paid", EventBusName="shop") == (
    "ValidationException",
    "Rule can't be deleted since it has targets.",
)
removed = events.remove_targets(Rule="paid", EventBusName="shop", Ids=["none"])
assert removed["FailedEntryCount"] == 0, removed

# Events, each with its own answer
good = {
    "EventBusName": "shop",
    "Source": "shop",
    "DetailType": "Order",
    "Detail": json.dumps({"n": 1, "paid": True}),
    "Resources": ["arn:aws:s3:::orders"],
    "Time": datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
}
answer = events.put_events(
    Entries=[
        good,
        {**good, "Source": ""},
        {**good, "DetailType": ""},
        {**good, "Detail": "[]"},
        {**good, "Source": "aws.shop"},
        {**good, "DetailType": "x" * 129},
        {**good, "EventBusName": "none"},
        {**good, "EventBusName": shop, "Detail": json.dumps({"n": 2, "paid": True})},
    ]
)
assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [
    None,
    "InvalidArgument",
    "InvalidArgument",
    "MalformedDetail",
    "NotAuthorizedForSourceException",
    "InvalidArgument",
    None,
    None,
], answer
assert answer["FailedEntryCount"] == 5, answer
assert answer["Entries"][1]["ErrorMessage"] == (
    "Parameter Source is not valid. Reason: Source is a required argument."
)
assert len({entry["EventId"] for entry in answer["Entries"] if "EventId" in entry}) == 3
assert sorted(body["order"] for body in received(url)) == [1, 2]
missed = received(dead_url)
assert sorted(event["detail"]["n"] for event in missed) == [1, 2], missed
assert missed[0]["time"] == "2026-01-01T00:00:00Z", missed
assert missed[0]["resources"] == ["arn:aws:s3:::orders"], missed
assert refusal(events.put_events, Entries=[good] * 11)[0] == "ValidationException"

events.disable_rule(Name="paid", EventBusName="shop")
assert events.describe_rule(Name="paid", EventBusName="shop")["State"] == "DISABLED"
events.put_events(Entries=[good])
assert not received(url)
events.enable_rule(Name="paid", EventBusName="shop")

# Permissions
events.put_permission(
    EventBusName="shop", Action="events:PutEvents", Principal=partner, StatementId="partner"
)
policy = json.loads(events.describe_event_bus(Name="shop")["Policy"])
assert policy["Statement"] == [
    {
        "Sid": "partner",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{partner}:root"},
        "Action": "events:PutEvents",
        "Resource": shop,
    }
], policy
theirs, stranger = (
    boto3.client("events", aws_access_key_id=key, aws_secret_access_key="development")
    for key in (partner, "310987654321")
)
entry = {**good, "EventBusName": shop}
assert theirs.put_events(Entries=[entry])["FailedEntryCount"] == 0
denied = stranger.put_events(Entries=[entry])["Entries"][0]
assert denied["ErrorCode"] == "AccessDeniedException", denied
assert refusal(events.remove_permission, EventBusName="shop", StatementId="none")[0] == (
    "ResourceNotFoundException"
)
events.remove_permission(EventBusName="shop", StatementId="partner")
assert "Policy" not in events.describe_event_bus(Name="shop")
assert theirs.put_events(Entries=[entry])["FailedEntryCount"] == 1

# Partner event sources
source = "aws.partner/example.com/orders"
theirs.create_partner_event_source(Name=source, Account=account)
assert events.describe_event_source(Name=source)["State"] == "PENDING"
assert events.create_event_bus(Name=source, EventSourceName=source)["EventBusArn"].endswith(source)
assert events.describe_event_source(Name=source)["State"] == "ACTIVE"
events.put_rule(
    Name="theirs", EventBusName=source, EventPattern=json.dumps({"source": [source]})
)
events.put_targets(Rule="theirs", EventBusName=source, Targets=[{"Id": "t", "Arn": arn}])
partners = {"Source": source, "DetailType": "Order", "Detail": "{}"}
assert theirs.put_partner_events(Entries=[partners])["FailedEntryCount"] == 0
assert source in [body.get("source") for body in received(url)]
assert theirs.list_partner_event_source_accounts(EventSourceName=source)[
    "PartnerEventSourceAccounts"
][0]["Account"] == account
events.deactivate_event_source(Name=source)
assert refusal(events.deactivate_event_source, Name=source)[0] == "InvalidStateException"

# Global endpoints
west = boto3.client("events", region_name="us-west-2")
west_shop = west.create_event_bus(Name="shop")["EventBusArn"]
endpoint = events.create_endpoint(
    Name="both",
    RoutingConfig={
        "FailoverConfig": {
            "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/11111111-2222"},
            "Secondary": {"Route": "us-west-2"},
        }
    },
    ReplicationConfig={"State": "DISABLED"},
    EventBuses=[{"EventBusArn": shop}, {"EventBusArn": west_shop}],
)
assert endpoint["Name"] == "both", endpoint
described = events.describe_endpoint(Name="both")
assert described["State"] == "ACTIVE", described
assert described["EndpointId"] in described["EndpointUrl"], described
assert [each["Name"] for each in events.list_endpoints()["Endpoints"]] == ["both"]
assert refusal(events.describe_endpoint, Name="none")[0] == "ResourceNotFoundException"
events.delete_endpoint(Name="both")

# And down again
events.remove_targets(Rule="paid", EventBusName="shop", Ids=["orders", "gone"])
events.delete_rule(Name="paid", EventBusName="shop")
events.delete_event_bus(Name="shop")
events.delete_event_bus(Name="shop")
assert refusal(events.list_rules, EventBusName="shop") == (
    "ResourceNotFoundException",
    "Event bus shop does not exist.",
)
