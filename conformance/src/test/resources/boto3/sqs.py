"""What boto3 and the AWS CLI see of SQS: refusals by code and status, access, and both protocols.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import hashlib
import json
import os
import shutil
import subprocess

import boto3
from botocore.exceptions import ClientError

sqs, sns, events = (boto3.client(name) for name in ("sqs", "sns", "events"))
stranger = boto3.client(
    "sqs", aws_access_key_id="111111111111", aws_secret_access_key="secret"
)


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


def code(call, **arguments):
    return refusal(call, **arguments)[0]


def received(url):
    """The bodies of all messages, deleted."""
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    messages = answer.get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in messages]


url = sqs.create_queue(QueueName="exact")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

# sizes, characters, attributes; boto3 checks the MD5s of what is accepted
sqs.send_message(
    QueueUrl=url,
    MessageBody="x" * 1_000_000,
    MessageAttributes={
        "string.custom": {"DataType": "String.custom", "StringValue": "ü"},
        "number": {"DataType": "Number.int", "StringValue": "42"},
        "binary": {"DataType": "Binary.gif", "BinaryValue": bytes(range(256))},
    },
    MessageSystemAttributes={
        "AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a9"}
    },
)
sqs.purge_queue(QueueUrl=url)
assert code(sqs.send_message, QueueUrl=url, MessageBody="x" * 1_048_577) == "InvalidParameterValue"
assert code(
    sqs.send_message_batch,
    QueueUrl=url,
    Entries=[{"Id": str(i), "MessageBody": "x" * 600_000} for i in range(2)],
) == "AWS.SimpleQueueService.BatchRequestTooLong"
assert code(sqs.send_message_batch, QueueUrl=url, Entries=[]) == (
    "AWS.SimpleQueueService.EmptyBatchRequest"
)
assert code(
    sqs.send_message,
    QueueUrl=url,
    MessageBody="x",
    MessageAttributes={"a": {"DataType": "String", "StringListValues": ["b"]}},
) == "AWS.SimpleQueueService.UnsupportedOperation"
assert code(sqs.list_queues, MaxResults=1, NextToken="nonsense") == "InvalidParameterValue"
assert refusal(sqs.send_message, QueueUrl="http://localhost/", MessageBody="x") == (
    "InvalidAddress",
    "The address http://localhost/ is not valid for this endpoint.",
    404,
)
sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}])
assert "Failed" not in sent
assert received(url) == ["x"]
assert code(sqs.create_queue, QueueName="exact", Attributes={"DelaySeconds": "7"}) == (
    "QueueAlreadyExists"
)
assert code(sqs.tag_queue, QueueUrl=url, Tags={"aws:x": "y"}) == "InvalidParameterValue"
assert received(url) == []

# access: other accounts come in by permission, and never manage the queue
assert refusal(stranger.send_message, QueueUrl=url, MessageBody="no") == (
    "AccessDenied",
    "User: arn:aws:iam::111111111111:root is not authorized to perform: sqs:sendmessage on"
    f" resource: {arn} because no resource-based policy allows the sqs:sendmessage action",
    403,
)
sqs.add_permission(
    QueueUrl=url, Label="all", AWSAccountIds=["111111111111"], Actions=["*"]
)
stranger.send_message(QueueUrl=url, MessageBody="from afar")
owned = stranger.get_queue_url(QueueName="exact", QueueOwnerAWSAccountId="000000000000")
assert owned["QueueUrl"] == url
assert code(stranger.delete_queue, QueueUrl=url) == "AccessDenied"
assert received(url) == ["from afar"]

# a queue with a policy takes from a topic and a rule what that policy says
topic = sns.create_topic(Name="exact")["TopicArn"]
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
rule = events.put_rule(Name="exact", EventPattern=json.dumps({"source": ["exact"]}))["RuleArn"]
events.put_targets(Rule="exact", Targets=[{"Id": "q", "Arn": arn, "Input": '"by rule"'}])


def deliver():
    sns.publish(TopicArn=topic, Message="by topic")
    events.put_events(Entries=[{"Source": "exact", "DetailType": "t", "Detail": "{}"}])
    return sorted(received(url))


assert deliver() == []
for source, service in ((topic, "sns"), (rule, "events")):
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        },
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    assert deliver() == ["by topic" if service == "sns" else '"by rule"']
assert code(sqs.remove_permission, QueueUrl=url, Label="gone") == "InvalidParameterValue"
sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})

# the CLI, where it is
if shutil.which("aws"):

    def cli(*arguments):
        endpoint = os.environ["AWS_ENDPOINT_URL"]  # which older ones do not read
        process = subprocess.run(
            ["aws", "--endpoint-url", endpoint, "--output", "json", "sqs", *arguments],
            capture_output=True,
            text=True,
        )
        return process.returncode, process.stdout, process.stderr

    status, output, error = cli("send-message", "--queue-url", url, "--message-body", "by cli")
    assert status == 0, error
    assert json.loads(output)["MD5OfMessageBody"] == hashlib.md5(b"by cli").hexdigest()
    assert received(url) == ["by cli"]
    status, _, error = cli("get-queue-url", "--queue-name", "nowhere")
    assert status != 0 and "AWS.SimpleQueueService.NonExistentQueue" in error, error
