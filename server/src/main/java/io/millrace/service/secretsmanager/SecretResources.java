package io.millrace.service.secretsmanager;

import io.millrace.api.Shape;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;
import io.millrace.wire.ServiceException;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is told of secrets before an operation runs: the whole ARN of what a name or a partial ARN
/// stands for, the policy and the tags.
record SecretResources(Store store, SecretRecords records) implements Resources {

    @Override
    public String arn(Caller caller, String name) {
        return find(caller, name).map(secret -> secret.arn().toString()).orElse(name);
    }

    @Override
    public List<String> policies(Caller caller, String arn) {
        return find(caller, arn)
                .flatMap(secret -> Optional.ofNullable(secret.shared().policy()))
                .map(List::of)
                .orElse(List.of());
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        return find(caller, arn)
                .flatMap(secret -> Optional.ofNullable(secret.shared().tags()))
                .orElse(Map.of());
    }

    /// Which secret it is, and where its primary is.
    @Override
    public Map<String, List<String>> context(
            Caller caller, String operation, Shape input, Requested requested) {
        return find(caller, requested.resource())
                .<Map<String, List<String>>>map(secret ->
                        Map.of(
                                "secretsmanager:secretid",
                                List.of(secret.arn().toString()),
                                "secretsmanager:secretprimaryregion",
                                List.of(secret.primaryArn().region())))
                .orElse(Map.of());
    }

    private Optional<Secret> find(Caller caller, String text) {
        try {
            SecretId id = SecretId.of(caller, text);
            return store.read(snapshot -> records.find(snapshot, id));
        } catch (ServiceException _) { // the operation refuses it in its own words
            return Optional.empty();
        }
    }
}
