package io.millrace.app;

import io.millrace.engine.Store;
import io.millrace.http.Response;
import io.millrace.storage.SetAside;
import io.millrace.wire.ServicePage;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;

/// `GET /_millrace/set-aside`: which entries of work cannot be read and are left alone until the
/// next start, at most 1,000: whose each is, its key, and what is wrong with it. Nothing of what
/// they hold.
final class SetAsidePage {
    private static final String PATH = "/_millrace/set-aside";
    private static final int SHOWN_MAX = 1_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final Store store;

    SetAsidePage(Store store) {
        this.store = store;
    }

    /// For the service whose permissions count.
    ServicePage page() {
        return new ServicePage(PATH, Set.of("GET", "HEAD"), (_, _, _) -> answer());
    }

    private Response answer() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode entries = answer.putArray("entries");
        for (SetAside.Entry entry : store.read(tx -> SetAside.page(tx, SHOWN_MAX))) {
            entries.addObject()
                    .put("owner", KeySpace.owner(entry.key()[0] & 0xff))
                    .put("key", entry.hex())
                    .put("reason", entry.reason());
        }
        return Response.of(200, "application/json", JSON.writeValueAsString(answer) + "\n");
    }
}
