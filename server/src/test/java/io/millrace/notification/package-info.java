/// Tests of the mailbox and the providers.
@NullMarked
package io.millrace.notification;

import org.jspecify.annotations.NullMarked;
