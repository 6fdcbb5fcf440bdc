package io.millrace.engine;

/// The specification of [Store]: what every implementation passes.
interface StoreContract
        extends ReadWriteContract,
                ConcurrencyContract,
                HistoryContract,
                WatchContract,
                ListenContract {

    @Override
    Store store();
}
