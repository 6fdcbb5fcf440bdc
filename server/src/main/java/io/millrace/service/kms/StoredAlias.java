package io.millrace.service.kms;

/// An alias as it is kept.
///
/// @param name with its prefix, `alias/orders`
record StoredAlias(
        String accountId,
        String region,
        String name,
        String keyId,
        long createdMillis,
        long updatedMillis) {

    static final String PREFIX = "alias/";
    static final String AWS_PREFIX = "alias/aws/";

    String arn() {
        return arn(accountId, region, name);
    }

    static String arn(String accountId, String region, String name) {
        return "arn:aws:kms:" + region + ":" + accountId + ":" + name;
    }

    KeyName key() {
        return new KeyName(accountId, region, keyId);
    }
}
