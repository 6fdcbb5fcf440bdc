package io.millrace.service.kms;

import io.millrace.api.kms.CreateGrantRequest;
import io.millrace.api.kms.GrantConstraints;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// A grant as it is kept.
///
/// @param grantId 64 hexadecimal digits
/// @param secret what only its token tells
/// @param issuer the ARN of the account that made it
/// @param grantee the principal that may; a service's name is one, too
/// @param granteeIsService whether the grantee was given as a service
/// @param retiring the principal that may end it; null for nobody else
/// @param retiringIsService whether the retiring principal was given as a service
record StoredGrant(
        String accountId,
        String region,
        String keyId,
        String grantId,
        String secret,
        long createdMillis,
        @Nullable String name,
        String issuer,
        String grantee,
        boolean granteeIsService,
        @Nullable String retiring,
        boolean retiringIsService,
        List<String> operations,
        @Nullable Limits limits) {

    /// `Constraints`.
    ///
    /// @param exact what the encryption context must be
    /// @param subset what it must contain
    /// @param sourceArn on whose behalf a service must act
    record Limits(
            @Nullable Map<String, String> exact,
            @Nullable Map<String, String> subset,
            @Nullable String sourceArn) {

        static @Nullable Limits of(@Nullable GrantConstraints constraints) {
            return constraints == null
                    ? null
                    : new Limits(
                            constraints.encryptionContextEquals(),
                            constraints.encryptionContextSubset(),
                            constraints.sourceArn());
        }

        boolean allow(KeyAction action) {
            if (sourceArn != null
                    && !action.conditions()
                            .getOrDefault("aws:sourcearn", List.of())
                            .contains(sourceArn)) {
                return false;
            }
            return allow(action.encryptionContext());
        }

        boolean allow(Map<String, String> encryptionContext) {
            return (exact == null || exact.equals(encryptionContext))
                    && (subset == null
                            || encryptionContext.entrySet().containsAll(subset.entrySet()));
        }

        /// Whether nothing that the other allows is more than this does.
        boolean covers(@Nullable Limits other) {
            if (other == null) {
                return false;
            }
            boolean sameSource = sourceArn == null || sourceArn.equals(other.sourceArn);
            boolean sameExact = exact == null || exact.equals(other.exact);
            boolean withinSubset =
                    subset == null
                            || (other.exact != null
                                    && other.exact.entrySet().containsAll(subset.entrySet()))
                            || (other.subset != null
                                    && other.subset.entrySet().containsAll(subset.entrySet()));
            return sameSource && sameExact && withinSubset;
        }
    }

    /// Whether who has this grant may give on such a one.
    boolean covers(CreateGrantRequest request) {
        return operations.contains("CreateGrant")
                && operations.containsAll(request.operations())
                && (limits == null || limits.covers(Limits.of(request.constraints())));
    }

    /// Whether it is for calls with this encryption context.
    boolean covers(Map<String, String> encryptionContext) {
        return limits == null || limits.allow(encryptionContext);
    }

    KeyName key() {
        return new KeyName(accountId, region, keyId);
    }

    /// Whether the other says the same, apart from what each has of its own.
    boolean sameAs(StoredGrant other) {
        return asOf(other).equals(other);
    }

    private StoredGrant asOf(StoredGrant other) {
        return new StoredGrant(
                accountId,
                region,
                keyId,
                other.grantId,
                other.secret,
                other.createdMillis,
                name,
                issuer,
                grantee,
                granteeIsService,
                retiring,
                retiringIsService,
                operations,
                limits);
    }
}
