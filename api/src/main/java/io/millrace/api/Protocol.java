package io.millrace.api;

/// A wire protocol of AWS, as the models name them.
public enum Protocol {
    /// awsJson 1.0 and 1.1: the action in `X-Amz-Target`, JSON bodies.
    JSON,
    /// awsQuery: form parameters in, XML out.
    QUERY,
    EC2,
    REST_JSON,
    REST_XML,
    /// Smithy RPC v2 with CBOR bodies.
    CBOR
}
