@NullMarked
package io.millrace.timer;

import org.jspecify.annotations.NullMarked;
