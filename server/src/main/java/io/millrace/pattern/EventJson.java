package io.millrace.pattern;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// JSON as deep as events may nest. Source:
/// [PutEvents](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
public final class EventJson {

    /// Of the detail of an event, itself the first.
    public static final int DETAIL_LEVELS_MAX = 1000;

    private static final int AROUND = 8; // levels around a detail: an event, a log's record, a page

    /// Reads details only.
    static final JsonFactory DETAIL = nesting(DETAIL_LEVELS_MAX);

    /// Reads and writes events, and what has an event in it.
    public static final JsonFactory FACTORY = nesting(DETAIL_LEVELS_MAX + AROUND);

    /// The same for trees.
    public static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

    /// Only tells whether a text is JSON, and reads no number.
    static final JsonFactory SYNTAX =
            FACTORY.rebuild()
                    .streamReadConstraints(
                            FACTORY.streamReadConstraints()
                                    .rebuild()
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private EventJson() {}

    private static JsonFactory nesting(int levels) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(levels).build())
                .streamWriteConstraints(
                        StreamWriteConstraints.builder().maxNestingDepth(levels).build())
                .build();
    }
}
