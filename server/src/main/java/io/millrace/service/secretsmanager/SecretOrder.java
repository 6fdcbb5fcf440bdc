package io.millrace.service.secretsmanager;

import org.jspecify.annotations.Nullable;

/// What lists are sorted by; of equal ones the name decides.
enum SecretOrder {
    NAME("name") {
        @Override
        long number(Secret secret) {
            return 0;
        }
    },
    CREATED("created-date") {
        @Override
        long number(Secret secret) {
            return secret.own().createdMillis();
        }
    },
    CHANGED("last-changed-date") {
        @Override
        long number(Secret secret) {
            return secret.shared().changedMillis();
        }
    },
    ACCESSED("last-accessed-date") {
        @Override
        long number(Secret secret) {
            Long day = secret.own().accessedDay();
            return day == null ? 0 : day;
        }
    };

    private final String text;

    SecretOrder(String text) {
        this.text = text;
    }

    abstract long number(Secret secret);

    /// @param sortBy as a request has it, checked by the model
    static SecretOrder of(@Nullable String sortBy) {
        for (SecretOrder order : values()) {
            if (order.text.equals(sortBy)) {
                return order;
            }
        }
        return CREATED;
    }
}
