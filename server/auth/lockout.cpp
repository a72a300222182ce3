#include "server/auth/lockout.hpp"

#include "base/peer_networks.hpp"
#include "base/utf8.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace hauspost::auth {
namespace {

constexpr std::size_t most_names = 5;
constexpr std::size_t most_name_octets = 100;
constexpr std::chrono::hours between_two_in_a_row{24};

new_ban ban_of(new_ban::scope of,
               std::size_t network,
               std::uint32_t passwords,
               std::uint32_t times,
               std::vector<std::string> tried) {
    new_ban made;
    made.of = of;
    made.network = network;
    made.passwords = passwords;
    made.times = times;
    made.tried = std::move(tried);
    return made;
}

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
      known_(settings.max_entries),
      shut_out_(settings.max_entries) {}

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
    const std::lock_guard lock(mutex_);
    if (is_shut_out(who, now)) return false;
    return who.is_exempt || settings_.ban.count() == 0 || look(who, now) != state::banned;
}

lockout::reservation lockout::reserve(const attempt& who, steady_time now) {
    std::unique_lock lock(mutex_);
    if (who.is_exempt || settings_.ban.count() == 0) {
        if (is_shut_out(who, now)) return {};
        return {this, {}};
    }
    for (;;) {
        const auto now_is = is_shut_out(who, now) ? state::banned : look(who, now);
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

bool lockout::is_shut_out(const attempt& who, steady_time now) {
    return std::any_of(who.networks.begin(), who.networks.end(), [&](const digest& network) {
        const auto* until = shut_out_.find(network);
        return until != nullptr && now < *until;
    });
}

std::vector<new_ban> lockout::wrong(const attempt& who, steady_time now) {
    using scope = new_ban::scope;
    std::vector<new_ban> made;
    if (who.is_exempt || settings_.ban.count() == 0) return made;
    const std::lock_guard lock(mutex_);
    const auto note = [&](counter& seen, std::uint32_t limit, scope of, std::size_t network) {
        if (!count(seen, limit, who, now)) return;
        made.push_back(ban_of(of, network, limit, seen.times, std::exchange(seen.tried, {})));
    };
    // Who was right from here before has a count of his own, as in reserve(): ten people with old
    // passwords in their phones do not shut the office out.
    if (auto* own = known_.find(who.pair)) {
        note(*own, settings_.wrong_per_network, scope::pair, 0);
        return made;
    }
    note(accounts_.at(who.account), settings_.wrong_per_account, scope::account, 0);
    for (std::size_t i = who.networks.size(); i-- > 0;)
        note(networks_.at(who.networks[i]), limit_of_network(i), scope::network, i);
    return made;
}

void lockout::right(const attempt& who) {
    know(who.pair);
}

void lockout::know(const digest& pair) {
    const std::lock_guard lock(mutex_);
    known_.at(pair);  // what it has counted stays: others may sit behind the same address
}

lru_table<lockout::counter>& lockout::table_of(new_ban::scope of) noexcept {
    switch (of) {
    case new_ban::scope::account: return accounts_;
    case new_ban::scope::pair: return known_;
    case new_ban::scope::network: break;
    }
    return networks_;
}

void lockout::shut(new_ban::scope of, const digest& key, steady_time until, std::uint32_t times) {
    const std::lock_guard lock(mutex_);
    auto& seen = table_of(of).at(key);
    seen.banned_until = until;
    seen.times = times;
}

void lockout::lift(new_ban::scope of, const digest& key) {
    {
        const std::lock_guard lock(mutex_);
        auto* seen = table_of(of).find(key);
        if (seen == nullptr) return;
        // Who is being hashed gives his place back later; a known pair stays known.
        const auto pending = seen->pending;
        *seen = counter();
        seen->pending = pending;
    }
    released_.notify_all();
}

void lockout::shut_out(const digest& network, steady_time until) {
    const std::lock_guard lock(mutex_);
    shut_out_.at(network) = until;
}

void lockout::let_in(const digest& network) {
    const std::lock_guard lock(mutex_);
    shut_out_.erase(network);
}

bool lockout::count(counter& seen, std::uint32_t limit, const attempt& who, steady_time now) {
    // One that is shut out already is not shut out for longer by those who may pass.
    if (limit == 0 || now < seen.banned_until) return false;
    if (seen.passwords.empty() || now - seen.since >= settings_.window) {
        seen.since = now;
        seen.passwords.clear();
        seen.tried.clear();
    }
    const auto head = head_of(who.password);
    if (std::find(seen.passwords.begin(), seen.passwords.end(), head) != seen.passwords.end())
        return false;
    seen.passwords.push_back(head);
    const std::string name(utf8::truncated(who.name, most_name_octets));
    if (!name.empty() && seen.tried.size() < most_names &&
        std::find(seen.tried.begin(), seen.tried.end(), name) == seen.tried.end())
        seen.tried.push_back(name);
    if (seen.passwords.size() < limit) return false;
    const bool is_in_a_row = seen.times > 0 && now - seen.banned_until < between_two_in_a_row;
    seen.times = is_in_a_row ? seen.times + 1 : 1;
    seen.banned_until = now + settings_.ban;
    seen.passwords = {};
    return true;
}

}  // namespace hauspost::auth
