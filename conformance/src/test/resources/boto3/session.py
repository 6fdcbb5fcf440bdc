"""What boto3 sees: each service's main way, and errors as boto3 understands them.

The endpoint comes from AWS_ENDPOINT_URL. Exit status 0 when all of it holds.
"""

import json

import boto3
from botocore.exceptions import ClientError

sqs, sns, events, sts = (boto3.client(name) for name in ("sqs", "sns", "events", "sts"))
dynamodb, streams = boto3.client("dynamodb"), boto3.client("dynamodbstreams")
table = boto3.resource("dynamodb").Table("orders")


def refusal(call, **arguments):
    """The code, the message and the status of a call that has to be refused."""
    try:
        call(**arguments)
    except ClientError as error:
        answer = error.response
        assert answer["ResponseMetadata"]["RequestId"], answer
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
        return answer["Error"]["Code"], answer["Error"]["Message"], status
    raise AssertionError(f"not refused: {arguments}")


def received(url):
    """The next message of a queue, deleted."""
    message = sqs.receive_message(
        QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"]
    )["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return message


def is_empty(url):
    return "Messages" not in sqs.receive_message(QueueUrl=url)


assert sts.get_caller_identity()["Account"] == "000000000000"

# SQS: boto3 checks the MD5s of bodies and attributes itself
url = sqs.create_queue(QueueName="orders")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
sqs.send_message(
    QueueUrl=url,
    MessageBody="größer & <kleiner> \U0001d54a",
    MessageAttributes={
        "n": {"DataType": "Number", "StringValue": "1.50"},
        "b": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
    },
)
message = received(url)
assert message["Body"] == "größer & <kleiner> \U0001d54a"
assert message["MessageAttributes"]["b"]["BinaryValue"] == b"\x00\xff"
assert refusal(sqs.get_queue_url, QueueName="nowhere") == (
    "AWS.SimpleQueueService.NonExistentQueue",
    "The specified queue does not exist.",
    400,
)
try:
    sqs.get_queue_url(QueueName="nowhere")
except sqs.exceptions.QueueDoesNotExist:
    pass
assert refusal(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)[0] == (
    "InvalidParameterValue"
)
assert refusal(sqs.send_message, QueueUrl=url, MessageBody="\x01")[0] == "InvalidMessageContents"
assert is_empty(url)

# SNS
topic = sns.create_topic(Name="placed")["TopicArn"]
sns.subscribe(
    TopicArn=topic,
    Protocol="sqs",
    Endpoint=arn,
    Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"kind": ["a"]})},
)
for kind in ("b", "a"):
    attribute = {"kind": {"DataType": "String", "StringValue": kind}}
    sns.publish(TopicArn=topic, Message=f"of {kind}", MessageAttributes=attribute)
assert received(url)["Body"] == "of a"
assert refusal(sns.publish, TopicArn=topic + "-not", Message="x") == (
    "NotFound",
    "Topic does not exist",
    404,
)
assert refusal(sns.publish, TopicArn=topic, Message="")[0] == "InvalidParameter"
assert is_empty(url)

# EventBridge
events.create_event_bus(Name="shop")
pattern = json.dumps({"source": ["shop"], "detail": {"amount": [{"numeric": [">", 100]}]}})
events.put_rule(Name="big", EventBusName="shop", EventPattern=pattern)
events.put_targets(
    Rule="big",
    EventBusName="shop",
    Targets=[
        {
            "Id": "queue",
            "Arn": arn,
            "InputTransformer": {
                "InputPathsMap": {"n": "$.detail.amount"},
                "InputTemplate": '{"amount": <n>}',
            },
        }
    ],
)
entry = {"EventBusName": "shop", "Source": "shop", "DetailType": "OrderPlaced"}
answer = events.put_events(
    Entries=[
        {**entry, "Detail": '{"amount": 100}'},
        {**entry, "Detail": '{"amount": 101}'},
        {**entry, "Detail": "no json"},
        {**entry, "Detail": "{}", "Source": "aws.s3"},
    ]
)
assert answer["FailedEntryCount"] == 2
assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [
    None,
    None,
    "MalformedDetail",
    "NotAuthorizedForSourceException",
]
assert json.loads(received(url)["Body"]) == {"amount": 101}
assert refusal(events.describe_rule, Name="none") == (
    "ResourceNotFoundException",
    "Rule none does not exist on EventBus default.",
    400,
)
assert is_empty(url)

# DynamoDB and its streams: boto3 checks the CRC32 of each answer itself
dynamodb.create_table(
    TableName="orders",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    BillingMode="PAY_PER_REQUEST",
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
)
dynamodb.get_waiter("table_exists").wait(TableName="orders")
table.put_item(Item={"id": "1", "tags": {"a", "b"}, "nothing": None, "list": [1, b"\x00"]})
assert table.get_item(Key={"id": "1"})["Item"]["tags"] == {"a", "b"}
assert refusal(
    table.put_item, Item={"id": "1"}, ConditionExpression="attribute_not_exists(id)"
) == ("ConditionalCheckFailedException", "The conditional request failed", 400)
stream = table.latest_stream_arn
shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
iterator = streams.get_shard_iterator(
    StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
)["ShardIterator"]
records = streams.get_records(ShardIterator=iterator)["Records"]
assert [record["eventName"] for record in records] == ["INSERT"]

# An operation that is not there says so
assert refusal(sts.decode_authorization_message, EncodedMessage="x")[0] == "NotImplemented"
