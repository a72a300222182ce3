#include "admin/bans.hpp"

#include "admin/names.hpp"
#include "base/ascii.hpp"
#include "base/peer_networks.hpp"
#include "storage/ban_store.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace hauspost::admin {
namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view owner_word = "owner";

std::optional<ip::address> address_in(std::string_view typed) {
    boost::system::error_code wrong;
    const auto address = ip::make_address(std::string(typed), wrong);
    if (wrong) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::address(ip::make_address_v4(ip::v4_mapped, address.to_v6()));
    return address;
}

/// Its own addresses, and what is only written where one is missing.
bool is_this_machine(const ip::address& address) {
    if (address.is_v4()) return address.is_loopback() || address.is_unspecified();
    const auto octets = address.to_v6().to_bytes();  // ::1 is in ::/64, ::/56 and ::/48
    return std::all_of(octets.begin(), octets.begin() + 6, [](auto octet) { return octet == 0; });
}

std::vector<std::string> texts_of(const ip::address& address) {
    std::vector<std::string> texts;
    for (const auto& one : peer_networks(address))
        texts.push_back(to_text(one));
    return texts;
}

/// The network of 64, 56 or 48 bits as its bans are called.
std::optional<ip::network_v6> wide_network_in(std::string_view typed) {
    boost::system::error_code wrong;
    const auto network = ip::make_network_v6(std::string(typed), wrong);
    const auto bits = network.prefix_length();
    if (wrong || (bits != 64 && bits != 56 && bits != 48)) return std::nullopt;
    return network.canonical();
}

/// What somebody typed, as bans are called.
struct wanted_ban {
    wanted_ban() = default;
    std::vector<std::string> networks;
    std::string account;
    bool is_owner = false;
    std::string shown;

    [[nodiscard]] bool wants(const storage::ban_name& name) const {
        if (is_owner) return name.of == storage::ban_kind::owner_account;
        if (!account.empty()) return name.account == account;
        return !name.network.empty() &&
               std::find(networks.begin(), networks.end(), name.network) != networks.end();
    }
};

std::optional<wanted_ban> parse_wanted(const std::string& text) {
    const std::string typed(ascii::trimmed(text));
    wanted_ban wanted;
    if (const auto address = address_in(typed)) {
        wanted.networks = texts_of(*address);
        wanted.shown = wanted.networks.front();
    } else if (const auto network = wide_network_in(typed)) {
        wanted.networks.push_back(network->to_string());
        wanted.shown = wanted.networks.front();
    } else if (typed == owner_word) {
        wanted.is_owner = true;
        wanted.shown = typed;
    } else if (auto name = parse_address(typed)) {
        wanted.shown = wanted.account = std::move(*name);
    } else {
        return std::nullopt;
    }
    return wanted;
}

std::int64_t ban_seconds_now(const ports& at) {
    return std::chrono::system_clock::to_time_t(at.time.now());
}

awaitable<std::vector<storage::ban>> bans_that_hold(ports& at) {
    auto all = co_await at.bans.list();
    const auto now = ban_seconds_now(at);
    std::erase_if(all, [now](const storage::ban& one) { return one.ends_at <= now; });
    co_return all;
}

awaitable<std::vector<storage::ban>> bans_of(ports& at, wanted_ban wanted) {
    auto all = co_await bans_that_hold(at);
    std::erase_if(all, [&wanted](const storage::ban& one) { return !wanted.wants(one.name); });
    co_return all;
}

}  // namespace

awaitable<page<listed_ban>> list_bans(ports& at, caller who, std::string filter) {
    const text_filter wanted(filter);
    std::vector<std::string> own;
    if (who.is_browser())
        if (const auto address = address_in(who.from)) own = texts_of(*address);
    page<listed_ban> all;
    for (auto& row : co_await bans_that_hold(at)) {
        if (!wanted.wants({row.name.network, row.name.account}) &&
            !std::any_of(row.tried.begin(), row.tried.end(),
                         [&wanted](const auto& one) { return wanted.wants({one}); }))
            continue;
        auto& made = all.entries.emplace_back();
        made.is_own = std::find(own.begin(), own.end(), row.name.network) != own.end();
        made.row = std::move(row);
    }
    std::sort(all.entries.begin(), all.entries.end(), [](const auto& a, const auto& b) {
        return std::pair(-a.row.begun_at, a.row.name) < std::pair(-b.row.begun_at, b.row.name);
    });
    if (all.entries.size() > max_page) all.entries.resize(max_page);
    co_return all;
}

awaitable<outcome<lifted_bans>> lift_bans(ports& at, std::string typed) {
    auto wanted = parse_wanted(typed);
    if (!wanted) co_return refuse(refusal_code::not_a_ban, typed);
    lifted_bans done;
    done.name = wanted->shown;
    std::vector<storage::ban_name> names;
    for (auto& one : co_await bans_of(at, std::move(*wanted)))
        names.push_back(std::move(one.name));
    if (names.empty()) co_return refuse(refusal_code::nothing_banned, done.name);
    done.bans = names.size();
    auto rows = names;
    const auto failed = co_await at.bans.remove(std::move(rows));
    if (failed) co_return refusal_of(failed, done.name);
    for (const auto& name : names)
        at.gate.lift(name);
    co_return done;
}

awaitable<outcome<storage::ban>> add_ban(ports& at,
                                         std::string typed,
                                         std::optional<std::uint64_t> lasts) {
    const std::string text(ascii::trimmed(typed));
    const auto address = address_in(text);
    const auto network = wide_network_in(text);
    if (!address && !network) co_return refuse(refusal_code::not_a_network, typed);
    if (is_this_machine(address ? *address : ip::address(network->network())))
        co_return refuse(refusal_code::own_machine, text);
    const auto most = static_cast<std::uint64_t>(longest_ban.count());
    const auto seconds = lasts.value_or(static_cast<std::uint64_t>(usual_ban.count()));
    if (seconds == 0 || seconds > most)
        co_return refuse_number(refusal_code::not_a_ban_time, most / (24 * 3600));
    storage::ban row;
    row.name.of = storage::ban_kind::ordered;
    row.name.network = address ? texts_of(*address).front() : network->to_string();
    row.begun_at = ban_seconds_now(at);
    row.ends_at = row.begun_at + static_cast<std::int64_t>(seconds);
    auto stored = row;
    const auto failed = co_await at.bans.put(std::move(stored));
    if (failed) co_return refusal_of(failed, row.name.network);
    at.gate.shut(row);
    co_return row;
}

awaitable<std::vector<storage::ban>> find_bans(ports& at, std::string typed) {
    auto wanted = parse_wanted(typed);
    if (!wanted) co_return std::vector<storage::ban>();
    co_return co_await bans_of(at, std::move(*wanted));
}

}  // namespace hauspost::admin
