package io.millrace.identity;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A virtual device that makes one-time codes. Immutable.
///
/// @param path as `/` or `/team/`
/// @param sealedSeed what the codes are made from, sealed for [#context]
/// @param userId the unique id of the user who has enabled it; null for nobody
/// @param enabledMillis when; 0 for never
/// @param driftSteps by how many steps of 30 seconds its clock is ahead of ours
/// @param lastStep the step of the last code that was taken, which is not taken again
public record MfaDevice(
        String name,
        String path,
        byte[] sealedSeed,
        @Nullable String userId,
        long enabledMillis,
        long driftSteps,
        long lastStep,
        SortedMap<String, String> tags) {

    public MfaDevice {
        tags = new TreeMap<>(tags);
    }

    public boolean isEnabled() {
        return userId != null;
    }

    public String serialNumber(String accountId) {
        return "arn:aws:iam::" + accountId + ":mfa" + path + name;
    }

    /// What the seed of a device is sealed for.
    static String context(String accountId, String name) {
        return "mfa device " + accountId + " " + IdentityKeys.lower(name);
    }

    MfaDevice taken(long newDriftSteps, long newLastStep) {
        return new MfaDevice(
                name, path, sealedSeed, userId, enabledMillis, newDriftSteps, newLastStep, tags);
    }

    /// Whether it makes the same codes, and not just has the same name.
    boolean isSeededAs(MfaDevice other) {
        return Arrays.equals(sealedSeed, other.sealedSeed);
    }

    /// With what two codes told of it in `found`; empty when one of them was taken since, or when
    /// this is another device of the same name.
    public Optional<MfaDevice> synchronisedAs(MfaDevice found) {
        return isSeededAs(found) && lastStep < found.lastStep - 1
                ? Optional.of(taken(found.driftSteps, found.lastStep))
                : Optional.empty();
    }

    /// @param newUserId null for nobody
    MfaDevice of(@Nullable String newUserId, long nowMillis) {
        return new MfaDevice(
                name, path, sealedSeed, newUserId, nowMillis, driftSteps, lastStep, tags);
    }

    public MfaDevice withTags(SortedMap<String, String> newTags) {
        return new MfaDevice(
                name, path, sealedSeed, userId, enabledMillis, driftSteps, lastStep, newTags);
    }
}
