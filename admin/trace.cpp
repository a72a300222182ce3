#include "admin/trace.hpp"

#include "admin/page.hpp"
#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <string_view>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t days_by_default = 7;
constexpr std::uint64_t most_at_once = 1000;

/// A number at the front, which is taken off. nullopt: there is none.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
    Number number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || text.empty() || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return number;
}

/// "7d", "90min": seconds.
std::optional<std::int64_t> read_span(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> units{
        {{"s", 1},
         {"m", 60},
         {"min", 60},
         {"h", 3600},
         {"d", day_seconds},
         {"w", 7 * day_seconds}}};
    const auto number = take_number<std::uint32_t>(text);
    const auto unit = std::find_if(units.begin(), units.end(),
                                   [&](const auto& one) { return one.first == text; });
    if (!number || unit == units.end()) return std::nullopt;
    return *number * unit->second;
}

/// "2026-03-31", "2026-03-31 14:30", where the machine is: Unix seconds.
std::optional<std::int64_t> read_date(const std::string& text) {
    std::tm parts{};
    const char* rest = ::strptime(text.c_str(), "%Y-%m-%d", &parts);
    if (rest != nullptr && (*rest == ' ' || *rest == 'T'))
        rest = ::strptime(rest + 1, "%H:%M", &parts);
    if (rest != nullptr && *rest == ':') rest = ::strptime(rest + 1, "%S", &parts);
    if (rest == nullptr || *rest != '\0') return std::nullopt;
    parts.tm_isdst = -1;
    const auto seconds = std::mktime(&parts);
    if (seconds == -1) return std::nullopt;
    return seconds;
}

std::string text_of(storage::trace_place place) {
    return std::to_string(place.microseconds) + '-' + std::to_string(place.number);
}

std::optional<storage::trace_place> place_of(std::string_view text) {
    storage::trace_place place;
    const auto microseconds = take_number<std::uint64_t>(text);
    if (!microseconds || !text.starts_with('-')) return std::nullopt;
    text.remove_prefix(1);
    const auto number = take_number<std::uint32_t>(text);
    if (!number || !text.empty()) return std::nullopt;
    place.microseconds = *microseconds;
    place.number = *number;
    return place;
}

/// False: it is neither an address, nor "@domain", nor an id.
bool set_about(storage::trace_query& query, const std::string& about) {
    if (about.empty()) return true;
    if (about.find('@') == std::string::npos) {
        const auto id = storage::parse_trace_id(about);
        if (id) query.id = *id;
        return id.has_value();
    }
    if (address::domain_of(about).empty()) return false;
    // The local part stands for any when only a domain is given.
    const bool is_domain = address::local_part_of(about).empty();
    const auto name = address::canonical(is_domain ? 'x' + about : about);
    if (!name) return false;
    query.address = is_domain ? name->substr(1) : *name;
    return true;
}

/// False: what was typed is no time.
bool set_time(std::int64_t& milliseconds, const std::string& typed, std::int64_t now) {
    if (typed.empty()) return true;
    const auto time = read_time(typed, now);
    if (time) milliseconds = *time;
    return time.has_value();
}

std::string without_brackets(std::string_view message_id) {
    message_id = ascii::trimmed(message_id);
    if (message_id.starts_with('<')) message_id.remove_prefix(1);
    if (message_id.ends_with('>')) message_id.remove_suffix(1);
    return std::string(message_id);
}

/// As much as an answer may hold; the rest comes with the next page.
void cut(traced_mail& found) {
    std::size_t octets = 0;
    for (std::size_t n = 0; n < found.messages.size(); ++n) {
        constexpr std::size_t of_a_step = 400;  // about, as JSON
        octets += found.messages[n].steps.size() * of_a_step;
        if (octets < max_page_octets || n + 1 == found.messages.size()) continue;
        found.more = text_of(found.messages[n].place);
        found.messages.resize(n + 1);
    }
}

}  // namespace

std::optional<std::int64_t> read_time(const std::string& typed, std::int64_t now) {
    const auto span = read_span(typed);
    const auto seconds = span ? std::max<std::int64_t>(0, now - *span) : read_date(typed);
    if (!seconds) return std::nullopt;
    return *seconds * 1000;
}

awaitable<outcome<traced_mail>> trace_mail(ports& at, trace_request wanted) {
    if (!at.trace.is_on()) co_return refuse(refusal_code::trace_is_off);
    storage::trace_query query;
    if (!set_about(query, wanted.about))
        co_return refuse(refusal_code::nothing_to_trace, std::move(wanted.about));
    const auto now = std::chrono::system_clock::to_time_t(at.time.now());
    query.message_id = without_brackets(wanted.message_id);
    if (!query.id && query.message_id.empty())
        query.since = (now - days_by_default * day_seconds) * 1000;
    if (!set_time(query.since, wanted.since, now))
        co_return refuse(refusal_code::not_a_time, std::move(wanted.since));
    if (!set_time(query.until, wanted.until, now))
        co_return refuse(refusal_code::not_a_time, std::move(wanted.until));
    if (!wanted.account.empty()) {
        query.account_name = address::canonical(wanted.account).value_or(wanted.account);
        auto name = query.account_name;
        const auto found = co_await at.directory.find_address(std::move(name));
        if (const auto* account = std::get_if<storage::account>(&found))
            query.account = account->id;
    }
    if (!wanted.after.empty()) {
        query.before = place_of(wanted.after);
        if (!query.before) co_return refuse(refusal_code::no_such_place, std::move(wanted.after));
    }
    query.most =
        std::clamp<std::uint64_t>(wanted.limit.value_or(traced_by_default), 1, most_at_once);
    traced_mail found;
    found.is_one = static_cast<bool>(query.id);
    auto page = co_await at.trace.find(std::move(query));
    if (!page) co_return refusal_of(page.error(), wanted.about);
    found.messages = std::move(page->messages);
    found.only_counted = page->only_counted;
    if (page->next && !found.is_one) found.more = text_of(*page->next);
    cut(found);
    co_return found;
}

awaitable<outcome<traced_life>> trace_one(ports& at, std::string id) {
    const auto number = storage::parse_trace_id(id);
    if (!number) co_return refuse(refusal_code::nothing_to_trace, std::move(id));
    storage::trace_query query;
    query.id = *number;
    auto page = co_await at.trace.find(std::move(query));
    if (!page) co_return refusal_of(page.error(), id);
    co_return traced_life{*number, std::move(page->messages)};
}

}  // namespace hauspost::admin
