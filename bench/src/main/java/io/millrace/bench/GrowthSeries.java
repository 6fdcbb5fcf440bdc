package io.millrace.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Something that there can be more and more of on a server, and what is done beside it.
interface GrowthSeries {

    /// What is measured, under its name.
    record Operation(String name, Scenario.Round round) {}

    String name();

    /// What is counted, in the plural.
    String things();

    /// Makes what must be there once.
    void prepare(Connection connection) throws IOException;

    /// How many are made in one request.
    default int batch() {
        return 1;
    }

    /// Makes a batch, of those from number `from` to number `to`.
    void grow(Connection connection, long from, long to) throws IOException;

    /// What to measure beside `size` of them. It leaves them as they are.
    List<Operation> operations(long size);

    /// What else there is to measure, by name, the less the better; takes some seconds.
    default Map<String, Double> figures(ServerUnderTest server)
            throws IOException, InterruptedException {
        return Map.of();
    }
}
