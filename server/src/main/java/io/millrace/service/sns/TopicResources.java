package io.millrace.service.sns;

import io.millrace.engine.Store;
import io.millrace.pattern.Arn;
import io.millrace.wire.Caller;
import io.millrace.wire.Resources;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What is told of topics before an operation runs: the policies that were set, and their tags. The
/// policy of a new topic is the account's own and gives nothing to its users.
record TopicResources(Store store) implements Resources {

    @Override
    public List<String> policies(Caller caller, String arn) {
        Topic topic = find(arn);
        return topic == null || !topic.hasPolicy() ? List.of() : List.of(topic.policy());
    }

    @Override
    public boolean decidesAcrossAccounts() {
        return true;
    }

    @Override
    public Map<String, String> tags(Caller caller, String arn) {
        Topic topic = find(arn);
        return topic == null ? Map.of() : topic.tags();
    }

    private @Nullable Topic find(String text) {
        Arn arn = Arn.parse(text).orElse(null);
        return arn == null ? null : store.<@Nullable Topic>read(tx -> Topics.find(tx, arn));
    }
}
