package io.millrace.identity;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The managed policies that are there without anyone having made them, under AWS's names. What
/// they grant is worded by us, for the services that are here. Immutable.
public final class AwsPolicies {
    private static final String RESOURCE = "aws-policies.json";
    private static final String START = "arn:aws:iam::aws:policy";
    private static final String ACCOUNT = "aws";
    private static final SequencedMap<String, ManagedPolicy> BY_ARN = read();

    private AwsPolicies() {}

    /// Whether an ARN is of a policy of AWS's, be it there or not.
    public static boolean isOne(String arn) {
        return arn.startsWith(START + "/");
    }

    public static Optional<ManagedPolicy> find(String arn) {
        return Optional.ofNullable(BY_ARN.get(arn));
    }

    /// All, by their ARNs, in the order of names.
    public static SequencedMap<String, ManagedPolicy> all() {
        return BY_ARN;
    }

    private static SequencedMap<String, ManagedPolicy> read() {
        JsonMapper mapper = new JsonMapper();
        Map<String, ManagedPolicy> sorted = new TreeMap<>();
        try (@Nullable InputStream in = AwsPolicies.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no " + RESOURCE);
            }
            for (JsonNode each : mapper.readTree(in)) {
                ManagedPolicy policy =
                        ManagedPolicy.of(
                                each.get("name").stringValue(),
                                each.has("path") ? each.get("path").stringValue() : "/",
                                each.get("id").stringValue(),
                                each.get("description").stringValue(),
                                mapper.writeValueAsString(each.get("document")),
                                each.get("created").longValue());
                sorted.put(IdentityKeys.lower(policy.name()), policy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SequencedMap<String, ManagedPolicy> byArn = new LinkedHashMap<>();
        sorted.values().forEach(policy -> byArn.put(policy.arn(ACCOUNT), policy));
        return byArn;
    }
}
