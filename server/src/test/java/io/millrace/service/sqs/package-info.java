@NullMarked
package io.millrace.service.sqs;

import org.jspecify.annotations.NullMarked;
