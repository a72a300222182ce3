#include "admin/audit.hpp"

#include "admin/trace.hpp"
#include "base/address.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

namespace hauspost::admin {
namespace {

constexpr std::uint64_t entries_by_default = 50;
constexpr std::uint64_t most_entries = 1000;

std::string text_of(const storage::audit_place& place) {
    return std::to_string(place.microseconds) + '-' + std::to_string(place.number);
}

std::optional<storage::audit_place> read_place(std::string_view text) {
    storage::audit_place place;
    const auto* end = text.data() + text.size();
    const auto time = std::from_chars(text.data(), end, place.microseconds);
    if (time.ec != std::errc() || time.ptr == end || *time.ptr != '-') return std::nullopt;
    const auto number = std::from_chars(time.ptr + 1, end, place.number);
    if (number.ec != std::errc() || number.ptr != end) return std::nullopt;
    return place;
}

/// False: what was typed is no time.
bool set_seconds(std::int64_t& seconds, const std::string& typed, std::int64_t now) {
    if (typed.empty()) return true;
    const auto milliseconds = read_time(typed, now);
    if (milliseconds) seconds = *milliseconds / 1000;
    return milliseconds.has_value();
}

}  // namespace

storage::audit_entry audit_of(const caller& who, std::string command, std::string subject) {
    storage::audit_entry entry;
    entry.who = who.who;
    entry.from = who.from;
    entry.command = std::move(command);
    entry.subject = std::move(subject);
    return entry;
}

awaitable<outcome<audit_list>> list_audit(ports& at, audit_request wanted) {
    storage::audit_query query;
    const auto now = std::chrono::system_clock::to_time_t(at.time.now());
    if (!set_seconds(query.since, wanted.since, now))
        co_return refuse(refusal_code::not_a_time, std::move(wanted.since));
    if (!set_seconds(query.until, wanted.until, now))
        co_return refuse(refusal_code::not_a_time, std::move(wanted.until));
    if (!wanted.after.empty()) {
        query.before = read_place(wanted.after);
        if (!query.before) co_return refuse(refusal_code::no_such_place, std::move(wanted.after));
    }
    query.word = std::move(wanted.filter);
    query.subject = address::canonical(wanted.subject).value_or(wanted.subject);
    query.most =
        std::clamp<std::uint64_t>(wanted.limit.value_or(entries_by_default), 1, most_entries);
    auto found = co_await at.audit.list(std::move(query));
    if (!found) co_return refusal_of(found.error(), wanted.subject);
    audit_list done;
    done.entries = std::move(found->entries);
    if (found->next) done.more = text_of(*found->next);
    co_return done;
}

}  // namespace hauspost::admin
