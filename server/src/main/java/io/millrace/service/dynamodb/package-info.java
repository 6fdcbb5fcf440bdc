/// DynamoDB: tables, items, queries, batches and transactions.
///
/// Promises: what is answered is durable; every request is one transaction or one snapshot, so
/// reads are consistent whatever was asked, and a batch is all or nothing; a write is one point
/// read and its puts, whatever the size of the table; the record of a change in the table's stream
/// is part of the change's transaction. An index is never behind its table. Items whose time to
/// live is over are deleted within seconds.
///
/// May depend on `wire`, `storage`, `pattern`, `policy`, `stream`, `objects` and `engine`. Values
/// stand in `item`, expressions in `expression`, PartiQL in `partiql`. Deliberately missing: the
/// limit of 10 GB on item collections, and the operations that the compatibility page lists. Start
/// reading at [io.millrace.service.dynamodb.PutItem], go on with
/// [io.millrace.service.dynamodb.ItemChanges].
@NullMarked
package io.millrace.service.dynamodb;

import org.jspecify.annotations.NullMarked;
