package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Eventually;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.schemas.model.NotFoundException;

import java.nio.file.Path;

/// Schema discovery over kills of the server with SIGKILL, right behind the answer to PutEvents:
/// every property of every event that was accepted is in the schema in the end.
///
/// Seen to fail, with: a transaction that takes the events before the one that infers from them.
final class DiscoveryKillTest {

    private static final int KILLS = Boolean.getBoolean("millrace.long") ? 20 : 3;

    @TempDir private Path folder;

    @Test
    @Timeout(300)
    void whatWasAcceptedIsInferredFrom() throws Exception {
        try (ServerProcess server = new ServerProcess(folder);
                Clients aws = new Clients(server.endpoint(), "123456789012")) {
            String bus = aws.events.createEventBus(request -> request.name("shop")).eventBusArn();
            aws.schemas.createDiscoverer(request -> request.sourceArn(bus));
            int count = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                for (int i = 0; i < 5; i++) {
                    put(aws, "p" + count++);
                }
                server.killAndRestart();
            }

            int expected = count;
            Eventually.see("all of it", () -> content(aws), seen -> hasAll(seen, expected));
        }
    }

    private static boolean hasAll(String content, int count) {
        for (int i = 0; i < count; i++) {
            if (!content.contains("\"p" + i + "\"")) {
                return false;
            }
        }
        return true;
    }

    private static String content(Clients aws) {
        try {
            return aws.schemas
                    .describeSchema(request ->
                            request.registryName("discovered-schemas").schemaName("shop@Thing"))
                    .content();
        } catch (NotFoundException _) { // not yet
            return "";
        }
    }

    private static void put(Clients aws, String property) {
        PutEventsRequestEntry entry =
                PutEventsRequestEntry.builder()
                        .eventBusName("shop")
                        .source("shop")
                        .detailType("Thing")
                        .detail("{\"" + property + "\":1}")
                        .build();
        assertThat(aws.events.putEvents(request -> request.entries(entry)).failedEntryCount())
                .isZero();
    }
}
