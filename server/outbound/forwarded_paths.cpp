#include "server/outbound/forwarded_paths.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/random.hpp"
#include "server/delivery/routing.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace hauspost::outbound {
namespace {

constexpr std::string_view first_srs_key = "srs/1";
constexpr std::string_view srs_keys = "srs/";
constexpr std::size_t srs_key_octets = 32;

/// Most addresses are none of ours at the first look.
bool may_be_srs(std::string_view local_part) noexcept {
    constexpr std::size_t octets = 4;
    const auto kind = local_part.substr(0, octets);
    return ascii::equal_nocase(kind, "srs0") || ascii::equal_nocase(kind, "srs1");
}

srs_rewriter rewriter_for(std::string_view domain, std::vector<secret> keys) {
    srs_settings settings;
    settings.domain = domain;
    settings.keys = std::move(keys);
    return srs_rewriter(std::move(settings));
}

}  // namespace

std::int64_t forwarded_paths::now() const {
    return std::chrono::system_clock::to_time_t(time_.now());
}

/// The newest first; empty: there is none yet.
awaitable<std::vector<secret>> forwarded_paths::keys() {
    std::string prefix(srs_keys);
    auto rows = co_await secrets_.list(std::move(prefix));
    std::ranges::stable_sort(rows, std::ranges::greater(), &storage::named_secret::created_at);
    std::vector<secret> found;
    for (auto& row : rows)
        found.push_back(std::move(row.octets));
    co_return found;
}

awaitable<error_code> forwarded_paths::make_key() {
    std::string name(first_srs_key);
    secret key(random::octets(srs_key_octets));
    const auto failed = co_await secrets_.put(std::move(name), std::move(key), 0);
    // Somebody else has just made it.
    if (failed == storage::errc::changed_meanwhile) co_return error_code();
    co_return failed;
}

awaitable<result<smtp::mailbox_address>> forwarded_paths::rewrite(smtp::mailbox_address sender,
                                                                  storage::mail_address forwarder) {
    const auto name = delivery::canonical_address(sender);
    std::string sender_domain(address::domain_of(name));
    const auto ours = co_await directory_.find_domain(std::move(sender_domain));
    if (ours) co_return sender;
    auto known = co_await keys();
    if (known.empty()) {
        if (const auto failed = co_await make_key()) co_return failed;
        known = co_await keys();
    }
    const auto rewriter = rewriter_for(address::domain_of(forwarder), std::move(known));
    const auto made = rewriter.encode(sender, now());
    co_return made ? *made : delivery::path_of(forwarder);
}

awaitable<delivery::way_back> forwarded_paths::trace_back(smtp::mailbox_address recipient) {
    delivery::way_back found;
    if (!may_be_srs(recipient.local_part)) co_return found;
    std::vector<storage::mail_address> names{delivery::canonical_address(recipient)};
    const auto met = co_await directory_.find_recipient(std::move(names));
    // An account or alias may be called so.
    if (!met.domain || !std::holds_alternative<std::monostate>(met.entry)) co_return found;
    auto known = co_await keys();
    if (known.empty()) co_return found;
    const auto rewriter = rewriter_for(met.domain->name, std::move(known));
    const auto sender = rewriter.decode(recipient, now());
    // None of an address literal: whoever names one would have us call any machine we can reach.
    const auto domain = sender ? address::to_a_labels(sender->domain) : std::nullopt;
    found.is = domain ? delivery::way_back::kind::open : delivery::way_back::kind::dead;
    if (domain) found.sender = sender->local_part + '@' + *domain;
    co_return found;
}

}  // namespace hauspost::outbound
