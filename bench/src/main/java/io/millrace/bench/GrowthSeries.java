package io.millrace.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Something that there can be more and more of on a server, and what is done beside it.
interface GrowthSeries {

    /// An operation, and how often it is asked in a row by each connection.
    record Operation(String name, Scenario.Round round) {}

    String name();

    /// What is counted, in the plural.
    String things();

    /// Makes what must be there once.
    void prepare(ServerUnderTest server) throws Exception;

    /// Adds those from number `from` to number `to`.
    void grow(ServerUnderTest server, long from, long to) throws Exception;

    /// What to measure beside `size` of them. It leaves them as they are.
    List<Operation> operations(ServerUnderTest server, long size) throws Exception;

    /// What else there is to measure, by name, the less the better; takes some seconds.
    default Map<String, Double> figures(ServerUnderTest server)
            throws IOException, InterruptedException {
        return Map.of();
    }
}
