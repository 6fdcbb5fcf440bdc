package io.millrace.service.logs;

import io.millrace.api.logs.MetricFilterMatchRecord;
import io.millrace.api.logs.TestMetricFilterRequest;
import io.millrace.api.logs.TestMetricFilterResponse;
import io.millrace.service.logs.filter.FilterPattern;
import io.millrace.service.logs.filter.FilterPatternException;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.ArrayList;
import java.util.List;

/// `TestMetricFilter`: which of some messages a pattern matches. Error:
/// `InvalidParameterException`. Source: [API
/// reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html).
final class TestMetricFilter
        implements Operation<TestMetricFilterRequest, TestMetricFilterResponse> {

    @Override
    public TestMetricFilterResponse handle(Caller caller, TestMetricFilterRequest request) {
        List<MetricFilterMatchRecord> matches = new ArrayList<>();
        try {
            FilterPattern pattern = FilterPattern.parse(request.filterPattern());
            long number = 0;
            for (String message : request.logEventMessages()) {
                number++;
                if (pattern.matches(message)) {
                    matches.add(
                            new MetricFilterMatchRecord(number, message, pattern.extract(message)));
                }
            }
        } catch (FilterPatternException e) {
            throw LogsErrors.invalidParameter(e.reason());
        }
        return new TestMetricFilterResponse(matches);
    }
}
