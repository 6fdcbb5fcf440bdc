/// Tests of the whole server, and of its command line.
@NullMarked
package io.millrace.app;

import org.jspecify.annotations.NullMarked;
