package io.millrace.service.pipes;

import io.millrace.api.pipes.FilterCriteria;
import io.millrace.api.pipes.PipeEnrichmentParameters;
import io.millrace.api.pipes.PipeLogConfiguration;
import io.millrace.api.pipes.PipeSourceDynamoDBStreamParameters;
import io.millrace.api.pipes.PipeSourceParameters;
import io.millrace.api.pipes.PipeSourceSqsQueueParameters;
import io.millrace.api.pipes.PipeTargetParameters;
import io.millrace.pattern.Arn;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// What a request says about a pipe, with defaults filled in.
///
/// @param enrichment null for none
record PipeSettings(
        @Nullable String description,
        String source,
        PipeSourceParameters sourceParameters,
        @Nullable String enrichment,
        @Nullable PipeEnrichmentParameters enrichmentParameters,
        String target,
        @Nullable PipeTargetParameters targetParameters,
        String roleArn,
        @Nullable PipeLogConfiguration logConfiguration,
        @Nullable String kmsKeyIdentifier) {

    Arn sourceArn() {
        return Arn.parse(source).orElseThrow();
    }

    Arn targetArn() {
        return Arn.parse(target).orElseThrow();
    }

    /// Null when there is none.
    @Nullable Arn enrichmentArn() {
        return enrichment == null ? null : Arn.parse(enrichment).orElseThrow();
    }

    /// Of a pipe whose source is a queue.
    PipeSourceSqsQueueParameters queue() {
        return Objects.requireNonNull(sourceParameters.sqsQueueParameters());
    }

    /// Of a pipe whose source is a table's stream.
    PipeSourceDynamoDBStreamParameters stream() {
        return Objects.requireNonNull(sourceParameters.dynamoDBStreamParameters());
    }

    /// The patterns of which an event has to match one; none to let all through.
    List<String> filters() {
        FilterCriteria criteria = sourceParameters.filterCriteria();
        return criteria == null || criteria.filters() == null
                ? List.of()
                : criteria.filters().stream()
                        .map(filter -> filter.pattern() == null ? "" : filter.pattern())
                        .toList();
    }
}
