package io.millrace.service.sqs;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// How the API names a move task: the base64 form of a JSON object with these two members, as AWS
/// has it.
record MoveTaskHandle(String taskId, String sourceArn) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static String of(MoveTask task) {
        return new MoveTaskHandle(task.id(), task.sourceArn()).toString();
    }

    /// Empty when `text` is none.
    static Optional<MoveTaskHandle> parse(String text) {
        try {
            String json = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            MoveTaskHandle handle = MAPPER.readValue(json, MoveTaskHandle.class);
            return Optional.ofNullable(handle)
                    .filter(some -> some.taskId() != null && some.sourceArn() != null);
        } catch (IllegalArgumentException | JacksonException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(MAPPER.writeValueAsBytes(this));
    }
}
