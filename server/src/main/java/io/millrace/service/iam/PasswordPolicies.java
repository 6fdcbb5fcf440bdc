package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.GetAccountPasswordPolicyResponse;
import io.millrace.api.iam.PasswordPolicy;
import io.millrace.api.iam.UpdateAccountPasswordPolicyRequest;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.StoredAccount;
import io.millrace.identity.StoredAccount.PasswordRules;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

/// What passwords of an account's users would have to be like: `UpdateAccountPasswordPolicy`,
/// `GetAccountPasswordPolicy` and `DeleteAccountPasswordPolicy`. Errors: `NoSuchEntity`. Source:
/// [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html).
final class PasswordPolicies {
    private static final int MINIMUM_LENGTH = 6;

    private final IdentityStore identities;

    PasswordPolicies(IdentityStore identities) {
        this.identities = identities;
    }

    /// What the request does not have gets its default.
    Unit update(Caller caller, UpdateAccountPasswordPolicyRequest request) {
        Integer length = request.minimumPasswordLength();
        PasswordRules rules =
                new PasswordRules(
                        length == null ? MINIMUM_LENGTH : length,
                        isTrue(request.requireSymbols()),
                        isTrue(request.requireNumbers()),
                        isTrue(request.requireUppercaseCharacters()),
                        isTrue(request.requireLowercaseCharacters()),
                        isTrue(request.allowUsersToChangePassword()),
                        request.maxPasswordAge(),
                        request.passwordReusePrevention(),
                        request.hardExpiry());
        return identities.write(tx -> {
            StoredAccount account = identities.account(tx, caller.accountId());
            identities.put(tx, caller.accountId(), account.withPasswordPolicy(rules));
            return Unit.UNIT;
        });
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    GetAccountPasswordPolicyResponse get(Caller caller, Unit request) {
        PasswordRules rules =
                identities
                        .read(snapshot -> identities.account(snapshot, caller.accountId()))
                        .passwordPolicy();
        if (rules == null) {
            throw notFound(caller);
        }
        return new GetAccountPasswordPolicyResponse(
                PasswordPolicy.builder()
                        .minimumPasswordLength(rules.minimumLength())
                        .requireSymbols(rules.requireSymbols())
                        .requireNumbers(rules.requireNumbers())
                        .requireUppercaseCharacters(rules.requireUppercase())
                        .requireLowercaseCharacters(rules.requireLowercase())
                        .allowUsersToChangePassword(rules.allowUsersToChange())
                        .expirePasswords(rules.maxAgeDays() != null)
                        .maxPasswordAge(rules.maxAgeDays())
                        .passwordReusePrevention(rules.reusePrevention())
                        .hardExpiry(rules.hardExpiry())
                        .build());
    }

    Unit delete(Caller caller, Unit request) {
        return identities.write(tx -> {
            StoredAccount account = identities.account(tx, caller.accountId());
            if (account.passwordPolicy() == null) {
                throw notFound(caller);
            }
            identities.put(tx, caller.accountId(), account.withPasswordPolicy(null));
            return Unit.UNIT;
        });
    }

    private static RuntimeException notFound(Caller caller) {
        return IamErrors.noSuchEntity(
                "The Password Policy with domain name " + caller.accountId() + " cannot be found.");
    }
}
