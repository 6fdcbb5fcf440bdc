package io.millrace.service.events;

import io.millrace.api.events.Connection;
import io.millrace.api.events.ListConnectionsRequest;
import io.millrace.api.events.ListConnectionsResponse;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

/// `ListConnections`: in order of names. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListConnections.html).
final class ListConnections implements Operation<ListConnectionsRequest, ListConnectionsResponse> {
    private final Store store;
    private final Connections connections;

    ListConnections(Store store, Connections connections) {
        this.store = store;
        this.connections = connections;
    }

    @Override
    public ListConnectionsResponse handle(Caller caller, ListConnectionsRequest request) {
        @Nullable String after = Page.after(request.nextToken());
        String prefix = request.namePrefix() == null ? "" : request.namePrefix();
        @Nullable String state = request.connectionState();
        Page<Connection> page = new Page<>(request.limit());
        for (StoredConnection connection : store.read(s -> connections.all(s, caller))) {
            boolean wanted =
                    connection.name().startsWith(prefix)
                            && (state == null || connection.state().equals(state))
                            && (after == null || connection.name().compareTo(after) > 0);
            if (wanted && !page.add(connection.name(), shape(connection))) {
                break;
            }
        }
        return ListConnectionsResponse.builder()
                .connections(page.items())
                .nextToken(page.nextToken())
                .build();
    }

    private static Connection shape(StoredConnection connection) {
        return Connection.builder()
                .connectionArn(connection.arn().toString())
                .name(connection.name())
                .connectionState(connection.state())
                .stateReason(connection.stateReason())
                .authorizationType(connection.authorizationType())
                .creationTime(connection.created())
                .lastModifiedTime(connection.modified())
                .lastAuthorizedTime(connection.authorized())
                .build();
    }
}
