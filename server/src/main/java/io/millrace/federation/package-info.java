/// Tokens of identity providers that speak OpenID Connect: read, and verified with the keys that
/// their provider serves.
///
/// Promises: a token counts only with a signature by a key that came from its provider, over HTTPS
/// whose certificate is trusted or named by its thumbprint; nothing of a provider is fetched
/// without a bound. May depend on `log`. Deliberately missing: SAML, opaque tokens, symmetric
/// signatures. Start reading at [ProviderKeys].
@NullMarked
package io.millrace.federation;

import org.jspecify.annotations.NullMarked;
