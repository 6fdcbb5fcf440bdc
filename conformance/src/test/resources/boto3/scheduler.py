"""What boto3 sees of EventBridge Scheduler and of rules with schedules, on a clock that is moved.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import datetime
import json
import os
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

scheduler, sqs, events = (boto3.client(name) for name in ("scheduler", "sqs", "events"))
ARN = "arn:aws:sqs:us-east-1:000000000000:"
ROLE = "arn:aws:iam::000000000000:role/scheduler"
OFF = {"Mode": "OFF"}


def clock(move=None):
    """Moves the server's clock by a duration, and tells its time."""
    request = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL"] + "/_millrace/clock",
        data=move.encode() if move else None,
        method="POST" if move else "GET",
    )
    with urllib.request.urlopen(request) as answer:
        told = json.load(answer)["now"]
    return datetime.datetime.fromisoformat(told[:19] + "+00:00")


def received(url, count):
    """So many messages, or fewer when no more come."""
    messages = []
    for _ in range(10):
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=1,
            MessageAttributeNames=["All"],
        )
        for message in answer.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            messages.append(message)
        if len(messages) >= count:
            break
    return messages


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
    raise AssertionError("not refused")


def target(arn, **more):
    return {"Arn": arn, "RoleArn": ROLE, **more}


url = sqs.create_queue(QueueName="q")["QueueUrl"]
dead = sqs.create_queue(QueueName="dead")["QueueUrl"]

# a one-time schedule
in_two_days = clock() + datetime.timedelta(days=2)
at = in_two_days.strftime("at(%Y-%m-%dT%H:%M:%S)")
arn = scheduler.create_schedule(
    Name="once",
    ScheduleExpression=at,
    FlexibleTimeWindow=OFF,
    ActionAfterCompletion="DELETE",
    Target=target(ARN + "q", Input="hello <aws.scheduler.scheduled-time>"),
)["ScheduleArn"]
assert arn == "arn:aws:scheduler:us-east-1:000000000000:schedule/default/once", arn
told = scheduler.get_schedule(Name="once")
assert told["State"] == "ENABLED" and told["GroupName"] == "default", told
assert told["Target"]["RetryPolicy"] == {
    "MaximumEventAgeInSeconds": 86400,
    "MaximumRetryAttempts": 185,
}, told
clock("P3D")
bodies = [message["Body"] for message in received(url, 1)]
assert bodies == ["hello " + in_two_days.strftime("%Y-%m-%dT%H:%M:%SZ")], bodies
assert refusal(scheduler.get_schedule, Name="once") == (
    "ResourceNotFoundException",
    "Schedule once does not exist.",
    404,
)

# a target with nothing behind it
scheduler.create_schedule(
    Name="function",
    ScheduleExpression="rate(1 day)",
    FlexibleTimeWindow=OFF,
    Target=target(
        "arn:aws:lambda:us-east-1:000000000000:function:f",
        Input="{}",
        DeadLetterConfig={"Arn": ARN + "dead"},
    ),
)
letter = received(dead, 1)[0]
assert letter["Body"] == "{}", letter
assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_RESOURCE", letter
scheduler.delete_schedule(Name="function")

# refusals
for expression in ("rate(1 houry)", "cron(0 1 * * * *)", "at(2026-01-01)"):
    assert refusal(
        scheduler.create_schedule,
        Name="x",
        ScheduleExpression=expression,
        FlexibleTimeWindow=OFF,
        Target=target(ARN + "q"),
    ) == ("ValidationException", f"Invalid Schedule Expression {expression}.", 400)

# groups
group = scheduler.create_schedule_group(Name="g", Tags=[{"Key": "a", "Value": "b"}])
scheduler.tag_resource(
    ResourceArn=group["ScheduleGroupArn"], Tags=[{"Key": "c", "Value": "d"}]
)
scheduler.untag_resource(ResourceArn=group["ScheduleGroupArn"], TagKeys=["a"])
tags = scheduler.list_tags_for_resource(ResourceArn=group["ScheduleGroupArn"])["Tags"]
assert tags == [{"Key": "c", "Value": "d"}], tags
for number in range(5):
    scheduler.create_schedule(
        Name=f"s{number}",
        GroupName="g",
        ScheduleExpression="rate(5 minutes)",
        FlexibleTimeWindow=OFF,
        State="DISABLED",
        Target=target(ARN + "q", Input="tick"),
    )
pages = scheduler.get_paginator("list_schedules").paginate(
    GroupName="g", PaginationConfig={"PageSize": 2}
)
names = [schedule["Name"] for page in pages for schedule in page["Schedules"]]
assert names == ["s0", "s1", "s2", "s3", "s4"], names
scheduler.update_schedule(
    Name="s1",
    GroupName="g",
    ScheduleExpression="rate(10 minutes)",
    FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
    Target=target(ARN + "q", Input="tick"),
)
assert scheduler.get_schedule(Name="s1", GroupName="g")["State"] == "ENABLED"
clock("PT5M")
assert [message["Body"] for message in received(url, 1)] == ["tick"]
scheduler.delete_schedule_group(Name="g")
for _ in range(50):
    left = [g["Name"] for g in scheduler.list_schedule_groups()["ScheduleGroups"]]
    if left == ["default"]:
        break
    time.sleep(0.1)
assert left == ["default"], left
assert scheduler.list_schedules()["Schedules"] == []

# a rule with a schedule
events.put_rule(Name="tick", ScheduleExpression="rate(5 minutes)")
events.put_targets(Rule="tick", Targets=[{"Id": "1", "Arn": ARN + "q"}])
clock("PT15M")
ticks = [json.loads(message["Body"]) for message in received(url, 3)]
assert len(ticks) == 3, ticks
assert all(tick["source"] == "aws.events" and tick["detail"] == {} for tick in ticks), ticks
assert events.describe_rule(Name="tick")["ScheduleExpression"] == "rate(5 minutes)"
