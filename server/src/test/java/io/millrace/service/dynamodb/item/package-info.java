/// Tests of attribute values.
@NullMarked
package io.millrace.service.dynamodb.item;

import org.jspecify.annotations.NullMarked;
