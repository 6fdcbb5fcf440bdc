package io.millrace.service.dynamodb;

import io.millrace.engine.Store;
import io.millrace.http.Request;
import io.millrace.http.Response;
import io.millrace.service.dynamodb.KeyInsights.Measure;
import io.millrace.service.dynamodb.Table.Index;
import io.millrace.service.dynamodb.TopKeys.Top;
import io.millrace.wire.Credential;
import io.millrace.wire.Page;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// `GET /_millrace/dynamodb/contributor-insights?table=…`: the keys that contributor insights have
/// counted most, as JSON; also with `index`, `region` and `account`. What AWS shows in CloudWatch.
final class KeyInsightsPage {
    private static final String PATH = "/_millrace/dynamodb/contributor-insights";
    private static final int KEYS_MAX = 25;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Store store;
    private final KeyInsights counted;
    private final String region;

    /// @param region of tables when the request names none
    KeyInsightsPage(Store store, KeyInsights counted, String region) {
        this.store = store;
        this.counted = counted;
        this.region = region;
    }

    Page page() {
        return new Page(PATH, this::answer);
    }

    private Response answer(Request request) {
        Map<String, String> asked = parameters(request.query());
        TableName name =
                new TableName(
                        asked.getOrDefault("account", Credential.DEFAULT_ACCOUNT_ID),
                        asked.getOrDefault("region", region),
                        asked.getOrDefault("table", ""));
        try {
            Table table = store.read(tx -> Tables.table(tx, name));
            return json(200, told(table, asked.get("index")));
        } catch (ServiceException e) {
            return json(404, MAPPER.createObjectNode().put("message", e.message()));
        }
    }

    private ObjectNode told(Table table, @Nullable String indexName) {
        Index index = ContributorInsights.index(table, indexName);
        InsightsRule rule = ContributorInsights.find(table, indexName);
        ObjectNode told = MAPPER.createObjectNode();
        told.put("table", table.name());
        told.put("index", indexName);
        told.put("enabled", rule != null && rule.enabled());
        ObjectNode keys = told.putObject("keys");
        if (rule == null || !rule.enabled()) {
            return told;
        }
        long space = index == null ? table.number() : index.number();
        for (Measure measure : ContributorInsights.measures(table, index, rule)) {
            ArrayNode top = keys.putArray(measure.name());
            for (Top each : counted.top(space, measure, KEYS_MAX)) {
                ObjectNode row = top.addObject();
                row.set("key", MAPPER.readTree(each.key()));
                row.put("count", each.count());
                row.put("error", each.error());
            }
        }
        return told;
    }

    private static Response json(int status, ObjectNode body) {
        return Response.of(status, "application/json", MAPPER.writeValueAsString(body) + "\n");
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }
}
