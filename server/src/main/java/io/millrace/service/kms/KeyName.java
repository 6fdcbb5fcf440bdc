package io.millrace.service.kms;

import io.millrace.pattern.Arn;

/// What a key is called.
///
/// @param id a UUID, or `mrk-` and 32 digits for a multi-Region key, whose replicas have the same
record KeyName(String accountId, String region, String id) {
    static final String SERVICE = "kms";
    static final String PREFIX = "key/";

    Arn resource() {
        return Arn.of(SERVICE, region, accountId, PREFIX + id);
    }

    String arn() {
        return resource().toString();
    }

    KeyName in(String otherRegion) {
        return new KeyName(accountId, otherRegion, id);
    }
}
