package io.millrace.service.secretsmanager;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import java.util.regex.Pattern;

/// A secret's name, where it is.
record SecretName(String accountId, String region, String name) {
    static final String SERVICE = "secretsmanager";
    static final String RESOURCE = "secret:";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9/_+=.@!-]+");

    /// A name in the caller's account and region.
    ///
    /// @throws io.millrace.wire.ServiceException `ValidationException` when it cannot be one
    static SecretName of(Caller caller, String name) {
        if (!FORM.matcher(name).matches()) {
            throw SecretsManagerErrors.invalidName();
        }
        return new SecretName(caller.accountId(), caller.region(), name);
    }

    SecretName in(String otherRegion) {
        return new SecretName(accountId, otherRegion, name);
    }

    /// @param suffix the six random characters
    Arn arn(String suffix) {
        return Arn.of(SERVICE, region, accountId, RESOURCE + name + "-" + suffix);
    }
}
