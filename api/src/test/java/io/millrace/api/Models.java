package io.millrace.api;

import io.millrace.api.dynamodb.DynamodbApi;
import io.millrace.api.dynamodbstreams.DynamodbstreamsApi;
import io.millrace.api.events.EventsApi;
import io.millrace.api.sns.SnsApi;
import io.millrace.api.sqs.SqsApi;
import io.millrace.api.sts.StsApi;

import java.util.List;
import java.util.stream.Stream;

/// The services under test.
public final class Models {
    public static final List<ServiceModel> ALL =
            List.of(
                    DynamodbApi.MODEL,
                    DynamodbstreamsApi.MODEL,
                    EventsApi.MODEL,
                    SnsApi.MODEL,
                    SqsApi.MODEL,
                    StsApi.MODEL);

    private Models() {}

    public static Stream<OperationModel<?, ?>> operations() {
        return ALL.stream().flatMap(model -> model.operations().stream());
    }

    public static Stream<OperationModel<?, ?>> queryOperations() {
        return ALL.stream()
                .filter(model -> model.protocols().contains(Protocol.QUERY))
                .flatMap(model -> model.operations().stream());
    }

    public static ServiceModel of(OperationModel<?, ?> operation) {
        return ALL.stream()
                .filter(model -> model.id().equals(operation.service()))
                .findFirst()
                .orElseThrow();
    }
}
