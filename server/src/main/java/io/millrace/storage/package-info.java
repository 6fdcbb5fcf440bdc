/// How services keep resources in the store, and which key prefixes are whose.
///
/// A key begins with one byte, its prefix number. Each service lists its keys on one page, its
/// `…Keys` class, inside its share: `01`–`07` the server itself, `08`–`0f` delivery, `10`–`1f`
/// dynamodb, `20`–`2f` streams, `30`–`3f` and `60`–`67` sqs, `40`–`4f` and `68`–`6f` sns (of which
/// `69` and `6a` notification), `50`–`5f` and `70`–`77` events, `78`–`7f` scheduler, `80`–`87`
/// pipes, `88`–`8f` schemas, `90`–`97` logs, `98`–`9b` trace.
///
/// A resource's name leads to its record (metadata, as JSON) and to its internal number, which is
/// random and never used twice; the keys of its data begin with that number, so that a resource
/// that is deleted and made again never meets its old data. Names are scoped by account and region.
@NullMarked
package io.millrace.storage;

import org.jspecify.annotations.NullMarked;
