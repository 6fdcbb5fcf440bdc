package io.millrace.service.dynamodb.item;

/// What can be told of a number in normal form by its text, without making a number of it: most
/// numbers are sent in that form.
final class PlainNumber {

    private PlainNumber() {}

    /// Whether [DecimalNumber#normal] gives this very text: digits without needless zeros, perhaps
    /// a sign and a point, and no more of them than a number may have, which bounds its exponent,
    /// too. (Of numbers that are nearly zero, with more digits behind the point, it does not know.)
    static boolean isNormal(String text) {
        int begin = text.startsWith("-") ? 1 : 0;
        int point = afterDigits(text, begin);
        int whole = point - begin;
        if (whole == 0 || (whole > 1 && text.charAt(begin) == '0')) {
            return false;
        }
        if (point == text.length()) {
            return whole <= DecimalNumber.DIGITS_MAX && (begin == 0 || text.charAt(begin) != '0');
        }
        int end = afterDigits(text, point + 1);
        return text.charAt(point) == '.'
                && end == text.length()
                && end > point + 1
                && text.charAt(end - 1) != '0'
                && (text.charAt(begin) == '0' ? 0 : whole) + end - point - 1
                        <= DecimalNumber.DIGITS_MAX;
    }

    private static int afterDigits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /// The bytes that a number counts in an item's size: see [DecimalNumber#sizeBytes].
    static int sizeBytes(String text) {
        if (!isNormal(text)) {
            return DecimalNumber.parse(text).sizeBytes();
        }
        int begin = text.startsWith("-") ? 1 : 0;
        int point = afterDigits(text, begin);
        int first = begin;
        while (first < text.length() && isZeroOrPoint(text, first)) {
            first++;
        }
        if (first == text.length()) {
            return 1;
        }
        int last = text.length() - 1;
        while (isZeroOrPoint(text, last)) {
            last--;
        }
        boolean across = first < point && point < last;
        int digits = last - first + (across ? 0 : 1);
        int exponent = first < point ? point - first - 1 : point - first;
        return DecimalNumber.sizeBytes(digits, exponent, begin == 1);
    }

    private static boolean isZeroOrPoint(String text, int index) {
        return text.charAt(index) == '0' || text.charAt(index) == '.';
    }
}
