#include "admin/api/audited.hpp"

#include "admin/api/in_json.hpp"
#include "admin/audit.hpp"
#include "base/address.hpp"

#include <boost/json/serialize.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hauspost::admin::api {
namespace {

/// What a command is about: an address, a domain, a number.
std::string subject_of(const command& what, const json::object& request) {
    for (const char* key : {"address", "name", "id"}) {
        const auto* value = request.if_contains(key);
        if (value == nullptr) continue;
        if (!value->is_string()) return json::serialize(*value);
        const std::string typed(value->get_string());
        return address::canonical(typed).value_or(typed);
    }
    const std::string_view name(what.name);
    return name.starts_with("owner ") ? "owner" : "";
}

/// The fields of `of` that are not the same in `other`.
json::object different(const json::object& of, const json::object& other) {
    json::object left;
    for (const auto& [key, value] : of) {
        const auto* same = other.if_contains(key);
        if (same == nullptr || *same != value) left[key] = value;
    }
    return left;
}

/// As an entry holds it: fields that make it too long are left out, and it says so.
std::string text_of(json::object change) {
    if (change.empty()) return {};
    auto text = json::serialize(change);
    while (text.size() > storage::audit_entry::max_change_octets && !change.empty()) {
        auto longest = change.begin();
        for (auto at = change.begin(); at != change.end(); ++at)
            if (json::serialize(at->value()).size() > json::serialize(longest->value()).size())
                longest = at;
        longest->value() = "too long to be shown";
        const auto shorter = json::serialize(change);
        if (shorter.size() >= text.size()) change.erase(longest);
        text = json::serialize(change);
    }
    return text;
}

awaitable<json::object> look(context with,
                             const command& what,
                             const json::object& request,
                             moment when) {
    if (what.sees == nullptr) co_return json::object();
    auto seeing = what.sees(with.at, request, when);
    co_return co_await std::move(seeing);
}

}  // namespace

std::optional<refusal> find_limit(const command& what, const caller& who) {
    if (what.to == offered::on_console && who.is_browser())
        return refuse(refusal_code::console_only, {}, what.name);
    if (who.who == storage::audit_actor::setup && !what.in_setup)
        return refuse(refusal_code::not_signed_in);
    return std::nullopt;
}

awaitable<answer> audited(context with,
                          const command& what,
                          const json::object& request,
                          awaitable<answer> operation) {
    auto before = co_await look(with, what, request, moment::before);
    auto entry = audit_of(with.who, what.name, subject_of(what, request));
    auto begun = entry;
    const auto place = co_await with.at.audit.begin(std::move(begun));
    if (!place) co_return failure_of(refusal_of(place.error(), entry.subject), with.named);
    entry.place = *place;
    // From here on, whatever throws leaves the entry with an unknown end.
    auto done = co_await std::move(operation);
    const auto after = co_await look(with, what, request, moment::after);
    entry.before = text_of(different(before, after));
    auto changed = different(after, before);
    if (done && what.tells != nullptr)
        if (const auto* told = request.if_contains(what.tells)) changed[what.tells] = *told;
    entry.after = text_of(std::move(changed));
    const bool is_other = !entry.before.empty() || !entry.after.empty();
    const bool is_known = done || done.error().code != name_of(refusal_code::unsure);
    if (is_known && !is_other && (!done || what.may_only_look)) {
        // Refused here as well: it stays, and says that nobody knows.
        (void)co_await with.at.audit.forget(entry.place);
        co_return done;
    }
    if (is_known) entry.end = done ? storage::audit_end::done : storage::audit_end::refused;
    if (!done) entry.reason = done.error().code;
    (void)co_await with.at.audit.complete(std::move(entry));
    co_return done;
}

}  // namespace hauspost::admin::api
