package io.millrace.service.pipes;

import io.millrace.engine.Snapshot;
import io.millrace.pattern.Arn;
import io.millrace.secret.CustomerKeys;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A pipe, as it is stored.
///
/// @param number begins the keys of what belongs to it; random, never used twice
/// @param generation grows with each change that whoever runs the pipe has to know of
/// @param desiredState `RUNNING` or `STOPPED`; while it is being deleted, `DELETED`
/// @param stateReason why it is where it is; null when that is no wonder
record StoredPipe(
        long number,
        long generation,
        String accountId,
        String region,
        String name,
        PipeSettings settings,
        String desiredState,
        PipeState currentState,
        @Nullable String stateReason,
        Map<String, String> tags,
        long createdMillis,
        long modifiedMillis) {
    static final String RUNNING = "RUNNING";
    static final String STOPPED = "STOPPED";
    static final String DELETED = "DELETED";

    String arn() {
        return Arn.of("pipes", region, accountId, "pipe/" + name).toString();
    }

    /// Requires the key that the pipe is to be encrypted with.
    void checkKey(Snapshot snapshot, CustomerKeys keys) {
        keys.require(
                snapshot,
                accountId,
                region,
                settings.kmsKeyIdentifier(),
                reason -> PipesErrors.field("KmsKeyIdentifier", reason));
    }

    byte[] key() {
        return PipesKeys.pipe(accountId, region, name);
    }

    byte[] workKey() {
        return PipesKeys.work(accountId, region, name);
    }

    boolean isToRun() {
        return desiredState.equals(RUNNING);
    }

    /// In another state, as a request wants it.
    StoredPipe on(String newDesiredState, PipeState state, long nowMillis) {
        return with(settings, newDesiredState, state, null, nowMillis);
    }

    StoredPipe updated(PipeSettings newSettings, String newDesiredState, long nowMillis) {
        return with(newSettings, newDesiredState, PipeState.UPDATING, null, nowMillis);
    }

    /// In another state, as whoever runs the pipe found it.
    StoredPipe in(PipeState state, @Nullable String reason) {
        return with(settings, desiredState, state, reason, modifiedMillis);
    }

    private StoredPipe with(
            PipeSettings newSettings,
            String newDesiredState,
            PipeState newState,
            @Nullable String newReason,
            long newModifiedMillis) {
        return new StoredPipe(
                number,
                generation + 1,
                accountId,
                region,
                name,
                newSettings,
                newDesiredState,
                newState,
                newReason,
                tags,
                createdMillis,
                newModifiedMillis);
    }

    StoredPipe withTags(Map<String, String> newTags) {
        return new StoredPipe(
                number,
                generation,
                accountId,
                region,
                name,
                settings,
                desiredState,
                currentState,
                stateReason,
                newTags,
                createdMillis,
                modifiedMillis);
    }
}
