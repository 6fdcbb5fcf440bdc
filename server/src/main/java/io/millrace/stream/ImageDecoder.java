package io.millrace.stream;

import io.millrace.api.dynamodb.AttributeValue;

import java.util.Map;

/// Decodes an image of a [TableChange]; given by the service that encoded it.
@FunctionalInterface
public interface ImageDecoder {

    Map<String, AttributeValue> decode(byte[] image);
}
