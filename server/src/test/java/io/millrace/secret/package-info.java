/// Tests of sealing: what opens, and what does not.
@NullMarked
package io.millrace.secret;

import org.jspecify.annotations.NullMarked;
