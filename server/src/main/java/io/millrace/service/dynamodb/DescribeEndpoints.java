package io.millrace.service.dynamodb;

import io.millrace.api.dynamodb.DescribeEndpointsRequest;
import io.millrace.api.dynamodb.DescribeEndpointsResponse;
import io.millrace.api.dynamodb.Endpoint;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

import java.util.List;

/// `DescribeEndpoints`: the address to send requests to, which is the one that the caller used.
///
/// Source: [API
/// reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html).
final class DescribeEndpoints
        implements Operation<DescribeEndpointsRequest, DescribeEndpointsResponse> {
    private static final long CACHE_PERIOD_MINUTES = 1440;

    @Override
    public DescribeEndpointsResponse handle(Caller caller, DescribeEndpointsRequest request) {
        String address = caller.endpoint().substring(caller.endpoint().indexOf("//") + 2);
        return new DescribeEndpointsResponse(List.of(new Endpoint(address, CACHE_PERIOD_MINUTES)));
    }
}
