@NullMarked
package io.millrace.service.pipes;

import org.jspecify.annotations.NullMarked;
