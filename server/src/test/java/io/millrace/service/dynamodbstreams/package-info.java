@NullMarked
package io.millrace.service.dynamodbstreams;

import org.jspecify.annotations.NullMarked;
