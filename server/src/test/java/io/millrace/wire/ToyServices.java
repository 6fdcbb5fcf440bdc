package io.millrace.wire;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodb.ListTablesOutput;
import io.millrace.api.events.EventsApi;
import io.millrace.api.sns.ConfirmSubscriptionResponse;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.GetQueueUrlResult;
import io.millrace.api.sqs.SqsApi;
import io.millrace.engine.StoreException;

import java.util.List;
import java.util.stream.IntStream;

/// Services on real models, with operations that say what they saw.
final class ToyServices {
    static final int BODY_BYTES_MAX = 10_000;

    private ToyServices() {}

    static List<Service> all() {
        return List.of(sqs(), dynamodb(), events(), sns());
    }

    private static ServiceException invalid(List<String> violations) {
        return new ServiceException(
                ErrorModel.of("ValidationException", 400), Constraints.message(violations));
    }

    private static Service sqs() {
        return Service.of(SqsApi.MODEL, BODY_BYTES_MAX, ToyServices::invalid)
                .errorNamespace("com.amazonaws.sqs")
                .pathParameter("QueueUrl", SqsApi.LIST_QUEUES)
                .handle(
                        SqsApi.GET_QUEUE_URL,
                        (caller, request) -> {
                            if (request.queueName().equals("gone")) {
                                throw new ServiceException(
                                        SqsApi.Errors.QUEUE_DOES_NOT_EXIST, "It is gone.");
                            }
                            return GetQueueUrlResult.builder()
                                    .queueUrl(
                                            caller.endpoint()
                                                    + "/"
                                                    + caller.accountId()
                                                    + "/"
                                                    + request.queueName()
                                                    + "@"
                                                    + caller.region())
                                    .build();
                        })
                .handle(
                        SqsApi.LIST_QUEUES,
                        (_, _) -> {
                            throw new ServiceException(
                                    ErrorModel.of("InvalidParameterValue", 400), "no");
                        })
                .handle(
                        SqsApi.CREATE_QUEUE,
                        (caller, _) -> {
                            throw new ServiceException(
                                    ErrorModel.of("Seen", 400), "trace " + caller.traceHeader());
                        })
                .handle(
                        SqsApi.RECEIVE_MESSAGE,
                        (_, request) -> {
                            throw new ServiceException(
                                    ErrorModel.of("Seen", 400), request.queueUrl());
                        })
                .build();
    }

    private static Service dynamodb() {
        return Service.of(DynamodbApi.MODEL, BODY_BYTES_MAX, ToyServices::invalid)
                .errorNamespace("com.amazonaws.dynamodb.v20120810")
                .internalError(ErrorModel.of("InternalServerError", 500))
                .checksummed()
                .handle(
                        DynamodbApi.LIST_TABLES,
                        (_, request) ->
                                ListTablesOutput.builder()
                                        .tableNames(
                                                IntStream.range(
                                                                0,
                                                                request.limit() == null
                                                                        ? 1
                                                                        : 10 * request.limit())
                                                        .mapToObj(i -> "table-" + i)
                                                        .toList())
                                        .build())
                .handle(
                        DynamodbApi.PUT_ITEM,
                        (_, _) -> {
                            throw new IllegalStateException("not to be reached");
                        })
                .handle(
                        DynamodbApi.DESCRIBE_LIMITS,
                        (_, _) -> {
                            throw new IllegalStateException("a bug");
                        })
                .handle(
                        DynamodbApi.LIST_BACKUPS,
                        (_, _) -> {
                            throw new StackOverflowError("a bug");
                        })
                .handle(
                        DynamodbApi.DESCRIBE_ENDPOINTS,
                        (_, _) -> {
                            throw new StoreException("the disk is full");
                        })
                .handle(
                        DynamodbApi.DESCRIBE_TABLE,
                        (_, _) -> {
                            throw new ServiceException(
                                    DynamodbApi.Errors.RESOURCE_NOT_FOUND_EXCEPTION,
                                    "Requested resource not found");
                        })
                .build();
    }

    private static Service events() {
        return Service.of(EventsApi.MODEL, BODY_BYTES_MAX, ToyServices::invalid).build();
    }

    private static Service sns() {
        return Service.of(SnsApi.MODEL, BODY_BYTES_MAX, ToyServices::invalid)
                .allowAnonymous(SnsApi.CONFIRM_SUBSCRIPTION)
                .handle(
                        SnsApi.CONFIRM_SUBSCRIPTION,
                        (caller, request) ->
                                ConfirmSubscriptionResponse.builder()
                                        .subscriptionArn(
                                                request.token() + " " + caller.isAnonymous())
                                        .build())
                .build();
    }
}
