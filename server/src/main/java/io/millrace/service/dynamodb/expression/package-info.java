/// DynamoDB's expressions: conditions, filters, key conditions, updates and projections, parsed,
/// checked against a request's names and values, and evaluated against items.
///
/// How a request uses it: [ExpressionParameters] checks which parameters go together and gives the
/// [ExpressionContext] with the request's names and values; each expression is parsed with that
/// context, in the order in which the operation reports their errors; then
/// [ExpressionContext#checkAllUsed]. What comes out is immutable and may be evaluated any number of
/// times. The syntax of an expression is cached by its text, so that a text is parsed once.
///
/// Promises: errors are `ValidationException` in AWS's words, in AWS's order as far as it is known;
/// work and depth are bounded by an expression's 4 KB. Depends on `item`. The older parameters
/// (`Expected`, `AttributeUpdates`, …) become the same trees: [LegacyConditions], [LegacyUpdates].
/// Missing on purpose: tables and their key schemas. Start at [ConditionExpression].
@NullMarked
package io.millrace.service.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
