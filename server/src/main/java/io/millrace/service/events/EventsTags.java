package io.millrace.service.events;

import io.millrace.api.events.ListTagsForResourceRequest;
import io.millrace.api.events.ListTagsForResourceResponse;
import io.millrace.api.events.Tag;
import io.millrace.api.events.TagResourceRequest;
import io.millrace.api.events.TagResourceResponse;
import io.millrace.api.events.UntagResourceRequest;
import io.millrace.api.events.UntagResourceResponse;
import io.millrace.engine.Snapshot;
import io.millrace.engine.Store;
import io.millrace.engine.Transaction;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `TagResource`, `UntagResource` and `ListTagsForResource`, for buses and rules. Error:
/// `ResourceNotFoundException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html).
final class EventsTags {
    private static final String RULE = "rule/";

    /// What an ARN means: a bus, or a rule of it.
    private record Tagged(BusName bus, @Nullable String rule) {}

    private final Store store;
    private final Buses buses;
    private final Rules rules;

    EventsTags(Store store, Buses buses, Rules rules) {
        this.store = store;
        this.buses = buses;
        this.rules = rules;
    }

    /// The tags of a request that makes a resource.
    static Map<String, String> of(@Nullable List<Tag> tags) {
        return with(Map.of(), tags == null ? List.of() : tags);
    }

    TagResourceResponse tag(Caller caller, TagResourceRequest request) {
        Tagged tagged = tagged(request.resourceARN());
        return store.write(tx -> {
            may(tx, caller, "TagResource", tagged);
            put(tx, tagged, with(tags(tx, tagged), request.tags()));
            return TagResourceResponse.builder().build();
        });
    }

    UntagResourceResponse untag(Caller caller, UntagResourceRequest request) {
        Tagged tagged = tagged(request.resourceARN());
        return store.write(tx -> {
            may(tx, caller, "UntagResource", tagged);
            Map<String, String> left = new TreeMap<>(tags(tx, tagged));
            request.tagKeys().forEach(left::remove);
            put(tx, tagged, left);
            return UntagResourceResponse.builder().build();
        });
    }

    ListTagsForResourceResponse list(Caller caller, ListTagsForResourceRequest request) {
        Tagged tagged = tagged(request.resourceARN());
        Map<String, String> tags =
                store.read(snapshot -> {
                    may(snapshot, caller, "ListTagsForResource", tagged);
                    return tags(snapshot, tagged);
                });
        List<Tag> shapes = new ArrayList<>();
        tags.forEach((key, value) -> shapes.add(new Tag(key, value)));
        return ListTagsForResourceResponse.builder().tags(shapes).build();
    }

    /// The tags of a bus or a rule, whoever asks.
    ///
    /// @throws io.millrace.wire.ServiceException when it is not there
    Map<String, String> ofArn(String arn) {
        Tagged tagged = tagged(arn);
        return store.read(snapshot -> tags(snapshot, tagged));
    }

    private static Map<String, String> with(Map<String, String> before, List<Tag> more) {
        Map<String, String> tags = new TreeMap<>(before);
        for (Tag tag : more) {
            if (tag.key().regionMatches(true, 0, "aws:", 0, 4)) {
                throw EventsErrors.validation("Tag keys must not begin with aws:.");
            }
            tags.put(tag.key(), tag.value());
        }
        if (tags.size() > EventsLimits.TAGS_MAX) {
            throw EventsErrors.limitExceeded();
        }
        return tags;
    }

    private static Tagged tagged(String text) {
        Arn arn =
                Arn.parse(text)
                        .filter(a -> a.service().equals("events"))
                        .orElseThrow(() -> EventsErrors.invalidArn(text));
        if (BusName.isBus(arn)) {
            return new Tagged(BusName.of(arn), null);
        }
        if (!arn.resource().startsWith(RULE)) {
            throw EventsErrors.invalidArn(text);
        }
        String path = arn.resource().substring(RULE.length());
        int slash = path.lastIndexOf('/');
        String bus = slash < 0 ? BusName.DEFAULT : path.substring(0, slash);
        BusName name = new BusName(arn.accountId(), arn.region(), bus);
        return new Tagged(name, path.substring(slash + 1));
    }

    private void may(Snapshot snapshot, Caller caller, String operation, Tagged tagged) {
        buses.require(snapshot, new Permission(caller, operation, tagged.bus(), tagged.rule()));
    }

    private Map<String, String> tags(Snapshot snapshot, Tagged tagged) {
        StoredBus bus = buses.require(snapshot, tagged.bus());
        String rule = tagged.rule();
        return rule == null ? bus.tags() : rules.require(snapshot, bus, rule).tags();
    }

    private void put(Transaction tx, Tagged tagged, Map<String, String> tags) {
        String rule = tagged.rule();
        if (rule == null) {
            OrderKey.check(tags);
            buses.put(tx, tagged.bus(), buses.own(tx, tagged.bus()).withTags(tags));
        } else {
            StoredBus bus = buses.require(tx, tagged.bus());
            StoredRule stored = rules.require(tx, bus, rule);
            ManagedRules.refuse(stored, false);
            rules.rewrite(tx, bus, stored.withTags(tags));
        }
    }
}
