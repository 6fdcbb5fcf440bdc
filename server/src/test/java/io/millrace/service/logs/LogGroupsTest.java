package io.millrace.service.logs;

import static io.millrace.service.logs.LogsFixture.GROUP;
import static io.millrace.service.logs.LogsFixture.GROUP_ARN;
import static io.millrace.service.logs.LogsFixture.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.logs.AssociateKmsKeyRequest;
import io.millrace.api.logs.CreateLogGroupRequest;
import io.millrace.api.logs.DeleteLogGroupRequest;
import io.millrace.api.logs.DeleteLogStreamRequest;
import io.millrace.api.logs.DeleteRetentionPolicyRequest;
import io.millrace.api.logs.DescribeLogGroupsRequest;
import io.millrace.api.logs.DescribeLogGroupsResponse;
import io.millrace.api.logs.DescribeLogStreamsRequest;
import io.millrace.api.logs.DescribeLogStreamsResponse;
import io.millrace.api.logs.DisassociateKmsKeyRequest;
import io.millrace.api.logs.ListLogGroupsRequest;
import io.millrace.api.logs.ListTagsForResourceRequest;
import io.millrace.api.logs.ListTagsLogGroupRequest;
import io.millrace.api.logs.LogGroup;
import io.millrace.api.logs.LogGroupSummary;
import io.millrace.api.logs.LogStream;
import io.millrace.api.logs.LogsApi;
import io.millrace.api.logs.PutLogGroupDeletionProtectionRequest;
import io.millrace.api.logs.PutRetentionPolicyRequest;
import io.millrace.api.logs.TagLogGroupRequest;
import io.millrace.api.logs.TagResourceRequest;
import io.millrace.api.logs.UntagResourceRequest;
import io.millrace.engine.Cursor;
import io.millrace.engine.Snapshot.Direction;
import io.millrace.engine.Store;
import io.millrace.wire.Ids;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

final class LogGroupsTest {
    private final LogsFixture logs = new LogsFixture();
    private final Groups groups = new Groups(() -> logs.now, new Ids(new Random(2)));

    @Test
    void describesGroupsByPrefixByPatternAndInPages() {
        for (String name : List.of("app/a", "app/b", "app/c", "other", "zapp/")) {
            logs.group(name);
        }

        assertThat(names(describe(DescribeLogGroupsRequest.builder().logGroupNamePrefix("app/"))))
                .containsExactly("app/a", "app/b", "app/c");
        assertThat(names(describe(DescribeLogGroupsRequest.builder().logGroupNamePattern("app/"))))
                .containsExactly("app/a", "app/b", "app/c", "zapp/");
        DescribeLogGroupsResponse page = describe(DescribeLogGroupsRequest.builder().limit(2));
        assertThat(names(page)).containsExactly("app/a", "app/b");
        DescribeLogGroupsResponse rest =
                describe(DescribeLogGroupsRequest.builder().nextToken(page.nextToken()));
        assertThat(names(rest)).containsExactly("app/c", "other", "zapp/");
        assertThat(rest.nextToken()).isNull();
        assertRefused(
                () -> describe(DescribeLogGroupsRequest.builder().nextToken("b3JkZXJz")),
                "InvalidParameterException",
                "The specified nextToken is invalid.");
        assertThat(
                        Objects.requireNonNull(
                                        logs.call(
                                                        LogsApi.LIST_LOG_GROUPS,
                                                        ListLogGroupsRequest.builder()
                                                                .logGroupNamePattern("^oth|zapp")
                                                                .build())
                                                .logGroups())
                                .stream()
                                .map(LogGroupSummary::logGroupName))
                .containsExactly("other", "zapp/");
    }

    @Test
    void tellsAGroupsSettingsAndItsBytes() {
        logs.call(
                LogsApi.CREATE_LOG_GROUP,
                CreateLogGroupRequest.builder()
                        .logGroupName(GROUP)
                        .logGroupClass("INFREQUENT_ACCESS")
                        .kmsKeyId("arn:aws:kms:us-east-1:000000000000:key/k")
                        .build());
        logs.stream(GROUP, "s");
        logs.put("s", "12345", "é");

        LogGroup group = only();

        assertThat(group.arn()).isEqualTo(GROUP_ARN + ":*");
        assertThat(group.logGroupArn()).isEqualTo(GROUP_ARN);
        assertThat(group.creationTime()).isEqualTo(logs.millis());
        assertThat(group.storedBytes()).isEqualTo(5 + 26 + 2 + 26);
        assertThat(group.logGroupClass()).isEqualTo("INFREQUENT_ACCESS");
        assertThat(group.kmsKeyId()).endsWith("key/k");
        assertThat(group.retentionInDays()).isNull();

        logs.call(
                LogsApi.DISASSOCIATE_KMS_KEY,
                DisassociateKmsKeyRequest.builder().logGroupName(GROUP).build());
        assertThat(only().kmsKeyId()).isNull();
        logs.call(
                LogsApi.ASSOCIATE_KMS_KEY,
                AssociateKmsKeyRequest.builder()
                        .resourceIdentifier(GROUP_ARN)
                        .kmsKeyId("k2")
                        .build());
        assertThat(only().kmsKeyId()).isEqualTo("k2");
    }

    @Test
    void whatIsOlderThanTheRetentionIsNotShownAndThenRemoved() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        logs.put("s", "old");
        retain(1);
        logs.later(Duration.ofHours(12));
        logs.put("s", "young");
        ExpiredEvents expiry = new ExpiredEvents(logs.store, () -> logs.now, groups);
        assertThat(expiry.sweep()).isTrue();
        assertThat(logs.messages("s")).containsExactly("old", "young");

        logs.later(Duration.ofHours(12).plusMillis(1));

        assertThat(logs.messages("s")).containsExactly("young");
        assertThat(streams(DescribeLogStreamsRequest.builder()).getFirst().firstEventTimestamp())
                .isEqualTo(logs.millis() - Duration.ofHours(12).toMillis() - 1);
        assertThat(only().storedBytes()).isEqualTo(3 + 5 + 2 * 26);

        expiry.sweep();

        assertThat(only().storedBytes()).isEqualTo(5 + 26);
        assertThat(logs.messages("s")).containsExactly("young");
        logs.call(
                LogsApi.DELETE_RETENTION_POLICY,
                DeleteRetentionPolicyRequest.builder().logGroupName(GROUP).build());
        assertThat(logs.messages("s")).containsExactly("young");
        assertThat(expiry.sweep()).isFalse();
    }

    @Test
    void aPassThatIsUnderWayRemovesNothingOfAGroupThatIsToKeepItMeanwhile() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        logs.put("s", "old");
        retain(1);
        logs.later(Duration.ofDays(2));
        Store keptMeanwhile =
                (Store)
                        Proxy.newProxyInstance(
                                Store.class.getClassLoader(),
                                new Class<?>[] {Store.class},
                                (_, method, arguments) -> {
                                    if (method.getName().equals("write")) {
                                        retain(3);
                                    }
                                    return method.invoke(logs.store, arguments);
                                });

        new ExpiredEvents(keptMeanwhile, () -> logs.now, groups).sweep();

        assertThat(logs.messages("s")).containsExactly("old");
    }

    @Test
    void aMovedClockRemovesWhatIsTooOldThen() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        logs.put("s", "old");
        retain(1);

        logs.later(Duration.ofDays(2));
        logs.logs.clockMoved();

        assertThat(only().storedBytes()).isZero();
    }

    @Test
    void refusesEventsThatAreExpiredWhenTheyCome() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        retain(1);

        var rejected =
                logs.putEvents(
                                "s",
                                logs.event(-Duration.ofDays(2).toMillis(), "expired"),
                                logs.event(0, "good"))
                        .rejectedLogEventsInfo();

        assertThat(Objects.requireNonNull(rejected).expiredLogEventEndIndex()).isEqualTo(1);
        assertThat(rejected.tooOldLogEventEndIndex()).isNull();
        assertThat(logs.messages("s")).containsExactly("good");
    }

    @Test
    void refusesARetentionThatAwsDoesNotHave() {
        logs.group(GROUP);

        assertRefused(
                () -> retain(2),
                "InvalidParameterException",
                "1 validation error detected: Value '2' at 'retentionInDays' failed to satisfy"
                        + " constraint: Member must satisfy enum value set: [1, 3, 5, 7, 14, 30,"
                        + " 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,"
                        + " 2922, 3288, 3653]");
    }

    @Test
    void ordersStreamsByNameAndByTheirLastEvents() {
        logs.group(GROUP);
        for (String name : List.of("c", "a", "b", "empty")) {
            logs.stream(GROUP, name);
        }
        logs.put("b", "1");
        logs.later(Duration.ofMinutes(1));
        logs.putEvents("a", logs.event(-1000, "2"), logs.event(0, "3"));
        logs.later(Duration.ofMinutes(1));
        logs.put("c", "4");

        assertThat(streamNames(DescribeLogStreamsRequest.builder()))
                .containsExactly("a", "b", "c", "empty");
        assertThat(streamNames(DescribeLogStreamsRequest.builder().descending(true)))
                .containsExactly("empty", "c", "b", "a");
        assertThat(streamNames(DescribeLogStreamsRequest.builder().logStreamNamePrefix("e")))
                .containsExactly("empty");
        assertThat(
                        streamNames(
                                DescribeLogStreamsRequest.builder()
                                        .orderBy("LastEventTime")
                                        .descending(true)))
                .containsExactly("c", "a", "b", "empty");
        LogStream a = streams(DescribeLogStreamsRequest.builder()).getFirst();
        long then = logs.millis() - Duration.ofMinutes(1).toMillis();
        assertThat(a.firstEventTimestamp()).isEqualTo(then - 1000);
        assertThat(a.lastEventTimestamp()).isEqualTo(then);
        assertThat(a.lastIngestionTime()).isEqualTo(then);
        assertThat(a.arn()).isEqualTo(GROUP_ARN + ":log-stream:a");
        assertThat(a.storedBytes()).isZero();
        assertRefused(
                () ->
                        streams(
                                DescribeLogStreamsRequest.builder()
                                        .orderBy("LastEventTime")
                                        .logStreamNamePrefix("a")),
                "InvalidParameterException",
                "Cannot order by LastEventTime with a logStreamNamePrefix.");
    }

    @Test
    void pagesOfStreamsGoOnWhereTheLastEnded() {
        logs.group(GROUP);
        for (String name : List.of("a", "b", "c")) {
            logs.stream(GROUP, name);
            logs.later(Duration.ofSeconds(1));
            logs.put(name, name);
        }
        for (String order : List.of("LogStreamName", "LastEventTime")) {
            DescribeLogStreamsRequest.Builder request =
                    DescribeLogStreamsRequest.builder()
                            .logGroupName(GROUP)
                            .orderBy(order)
                            .descending(true)
                            .limit(2);
            DescribeLogStreamsResponse page =
                    logs.call(LogsApi.DESCRIBE_LOG_STREAMS, request.build());
            DescribeLogStreamsResponse rest =
                    logs.call(
                            LogsApi.DESCRIBE_LOG_STREAMS,
                            request.nextToken(page.nextToken()).build());

            assertThat(Objects.requireNonNull(page.logStreams()).getLast().logStreamName())
                    .isEqualTo("b");
            assertThat(Objects.requireNonNull(rest.logStreams())).hasSize(1);
            assertThat(rest.logStreams().getFirst().logStreamName()).isEqualTo("a");
            assertThat(rest.nextToken()).isNull();
        }
    }

    @Test
    void aDeletedStreamLeavesNothing() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        logs.stream(GROUP, "t");
        for (int i = 0; i < 30; i++) {
            logs.put("s", "x ".repeat(100).split(" "));
        }
        logs.put("t", "1234");
        logs.call(
                LogsApi.DELETE_LOG_STREAM,
                DeleteLogStreamRequest.builder().logGroupName(GROUP).logStreamName("s").build());

        assertThat(new RemovedStreams(logs.store).sweep()).isFalse();

        assertThat(only().storedBytes()).isEqualTo(4 + 26);
        assertThat(logs.messages("t")).containsExactly("1234");
        assertThat(keys()).isEqualTo(7);
    }

    @Test
    void aDeletedGroupLeavesNothing() {
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        logs.put("s", "a", "b");

        deleteGroup();

        assertThat(keys()).isZero();
        assertRefused(
                this::deleteGroup,
                "ResourceNotFoundException",
                "The specified log group does not exist.");
        logs.group(GROUP);
        logs.stream(GROUP, "s");
        assertThat(logs.messages("s")).isEmpty();
    }

    @Test
    void aProtectedGroupIsNotDeleted() {
        logs.group(GROUP);
        protect(true);

        assertRefused(
                this::deleteGroup,
                "ValidationException",
                "The specified log group is protected against deletion.");
        protect(false);
        deleteGroup();
    }

    @Test
    void keepsTagsThatBothKindsOfOperationsTell() {
        logs.call(
                LogsApi.CREATE_LOG_GROUP,
                CreateLogGroupRequest.builder().logGroupName(GROUP).tags(Map.of("a", "1")).build());
        logs.call(LogsApi.TAG_LOG_GROUP, new TagLogGroupRequest(GROUP, Map.of("b", "2")));
        logs.call(LogsApi.TAG_RESOURCE, new TagResourceRequest(GROUP_ARN + ":*", Map.of("c", "3")));
        logs.call(LogsApi.UNTAG_RESOURCE, new UntagResourceRequest(GROUP_ARN, List.of("a")));

        assertThat(
                        logs.call(LogsApi.LIST_TAGS_LOG_GROUP, new ListTagsLogGroupRequest(GROUP))
                                .tags())
                .isEqualTo(Map.of("b", "2", "c", "3"));
        assertThat(
                        logs.call(
                                        LogsApi.LIST_TAGS_FOR_RESOURCE,
                                        new ListTagsForResourceRequest(GROUP_ARN))
                                .tags())
                .isEqualTo(Map.of("b", "2", "c", "3"));
        assertRefused(
                () ->
                        logs.call(
                                LogsApi.TAG_RESOURCE,
                                new TagResourceRequest(GROUP_ARN, Map.of("aws:x", "1"))),
                "InvalidParameterException",
                "aws: prefixed tag key names are not allowed for external use.");
    }

    private int keys() {
        return logs.store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor =
                    snapshot.range(
                            new byte[] {(byte) 0x90},
                            new byte[] {(byte) 0x98},
                            Direction.FORWARD)) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    private void retain(int days) {
        logs.call(LogsApi.PUT_RETENTION_POLICY, new PutRetentionPolicyRequest(GROUP, days));
    }

    private void protect(boolean isProtected) {
        logs.call(
                LogsApi.PUT_LOG_GROUP_DELETION_PROTECTION,
                new PutLogGroupDeletionProtectionRequest(GROUP, isProtected));
    }

    private void deleteGroup() {
        logs.call(LogsApi.DELETE_LOG_GROUP, new DeleteLogGroupRequest(GROUP));
    }

    private DescribeLogGroupsResponse describe(DescribeLogGroupsRequest.Builder request) {
        return logs.call(LogsApi.DESCRIBE_LOG_GROUPS, request.build());
    }

    private LogGroup only() {
        return Objects.requireNonNull(describe(DescribeLogGroupsRequest.builder()).logGroups())
                .getFirst();
    }

    private static List<String> names(DescribeLogGroupsResponse response) {
        return Objects.requireNonNull(response.logGroups()).stream()
                .map(LogGroup::logGroupName)
                .toList();
    }

    private List<LogStream> streams(DescribeLogStreamsRequest.Builder request) {
        return Objects.requireNonNull(
                logs.call(LogsApi.DESCRIBE_LOG_STREAMS, request.logGroupName(GROUP).build())
                        .logStreams());
    }

    private List<String> streamNames(DescribeLogStreamsRequest.Builder request) {
        return streams(request).stream().map(LogStream::logStreamName).toList();
    }
}
