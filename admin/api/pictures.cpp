#include "admin/api/pictures.hpp"

#include "admin/api/setting_results.hpp"
#include "admin/bans.hpp"
#include "admin/forwards.hpp"
#include "admin/owner.hpp"
#include "base/address.hpp"
#include "base/utf8.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hauspost::admin::api {
namespace {

constexpr std::size_t most_shown = 4;          // of a list
constexpr std::size_t most_octets_shown = 80;  // of a text

json::value short_text_json(std::string_view text) {
    const auto cut = utf8::truncated(text, most_octets_shown);
    return json::value(
        json::string_view(std::string(cut) + (cut.size() < text.size() ? "..." : "")));
}

json::value short_list_json(const std::vector<std::string>& texts) {
    json::array list;
    for (std::size_t n = 0; n < texts.size() && n < most_shown; ++n)
        list.push_back(short_text_json(texts[n]));
    if (texts.size() > most_shown)
        list.push_back(
            short_text_json("and " + std::to_string(texts.size() - most_shown) + " more"));
    return list;
}

/// Canonical; "" where it is missing or none.
std::string name_in(const json::object& request, const char* key) {
    const auto* value = request.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    const std::string typed(value->get_string());
    return address::canonical(typed).value_or(typed);
}

}  // namespace

awaitable<json::object> account_picture(ports& at, const json::object& request, moment when) {
    auto name =
        name_in(request, when == moment::after && request.contains("new_address") ? "new_address"
                                                                                  : "address");
    const auto entry = co_await at.directory.find_address(name);
    json::object seen;
    const auto* account = std::get_if<storage::account>(&entry);
    if (account != nullptr) {
        seen["address"] = short_text_json(account->name);
        seen["display_name"] = short_text_json(account->display_name);
        seen["note"] = short_text_json(account->note);
        seen["quota_octets"] = account->quota_octets;
        seen["active"] = account->active;
        seen["forwards"] = short_list_json(account->forwards);
        seen["keep_copy"] = account->keep_copy;
        seen["files_sent"] = account->files_sent;
        std::vector<storage::mail_address> nobody;
        const auto sending = co_await at.senders.find(account->id, std::move(nobody));
        seen["sending"] = sending.frozen ? "frozen" : "on";
    }
    const auto kept = co_await at.expunged.expunged(name);
    if (kept.messages != 0) seen["expunged_messages"] = kept.messages;
    co_return seen;
}

awaitable<json::object> alias_picture(ports& at, const json::object& request, moment) {
    auto name = name_in(request, "address");
    const auto entry = co_await at.directory.find_address(std::move(name));
    json::object seen;
    if (const auto* alias = std::get_if<storage::alias>(&entry)) {
        seen["targets"] = short_list_json(alias->targets);
        seen["enabled"] = alias->enabled;
    }
    co_return seen;
}

awaitable<json::object> domain_picture(ports& at, const json::object& request, moment) {
    const auto* value = request.if_contains("name");
    json::object seen;
    if (value == nullptr || !value->is_string()) co_return seen;
    // Domains are canonical behind an @ alone.
    const auto canonical = address::canonical("x@" + std::string(value->get_string()));
    if (!canonical) co_return seen;
    const std::string name(address::domain_of(*canonical));
    const auto domain = co_await at.directory.find_domain(name);
    if (!domain) co_return seen;
    seen["name"] = short_text_json(domain->name);
    seen["catch_all"] = short_text_json(domain->catch_all);
    std::vector<std::string> selectors;
    const auto keys = co_await at.keys.published(name);
    for (const auto& one : keys)
        selectors.push_back(one.selector);
    seen["keys"] = short_list_json(selectors);
    co_return seen;
}

awaitable<json::object> suspended_picture(ports& at, const json::object& request, moment) {
    auto by = name_in(request, "address");
    const auto targets = co_await suspended_targets(at, std::move(by));
    json::object seen;
    seen["suspended"] = short_list_json(targets);
    co_return seen;
}

awaitable<json::object> queue_picture(ports& at, const json::object& request, moment) {
    const auto* value = request.if_contains("id");
    json::object seen;
    if (value == nullptr || !value->is_number()) co_return seen;
    const auto item = co_await at.queue.find(queue_id(value->to_number<std::uint64_t>()));
    if (!item) co_return seen;
    seen["from"] = short_text_json(item->reverse_path);
    std::vector<std::string> recipients;
    std::size_t held = 0;
    for (const auto& one : item->recipients) {
        recipients.push_back(one.to);
        held += one.held ? 1 : 0;
    }
    seen["recipients"] = short_list_json(recipients);
    seen["held"] = held;
    co_return seen;
}

awaitable<json::object> ban_picture(ports& at, const json::object& request, moment) {
    const auto found = co_await find_bans(at, name_in(request, "name"));
    json::object seen;
    if (!found.empty()) seen["bans"] = found.size();
    co_return seen;
}

awaitable<json::object> setting_picture(ports& at, const json::object& request, moment) {
    const auto name = name_in(request, "name");
    json::object seen;
    for (const auto& one : at.book.list()) {
        if (one.name != name) continue;
        seen["value"] = short_text_json(one.value);
        seen["source"] = name_of(one.from);
    }
    co_return seen;
}

awaitable<json::object> certificate_picture(ports& at, const json::object&, moment) {
    std::vector<std::string> fingerprints;
    for (const auto& one : at.certificates.certificates())
        fingerprints.push_back(one.fingerprint);
    json::object seen;
    seen["certificates"] = short_list_json(fingerprints);
    co_return seen;
}

awaitable<json::object> owner_picture(ports& at, const json::object&, moment) {
    const auto owner = co_await show_owner(at);
    json::object seen;
    seen["has_password"] = owner.has_password;
    seen["second_factor"] = owner.is_totp_on;
    seen["recovery_codes"] = owner.recovery_codes;
    seen["language"] = owner.language;
    seen["sessions"] = owner.sessions;
    seen["setup_link"] = owner.link_expires_at != 0;
    co_return seen;
}

}  // namespace hauspost::admin::api
