package io.millrace.service.events;

import org.jspecify.annotations.Nullable;

/// How a replay goes on, beyond what AWS knows.
///
/// @param commitOrder in the order in which events were committed, instead of that of their times
/// @param eventsPerSecond at most so many; null for no limit
/// @param speed in how many times the events' own pace; null for any
record ReplayPacing(
        boolean commitOrder, @Nullable Double eventsPerSecond, @Nullable Double speed) {}
