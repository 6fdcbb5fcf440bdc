package io.millrace.service.kms;

/// What an alias that callers make may be called.
final class AliasNames {

    private AliasNames() {}

    /// @throws io.millrace.wire.ServiceException `ValidationException`; `NotAuthorizedException`
    ///   for the names of services
    static String check(String name) {
        if (!name.startsWith(StoredAlias.PREFIX)) {
            throw KmsErrors.validation(
                    "Alias must start with the prefix \"alias/\". Please see"
                            + " https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html");
        }
        if (name.startsWith(StoredAlias.AWS_PREFIX)) {
            throw KmsErrors.notAuthorized();
        }
        if (name.equals(StoredAlias.PREFIX) || name.indexOf(':') >= 0) {
            throw KmsErrors.invalidAliasName("Invalid alias: " + name);
        }
        return name;
    }
}
