/// Bytes to requests and back, on virtual threads; and calls of others ([OutboundClient]).
///
/// Promises: keep-alive, chunked bodies, `Expect: 100-continue`; everything that comes in is
/// bounded in size and time; an answer leaves in one write. Depends on the HTTP library and nothing
/// of ours.
@NullMarked
package io.millrace.http;

import org.jspecify.annotations.NullMarked;
