"""What boto3 sees of EventBridge Pipes: states, refusals by code and status, tags, and what comes out.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import json
import time

import boto3
from botocore.exceptions import ClientError

pipes, sqs, dynamodb = (boto3.client(name) for name in ("pipes", "sqs", "dynamodb"))
ROLE = "arn:aws:iam::000000000000:role/pipe"


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
    raise AssertionError(f"not refused: {arguments}")


def queue(name):
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, attributes["Attributes"]["QueueArn"]


def wait(name, state):
    for _ in range(1000):
        pipe = pipes.describe_pipe(Name=name)
        if pipe["CurrentState"] == state:
            return pipe
        time.sleep(0.01)
    raise AssertionError(f"{name} is {pipe['CurrentState']}: {pipe.get('StateReason')}")


def received(url):
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)
    message = answer["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return message["Body"]


source_url, source = queue("source")
target_url, target = queue("target")

made = pipes.create_pipe(Name="p", RoleArn=ROLE, Source=source, Target=target)
assert made["CurrentState"] == "CREATING" and made["DesiredState"] == "RUNNING", made
pipe = wait("p", "RUNNING")
assert pipe["SourceParameters"] == {"SqsQueueParameters": {"BatchSize": 10}}, pipe
assert pipe["Arn"] == "arn:aws:pipes:us-east-1:000000000000:pipe/p", pipe

sqs.send_message(
    QueueUrl=source_url,
    MessageBody='{"n": 1}',
    MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
)
record = json.loads(received(target_url))
assert record["body"] == '{"n": 1}', record
assert record["messageAttributes"]["kind"] == {
    "stringValue": "test",
    "stringListValues": [],
    "binaryListValues": [],
    "dataType": "String",
}, record
assert record["attributes"]["ApproximateReceiveCount"] == "1", record

code, message, status = refusal(
    pipes.create_pipe, Name="p", RoleArn=ROLE, Source=source, Target=target
)
assert (code, status) == ("ConflictException", 409), (code, status)
code, message, status = refusal(pipes.describe_pipe, Name="none")
assert (code, status) == ("NotFoundException", 404), (code, status)
code, message, status = refusal(
    pipes.create_pipe,
    Name="q",
    RoleArn=ROLE,
    Source=source,
    Target=target,
    SourceParameters={"SqsQueueParameters": {"BatchSize": 11}},
)
assert (code, status) == ("ValidationException", 400), (code, status)
assert "maximum: 10, found: 11" in message, message
code, message, status = refusal(
    pipes.create_pipe,
    Name="q",
    RoleArn=ROLE,
    Source=source,
    Target=target,
    SourceParameters={"FilterCriteria": {"Filters": [{"Pattern": "{"}]}},
)
assert code == "ValidationException" and "Event pattern is not valid" in message, message

pipes.update_pipe(
    Name="p", RoleArn=ROLE, TargetParameters={"InputTemplate": '{"n": <$.body.n>}'}
)
wait("p", "RUNNING")
sqs.send_message(QueueUrl=source_url, MessageBody='{"n": 2}')
assert received(target_url) == '{"n": 2}'

pipes.stop_pipe(Name="p")
assert wait("p", "STOPPED")["DesiredState"] == "STOPPED"
code, message, status = refusal(pipes.stop_pipe, Name="p")
assert (code, status) == ("ConflictException", 409), (code, status)
sqs.send_message(QueueUrl=source_url, MessageBody='{"n": 3}')
pipes.start_pipe(Name="p")
wait("p", "RUNNING")
assert received(target_url) == '{"n": 3}'

pipes.tag_resource(resourceArn=pipe["Arn"], tags={"a": "1", "b": "2"})
pipes.untag_resource(resourceArn=pipe["Arn"], tagKeys=["a"])
assert pipes.list_tags_for_resource(resourceArn=pipe["Arn"])["tags"] == {"b": "2"}
assert [each["Name"] for each in pipes.list_pipes()["Pipes"]] == ["p"]
assert pipes.list_pipes(CurrentState="STOPPED")["Pipes"] == []

stream = dynamodb.create_table(
    TableName="things",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
)["TableDescription"]["LatestStreamArn"]
pipes.create_pipe(
    Name="changes",
    RoleArn=ROLE,
    Source=stream,
    SourceParameters={"DynamoDBStreamParameters": {"StartingPosition": "LATEST"}},
    Target=target,
)
wait("changes", "RUNNING")
dynamodb.put_item(TableName="things", Item={"id": {"S": "x"}, "n": {"N": "1"}})
record = json.loads(received(target_url))
assert record["dynamodb"]["NewImage"] == {"id": {"S": "x"}, "n": {"N": "1"}}, record
assert record["eventSourceARN"] == stream, record

for name in ("p", "changes"):
    pipes.delete_pipe(Name=name)
for _ in range(1000):
    if not pipes.list_pipes()["Pipes"]:
        break
    time.sleep(0.01)
assert pipes.list_pipes()["Pipes"] == []
