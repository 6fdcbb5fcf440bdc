/// The server inside a test: started in the same process, in a directory of its own, on a free
/// port.
///
/// Promises: nothing is left behind; tests that take a fresh account each do not see one another.
/// Depends on the server and JUnit's API. Start reading at [MillraceExtension].
@NullMarked
package io.millrace.junit;

import org.jspecify.annotations.NullMarked;
