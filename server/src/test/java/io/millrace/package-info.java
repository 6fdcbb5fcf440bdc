/// Tests of the whole: the walls between packages, and the tidiness of the repository.
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
