package io.millrace.service.dynamodb.expression;

import io.millrace.service.dynamodb.item.AttributeType;

/// An attribute of a key, as key conditions see it.
public record KeyPart(String name, AttributeType type) {}
