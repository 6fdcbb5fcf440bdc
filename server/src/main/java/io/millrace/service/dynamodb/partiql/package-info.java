/// PartiQL as DynamoDB has it: statements read from their text, and bound to a request's parameters
/// as the conditions, updates and projections of `expression`.
///
/// A statement is read in two steps. [StatementParser] makes a tree of its text, in which every
/// term knows its [Position]; [StatementBinder] puts the parameters into it, checks it, and makes a
/// [Statement] of it, which knows nothing of syntax.
///
/// Promises: whatever the text, the outcome is a statement or a `ValidationException` in AWS's
/// words, as far as they are known; work and depth are bounded by the 8 KB of a statement and by
/// [PartiqlLimits]. The grammar and the words of its errors are those of the language's reference
/// parser, from which AWS's answers come. Depends on `item` and `expression`. Missing on purpose:
/// tables and their keys, which decide what a statement reads; what DynamoDB itself does not have
/// (joins, aliases, aggregates, `LIMIT`). Start at [Statement].
@NullMarked
package io.millrace.service.dynamodb.partiql;

import org.jspecify.annotations.NullMarked;
