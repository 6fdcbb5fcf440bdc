package io.millrace.service.events;

import io.millrace.api.events.Target;

import org.jspecify.annotations.Nullable;

/// A target, and the order in which it gets an event.
///
/// @param order null for none
record OrderedTarget(Target target, @Nullable OrderKey order) {

    /// The message group: what the target says, or the order's for a FIFO target, or none.
    @Nullable String groupId(EventEnvelope event) {
        var parameters = target.sqsParameters();
        String given = parameters == null ? null : parameters.messageGroupId();
        return given == null && order != null && target.arn().endsWith(".fifo")
                ? order.groupId(event)
                : given;
    }
}
