/// Tests of the HTTP server, over real sockets.
@NullMarked
package io.millrace.http;

import org.jspecify.annotations.NullMarked;
