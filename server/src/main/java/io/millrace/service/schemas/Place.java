package io.millrace.service.schemas;

import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

/// Whose registries, and where: names are unique within an account and a region.
record Place(String accountId, String region) {

    static Place of(Caller caller) {
        return new Place(caller.accountId(), caller.region());
    }

    String registryArn(String registry) {
        return arn(owner(registry), "registry/" + registry);
    }

    String schemaArn(String registry, String schema) {
        return arn(owner(registry), "schema/" + registry + "/" + schema);
    }

    String discovererArn(String id) {
        return arn(accountId, "discoverer/" + id);
    }

    /// What AWS provides belongs to no account.
    private String owner(String registry) {
        return registry.equals(AwsEvents.REGISTRY) ? "" : accountId;
    }

    private String arn(String owner, String resource) {
        return Arn.of("schemas", region, owner, resource).toString();
    }
}
