@NullMarked
package io.millrace.service.sns;

import org.jspecify.annotations.NullMarked;
