#include "protocols/http/conditions.hpp"

#include "base/ascii.hpp"
#include "protocols/http/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace hauspost::http {
namespace {

using std::chrono::sys_seconds;

constexpr std::string_view weak_mark = "W/";

std::optional<sys_seconds> date_in(const request_head& head,
                                   std::string_view field,
                                   sys_seconds now) {
    const auto value = head.fields.find(field);
    return value ? parse_http_date(*value, now) : std::nullopt;
}

/// Takes "W/" and the quoted tag off the begin of a list. "": none stands there.
std::string_view take_etag(std::string_view& list) noexcept {
    const auto from = list.starts_with(weak_mark) ? weak_mark.size() : 0;
    if (list.size() <= from || list[from] != '"') return {};
    const auto end = list.find('"', from + 1);
    if (end == std::string_view::npos) return {};
    const auto tag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    return tag;
}

bool matches(std::string_view list, const representation& of, bool is_weak) noexcept {
    if (ascii::trimmed(list) == "*") return of.exists;
    return !of.etag.empty() && has_etag(list, of.etag, is_weak);
}

/// The first half: is it still what the client means?
bool is_as_expected(const request_head& head, const representation& of, sys_seconds now) {
    if (const auto list = head.fields.joined("If-Match")) return matches(*list, of, false);
    const auto date = date_in(head, "If-Unmodified-Since", now);
    return !date || !of.last_modified || *of.last_modified <= *date;
}

/// The second: has the client got it already?
bool is_known(const request_head& head, const representation& of, sys_seconds now) {
    if (const auto list = head.fields.joined("If-None-Match")) return matches(*list, of, true);
    if (!head.is_read_only()) return false;
    const auto date = date_in(head, "If-Modified-Since", now);
    return date && of.last_modified && *of.last_modified <= *date;
}

bool is_of_this_one(std::string_view if_range, const representation& of, sys_seconds now) {
    if (if_range.starts_with('"')) return if_range == of.etag;
    if (if_range.starts_with(weak_mark)) return false;
    const auto date = parse_http_date(if_range, now);
    return date && of.last_modified && *date == *of.last_modified;
}

std::optional<std::uint64_t> number(std::string_view digits) noexcept {
    std::uint64_t found = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), found);
    if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return found;
}

/// "0-99", "100-", "-100"
range_wish read_range(std::string_view spec, std::uint64_t size) noexcept {
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos) return {};
    const auto first_text = ascii::trimmed(spec.substr(0, dash));
    const auto last_text = ascii::trimmed(spec.substr(dash + 1));
    const auto first = number(first_text);
    const auto last = number(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty())) return {};
    if (!first && !last) return {};
    if (!first) {
        if (*last == 0 || size == 0) return {range_kind::unsatisfiable, {}};
        const auto octets = std::min(*last, size);
        return {range_kind::part, {size - octets, octets}};
    }
    if (last && *last < *first) return {};
    if (*first >= size) return {range_kind::unsatisfiable, {}};
    const auto end = last ? std::min(*last, size - 1) : size - 1;
    return {range_kind::part, {*first, end - *first + 1}};
}

}  // namespace

bool has_etag(std::string_view list, std::string_view etag, bool is_weak) noexcept {
    for (;;) {
        const auto begin = list.find_first_not_of(" \t,");
        if (begin == std::string_view::npos) return false;
        list.remove_prefix(begin);
        auto tag = take_etag(list);
        if (tag.empty()) return false;  // no list of entity-tags
        if (is_weak && tag.starts_with(weak_mark)) tag.remove_prefix(weak_mark.size());
        if (tag == etag) return true;
    }
}

condition check_conditions(const request_head& head, const representation& of, sys_seconds now) {
    if (!is_as_expected(head, of, now)) return condition::failed;
    if (!is_known(head, of, now)) return condition::holds;
    return head.is_read_only() ? condition::not_modified : condition::failed;
}

range_wish wanted_range(const request_head& head,
                        const representation& of,
                        std::uint64_t size,
                        sys_seconds now) {
    const auto range = head.fields.find("Range");
    if (!range || head.verb != method::get) return {};
    if (const auto same = head.fields.find("If-Range"); same && !is_of_this_one(*same, of, now))
        return {};
    const auto equals = range->find('=');
    if (equals == std::string_view::npos ||
        !ascii::equal_nocase(ascii::trimmed(range->substr(0, equals)), "bytes"))
        return {};
    std::string_view spec;
    std::string_view more;
    list_reader list(range->substr(equals + 1));
    if (!list.next(spec) || list.next(more)) return {};
    return read_range(spec, size);
}

std::string content_range(const octet_range& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.first) + '-' +
           std::to_string(range.first + range.octets - 1) + '/' + std::to_string(size);
}

}  // namespace hauspost::http
