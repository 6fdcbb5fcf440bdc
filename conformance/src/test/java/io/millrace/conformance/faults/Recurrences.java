package io.millrace.conformance.faults;

import io.millrace.conformance.Clients;
import io.millrace.conformance.faults.Calls.Outcome;

import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Schedules and rules that run each minute, by `rate` and by `cron`, and deliver to a queue the
/// time for which they ran. A kill that ends in less than a minute lets none of them be left out:
/// only what was due more than a minute before a start may be.
final class Recurrences implements Workload {
    private static final String QUEUE = "recurring";
    private static final Map<String, String> EXPRESSIONS =
            Map.of("rate", "rate(1 minute)", "cron", "cron(* * * * ? *)");
    private static final int COPIES = 2;
    private static final String RUN = "{\"of\":\"%s\",\"at\":\"%s\"}";
    private static final Pattern RUN_PATTERN =
            Pattern.compile("\\{\"of\":\"([^\"]+)\",\"at\":\"([^\"]+)\"}");
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final World world;
    private final Clients aws;
    private final RecurrenceChecker checker = new RecurrenceChecker(PERIOD);
    private final Set<String> names = new TreeSet<>();
    private String url = "";

    Recurrences(World world) {
        this.world = world;
        this.aws = world.aws();
    }

    @Override
    public void prepare() {
        url =
                aws.sqs
                        .createQueue(request ->
                                request.queueName(QUEUE)
                                        .attributes(
                                                Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "3")))
                        .queueUrl();
        EXPRESSIONS.forEach((word, expression) -> {
            for (int copy = 0; copy < COPIES; copy++) {
                rule("rule-" + word + copy, expression);
                schedule("schedule-" + word + copy, expression);
            }
        });
        checker.beginAt(world.clock().instant());
    }

    private void rule(String name, String expression) {
        names.add(name);
        Target queue =
                Target.builder()
                        .id("queue")
                        .arn(world.queueArn(QUEUE))
                        .inputTransformer(input ->
                                input.inputPathsMap(Map.of("time", "$.time"))
                                        .inputTemplate(RUN.formatted(name, "<time>")))
                        .build();
        aws.events.putRule(request -> request.name(name).scheduleExpression(expression));
        aws.events.putTargets(request -> request.rule(name).targets(queue));
    }

    private void schedule(String name, String expression) {
        names.add(name);
        aws.scheduler.createSchedule(request ->
                request.name(name)
                        .scheduleExpression(expression)
                        .flexibleTimeWindow(window -> window.mode(FlexibleTimeWindowMode.OFF))
                        .target(target ->
                                target.arn(world.queueArn(QUEUE))
                                        .roleArn(world.role())
                                        .input(
                                                RUN.formatted(
                                                        name, "<aws.scheduler.scheduled-time>"))));
    }

    @Override
    public void start() {
        world.calls().repeat(world.random(), _ -> receive());
    }

    private void receive() {
        List<Message> messages = new ArrayList<>();
        Runnable call =
                () ->
                        messages.addAll(
                                aws.sqs
                                        .receiveMessage(request ->
                                                request.queueUrl(url)
                                                        .maxNumberOfMessages(10)
                                                        .waitTimeSeconds(1))
                                        .messages());
        Outcome outcome = world.calls().call("sqs ReceiveMessage", call);
        for (Message message : messages) {
            Matcher run = RUN_PATTERN.matcher(message.body());
            if (run.matches()) {
                String name = run.group(1);
                checker.ran(name, Instant.parse(run.group(2)), message.messageId());
                String service = name.startsWith("rule") ? "events" : "scheduler";
                world.calls().count(service + " delivery", Outcome.DONE);
            } else {
                checker.invented(message.body());
            }
            String handle = message.receiptHandle();
            world.calls()
                    .call(
                            "sqs DeleteMessage",
                            () ->
                                    aws.sqs.deleteMessage(
                                            gone -> gone.queueUrl(url).receiptHandle(handle)));
        }
        if (outcome == Outcome.UNKNOWN) {
            world.calls().idle();
        }
    }

    /// Until each has run once more in the end.
    @Override
    public void drain() {
        try {
            world.clock().forward(world.endpoint(), PERIOD);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checker.endAt(world.clock().instant());
        for (int round = 0; round < world.drainRoundsMax() && !done(); round++) {
            receive();
        }
        receive();
        names.forEach(this::end);
    }

    private void end(String name) {
        if (name.startsWith("rule")) {
            aws.events.removeTargets(request -> request.rule(name).ids("queue"));
            aws.events.deleteRule(request -> request.name(name));
        } else {
            aws.scheduler.deleteSchedule(request -> request.name(name));
        }
    }

    private boolean done() {
        return checker.violations(names).isEmpty();
    }

    @Override
    public List<String> violations() {
        return checker.violations(names);
    }
}
