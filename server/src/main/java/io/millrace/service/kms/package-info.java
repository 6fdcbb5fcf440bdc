/// AWS Key Management Service: keys that never leave, and what is done with them.
///
/// Promises: key material is in the store only sealed with the master key; a key that was deleted,
/// and what it sealed, is gone; what a caller may do is what the key's own policy and its grants
/// say. Using a key reads the store's memory and writes nothing. Depends on `wire`, `policy`,
/// `secret`, `storage`, `timer` and `engine`. Deliberately missing: custom key stores, Nitro
/// enclaves as recipients, and what the JDK cannot compute (secp256k1, SM2). Start reading at
/// [Kms].
@NullMarked
package io.millrace.service.kms;

import org.jspecify.annotations.NullMarked;
