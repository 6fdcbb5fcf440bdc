package io.millrace.service.kms;

import io.millrace.api.Shape;
import io.millrace.api.kms.DecryptRequest;
import io.millrace.api.kms.ReEncryptRequest;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Requested;
import io.millrace.wire.Resources;
import io.millrace.wire.ServiceException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is told of keys before an operation runs: which key an alias or a ciphertext means, its
/// policy, and as further policies its grants to the caller; whether a grant's constraints hold is
/// for the operation to see.
record KeyResources(Store store, Keys keys, Grants grants) implements Resources {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String arn(Caller caller, String name) {
        try {
            KeyName key =
                    store.<@Nullable KeyName>read(snapshot -> keys.named(snapshot, caller, name));
            return key == null ? name : key.arn();
        } catch (ServiceException _) { // the operation refuses it in its own words
            return name;
        }
    }

    @Override
    public @Nullable String implied(Caller caller, String operation, Shape input) {
        byte[] ciphertext =
                switch (input) {
                    case DecryptRequest decrypt -> decrypt.ciphertextBlob();
                    case ReEncryptRequest again -> again.ciphertextBlob();
                    default -> null;
                };
        if (ciphertext == null) {
            return null;
        }
        try {
            Ciphertext parsed = Ciphertext.parse(ciphertext);
            return new KeyName(parsed.accountId(), caller.region(), parsed.keyId()).arn();
        } catch (ServiceException _) { // the operation refuses it in its own words
            return null;
        }
    }

    @Override
    public boolean needsItsPolicy(String arn) {
        return store.read(snapshot -> find(snapshot, arn).isPresent());
    }

    @Override
    public List<String> policies(Caller caller, String arn) {
        return store.read(snapshot -> {
            List<String> policies = new ArrayList<>();
            find(snapshot, arn)
                    .ifPresent(key -> {
                        policies.add(key.policy());
                        for (String principal : Grants.principals(caller)) {
                            grants.to(snapshot, key.name(), principal).stream()
                                    .map(grant -> policy(principal, grant))
                                    .forEach(policies::add);
                        }
                    });
            return policies;
        });
    }

    private static String policy(String principal, StoredGrant grant) {
        ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
        ObjectNode statement = policy.putArray("Statement").addObject();
        statement.put("Sid", "grant " + grant.grantId()).put("Effect", "Allow");
        statement.putObject("Principal").put("AWS", principal);
        ArrayNode actions = statement.putArray("Action");
        grant.operations().forEach(operation -> actions.add("kms:" + operation));
        statement.put("Resource", "*");
        return JSON.writeValueAsString(policy);
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        return store.read(snapshot ->
                find(snapshot, arn).<Map<String, String>>map(StoredKey::tags).orElse(Map.of()));
    }

    @Override
    public Map<String, List<String>> context(
            Caller caller, String operation, Shape input, Requested requested) {
        Map<String, List<String>> context = new HashMap<>();
        context.put("kms:calleraccount", List.of(caller.accountId()));
        store.read(snapshot -> find(snapshot, requested.resource()))
                .ifPresent(key -> {
                    context.put("kms:keyspec", List.of(key.spec().name()));
                    context.put("kms:keyusage", List.of(key.usage().name()));
                    context.put("kms:keyorigin", List.of(key.origin()));
                    context.put("kms:multiregion", List.of(String.valueOf(key.multiRegion())));
                });
        return context;
    }

    private Optional<StoredKey> find(Snapshot snapshot, String text) {
        return Arn.parse(text)
                .filter(arn -> arn.service().equals(KeyName.SERVICE))
                .filter(arn -> arn.resource().startsWith(KeyName.PREFIX))
                .flatMap(arn ->
                        keys.find(
                                snapshot,
                                new KeyName(
                                        arn.accountId(),
                                        arn.region(),
                                        arn.resource().substring(KeyName.PREFIX.length()))));
    }
}
