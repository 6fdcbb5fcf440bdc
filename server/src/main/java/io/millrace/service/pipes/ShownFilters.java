package io.millrace.service.pipes;

import io.millrace.delivery.PipeFilters;
import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.pattern.JsonPath;
import io.millrace.pattern.JsonPathText;

import java.util.List;
import java.util.Optional;

/// Filters as [PipeFilters] shows them.
final class ShownFilters implements PipeFilters {
    private static final JsonPath BODY = JsonPath.parse("$.body").orElseThrow();
    private static final String PIPE = "pipe/";

    @Override
    public Optional<Filters> find(Snapshot snapshot, Arn pipe) {
        if (!pipe.service().equals("pipes") || !pipe.resource().startsWith(PIPE)) {
            return Optional.empty();
        }
        String name = pipe.resource().substring(PIPE.length());
        return Optional.ofNullable(
                        StoredPipes.find(snapshot, pipe.accountId(), pipe.region(), name))
                .map(ShownFilters::filters);
    }

    @Override
    public List<Filters> reading(Snapshot snapshot, Arn source) {
        return StoredPipes.all(snapshot).stream()
                .filter(pipe -> pipe.settings().source().equals(source.toString()))
                .map(ShownFilters::filters)
                .toList();
    }

    /// The first body there is stands in the record as a JSON string, and nowhere else a string
    /// like it does before it.
    @Override
    public String seen(String record) {
        String body = BODY.read(record).orElse("");
        if (!body.startsWith("\"")) {
            return record;
        }
        String text = JsonPathText.unquote(body);
        if (!PipeJson.isDocument(text)) {
            return record;
        }
        int at = record.indexOf(body, record.indexOf("\"body\""));
        return record.substring(0, at) + text.strip() + record.substring(at + body.length());
    }

    private static Filters filters(StoredPipe pipe) {
        return new Filters(pipe.arn(), pipe.settings().source(), pipe.settings().filters());
    }
}
