package io.millrace.identity;

import org.jspecify.annotations.Nullable;

/// What an account has of its own.
///
/// @param alias its other name
/// @param passwordPolicy what passwords must be like
public record StoredAccount(@Nullable String alias, @Nullable PasswordRules passwordPolicy) {

    public static final StoredAccount NONE = new StoredAccount(null, null);

    /// A password policy. Kept and told; there are no passwords here.
    public record PasswordRules(
            int minimumLength,
            boolean requireSymbols,
            boolean requireNumbers,
            boolean requireUppercase,
            boolean requireLowercase,
            boolean allowUsersToChange,
            @Nullable Integer maxAgeDays,
            @Nullable Integer reusePrevention,
            @Nullable Boolean hardExpiry) {}

    public StoredAccount withAlias(@Nullable String newAlias) {
        return new StoredAccount(newAlias, passwordPolicy);
    }

    public StoredAccount withPasswordPolicy(@Nullable PasswordRules rules) {
        return new StoredAccount(alias, rules);
    }
}
