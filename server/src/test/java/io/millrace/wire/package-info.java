/// Tests of protocols, signatures and routing.
@NullMarked
package io.millrace.wire;

import org.jspecify.annotations.NullMarked;
