package io.millrace.api;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An AWS service as its model describes it. Immutable.
///
/// @param id the short name that we use: `sqs`
/// @param serviceId the name that SDKs use: `DynamoDB Streams`
/// @param fullName the name in documentation
/// @param protocols what it speaks
/// @param jsonVersion the version in the content type of awsJson: `1.0`
/// @param targetPrefix what stands before the action in `X-Amz-Target`
/// @param xmlNamespace of answers in the query protocol
/// @param signingName the service in the credential scope of a signature
/// @param endpointPrefix the first label of its host name
/// @param namespace what stands before `#` in the `__type` of its modelled errors, if anything does
/// @param queryCompatible whether it moved from query to JSON and still tells the older error codes
/// @param operationsByName in the model's order
public record ServiceModel(
        String id,
        String serviceId,
        String fullName,
        String apiVersion,
        Set<Protocol> protocols,
        @Nullable String jsonVersion,
        @Nullable String targetPrefix,
        @Nullable String xmlNamespace,
        String signingName,
        String endpointPrefix,
        @Nullable String namespace,
        boolean queryCompatible,
        Map<String, OperationModel<?, ?>> operationsByName) {

    /// The form of [#operationsByName] for its constructor.
    public static Map<String, OperationModel<?, ?>> byName(OperationModel<?, ?>... operations) {
        Map<String, OperationModel<?, ?>> byName =
                LinkedHashMap.newLinkedHashMap(operations.length);
        for (OperationModel<?, ?> operation : List.of(operations)) {
            byName.put(operation.name(), operation);
        }
        return Collections.unmodifiableMap(byName);
    }

    public @Nullable OperationModel<?, ?> operation(String name) {
        return operationsByName.get(name);
    }

    public Collection<OperationModel<?, ?>> operations() {
        return operationsByName.values();
    }
}
