"""What boto3 and the AWS CLI see of SNS: topics, subscriptions, publishing, and refusals.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import json
import os
import shutil
import subprocess

import boto3
from botocore.exceptions import ClientError

sqs, sns = boto3.client("sqs"), boto3.client("sns")
stranger = boto3.client(
    "sns", aws_access_key_id="111111111111", aws_secret_access_key="secret"
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


def queue(name, **attributes):
    """The URL and the ARN of a new queue."""
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, answer["Attributes"]["QueueArn"]


def received(url):
    """The bodies of all messages, deleted."""
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [message["Body"] for message in messages]


def text(value):
    return {"DataType": "String", "StringValue": value}


# topics: made twice with the same attributes they are the same, with others refused
topic = sns.create_topic(Name="exact", Attributes={"DisplayName": "Exact"})["TopicArn"]
assert sns.create_topic(Name="exact", Attributes={"DisplayName": "Exact"})["TopicArn"] == topic
assert code(sns.create_topic, Name="exact", Attributes={"DisplayName": "Other"}) == (
    "InvalidParameter"
)
assert code(sns.create_topic, Name="no spaces") == "InvalidParameter"
assert topic in [each["TopicArn"] for each in sns.list_topics()["Topics"]]
nowhere = topic.replace(":exact", ":nowhere")
assert refusal(sns.get_topic_attributes, TopicArn=nowhere) == (
    "NotFound",
    "Topic does not exist",
    404,
)
assert code(sns.publish, TopicArn=nowhere, Message="x") == "NotFound"

# attributes and tags
sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="New")
attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
assert attributes["DisplayName"] == "New" and attributes["Owner"] == "000000000000", attributes
assert code(
    sns.set_topic_attributes, TopicArn=topic, AttributeName="Nonsense", AttributeValue="x"
) == "InvalidParameter"
sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
sns.untag_resource(ResourceArn=topic, TagKeys=["a"])
assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "b", "Value": "2"}]
assert code(sns.list_tags_for_resource, ResourceArn=nowhere) == "ResourceNotFound"

# a queue gets the envelope, another the message itself, if it is for it
enveloped, enveloped_arn = queue("enveloped")
filtered, filtered_arn = queue("filtered")
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=enveloped_arn)
subscription = sns.subscribe(
    TopicArn=topic,
    Protocol="sqs",
    Endpoint=filtered_arn,
    Attributes={
        "RawMessageDelivery": "true",
        "FilterPolicy": json.dumps({"kind": ["order", {"prefix": "re"}]}),
    },
    ReturnSubscriptionArn=True,
)["SubscriptionArn"]
listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
assert {each["Endpoint"] for each in listed} == {enveloped_arn, filtered_arn}
message_id = sns.publish(
    TopicArn=topic, Message="ü", Subject="s", MessageAttributes={"kind": text("refund")}
)["MessageId"]
sns.publish(TopicArn=topic, Message="for one", MessageAttributes={"kind": text("other")})
assert received(filtered) == ["ü"]
envelopes = {each["Message"]: each for each in map(json.loads, received(enveloped))}
assert set(envelopes) == {"ü", "for one"}
envelope = envelopes["ü"]
assert envelope["MessageId"] == message_id and envelope["TopicArn"] == topic
assert envelope["MessageAttributes"] == {"kind": {"Type": "String", "Value": "refund"}}
assert code(
    sns.set_subscription_attributes,
    SubscriptionArn=subscription,
    AttributeName="FilterPolicy",
    AttributeValue='{"kind": "no list"}',
) == "InvalidParameter"
sns.set_subscription_attributes(
    SubscriptionArn=subscription,
    AttributeName="FilterPolicyScope",
    AttributeValue="MessageBody",
)
sns.publish(TopicArn=topic, Message='{"kind": "order"}')
assert received(filtered) == ['{"kind": "order"}']
assert len(received(enveloped)) == 1

# batches
entries = [
    {"Id": f"m{i}", "Message": f"{i}", "MessageAttributes": {"n": text("x")}} for i in range(10)
]
answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
assert [each["Id"] for each in answer["Successful"]] == [each["Id"] for each in entries]
assert answer["Failed"] == []
bodies = []
while batch := received(enveloped):
    bodies += [json.loads(body)["Message"] for body in batch]
assert sorted(bodies) == [str(i) for i in range(10)]
assert code(
    sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[entries[0], entries[0]]
) == "BatchEntryIdsNotDistinct"
assert code(
    sns.publish_batch,
    TopicArn=topic,
    PublishBatchRequestEntries=entries + [{"Id": "more", "Message": "x"}],
) == "TooManyEntriesInBatchRequest"
assert code(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[]) == (
    "EmptyBatchRequest"
)

# refusals
assert code(sns.publish, TopicArn=topic, Message="") == "InvalidParameter"
assert refusal(sns.publish, TopicArn=topic, Message="x" * (256 * 1024 + 1)) == (
    "InvalidParameter",
    "Invalid parameter: Message too long",
    400,
)
assert code(sns.publish, TopicArn=topic, Message="{}", MessageStructure="json") == (
    "InvalidParameter"
)
assert code(sns.subscribe, TopicArn=topic, Protocol="pigeon", Endpoint="x") == "InvalidParameter"
assert code(sns.confirm_subscription, TopicArn=topic, Token="nonsense") == "InvalidParameter"

# access: other accounts come in by permission
assert code(stranger.publish, TopicArn=topic, Message="no") == "AuthorizationError"
sns.add_permission(
    TopicArn=topic, Label="all", AWSAccountId=["111111111111"], ActionName=["Publish"]
)
stranger.publish(TopicArn=topic, Message="from afar")
assert [json.loads(body)["Message"] for body in received(enveloped)] == ["from afar"]
sns.remove_permission(TopicArn=topic, Label="all")
assert code(stranger.publish, TopicArn=topic, Message="no") == "AuthorizationError"

# FIFO: the same message once, numbered
ordered, ordered_arn = queue("ordered.fifo", FifoQueue="true")
fifo = sns.create_topic(
    Name="ordered.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"}
)["TopicArn"]
sns.subscribe(
    TopicArn=fifo, Protocol="sqs", Endpoint=ordered_arn, Attributes={"RawMessageDelivery": "true"}
)
numbers = [
    sns.publish(TopicArn=fifo, Message=message, MessageGroupId="g")["SequenceNumber"]
    for message in ("first", "first", "second")
]
assert numbers[0] == numbers[1] < numbers[2], numbers
assert received(ordered) == ["first", "second"]
assert code(sns.publish, TopicArn=fifo, Message="x") == "InvalidParameter"

# the CLI, where it is
if shutil.which("aws"):

    def cli(*arguments):
        endpoint = os.environ["AWS_ENDPOINT_URL"]  # which older ones do not read
        process = subprocess.run(
            ["aws", "--endpoint-url", endpoint, "--output", "json", "sns", *arguments],
            capture_output=True,
            text=True,
        )
        return process.returncode, process.stdout, process.stderr

    status, output, error = cli("publish", "--topic-arn", topic, "--message", "by cli")
    assert status == 0, error
    envelope = json.loads(received(enveloped)[0])
    assert envelope["Message"] == "by cli"
    assert envelope["MessageId"] == json.loads(output)["MessageId"]
    status, _, error = cli("publish", "--topic-arn", nowhere, "--message", "x")
    assert status != 0 and "(NotFound)" in error, error

# the end: a subscription goes, and a topic with all of its
sns.unsubscribe(SubscriptionArn=subscription)
assert code(sns.get_subscription_attributes, SubscriptionArn=subscription) == "NotFound"
sns.delete_topic(TopicArn=topic)
sns.delete_topic(TopicArn=topic)
assert code(sns.list_subscriptions_by_topic, TopicArn=topic) == "NotFound"
