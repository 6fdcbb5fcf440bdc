package io.millrace.service.secretsmanager;

import io.millrace.engine.Bytes;
import io.millrace.engine.Cursor;
import io.millrace.engine.KeyReader;
import io.millrace.engine.KeyWriter;
import io.millrace.engine.Snapshot;
import io.millrace.storage.PageToken;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/// Pages of the secrets of an account and region, in an order. By name and by creation they are
/// read in that order; by change and by access, each page looks at all and keeps the first.
///
/// A token is the place of the last secret of the page before, and good for the same order only.
final class SecretPages {
    private static final int TOKEN_START = 1;

    private final SecretRecords records;

    /// What is asked for.
    ///
    /// @param token null for the first page
    record Query(
            String accountId,
            String region,
            SecretOrder order,
            boolean descending,
            int limit,
            @Nullable String token,
            Predicate<Secret> filter) {}

    /// @param nextToken null on the last page
    record Listed(List<Secret> secrets, @Nullable String nextToken) {}

    /// A secret's place in the order.
    private record Place(long number, String name) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byNumber = Long.compare(number, other.number);
            return byNumber == 0 ? name.compareTo(other.name) : byNumber;
        }
    }

    private record Placed(Place place, Secret secret) {}

    SecretPages(SecretRecords records) {
        this.records = records;
    }

    /// @throws io.millrace.wire.ServiceException `InvalidNextTokenException`
    Listed page(Snapshot snapshot, Query query) {
        Place after = query.token == null ? null : place(query, query.token);
        return switch (query.order) {
            case NAME, CREATED -> walk(snapshot, query, after);
            case CHANGED, ACCESSED -> sort(snapshot, query, after);
        };
    }

    private Listed walk(Snapshot snapshot, Query query, @Nullable Place after) {
        byte[] all = range(query);
        byte[] from = all;
        byte[] to = Bytes.prefixEnd(all);
        if (after != null) {
            byte[] last = key(query, after);
            if (query.descending) {
                to = last;
            } else {
                from = Arrays.copyOf(last, last.length + 1); // right behind it
            }
        }
        Snapshot.Direction direction =
                query.descending ? Snapshot.Direction.BACKWARD : Snapshot.Direction.FORWARD;
        List<Secret> page = new ArrayList<>();
        Place last = null;
        int looks = 0;
        try (Cursor cursor = snapshot.range(from, to, direction)) {
            while (cursor.next()) {
                if (page.size() == query.limit || looks == SecretsManagerLimits.LOOKS_PER_PAGE) {
                    return new Listed(page, last == null ? null : token(query, last));
                }
                looks++;
                Optional<Secret> found = read(snapshot, query, cursor);
                if (found.isPresent()) {
                    last = new Place(query.order.number(found.get()), found.get().own().name());
                    found.filter(query.filter).ifPresent(page::add);
                }
            }
        }
        return new Listed(page, null);
    }

    private Optional<Secret> read(Snapshot snapshot, Query query, Cursor cursor) {
        if (query.order == SecretOrder.CREATED) {
            return records.find(snapshot, SecretsManagerKeys.readCreated(cursor.key()));
        }
        SecretName name = SecretsManagerKeys.readSecret(cursor.key());
        return Optional.of(records.whole(snapshot, name, records.decode(cursor.value())));
    }

    private static byte[] range(Query query) {
        return query.order == SecretOrder.CREATED
                ? SecretsManagerKeys.created(query.accountId, query.region)
                : SecretsManagerKeys.secrets(query.accountId, query.region);
    }

    private static byte[] key(Query query, Place place) {
        SecretName name = new SecretName(query.accountId, query.region, place.name);
        return query.order == SecretOrder.CREATED
                ? SecretsManagerKeys.created(name, place.number)
                : SecretsManagerKeys.secret(name);
    }

    /// Keeps one more than a page, which tells whether there is another.
    private Listed sort(Snapshot snapshot, Query query, @Nullable Place after) {
        Comparator<Place> order =
                query.descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        PriorityQueue<Placed> first =
                new PriorityQueue<>(Comparator.comparing(Placed::place, order.reversed()));
        int looks = 0;
        byte[] all = SecretsManagerKeys.secrets(query.accountId, query.region);
        try (Cursor cursor = snapshot.prefix(all)) {
            while (cursor.next() && looks < SecretsManagerLimits.SORTED_SECRETS_MAX) {
                looks++;
                SecretName name = SecretsManagerKeys.readSecret(cursor.key());
                Secret secret = records.whole(snapshot, name, records.decode(cursor.value()));
                Place place = new Place(query.order.number(secret), name.name());
                boolean meant = after == null || order.compare(place, after) > 0;
                if (meant && query.filter.test(secret)) {
                    first.add(new Placed(place, secret));
                }
                if (first.size() > query.limit + 1) {
                    first.poll();
                }
            }
        }
        List<Placed> page = new ArrayList<>(first);
        page.sort(Comparator.comparing(Placed::place, order));
        boolean more = page.size() > query.limit;
        List<Placed> shown = more ? page.subList(0, query.limit) : page;
        return new Listed(
                shown.stream().map(Placed::secret).toList(),
                more ? token(query, shown.getLast().place) : null);
    }

    private static String token(Query query, Place place) {
        byte[] whole = order(query).uint64(place.number).string(place.name).toBytes();
        return PageToken.of(order(query).toBytes(), whole);
    }

    private static Place place(Query query, String token) {
        byte[] whole = PageToken.key(order(query).toBytes(), token);
        if (whole == null) {
            throw SecretsManagerErrors.invalidToken();
        }
        KeyReader reader = new KeyReader(whole);
        try {
            reader.string();
            reader.uint8();
            return new Place(reader.uint64(), reader.string());
        } catch (IndexOutOfBoundsException _) { // the checksum of something else
            throw SecretsManagerErrors.invalidToken();
        }
    }

    /// What a token begins with.
    private static KeyWriter order(Query query) {
        return new KeyWriter(TOKEN_START)
                .string(query.order.name())
                .uint8(query.descending ? 1 : 0);
    }
}
