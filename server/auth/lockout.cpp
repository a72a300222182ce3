#include "server/auth/lockout.hpp"

#include "base/peer_networks.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstring>
#include <limits>

namespace hauspost::auth {
namespace {

std::uint64_t head_of(const digest& password) {
    std::uint64_t head;
    std::memcpy(&head, password.data(), sizeof(head));
    return head;
}

}  // namespace

std::vector<std::string> networks_of(std::string_view peer_address) {
    boost::system::error_code wrong;
    const auto address = boost::asio::ip::make_address(std::string(peer_address), wrong);
    if (wrong) return {std::string(peer_address)};
    std::vector<std::string> networks;
    for (const auto& network : peer_networks(address))
        networks.push_back(to_text(network));
    return networks;
}

lockout::lockout(const lockout_settings& settings)
    : settings_(settings),
      networks_(settings.max_entries),
      accounts_(settings.max_entries),
      known_(settings.max_entries) {}

void lockout::reservation::release() noexcept {
    if (owner_ == nullptr) return;
    auto& owner = *std::exchange(owner_, nullptr);
    {
        const std::lock_guard lock(owner.mutex_);
        for (const auto& key : counters_)
            for (auto* table : {&owner.networks_, &owner.accounts_, &owner.known_}) {
                auto* seen = table->find(key);
                if (seen != nullptr && seen->pending > 0) --seen->pending;
            }
    }
    owner.released_.notify_all();
}

std::uint32_t lockout::limit_of_network(std::size_t number) const noexcept {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(hauspost::limit_of_network(settings_.wrong_per_network, number),
                                std::numeric_limits<std::uint32_t>::max()));
}

bool lockout::is_known(const attempt& who) {
    const std::lock_guard lock(mutex_);
    return known_.find(who.pair) != nullptr;
}

bool lockout::may_try(const attempt& who, steady_time now) {
    if (settings_.ban.count() == 0) return true;
    const std::lock_guard lock(mutex_);
    return look(who, now) != state::banned;
}

lockout::reservation lockout::reserve(const attempt& who, steady_time now) {
    if (settings_.ban.count() == 0) return {this, {}};
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto now_is = look(who, now);
        if (now_is == state::banned) return {};
        if (now_is == state::open) break;
        released_.wait(lock);
    }
    std::vector<digest> counters;
    if (auto* own = known_.find(who.pair)) {
        ++own->pending;
        counters.push_back(who.pair);
        return {this, std::move(counters)};
    }
    for (const auto& network : who.networks)
        ++networks_.at(network).pending;
    ++accounts_.at(who.account).pending;
    counters = who.networks;
    counters.push_back(who.account);
    return {this, std::move(counters)};
}

lockout::state lockout::look(const attempt& who, steady_time now) {
    if (known_.find(who.pair) != nullptr)
        return look(known_, who.pair, settings_.wrong_per_network, now);
    auto worst = look(accounts_, who.account, settings_.wrong_per_account, now);
    for (std::size_t i = 0; i < who.networks.size(); ++i)
        worst = std::max(worst, look(networks_, who.networks[i], limit_of_network(i), now));
    return worst;
}

lockout::state lockout::look(lru_table<counter>& table,
                             const digest& key,
                             std::uint32_t limit,
                             steady_time now) {
    const auto* seen = table.find(key);
    if (seen == nullptr || limit == 0) return state::open;
    if (now < seen->banned_until) return state::banned;
    const bool is_over = now - seen->since >= settings_.window;
    const std::size_t wrong = is_over ? 0 : seen->passwords.size();
    return seen->pending > 0 && wrong + seen->pending >= limit ? state::full : state::open;
}

new_ban lockout::wrong(const attempt& who, steady_time now) {
    using scope = new_ban::scope;
    if (settings_.ban.count() == 0) return {};
    const std::lock_guard lock(mutex_);
    new_ban made;
    // Who was right from here before has a count of his own, as in reserve(): ten people with old
    // passwords in their phones do not shut the office out.
    if (auto* own = known_.find(who.pair)) {
        if (count(*own, settings_.wrong_per_network, who.password, now)) made = {scope::pair, 0};
        return made;
    }
    if (count(accounts_.at(who.account), settings_.wrong_per_account, who.password, now))
        made = {scope::account, 0};
    for (std::size_t i = who.networks.size(); i-- > 0;)
        if (count(networks_.at(who.networks[i]), limit_of_network(i), who.password, now))
            made = {scope::network, i};
    return made;
}

void lockout::right(const attempt& who) {
    const std::lock_guard lock(mutex_);
    known_.at(who.pair);  // what it has counted stays: others may sit behind the same address
}

bool lockout::count(counter& seen, std::uint32_t limit, const digest& password, steady_time now) {
    // One that is shut out already is not shut out for longer by those who may pass.
    if (limit == 0 || now < seen.banned_until) return false;
    if (seen.passwords.empty() || now - seen.since >= settings_.window) {
        seen.since = now;
        seen.passwords.clear();
    }
    const auto head = head_of(password);
    if (std::find(seen.passwords.begin(), seen.passwords.end(), head) != seen.passwords.end())
        return false;
    seen.passwords.push_back(head);
    if (seen.passwords.size() < limit) return false;
    seen.banned_until = now + settings_.ban;
    seen.passwords = {};
    return true;
}

}  // namespace hauspost::auth
