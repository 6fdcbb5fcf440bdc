package io.millrace.service.scheduler;

import io.millrace.api.scheduler.ListTagsForResourceInput;
import io.millrace.api.scheduler.ListTagsForResourceOutput;
import io.millrace.api.scheduler.Tag;
import io.millrace.api.scheduler.TagResourceInput;
import io.millrace.api.scheduler.TagResourceOutput;
import io.millrace.api.scheduler.UntagResourceInput;
import io.millrace.api.scheduler.UntagResourceOutput;
import io.millrace.engine.Store;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `TagResource`, `UntagResource` and `ListTagsForResource`, for schedule groups. Errors:
/// `ConflictException`, `ResourceNotFoundException`, `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/scheduler/latest/APIReference/API_TagResource.html).
final class GroupTags {
    private final Store store;
    private final Groups groups;

    GroupTags(Store store, Groups groups) {
        this.store = store;
        this.groups = groups;
    }

    /// The tags with more; of equal keys the last one counts.
    static Map<String, String> with(Map<String, String> before, @Nullable List<Tag> more) {
        Map<String, String> tags = new TreeMap<>(before);
        for (Tag tag : more == null ? List.<Tag>of() : more) {
            if (tag.key().startsWith("aws:")) {
                throw SchedulerErrors.validation("Tag keys must not start with aws:.");
            }
            tags.put(tag.key(), tag.value());
        }
        if (tags.size() > SchedulerLimits.TAGS_MAX) {
            throw SchedulerErrors.validation(
                    "A resource must not have more than " + SchedulerLimits.TAGS_MAX + " tags.");
        }
        return tags;
    }

    TagResourceOutput tag(Caller caller, TagResourceInput request) {
        GroupName name = GroupName.ofArn(caller, request.resourceArn());
        return store.write(tx -> {
            StoredGroup group = groups.requireActive(tx, name);
            groups.put(tx, name, group.withTags(with(group.tags(), request.tags())));
            return TagResourceOutput.builder().build();
        });
    }

    UntagResourceOutput untag(Caller caller, UntagResourceInput request) {
        GroupName name = GroupName.ofArn(caller, request.resourceArn());
        return store.write(tx -> {
            StoredGroup group = groups.requireActive(tx, name);
            Map<String, String> tags = new TreeMap<>(group.tags());
            request.tagKeys().forEach(tags::remove);
            groups.put(tx, name, group.withTags(tags));
            return UntagResourceOutput.builder().build();
        });
    }

    ListTagsForResourceOutput list(Caller caller, ListTagsForResourceInput request) {
        Map<String, String> tags = tags(GroupName.ofArn(caller, request.resourceArn()));
        List<Tag> shapes = new ArrayList<>();
        tags.forEach((key, value) -> shapes.add(new Tag(key, value)));
        return ListTagsForResourceOutput.builder().tags(shapes).build();
    }

    /// The tags of a group; schedules have none of their own.
    Map<String, String> ofArn(String arn) {
        return GroupName.isGroup(arn) ? tags(GroupName.ofArn(arn)) : Map.of();
    }

    private Map<String, String> tags(GroupName name) {
        return store.read(snapshot -> groups.require(snapshot, name)).tags();
    }
}
