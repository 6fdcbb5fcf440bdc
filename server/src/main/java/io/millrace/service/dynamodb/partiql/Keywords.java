package io.millrace.service.dynamodb.partiql;

import java.util.Set;

/// The words that are no names unless they stand in double quotes: SQL-92's, and PartiQL's own.
/// Source: the [grammar](https://partiql.org/assets/PartiQL-Specification.pdf) and its reference
/// parser.
final class Keywords {

    private static final Set<String> ALL =
            Set.of(
                    """
                    absolute action add all allocate alter and any are as asc assertion at
                    authorization avg begin between bit bit_length by cascade cascaded case cast
                    catalog char character character_length char_length check close coalesce
                    collate collation column commit connect connection constraint constraints
                    continue convert corresponding count create cross current current_date
                    current_time current_timestamp current_user cursor date deallocate dec decimal
                    declare default deferrable deferred delete desc describe descriptor
                    diagnostics disconnect distinct domain double drop else end escape except
                    exception exec execute exists external extract date_add date_diff false fetch
                    first float for foreign found from full get global go goto grant group having
                    identity immediate in indicator initially inner input insensitive insert int
                    integer intersect interval into is isolation join key language last left level
                    like local lower match max min module names national natural nchar next no not
                    null nullif numeric octet_length of on only open option or order outer output
                    overlaps pad partial position precision prepare preserve primary prior
                    privileges procedure public read real references relative restrict revoke
                    right rollback rows schema scroll section select session session_user set size
                    smallint some space sql sqlcode sqlerror sqlstate substring sum system_user
                    table temporary then time timestamp to transaction translate translation trim
                    true union unique unknown update upper usage user using value values varchar
                    varying view when whenever where with work write zone missing pivot unpivot
                    limit tuple remove index let bool boolean string symbol clob blob struct list
                    sexp bag
                    """
                            .strip()
                            .split("\\s+"));

    /// Those that name functions.
    private static final Set<String> FUNCTIONS =
            Set.of(
                    "exists",
                    "count",
                    "avg",
                    "max",
                    "min",
                    "sum",
                    "char_length",
                    "character_length",
                    "octet_length",
                    "bit_length",
                    "upper",
                    "lower",
                    "size",
                    "nullif",
                    "coalesce",
                    "substring",
                    "trim",
                    "extract",
                    "date_add",
                    "date_diff",
                    "cast",
                    "sexp",
                    "list",
                    "bag");

    private Keywords() {}

    /// @param word in lower case
    static boolean contains(String word) {
        return ALL.contains(word);
    }

    /// @param keyword in lower case
    static boolean isFunction(String keyword) {
        return FUNCTIONS.contains(keyword);
    }
}
