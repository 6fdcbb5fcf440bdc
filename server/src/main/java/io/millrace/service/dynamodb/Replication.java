package io.millrace.service.dynamodb;

import java.util.List;

/// The regions that hold a table.
record Replication(List<Replica> replicas) {

    /// @param region where it is
    record Replica(String region) {}
}
