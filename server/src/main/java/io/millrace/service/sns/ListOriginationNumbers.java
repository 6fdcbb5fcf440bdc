package io.millrace.service.sns;

import io.millrace.api.sns.ListOriginationNumbersRequest;
import io.millrace.api.sns.ListOriginationNumbersResult;
import io.millrace.api.sns.PhoneNumberInformation;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// `ListOriginationNumbers`: the numbers that the operator configured; none without.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/sns/latest/api/API_ListOriginationNumbers.html).
final class ListOriginationNumbers
        implements Operation<ListOriginationNumbersRequest, ListOriginationNumbersResult> {
    private final List<String> numbers;

    ListOriginationNumbers(List<String> numbers) {
        this.numbers = numbers;
    }

    @Override
    public ListOriginationNumbersResult handle(
            Caller caller, ListOriginationNumbersRequest request) {
        int from = from(request.nextToken());
        int countMax = request.maxResults() == null ? numbers.size() : request.maxResults();
        int to = Math.min(numbers.size(), from + countMax);
        return ListOriginationNumbersResult.builder()
                .phoneNumbers(
                        numbers.subList(from, to).stream()
                                .map(ListOriginationNumbers::shown)
                                .toList())
                .nextToken(to < numbers.size() ? Integer.toString(to) : null)
                .build();
    }

    private int from(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return 0;
        }
        int from = token.matches("\\d{1,6}") ? Integer.parseInt(token) : numbers.size() + 1;
        if (from > numbers.size()) {
            throw SnsErrors.invalidParameter("NextToken");
        }
        return from;
    }

    private static PhoneNumberInformation shown(String number) {
        return PhoneNumberInformation.builder()
                .phoneNumber(number)
                .status("ACTIVE")
                .routeType("Transactional")
                .numberCapabilities(List.of("SMS"))
                .build();
    }
}
