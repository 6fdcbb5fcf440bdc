package io.millrace.service.logs;

import io.millrace.api.Unit;
import io.millrace.api.logs.ListTagsForResourceRequest;
import io.millrace.api.logs.ListTagsForResourceResponse;
import io.millrace.api.logs.ListTagsLogGroupRequest;
import io.millrace.api.logs.ListTagsLogGroupResponse;
import io.millrace.api.logs.TagLogGroupRequest;
import io.millrace.api.logs.TagResourceRequest;
import io.millrace.api.logs.UntagLogGroupRequest;
import io.millrace.api.logs.UntagResourceRequest;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `TagResource`, `UntagResource` and `ListTagsForResource`, and the older `TagLogGroup`,
/// `UntagLogGroup` and `ListTagsLogGroup`. Errors: `ResourceNotFoundException`,
/// `InvalidParameterException`, `TooManyTagsException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html).
final class GroupTags {
    private static final String RESERVED = "aws:";

    private final Store store;
    private final Groups groups;

    GroupTags(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    Unit tag(Caller caller, TagResourceRequest request) {
        return add(named(caller, request.resourceArn()), request.tags());
    }

    Unit untag(Caller caller, UntagResourceRequest request) {
        return remove(named(caller, request.resourceArn()), request.tagKeys());
    }

    ListTagsForResourceResponse list(Caller caller, ListTagsForResourceRequest request) {
        return new ListTagsForResourceResponse(tags(named(caller, request.resourceArn())));
    }

    Unit tagGroup(Caller caller, TagLogGroupRequest request) {
        return add(GroupName.of(caller, request.logGroupName()), request.tags());
    }

    Unit untagGroup(Caller caller, UntagLogGroupRequest request) {
        return remove(GroupName.of(caller, request.logGroupName()), request.tags());
    }

    ListTagsLogGroupResponse listOfGroup(Caller caller, ListTagsLogGroupRequest request) {
        return new ListTagsLogGroupResponse(tags(GroupName.of(caller, request.logGroupName())));
    }

    /// Refuses keys that AWS keeps to itself.
    static Map<String, String> checked(Map<String, String> tags) {
        for (String key : tags.keySet()) {
            if (key.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
                throw LogsErrors.invalidParameter(
                        "aws: prefixed tag key names are not allowed for external use.");
            }
        }
        return tags;
    }

    private static GroupName named(Caller caller, String arn) {
        if (!arn.startsWith("arn:")) {
            throw LogsErrors.invalidParameter("Invalid ARN: " + arn);
        }
        return GroupName.of(caller, null, arn);
    }

    private Unit add(GroupName name, Map<String, String> more) {
        checked(more);
        store.write(tx -> {
            StoredGroup group = groups.require(tx, name);
            Map<String, String> tags = new TreeMap<>(group.tags());
            tags.putAll(more);
            if (tags.size() > LogsLimits.TAGS_MAX) {
                throw LogsErrors.tooManyTags(name.arn().toString());
            }
            groups.put(tx, name, group.withTags(tags));
            return true;
        });
        return Unit.UNIT;
    }

    private Unit remove(GroupName name, List<String> keys) {
        store.write(tx -> {
            StoredGroup group = groups.require(tx, name);
            Map<String, String> tags = new TreeMap<>(group.tags());
            keys.forEach(tags::remove);
            groups.put(tx, name, group.withTags(tags));
            return true;
        });
        return Unit.UNIT;
    }

    /// The tags of a group, which its streams share.
    Map<String, String> ofArn(String arn) {
        return GroupName.groupOf(arn).map(this::tags).orElse(Map.of());
    }

    private Map<String, String> tags(GroupName name) {
        return store.read(snapshot -> groups.require(snapshot, name)).tags();
    }
}
