package io.millrace.callrecord;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What CloudTrail calls the calls of services: of data or of management, reading or not. Source:
/// the pages of the services on CloudTrail, such as
/// [SQS's](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html).
public final class CallKinds {

    private static final Set<String> DYNAMODB =
            Set.of(
                    "BatchExecuteStatement",
                    "BatchGetItem",
                    "BatchWriteItem",
                    "DeleteItem",
                    "ExecuteStatement",
                    "ExecuteTransaction",
                    "GetItem",
                    "PutItem",
                    "Query",
                    "Scan",
                    "SearchVectors",
                    "TransactGetItems",
                    "TransactWriteItems",
                    "UpdateItem");

    private static final Map<String, Set<String>> DATA =
            Map.of(
                    "dynamodb",
                    DYNAMODB,
                    "dynamodbstreams",
                    Set.of("GetRecords", "GetShardIterator"),
                    "sqs",
                    Set.of(
                            "ChangeMessageVisibility",
                            "ChangeMessageVisibilityBatch",
                            "DeleteMessage",
                            "DeleteMessageBatch",
                            "ReceiveMessage",
                            "SendMessage",
                            "SendMessageBatch"),
                    "sns",
                    Set.of("Publish", "PublishBatch"),
                    "events",
                    Set.of("PutEvents", "PutPartnerEvents"),
                    "logs",
                    Set.of("FilterLogEvents", "GetLogEvents", "GetLogRecord", "PutLogEvents"));

    private static final List<String> READING =
            List.of(
                    "Describe",
                    "Get",
                    "List",
                    "BatchGet",
                    "TransactGet",
                    "Query",
                    "Scan",
                    "Search",
                    "Filter",
                    "Test",
                    "CheckIf");

    private CallKinds() {}

    /// Whether it reads or writes what is in resources, rather than the resources.
    ///
    /// @param service its id, as `sqs`
    public static boolean isData(String service, String operation) {
        return DATA.getOrDefault(service, Set.of()).contains(operation);
    }

    static boolean isReading(String operation) {
        return READING.stream().anyMatch(operation::startsWith);
    }
}
