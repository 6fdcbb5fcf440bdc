package io.millrace.service.events;

import io.millrace.api.events.TestEventPatternRequest;
import io.millrace.api.events.TestEventPatternResponse;
import io.millrace.pattern.EventPattern;
import io.millrace.pattern.EventPatternException;
import io.millrace.pattern.EventPatternFields;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `TestEventPattern`: whether a pattern matches an event. Errors: `InvalidEventPatternException`,
/// `ValidationException`. Source: [API
/// reference](https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html).
final class TestEventPattern
        implements Operation<TestEventPatternRequest, TestEventPatternResponse> {

    @Override
    public TestEventPatternResponse handle(Caller caller, TestEventPatternRequest request) {
        try {
            EventPattern pattern = EventPattern.parse(request.eventPattern());
            boolean result = pattern.matches(EventPatternFields.of(request.event()));
            return TestEventPatternResponse.builder().result(result).build();
        } catch (EventPatternException e) {
            throw EventsErrors.invalidPattern(e.reason());
        } catch (IllegalArgumentException _) {
            throw EventsErrors.validation("Parameter Event is not valid.");
        }
    }
}
