/// From an HTTP request to an operation and back: protocols, signatures, routing.
///
/// Promises: each error leaves in the form of the protocol that the request spoke; no request
/// reaches an operation before it is authenticated, decoded and checked against its model. May
/// depend on `http`, `log`, the `api` module and, for its failures only, the engine; knows no
/// service. Start reading at [Service] and at the `Gateway`.
@NullMarked
package io.millrace.wire;

import org.jspecify.annotations.NullMarked;
