@NullMarked
package io.millrace.service.dynamodb;

import org.jspecify.annotations.NullMarked;
