package io.millrace.service.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.scheduler.CreateScheduleGroupInput;
import io.millrace.api.scheduler.DeleteScheduleGroupInput;
import io.millrace.api.scheduler.DeleteScheduleInput;
import io.millrace.api.scheduler.FlexibleTimeWindow;
import io.millrace.api.scheduler.GetScheduleGroupInput;
import io.millrace.api.scheduler.GetScheduleInput;
import io.millrace.api.scheduler.GetScheduleOutput;
import io.millrace.api.scheduler.ListScheduleGroupsInput;
import io.millrace.api.scheduler.ListSchedulesInput;
import io.millrace.api.scheduler.ListSchedulesOutput;
import io.millrace.api.scheduler.ListTagsForResourceInput;
import io.millrace.api.scheduler.ScheduleGroupSummary;
import io.millrace.api.scheduler.ScheduleSummary;
import io.millrace.api.scheduler.SchedulerApi;
import io.millrace.api.scheduler.Tag;
import io.millrace.api.scheduler.TagResourceInput;
import io.millrace.api.scheduler.UntagResourceInput;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Schedules and groups as resources.
final class SchedulesTest {
    private final SchedulerFixture scheduler = new SchedulerFixture();

    @Test
    void tellsAScheduleWithItsDefaults() {
        scheduler.create(SchedulerFixture.schedule("s", "rate(1 days)").description("d"));

        GetScheduleOutput told = get("s");

        assertThat(told.arn())
                .isEqualTo("arn:aws:scheduler:us-east-1:000000000000:schedule/default/s");
        assertThat(told.groupName()).isEqualTo("default");
        assertThat(told.state()).isEqualTo("ENABLED");
        assertThat(told.scheduleExpressionTimezone()).isEqualTo("UTC");
        assertThat(told.actionAfterCompletion()).isEqualTo("NONE");
        assertThat(told.creationDate()).isEqualTo(scheduler.now);
        assertThat(Objects.requireNonNull(told.target()).retryPolicy())
                .satisfies(policy -> {
                    assertThat(policy.maximumEventAgeInSeconds()).isEqualTo(86_400);
                    assertThat(policy.maximumRetryAttempts()).isEqualTo(185);
                });
    }

    @Test
    void oneNameIsOneScheduleAndOneTokenOneRequest() {
        scheduler.create(SchedulerFixture.schedule("s", "rate(1 hour)").clientToken("t"));
        scheduler.create(SchedulerFixture.schedule("s", "rate(1 hour)").clientToken("t"));

        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(1 hour)").clientToken("u")),
                "ConflictException",
                "Schedule s already exists.");
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(2 hours)").clientToken("t")),
                "ConflictException",
                "The client token was used for a request with other parameters.");
    }

    @Test
    void aDeletionThatIsRepeatedIsTheSame() {
        scheduler.create(SchedulerFixture.schedule("s", "rate(1 hour)"));
        DeleteScheduleInput request =
                DeleteScheduleInput.builder().name("s").clientToken("t").build();
        scheduler.call(SchedulerApi.DELETE_SCHEDULE, request);
        scheduler.call(SchedulerApi.DELETE_SCHEDULE, request);

        scheduler.now = scheduler.now.plus(SchedulerLimits.TOKEN_AGE).plusSeconds(1);
        SchedulerFixture.assertRefused(
                () -> scheduler.call(SchedulerApi.DELETE_SCHEDULE, request),
                "ResourceNotFoundException",
                "Schedule s does not exist.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron(0 1 * * * *)        | UTC         | Invalid Schedule Expression cron(0 1 * * *"
                        + " *).",
                "at(2026-13-01T00:00:00)  | UTC         | Invalid Schedule Expression"
                        + " at(2026-13-01T00:00:00).",
                "rate(1 hour)             | Mars/Olymp  | Invalid ScheduleExpressionTimezone"
                        + " Mars/Olymp.",
            })
    void refusesExpressionsAndZones(String expression, String zone, String message) {
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", expression)
                                        .scheduleExpressionTimezone(zone)),
                "ValidationException",
                message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no arn                                       | Provided Arn is not in correct"
                        + " format.",
                "arn:aws:ec2:us-east-1:000000000000:instance/i | ec2 is not a supported service for"
                        + " a target.",
                "arn:aws:scheduler:::aws-sdk:sqs              | Provided Arn is not in correct"
                        + " format.",
                "arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl  | getQueueUrl is not a supported API"
                        + " action of sqs for a target.",
                "arn:aws:scheduler:::aws-sdk:sqs:ReceiveMessage | ReceiveMessage is not a supported"
                        + " API action of sqs for a target.",
                "arn:aws:scheduler:::aws-sdk:dynamodb:transactGetItems | transactGetItems is not a"
                        + " supported API action of dynamodb for a target.",
                "arn:aws:scheduler:::aws-sdk:scheduler:fly    | fly is not a supported API action"
                        + " of scheduler for a target.",
                "arn:aws:events:us-east-1:000000000000:event-bus/b | EventBridgeParameters must be"
                        + " specified for the target"
                        + " arn:aws:events:us-east-1:000000000000:event-bus/b.",
            })
    void refusesTargets(String arn, String message) {
        scheduler.bind(scheduler.scheduler().service());

        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(1 hour)")
                                        .target(SchedulerFixture.target(arn).build())),
                "ValidationException",
                message);
    }

    @Test
    void refusesStartsAndEndsAndWindows() {
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(1 hour)")
                                        .startDate(scheduler.now.minusSeconds(301))),
                "ValidationException",
                "The StartDate you specify cannot be earlier than 5 minutes ago.");
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(1 hour)")
                                        .startDate(scheduler.now.plusSeconds(60))
                                        .endDate(scheduler.now.plusSeconds(60))),
                "ValidationException",
                "The StartDate you specify must come before the EndDate.");
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(1 hour)")
                                        .flexibleTimeWindow(
                                                FlexibleTimeWindow.builder()
                                                        .mode("FLEXIBLE")
                                                        .build())),
                "ValidationException",
                "MaximumWindowInMinutes must be specified when FlexibleTimeWindow Mode is"
                        + " FLEXIBLE.");
    }

    @Test
    void listsInPagesByGroupPrefixAndState() {
        group("blue");
        for (String name : List.of("a-1", "a-2", "b-1")) {
            scheduler.create(SchedulerFixture.schedule(name, "rate(1 hour)"));
            scheduler.create(
                    SchedulerFixture.schedule(name, "rate(1 hour)")
                            .groupName("blue")
                            .state("DISABLED"));
        }

        assertThat(names(ListSchedulesInput.builder()))
                .containsExactly(
                        "blue/a-1",
                        "blue/a-2",
                        "blue/b-1",
                        "default/a-1",
                        "default/a-2",
                        "default/b-1");
        assertThat(names(ListSchedulesInput.builder().groupName("blue").namePrefix("a")))
                .containsExactly("blue/a-1", "blue/a-2");
        assertThat(names(ListSchedulesInput.builder().state("ENABLED").namePrefix("b")))
                .containsExactly("default/b-1");
        SchedulerFixture.assertRefused(
                () -> names(ListSchedulesInput.builder().groupName("red")),
                "ResourceNotFoundException",
                "Schedule group red does not exist.");
        SchedulerFixture.assertRefused(
                () -> names(ListSchedulesInput.builder().nextToken("b3JkZXJz")),
                "ValidationException",
                "Invalid NextToken.");
    }

    @Test
    void aPrefixIsFoundInEachGroupWithoutReadingWhatStandsBeforeIt() {
        group("blue");
        group("red");
        for (int i = 0; i <= SchedulerLimits.LOOKS_PER_PAGE; i++) {
            scheduler.create(SchedulerFixture.schedule("a-" + i, "at(2030-01-01T00:00:00)"));
        }
        for (String group : List.of("blue", "default", "red")) {
            for (String name : List.of("b", "b-1", "b-2", "c")) {
                scheduler.create(SchedulerFixture.schedule(name, "rate(1 hour)").groupName(group));
            }
        }

        ListSchedulesOutput page =
                scheduler.call(
                        SchedulerApi.LIST_SCHEDULES,
                        ListSchedulesInput.builder().namePrefix("b-").build());

        assertThat(page.nextToken()).isNull();
        assertThat(page.schedules()).hasSize(6);
        assertThat(names(ListSchedulesInput.builder().namePrefix("b-")))
                .containsExactly(
                        "blue/b-1", "blue/b-2", "default/b-1", "default/b-2", "red/b-1", "red/b-2");
    }

    @Test
    void aDeletedGroupTakesItsSchedulesAlong() throws InterruptedException {
        group("blue");
        for (int i = 0; i < 250; i++) {
            scheduler.create(SchedulerFixture.schedule("s-" + i, "rate(1 hour)").groupName("blue"));
        }
        scheduler.call(
                SchedulerApi.DELETE_SCHEDULE_GROUP,
                DeleteScheduleGroupInput.builder().name("blue").build());

        assertThat(
                        scheduler
                                .call(
                                        SchedulerApi.GET_SCHEDULE_GROUP,
                                        GetScheduleGroupInput.builder().name("blue").build())
                                .state())
                .isEqualTo("DELETING");
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.create(
                                SchedulerFixture.schedule("s", "rate(1 hour)").groupName("blue")),
                "ConflictException",
                "Schedule group blue is being deleted.");
        scheduler.scheduler().sweepGroups();

        SchedulerFixture.assertRefused(
                () -> names(ListSchedulesInput.builder().groupName("blue")),
                "ResourceNotFoundException",
                "Schedule group blue does not exist.");
        assertThat(names(ListSchedulesInput.builder())).isEmpty();
        assertThat(scheduler.after("P1D")).isZero();
        group("blue");
    }

    @Test
    void theDefaultGroupIsThereAndStays() {
        group("blue");

        assertThat(
                        scheduler
                                .call(
                                        SchedulerApi.LIST_SCHEDULE_GROUPS,
                                        ListScheduleGroupsInput.builder().build())
                                .scheduleGroups()
                                .stream()
                                .map(ScheduleGroupSummary::name))
                .containsExactly("default", "blue");
        SchedulerFixture.assertRefused(
                () ->
                        scheduler.call(
                                SchedulerApi.DELETE_SCHEDULE_GROUP,
                                DeleteScheduleGroupInput.builder().name("default").build()),
                "ValidationException",
                "The default schedule group cannot be deleted.");
        SchedulerFixture.assertRefused(
                () -> group("blue"), "ConflictException", "Schedule group blue already exists.");
    }

    @Test
    void tagsGroups() {
        group("blue");
        String arn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/blue";
        scheduler.call(
                SchedulerApi.TAG_RESOURCE,
                new TagResourceInput(arn, List.of(new Tag("a", "1"), new Tag("b", "2"))));
        scheduler.call(SchedulerApi.UNTAG_RESOURCE, new UntagResourceInput(arn, List.of("a")));

        assertThat(
                        scheduler
                                .call(
                                        SchedulerApi.LIST_TAGS_FOR_RESOURCE,
                                        new ListTagsForResourceInput(arn))
                                .tags())
                .containsExactly(new Tag("b", "2"));
    }

    @Test
    void universalTargetsCallOperationsOfThisServer() {
        scheduler.bind(scheduler.scheduler().service());
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(
                                                "arn:aws:scheduler:::aws-sdk:scheduler:"
                                                        + "createScheduleGroup",
                                                5)
                                        .input("{\"Name\":\"made\",\"Tags\":[]}")
                                        .build()));

        scheduler.after("PT1H");
        assertThat(scheduler.attemptDue()).isEqualTo(1);
        scheduler.after("PT1S");

        assertThat(
                        scheduler
                                .call(
                                        SchedulerApi.GET_SCHEDULE_GROUP,
                                        GetScheduleGroupInput.builder().name("made").build())
                                .state())
                .isEqualTo("ACTIVE");
        assertThat(scheduler.sent()).isEmpty();
    }

    @Test
    void whatAnOperationRefusesIsADeadLetterWithItsCode() {
        scheduler.bind(scheduler.scheduler().service());
        scheduler.create(
                SchedulerFixture.schedule("s", "at(2026-03-04T06:00:00)")
                        .target(
                                SchedulerFixture.target(
                                                "arn:aws:scheduler:::aws-sdk:scheduler:"
                                                        + "deleteSchedule",
                                                5)
                                        .input("{\"name\":\"none\"}")
                                        .build()));

        scheduler.after("PT1H");
        scheduler.attemptDue();

        assertThat(scheduler.sent().getFirst().message().attributes().get("ERROR_CODE"))
                .satisfies(code ->
                        assertThat(code.stringValue()).isEqualTo("ResourceNotFoundException"));
    }

    @Test
    void oldTokensAreRemoved() {
        for (int i = 0; i < 1_500; i++) {
            scheduler.create(
                    SchedulerFixture.schedule("s-" + i, "rate(1 hour)").clientToken("t-" + i));
        }
        scheduler.now = scheduler.now.plus(Duration.ofHours(9));
        scheduler.create(SchedulerFixture.schedule("new", "rate(1 hour)").clientToken("new"));

        assertThat(scheduler.scheduler().sweepTokens()).isTrue();
        scheduler.now = scheduler.now.plus(Duration.ofHours(9));
        assertThat(scheduler.scheduler().sweepTokens()).isFalse();
    }

    private void group(String name) {
        scheduler.call(
                SchedulerApi.CREATE_SCHEDULE_GROUP,
                CreateScheduleGroupInput.builder().name(name).build());
    }

    private GetScheduleOutput get(String name) {
        return scheduler.call(
                SchedulerApi.GET_SCHEDULE, GetScheduleInput.builder().name(name).build());
    }

    /// All pages, two schedules at a time.
    private List<String> names(ListSchedulesInput.Builder request) {
        List<String> names = new ArrayList<>();
        @Nullable ListSchedulesOutput page = null;
        do { // ends with the last page
            if (page != null) {
                request.nextToken(page.nextToken());
            }
            page = scheduler.call(SchedulerApi.LIST_SCHEDULES, request.maxResults(2).build());
            for (ScheduleSummary schedule : page.schedules()) {
                names.add(schedule.groupName() + "/" + schedule.name());
            }
        } while (page.nextToken() != null);
        return names;
    }
}
