/// What a DynamoDB attribute value is, apart from any table: numbers, equality, order, size, which
/// values are accepted, and how an item and its key values become bytes.
///
/// Promises: everything here is pure, thread-safe and bounded by the size of its input. Numbers are
/// exact decimals; key bytes sort as DynamoDB sorts. Depends on the generated [AttributeValue] and
/// on the engine's keys only. Missing on purpose: tables, key schemas, item size limits. Start at
/// [ItemRules].
@NullMarked
package io.millrace.service.dynamodb.item;

import org.jspecify.annotations.NullMarked;
