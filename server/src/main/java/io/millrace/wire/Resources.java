package io.millrace.wire;

import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What a service tells of its resources to whoever decides on requests, before the operation runs.
/// What there is none of has no policies and no tags. Thread-safe.
public interface Resources {

    /// Of a service whose resources have no policies.
    Resources NONE = new Resources() {};

    /// Of a service whose resources have tags and no policies.
    ///
    /// @param tags those of an ARN; may throw a [ServiceException] for what there is not
    static Resources tagged(Function<String, Map<String, String>> tags) {
        return new Resources() {
            @Override
            public Map<String, String> tags(Caller caller, String arn) {
                try {
                    return tags.apply(arn);
                } catch (ServiceException _) { // the operation refuses it in its own words
                    return Map.of();
                }
            }
        };
    }

    /// The resource's own policies, as texts that were accepted before.
    default List<String> policies(Caller caller, String arn) {
        return List.of();
    }

    /// Whether nobody, whatever his own policies say, has access that the resource's policy does
    /// not give, to him or to his account.
    default boolean needsItsPolicy(String arn) {
        return false;
    }

    /// Whether the service itself decides what other accounts may do with its resources. Where it
    /// does not, they may do nothing.
    default boolean decidesAcrossAccounts() {
        return false;
    }

    default Map<String, String> tags(Caller caller, String arn) {
        return Map.of();
    }

    /// The ARN of what a name, an alias or an identifier stands for; the text itself when nothing
    /// is known by it.
    default String arn(Caller caller, String name) {
        return name;
    }

    /// The ARN of what a request means without naming it, as the key in a ciphertext; null when
    /// nobody can tell.
    default @Nullable String implied(Caller caller, String operation, Shape input) {
        return null;
    }

    /// What an operation asks for whose input only the service can read, as a statement's text.
    default List<Requested> requested(Caller caller, String operation, Shape input) {
        throw new IllegalStateException("nobody can tell what " + operation + " asks for");
    }

    /// Condition keys that only the service can tell, by their names in lower case.
    default Map<String, List<String>> context(
            Caller caller, String operation, Shape input, Requested requested) {
        return Map.of();
    }
}
