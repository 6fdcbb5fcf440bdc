package io.millrace.http;

/// Who waits for the answer of a request that may take long: it can hang up before.
public interface Client {

    /// One of which nobody knows whether it still waits.
    Client UNSEEN =
            new Client() {
                @Override
                public void watch(Runnable hangUp) {}

                @Override
                public boolean hasHungUp() {
                    return false;
                }
            };

    /// Looks from now on whether it hangs up, and then runs this, on any thread; at once when it
    /// has hung up already. A client that ends its own half of the connection hangs up. Costs a
    /// parked virtual thread; call it on the request's thread, when its body has been read. Ends
    /// with the answer. Whoever watches is about to wait, so it does not count as work any more.
    void watch(Runnable hangUp);

    /// Whether its request came encrypted.
    default boolean isSecure() {
        return false;
    }

    /// Whether it has hung up since it is watched.
    boolean hasHungUp();

    /// The request is refused because there is too much to do: what its connection sends next need
    /// not be read at once.
    default void refused() {}
}
