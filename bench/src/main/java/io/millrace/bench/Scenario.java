package io.millrace.bench;

import java.io.IOException;
import java.util.Set;

/// Something that is measured: what it needs first, and one round of it.
///
/// @param services what a server must have to run it
/// @param connections how many at a time; 0 for as many as the run has
record Scenario(String name, Set<Api> services, Setup setup, int connections) {

    /// What a server may have. `ECHO` is our own page that answers what it got: the HTTP ceiling.
    enum Api {
        DYNAMODB,
        SQS,
        SNS,
        EVENTS,
        ECHO
    }

    /// A scenario with as many connections as the run has.
    Scenario(String name, Set<Api> services, Setup setup) {
        this(name, services, setup, 0);
    }

    /// Makes what the scenario needs on one server, and tells what a round is there.
    @FunctionalInterface
    interface Setup {
        Round prepare(Connection connection) throws IOException;
    }

    /// One measured round.
    @FunctionalInterface
    interface Round {

        /// Runs it on a connection.
        ///
        /// @param worker the number of the connection
        /// @param number the number of the round on that connection
        void run(Connection connection, int worker, long number) throws IOException;
    }
}
