package io.millrace.service.events;

import static io.millrace.service.events.EventsFixture.assertRefused;
import static io.millrace.service.events.EventsFixture.entry;
import static io.millrace.service.events.EventsFixture.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.events.Archive;
import io.millrace.api.events.CreateArchiveRequest;
import io.millrace.api.events.CreateArchiveResponse;
import io.millrace.api.events.DeleteArchiveRequest;
import io.millrace.api.events.DeleteEventBusRequest;
import io.millrace.api.events.DeleteRuleRequest;
import io.millrace.api.events.DescribeArchiveRequest;
import io.millrace.api.events.DescribeArchiveResponse;
import io.millrace.api.events.DescribeRuleRequest;
import io.millrace.api.events.DescribeRuleResponse;
import io.millrace.api.events.DisableRuleRequest;
import io.millrace.api.events.EventsApi;
import io.millrace.api.events.ListArchivesRequest;
import io.millrace.api.events.ListArchivesResponse;
import io.millrace.api.events.ListTargetsByRuleRequest;
import io.millrace.api.events.RemoveTargetsRequest;
import io.millrace.api.events.Target;
import io.millrace.api.events.UpdateArchiveRequest;
import io.millrace.engine.Cursor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

final class ArchivesTest {
    private static final String BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";

    private final EventsFixture events = new EventsFixture();

    @Test
    void keepsWhatWasGivenAndTellsIt() {
        CreateArchiveResponse created =
                events.call(
                        EventsApi.CREATE_ARCHIVE,
                        CreateArchiveRequest.builder()
                                .archiveName("a")
                                .eventSourceArn(BUS)
                                .description("all of it")
                                .eventPattern("{\"source\":[\"shop\"]}")
                                .retentionDays(3)
                                .kmsKeyIdentifier("alias/k")
                                .build());

        events.restart();

        assertThat(created.archiveArn())
                .isEqualTo("arn:aws:events:us-east-1:000000000000:archive/a");
        assertThat(created.state()).isEqualTo("ENABLED");
        DescribeArchiveResponse told = describe("a");
        assertThat(told.archiveArn()).isEqualTo(created.archiveArn());
        assertThat(told.eventSourceArn()).isEqualTo(BUS);
        assertThat(told.description()).isEqualTo("all of it");
        assertThat(told.eventPattern()).isEqualTo("{\"source\":[\"shop\"]}");
        assertThat(told.retentionDays()).isEqualTo(3);
        assertThat(told.kmsKeyIdentifier()).isEqualTo("alias/k");
        assertThat(told.creationTime()).isEqualTo(events.now);
        assertThat(told.eventCount()).isZero();
        assertThat(told.sizeBytes()).isZero();
    }

    @Test
    void archivesWhatMatchesItsPattern() {
        create("all", null, 0);
        create("shop", "{\"source\":[\"shop\"]}", 0);

        events.put(entry("shop", "{\"n\":1}"));
        events.put(entry("bank", "{\"n\":2}"));
        events.putAll(entry("shop", "{\"n\":3}").build(), entry("shop", "{\"n\":4}").build());

        assertThat(describe("all").eventCount()).isEqualTo(4);
        assertThat(describe("shop").eventCount()).isEqualTo(3);
        assertThat(describe("all").sizeBytes()).isGreaterThan(4 * 150);
    }

    @Test
    void archivesWhatAnotherBusSends() {
        events.bus("second");
        create("a", "arn:aws:events:us-east-1:000000000000:event-bus/second", null, 0);
        events.rule("r", "{\"source\":[\"shop\"]}");
        events.target(
                "r",
                EventsFixture.busTarget("arn:aws:events:us-east-1:000000000000:event-bus/second"));

        events.put(entry("shop", "{}"));

        assertThat(describe("a").eventCount()).isEqualTo(1);
    }

    @Test
    void showsTheRuleThatIsManaged() {
        create("a", "{\"detail\":{\"x\":[1]}}", 0);

        DescribeRuleResponse rule =
                events.call(
                        EventsApi.DESCRIBE_RULE,
                        DescribeRuleRequest.builder().name("Events-Archive-a").build());
        List<Target> targets = targets("Events-Archive-a");

        assertThat(rule.managedBy()).isEqualTo("prod.vhs.events.aws.internal");
        assertThat(rule.eventPattern())
                .isEqualTo("{\"detail\":{\"x\":[1]},\"replay-name\":[{\"exists\":false}]}");
        assertThat(targets).extracting(Target::id).containsExactly("Events-Archive-a");
        assertThat(targets).extracting(Target::arn).containsExactly("arn:aws:events:us-east-1:::");
    }

    @Test
    void theManagedRuleIsChangedOnlyByForce() {
        String message =
                "Events-Archive-a is a managed rule. Set 'force' parameter to true to override.";
        create("a", null, 0);

        assertRefused(
                () -> events.rule("Events-Archive-a", "{\"source\":[\"x\"]}"),
                "ManagedRuleException",
                message);
        assertRefused(
                () -> events.target("Events-Archive-a", queue().build()),
                "ManagedRuleException",
                message);
        assertRefused(() -> delete(null), "ManagedRuleException", message);
        assertRefused(() -> removeTarget(null), "ManagedRuleException", message);
        assertRefused(
                () ->
                        events.call(
                                EventsApi.DISABLE_RULE,
                                DisableRuleRequest.builder().name("Events-Archive-a").build()),
                "ManagedRuleException",
                message);

        removeTarget(true);
        delete(true);
        events.put(entry("shop", "{}"));
        assertThat(describe("a").eventCount()).isZero();
    }

    @Test
    void whatIsTooOldIsNotCountedAndItsSpaceIsGivenBack() {
        create("a", null, 2);
        events.put(entry("shop", "{\"n\":1}"));
        events.now = events.now.plus(Duration.ofDays(1));
        events.put(entry("shop", "{\"n\":2}"));
        long bytes = Objects.requireNonNull(describe("a").sizeBytes());

        events.now = events.now.plus(Duration.ofDays(1)).plusMillis(1);

        assertThat(describe("a").eventCount()).isEqualTo(1);
        assertThat(describe("a").sizeBytes()).isEqualTo(bytes / 2);
        assertThat(keys(0x5f)).isEqualTo(2);
        assertThat(events.sweepArchives()).isTrue();
        assertThat(keys(0x5f)).isEqualTo(1);
        assertThat(keys(0x72)).isEqualTo(1);
        assertThat(describe("a").eventCount()).isEqualTo(1);
        assertThat(describe("a").sizeBytes()).isEqualTo(bytes / 2);
    }

    @Test
    void aLongerRetentionBringsNothingBack() {
        create("a", null, 1);
        events.put(entry("shop", "{}"));
        events.now = events.now.plus(Duration.ofDays(2));

        update(UpdateArchiveRequest.builder().archiveName("a").retentionDays(0));

        assertThat(describe("a").eventCount()).isZero();
        assertThat(events.sweepArchives()).isFalse();
        assertThat(keys(0x5f)).isZero();
    }

    @Test
    void anUpdateChangesWhatIsGivenAndTakesAwayWhatIsEmpty() {
        create("a", "{\"source\":[\"shop\"]}", 5);

        update(UpdateArchiveRequest.builder().archiveName("a").description("d"));
        events.put(entry("bank", "{}"));

        assertThat(describe("a").eventPattern()).isEqualTo("{\"source\":[\"shop\"]}");
        assertThat(describe("a").retentionDays()).isEqualTo(5);
        assertThat(describe("a").eventCount()).isZero();

        update(UpdateArchiveRequest.builder().archiveName("a").eventPattern(""));
        events.put(entry("bank", "{}"));

        assertThat(describe("a").eventPattern()).isNull();
        assertThat(describe("a").eventCount()).isEqualTo(1);
    }

    @Test
    void aDeletedArchiveLeavesNothing() {
        events.bus("b");
        create("a", "arn:aws:events:us-east-1:000000000000:event-bus/b", null, 0);
        events.putAll(entry("shop", "{}").eventBusName("b").build());
        assertRefused(
                () -> deleteBus("b"),
                "ValidationException",
                "EventBus can't be deleted since it has rules.");

        events.call(
                EventsApi.DELETE_ARCHIVE, DeleteArchiveRequest.builder().archiveName("a").build());
        deleteBus("b");

        for (int prefix : new int[] {0x5e, 0x5f, 0x72, 0x73, 0x54}) {
            assertThat(keys(prefix)).isZero();
        }
    }

    @Test
    void listsByAtMostOneFilterInPages() {
        events.bus("b");
        create("x2", null, 0);
        create("x1", null, 0);
        create("y", "arn:aws:events:us-east-1:000000000000:event-bus/b", null, 0);

        assertThat(names(ListArchivesRequest.builder())).containsExactly("x1", "x2", "y");
        assertThat(names(ListArchivesRequest.builder().namePrefix("x")))
                .containsExactly("x1", "x2");
        assertThat(names(ListArchivesRequest.builder().eventSourceArn(BUS)))
                .containsExactly("x1", "x2");
        assertThat(names(ListArchivesRequest.builder().state("ENABLED"))).hasSize(3);
        assertThat(names(ListArchivesRequest.builder().state("DISABLED"))).isEmpty();
        ListArchivesResponse first = list(ListArchivesRequest.builder().limit(2));
        assertThat(names(ListArchivesRequest.builder().limit(2).nextToken(first.nextToken())))
                .containsExactly("y");
        assertRefused(
                () -> list(ListArchivesRequest.builder().namePrefix("x").state("ENABLED")),
                "ValidationException",
                "At most one filter is allowed for ListArchives. Use either : State,"
                        + " EventSourceArn, or NamePrefix.");
    }

    @Test
    void refusesAsAwsDoes() {
        create("a", null, 0);

        assertRefused(
                () -> create("a", null, 0),
                "ResourceAlreadyExistsException",
                "Archive a already exists.");
        assertRefused(
                () -> create("b", "arn:aws:events:us-east-1:000000000000:event-bus/none", null, 0),
                "ResourceNotFoundException",
                "Event bus none does not exist.");
        assertRefused(
                () -> describe("none"),
                "ResourceNotFoundException",
                "Archive none does not exist.");
        assertRefused(
                () ->
                        list(
                                ListArchivesRequest.builder()
                                        .eventSourceArn(
                                                "arn:aws:events:us-east-1:000000000000:event-bus/none")),
                "ResourceNotFoundException",
                "Event bus none does not exist.");
        assertRefused(
                () -> create("b", "{\"source\":\"x\"}", 0),
                "InvalidEventPatternException",
                "Event pattern is not valid. Reason: \"source\" must be an object or an array\n"
                        + " at [Source: (String)\"{\"source\":\"x\"}\"; line: 1, column: 12]");
    }

    private void create(String name, @Nullable String pattern, int retentionDays) {
        create(name, BUS, pattern, retentionDays);
    }

    private void create(String name, String bus, @Nullable String pattern, int retentionDays) {
        events.call(
                EventsApi.CREATE_ARCHIVE,
                CreateArchiveRequest.builder()
                        .archiveName(name)
                        .eventSourceArn(bus)
                        .eventPattern(pattern)
                        .retentionDays(retentionDays)
                        .build());
    }

    private void update(UpdateArchiveRequest.Builder request) {
        events.call(EventsApi.UPDATE_ARCHIVE, request.build());
    }

    private DescribeArchiveResponse describe(String name) {
        return events.call(
                EventsApi.DESCRIBE_ARCHIVE,
                DescribeArchiveRequest.builder().archiveName(name).build());
    }

    private ListArchivesResponse list(ListArchivesRequest.Builder request) {
        return events.call(EventsApi.LIST_ARCHIVES, request.build());
    }

    private List<String> names(ListArchivesRequest.Builder request) {
        return Objects.requireNonNull(list(request).archives()).stream()
                .map(Archive::archiveName)
                .map(Objects::requireNonNull)
                .toList();
    }

    private List<Target> targets(String rule) {
        return Objects.requireNonNull(
                events.call(
                                EventsApi.LIST_TARGETS_BY_RULE,
                                ListTargetsByRuleRequest.builder().rule(rule).build())
                        .targets());
    }

    private void delete(@Nullable Boolean force) {
        events.call(
                EventsApi.DELETE_RULE,
                DeleteRuleRequest.builder().name("Events-Archive-a").force(force).build());
    }

    private void removeTarget(@Nullable Boolean force) {
        events.call(
                EventsApi.REMOVE_TARGETS,
                RemoveTargetsRequest.builder()
                        .rule("Events-Archive-a")
                        .ids(List.of("Events-Archive-a"))
                        .force(force)
                        .build());
    }

    private void deleteBus(String name) {
        events.call(EventsApi.DELETE_EVENT_BUS, DeleteEventBusRequest.builder().name(name).build());
    }

    private int keys(int prefix) {
        return events.store.read(snapshot -> {
            int count = 0;
            try (Cursor cursor = snapshot.prefix(new byte[] {(byte) prefix})) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }
}
