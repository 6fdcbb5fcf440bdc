@NullMarked
package io.millrace.audit;

import org.jspecify.annotations.NullMarked;
