package io.millrace.service.scheduler;

import io.millrace.api.scheduler.FlexibleTimeWindow;
import io.millrace.api.scheduler.Target;
import io.millrace.schedule.ScheduleExpression;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneId;

/// A schedule's record, with AWS's defaults where the caller told nothing.
record StoredSchedule(
        String name,
        String group,
        @Nullable String description,
        When when,
        String state,
        String actionAfterCompletion,
        @Nullable String kmsKeyArn,
        Target target,
        long createdMillis,
        long modifiedMillis) {

    static final String ENABLED = "ENABLED";
    static final String NONE = "NONE";
    static final String DELETE = "DELETE";
    static final String FLEXIBLE = "FLEXIBLE";

    /// What decides about its times.
    record When(
            String expression,
            String zone,
            FlexibleTimeWindow window,
            @Nullable Long startMillis,
            @Nullable Long endMillis) {

        ScheduleExpression parsed() {
            return ScheduleExpression.ofSchedule(expression).orElseThrow();
        }

        ZoneId zoneId() {
            return ZoneId.of(zone);
        }

        @Nullable Instant start() {
            return startMillis == null ? null : Instant.ofEpochMilli(startMillis);
        }

        @Nullable Instant end() {
            return endMillis == null ? null : Instant.ofEpochMilli(endMillis);
        }

        /// 0 when it is to run on time.
        long windowMillis() {
            Integer minutes = window.maximumWindowInMinutes();
            return window.mode().equals(FLEXIBLE) && minutes != null ? minutes * 60_000L : 0;
        }
    }

    boolean isEnabled() {
        return state.equals(ENABLED);
    }

    boolean isDeletedAfterCompletion() {
        return actionAfterCompletion.equals(DELETE);
    }
}
