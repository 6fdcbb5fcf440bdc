package io.millrace.service.sns;

import io.millrace.api.Unit;
import io.millrace.api.sns.GetDataProtectionPolicyInput;
import io.millrace.api.sns.GetDataProtectionPolicyResponse;
import io.millrace.api.sns.PutDataProtectionPolicyInput;
import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// `PutDataProtectionPolicy`, where an empty policy removes it, and `GetDataProtectionPolicy`: of
/// standard topics. Effective for the next publish.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_PutDataProtectionPolicy.html).
final class DataProtectionPolicies {
    private final Store store;

    DataProtectionPolicies(Store store) {
        this.store = store;
    }

    Unit put(Caller caller, PutDataProtectionPolicyInput request) {
        Arn arn = Topics.parse(caller, "ResourceArn", request.resourceArn());
        String policy = request.dataProtectionPolicy();
        store.<@Nullable Void>write(tx -> {
            Topic topic = Topics.require(tx, caller, "PutDataProtectionPolicy", arn);
            Topics.put(tx, topic.withAttributes(with(topic.attributes(), topic.isFifo(), policy)));
            return null;
        });
        return Unit.UNIT;
    }

    GetDataProtectionPolicyResponse get(Caller caller, GetDataProtectionPolicyInput request) {
        Arn arn = Topics.parse(caller, "ResourceArn", request.resourceArn());
        return store.read(snapshot -> {
            Topic topic = Topics.require(snapshot, caller, "GetDataProtectionPolicy", arn);
            return GetDataProtectionPolicyResponse.builder()
                    .dataProtectionPolicy(
                            topic.attributes().get(TopicAttributes.DATA_PROTECTION_POLICY))
                    .build();
        });
    }

    /// A topic's attributes with a policy, which is checked.
    static Map<String, String> with(
            Map<String, String> attributes, boolean isFifo, @Nullable String policy) {
        Map<String, String> changed = new LinkedHashMap<>(attributes);
        if (policy == null || policy.isEmpty()) {
            changed.remove(TopicAttributes.DATA_PROTECTION_POLICY);
            return changed;
        }
        if (isFifo) {
            throw SnsErrors.invalidParameter(
                    "DataProtectionPolicy",
                    "Data protection policies are not supported for FIFO topics");
        }
        DataProtectionCheck.parse(policy);
        changed.put(TopicAttributes.DATA_PROTECTION_POLICY, policy);
        return changed;
    }
}
