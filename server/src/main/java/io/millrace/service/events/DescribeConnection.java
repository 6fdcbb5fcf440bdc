package io.millrace.service.events;

import io.millrace.api.events.DescribeConnectionRequest;
import io.millrace.api.events.DescribeConnectionResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `DescribeConnection`: everything of a connection but its secrets. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeConnection.html).
final class DescribeConnection
        implements Operation<DescribeConnectionRequest, DescribeConnectionResponse> {
    private final Store store;
    private final Connections connections;

    DescribeConnection(Store store, Connections connections) {
        this.store = store;
        this.connections = connections;
    }

    @Override
    public DescribeConnectionResponse handle(Caller caller, DescribeConnectionRequest request) {
        StoredConnection connection =
                store.read(s -> connections.require(s, caller, request.name()));
        return DescribeConnectionResponse.builder()
                .connectionArn(connection.arn().toString())
                .name(connection.name())
                .description(connection.description())
                .connectionState(connection.state())
                .stateReason(connection.stateReason())
                .authorizationType(connection.authorizationType())
                .secretArn(connection.sealed() == null ? null : connection.secretArn())
                .kmsKeyIdentifier(connection.kmsKeyIdentifier())
                .authParameters(connection.shown())
                .creationTime(connection.created())
                .lastModifiedTime(connection.modified())
                .lastAuthorizedTime(connection.authorized())
                .build();
    }
}
