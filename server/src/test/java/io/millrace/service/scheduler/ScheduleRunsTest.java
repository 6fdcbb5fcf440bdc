package io.millrace.service.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.scheduler.DeleteScheduleInput;
import io.millrace.api.scheduler.EventBridgeParameters;
import io.millrace.api.scheduler.FlexibleTimeWindow;
import io.millrace.api.scheduler.GetScheduleInput;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.scheduler.SqsParameters;
import io.millrace.api.scheduler.UpdateScheduleInput;
import io.millrace.delivery.Message;
import io.millrace.delivery.RemoteTarget;
import io.millrace.wire.ServiceException;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What schedules do at their time.
final class ScheduleRunsTest {
    private static final String ARN = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s";

    private final SchedulerFixture scheduler = new SchedulerFixture();

    @Test
    void oneTimeRunsOnceAndIsDeletedAfterwardsWhenItSaysSo() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .actionAfterCompletion("DELETE"));
        scheduler.create(SchedulerFixture.schedule("kept", "at(2026-03-04T06:00:00)"));

        assertThat(scheduler.after("PT53M52S")).isZero();
        assertThat(scheduler.after("PT1S")).isEqualTo(2);
        assertThat(scheduler.after("P9D")).isZero();

        assertThat(scheduler.sent()).hasSize(2);
        SchedulerFixture.assertRefused(
                () -> get("s"), "ResourceNotFoundException", "Schedule s does not exist.");
        get("kept");
    }

    @Test
    void aRateRunsAtOnceAndThenAtItsRateUntilItsEnd() {
        scheduler.create(
                SchedulerFixture.schedule("s", "rate(10 minutes)")
                        .endDate(scheduler.now.plusSeconds(1800))
                        .actionAfterCompletion("DELETE"));

        List<Integer> counts = new ArrayList<>();
        for (String step : List.of("PT0S", "PT9M59S", "PT1S", "PT10M", "PT10M", "PT10M")) {
            counts.add(scheduler.after(step));
        }

        assertThat(counts).containsExactly(1, 0, 1, 1, 1, 0);
        SchedulerFixture.assertRefused(
                () -> get("s"), "ResourceNotFoundException", "Schedule s does not exist.");
    }

    @Test
    void aRateWithAStartCountsFromIt() {
        scheduler.create(
                SchedulerFixture.schedule("s", "rate(10 minutes)")
                        .startDate(scheduler.now.plusSeconds(60))
                        .target(
                                SchedulerFixture.target(SchedulerFixture.QUEUE)
                                        .input("<aws.scheduler.scheduled-time>")
                                        .build()));

        scheduler.after("PT25M");

        assertThat(scheduler.bodies())
                .containsExactly(
                        "2026-03-04T05:07:07Z", "2026-03-04T05:17:07Z", "2026-03-04T05:27:07Z");
    }

    @Test
    void aCronRunsInItsZone() {
        scheduler.create(
                SchedulerFixture.schedule("s", "cron(30 2 * * ? *)")
                        .scheduleExpressionTimezone("Europe/Berlin")
                        .startDate(Instant.parse("2026-03-28T00:00:00Z"))
                        .target(
                                SchedulerFixture.target(SchedulerFixture.QUEUE)
                                        .input("<aws.scheduler.scheduled-time>")
                                        .build()));

        scheduler.after("P27D");

        assertThat(scheduler.bodies())
                .containsExactly(
                        "2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
    }

    @Test
    void aFlexibleWindowPicksATimeInIt() {
        for (int i = 0; i < 50; i++) {
            scheduler.create(
                    SchedulerFixture.schedule("s-" + i, "at(2026-03-04T06:00:00)")
                            .flexibleTimeWindow(
                                    FlexibleTimeWindow.builder()
                                            .mode("FLEXIBLE")
                                            .maximumWindowInMinutes(10)
                                            .build()));
        }

        assertThat(scheduler.after("PT53M52S")).isZero();
        int first = scheduler.after("PT5M1S");
        int second = scheduler.after("PT5M");

        assertThat(first).isBetween(10, 40);
        assertThat(first + second).isEqualTo(50);
    }

    @Test
    void whatIsDisabledOrDeletedDoesNotRun() {
        scheduler.create(SchedulerFixture.schedule("off", "rate(1 minute)").state("DISABLED"));
        scheduler.create(SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)"));
        scheduler.call(
                SchedulerApi.DELETE_SCHEDULE, DeleteScheduleInput.builder().name("s").build());

        assertThat(scheduler.after("P1D")).isZero();
    }

    @Test
    void anUpdateMovesItUnlessItsTimesAreTheSame() {
        scheduler.create(SchedulerFixture.schedule("s", "rate(10 minutes)"));
        assertThat(scheduler.after("PT5M")).isEqualTo(1);
        update("rate(10 minutes)", "ENABLED");
        assertThat(scheduler.after("PT4M59S")).isZero();
        assertThat(scheduler.after("PT1S")).isEqualTo(1);

        update("rate(20 minutes)", "ENABLED");
        assertThat(scheduler.after("PT0S")).isEqualTo(1);
        update("rate(20 minutes)", "DISABLED");
        assertThat(scheduler.after("PT1H")).isZero();
    }

    @Test
    void replacesContextAttributesAndSendsANotificationWithoutInput() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(SchedulerFixture.QUEUE + ".fifo")
                                        .sqsParameters(
                                                SqsParameters.builder().messageGroupId("g").build())
                                        .input(
                                                "<aws.scheduler.schedule-arn>"
                                                        + " <aws.scheduler.scheduled-time>"
                                                        + " <aws.scheduler.execution-id>"
                                                        + " <aws.scheduler.attempt-number>")
                                        .build()));
        scheduler.after("PT53M53S");
        scheduler.create(
                SchedulerFixture.schedule("n", "at(2026-03-04T06:00:01)")
                        .target(SchedulerFixture.target(SchedulerFixture.QUEUE).build()));
        scheduler.after("PT1S");

        Message message = scheduler.sent().getFirst().message();
        assertThat(message.body()).matches(ARN + " 2026-03-04T06:00:00Z [0-9a-f]{16} 1");
        assertThat(message.groupId()).isEqualTo("g");
        assertThat(scheduler.bodies().getLast())
                .contains("\"detail-type\":\"Scheduled Event\"")
                .contains("\"source\":\"aws.scheduler\"")
                .contains("\"time\":\"2026-03-04T06:00:01Z\"")
                .contains("schedule/default/n");
    }

    @Test
    void putsEventsOnABus() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(SchedulerFixture.BUS)
                                        .eventBridgeParameters(
                                                EventBridgeParameters.builder()
                                                        .source("mine")
                                                        .detailType("Tick")
                                                        .build())
                                        .input("{\"n\":1}")
                                        .build()));

        scheduler.after("PT1H");

        assertThat(scheduler.bodies()).containsExactly("mine Tick {\"n\":1} [" + ARN + "]");
    }

    @Test
    void whatTheStoreRefusesGoesToTheDeadLetterQueue() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(
                                                "arn:aws:sqs:us-east-1:000000000000:missing", 0)
                                        .input("hello")
                                        .build()));

        scheduler.after("PT1H");

        SchedulerFixture.Sent dead = scheduler.sent().getFirst();
        assertThat(dead.target()).isEqualTo(SchedulerFixture.DEAD);
        assertThat(dead.message().body()).isEqualTo("hello");
        Map<String, String> attributes = attributes(dead.message());
        assertThat(attributes.remove("EXECUTION_ID")).matches("[0-9a-f]{16}");
        assertThat(attributes)
                .isEqualTo(
                        Map.of(
                                "ERROR_CODE",
                                "AWS.SimpleQueueService.NonExistentQueue",
                                "ERROR_MESSAGE",
                                "The queue does not exist.",
                                "EXHAUSTED_RETRY_CONDITION",
                                "MaximumRetryAttempts",
                                "IS_PAYLOAD_TRUNCATED",
                                "false",
                                "RETRY_ATTEMPTS",
                                "0",
                                "SCHEDULED_TIME",
                                "2026-03-04T06:00:00Z",
                                "SCHEDULE_ARN",
                                ARN,
                                "TARGET_ARN",
                                "arn:aws:sqs:us-east-1:000000000000:missing"));
    }

    @Test
    void withoutADeadLetterQueueItIsKeptAsFailed() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(
                                                "arn:aws:sqs:us-east-1:000000000000:missing")
                                        .build()));

        scheduler.after("PT1H");

        assertThat(scheduler.failed())
                .singleElement()
                .satisfies(failed ->
                        assertThat(failed.failure().errorCode())
                                .isEqualTo("AWS.SimpleQueueService.NonExistentQueue"));
    }

    @Test
    void aRemoteTargetIsTriedAgainAndThenGivenUp() {
        scheduler.reply = new RemoteTarget.Reply.Refused("TooBusy", "Later.", true, null);
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(SchedulerFixture.FUNCTION, 2)
                                        .input("{\"n\":\"<aws.scheduler.attempt-number>\"}")
                                        .build()));
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("bad", "rate(1 minute)")
                                        .target(
                                                SchedulerFixture.target(SchedulerFixture.FUNCTION)
                                                        .input("not json")
                                                        .build())),
                "ValidationException",
                "The Input you specify is not well-formed JSON.");
        scheduler.after("PT1H");
        for (int i = 0; i < 5; i++) {
            scheduler.attemptDue();
            scheduler.now = scheduler.now.plusSeconds(600);
        }

        assertThat(scheduler.called).hasSize(3);
        Map<String, String> attributes = attributes(scheduler.sent().getFirst().message());
        assertThat(attributes)
                .containsEntry("RETRY_ATTEMPTS", "2")
                .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts")
                .containsEntry("ERROR_CODE", "TooBusy");
    }

    @Test
    void aTargetWithNothingBehindItFailsVisibly() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(
                                                "arn:aws:states:us-east-1:000000000000:"
                                                        + "stateMachine:m",
                                                185)
                                        .build()));

        scheduler.after("PT1H");
        scheduler.attemptDue();

        assertThat(attributes(scheduler.sent().getFirst().message()))
                .containsEntry("ERROR_CODE", "NO_RESOURCE")
                .doesNotContainKey("EXHAUSTED_RETRY_CONDITION");
    }

    @Test
    void afterDowntimeRecurringRunsAreLeftOutAndOneTimeOnesAreLate() {
        scheduler.create(SchedulerFixture.schedule("rate", "rate(10 minutes)"));
        scheduler.after("PT0S");
        scheduler.create(
                SchedulerFixture.schedule("once", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(SchedulerFixture.QUEUE, 5)
                                        .input("late")
                                        .build()));
        scheduler.now = scheduler.now.plus(Duration.ofHours(5)).plusSeconds(61);
        scheduler.restart();

        scheduler.after("PT0S");

        assertThat(scheduler.bodies()).containsExactlyInAnyOrder("{}", "late");
        scheduler.after("PT8M");
        assertThat(scheduler.bodies()).hasSize(2);
        scheduler.after("PT1M");
        assertThat(scheduler.bodies()).hasSize(3);
    }

    @Test
    void aRunThatWasDueJustBeforeTheStartComesHoweverManyBeforeItWereMissed() {
        scheduler.create(
                SchedulerFixture.schedule("s", "cron(0 9 * * ? *)")
                        .target(
                                SchedulerFixture.target(SchedulerFixture.QUEUE)
                                        .input("<aws.scheduler.scheduled-time>")
                                        .build()));
        scheduler.now = Instant.parse("2026-03-06T09:00:40Z");
        scheduler.restart();

        scheduler.after("PT0S");

        assertThat(scheduler.bodies()).containsExactly("2026-03-06T09:00:00Z");
        scheduler.after("P1D");
        assertThat(scheduler.bodies())
                .containsExactly("2026-03-06T09:00:00Z", "2026-03-07T09:00:00Z");
    }

    @Test
    void whatIsOlderThanItsMaximumAgeIsADeadLetter() {
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-03T05:00:00)")
                        .target(
                                SchedulerFixture.target(SchedulerFixture.QUEUE, 5)
                                        .input("late")
                                        .build()));

        scheduler.after("PT0S");

        SchedulerFixture.Sent dead = scheduler.sent().getFirst();
        assertThat(dead.target()).isEqualTo(SchedulerFixture.DEAD);
        assertThat(attributes(dead.message()))
                .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds");
    }

    @Test
    void twoServersRunEachScheduleOnceOverRestarts() throws InterruptedException {
        SchedulerFixture other = new SchedulerFixture(scheduler.store);
        for (int i = 0; i < 200; i++) {
            scheduler.create(
                    SchedulerFixture.schedule("s-" + i, "rate(1 minute)")
                            .target(
                                    SchedulerFixture.target(SchedulerFixture.QUEUE)
                                            .input("<aws.scheduler.scheduled-time> " + i)
                                            .build()));
        }
        int runs = 0;
        for (int minute = 0; minute < 10; minute++) {
            Thread racing = Thread.ofVirtual().start(() -> other.after("PT0S"));
            scheduler.after("PT0S");
            racing.join();
            runs += 200;
            if (minute % 3 == 0) {
                scheduler.restart();
            } else if (minute % 3 == 1) {
                other.restart();
            }
            scheduler.now = scheduler.now.plusSeconds(60);
            other.now = scheduler.now;
        }

        assertThat(scheduler.bodies()).hasSize(runs).doesNotHaveDuplicates();
    }

    private void get(String name) throws ServiceException {
        Assertions.assertThat(
                        scheduler.call(
                                SchedulerApi.GET_SCHEDULE,
                                GetScheduleInput.builder().name(name).build()))
                .isNotNull();
    }

    private void update(String expression, String state) {
        scheduler.call(
                SchedulerApi.UPDATE_SCHEDULE,
                UpdateScheduleInput.builder()
                        .name("s")
                        .scheduleExpression(expression)
                        .state(state)
                        .flexibleTimeWindow(FlexibleTimeWindow.builder().mode("OFF").build())
                        .target(SchedulerFixture.target(SchedulerFixture.QUEUE).input("{}").build())
                        .build());
    }

    private static Map<String, String> attributes(Message message) {
        Map<String, String> attributes = new TreeMap<>();
        message.attributes()
                .forEach((name, value) -> attributes.put(name, "" + value.stringValue()));
        return attributes;
    }
}
