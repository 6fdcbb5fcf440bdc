package io.millrace.service.events;

import io.millrace.api.events.TestEventPatternRequest;
import io.millrace.api.events.TestEventPatternResponse;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternException;
import io.millrace.pattern.EventPatternFields;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `TestEventPattern`: whether a pattern matches an event, which has to be whole; only `resources`
/// may be missing, other than AWS's page says. Errors: `InvalidEventPatternException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html).
final class TestEventPattern
        implements Operation<TestEventPatternRequest, TestEventPatternResponse> {

    private static final List<String> REQUIRED =
            List.of("id", "account", "source", "time", "region", "detail-type");

    @Override
    public TestEventPatternResponse handle(Caller caller, TestEventPatternRequest request) {
        try {
            EventPattern pattern = EventPattern.parse(request.eventPattern());
            EventPatternFields event = EventPatternFields.of(request.event());
            if (!REQUIRED.stream().allMatch(event::has)) {
                throw EventsErrors.validation("Parameter Event is not valid.");
            }
            boolean result = pattern.matches(event);
            return TestEventPatternResponse.builder().result(result).build();
        } catch (EventPatternException e) {
            throw EventsErrors.invalidPattern(e.reason());
        } catch (IllegalArgumentException _) {
            throw EventsErrors.validation("Parameter Event is not valid.");
        }
    }
}
