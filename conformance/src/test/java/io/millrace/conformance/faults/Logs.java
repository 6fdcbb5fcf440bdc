package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;
import io.millrace.conformance.faults.DeliveryChecker.Promise;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatchlogs.model.GetLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.OutputLogEvent;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Log events, each put by itself: each is found once in its stream.
final class Logs implements Workload {
    private static final String GROUP = "faults";
    private static final List<String> STREAMS = List.of("s0", "s1");

    private final World world;
    private final Clients aws;
    private final DeliveryChecker checker = new DeliveryChecker(Promise.ONCE);

    Logs(World world) {
        this.world = world;
        this.aws = world.aws();
    }

    @Override
    public void prepare() {
        aws.logs.createLogGroup(request -> request.logGroupName(GROUP));
        for (String stream : STREAMS) {
            aws.logs.createLogStream(request -> request.logGroupName(GROUP).logStreamName(stream));
        }
    }

    @Override
    public void start() {
        for (String stream : STREAMS) {
            AtomicInteger number = new AtomicInteger();
            world.calls()
                    .repeat(
                            world.random(),
                            _ -> send(stream, stream + "-" + number.getAndIncrement()));
        }
    }

    private void send(String stream, String name) {
        checker.sending(name);
        Outcome outcome = world.calls().call("logs PutLogEvents", () -> put(stream, name));
        checker.sent(name, outcome);
        if (outcome != Outcome.DONE) {
            world.calls().idle();
        }
    }

    private void put(String stream, String name) {
        InputLogEvent event =
                InputLogEvent.builder().timestamp(world.clock().millis()).message(name).build();
        if (aws.logs
                        .putLogEvents(request ->
                                request.logGroupName(GROUP).logStreamName(stream).logEvents(event))
                        .rejectedLogEventsInfo()
                != null) {
            throw SdkClientException.create("the event is too new, or too old");
        }
    }

    /// Reads all.
    @Override
    public void drain() {
        for (String stream : STREAMS) {
            int position = 0;
            String token = null;
            while (true) { // ends with the token that stays
                String from = token;
                GetLogEventsResponse page =
                        aws.logs.getLogEvents(request ->
                                request.logGroupName(GROUP)
                                        .logStreamName(stream)
                                        .startFromHead(true)
                                        .nextToken(from));
                for (OutputLogEvent event : page.events()) {
                    checker.received(event.message(), stream + " at " + position++, 0);
                }
                if (page.nextForwardToken().equals(token)) {
                    break;
                }
                token = page.nextForwardToken();
            }
        }
    }

    @Override
    public List<String> violations() {
        return checker.receivedCount() == 0
                ? List.of("nothing was ever found: it was not tested")
                : checker.violations();
    }
}
