#include "admin/reachability.hpp"

#include "base/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace hauspost::admin {
namespace {

namespace ip = asio::ip;

using reach_kind = reach_step::kind;
using reach_state = reach_step::state;

constexpr std::size_t max_own_addresses = 4;
constexpr std::size_t max_reason_octets = 200;
constexpr std::string_view reach_hex_digits = "0123456789abcdef";

std::optional<ip::address> reach_address_of(const std::string& text) {
    boost::system::error_code wrong;
    auto made = ip::make_address(text, wrong);
    if (wrong) return std::nullopt;
    return made;
}

bool is_private_v4(const ip::address_v4::bytes_type& b) {
    return b[0] == 10 || b[0] == 127 || b[0] == 0 || (b[0] == 172 && b[1] >= 16 && b[1] < 32) ||
           (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 100 && b[1] >= 64 && b[1] < 128);
}

/// Nobody outside can come to it.
bool is_private(const ip::address& one) {
    if (one.is_v4()) return is_private_v4(one.to_v4().to_bytes());
    const auto v6 = one.to_v6();
    return v6.is_loopback() || v6.is_link_local() || (v6.to_bytes()[0] & 0xfe) == 0xfc;
}

/// RFC 5782 2.1, 2.4
std::string question_of(const ip::address& one, std::string_view list) {
    std::string name;
    if (one.is_v4()) {
        const auto bytes = one.to_v4().to_bytes();
        for (auto at = bytes.rbegin(); at != bytes.rend(); ++at)
            name += std::to_string(*at) + '.';
    } else {
        const auto bytes = one.to_v6().to_bytes();
        for (auto at = bytes.rbegin(); at != bytes.rend(); ++at)
            for (const unsigned shift : {0U, 4U})
                name += {reach_hex_digits[(*at >> shift) & 15U], '.'};
    }
    return name + std::string(list);
}

/// What a stranger's text record says, as one line for people.
std::string reason_in(const seen_records& texts) {
    if (texts.values.empty()) return {};
    std::string said;
    for (const char c : texts.values.front())
        if (c != '"' && c >= ' ' && c < 127 && said.size() < max_reason_octets) said.push_back(c);
    return said;
}

awaitable<seen_records> reach_question(outside& at, std::string name, std::string type) {
    co_return co_await at.look_up(std::move(name), std::move(type));
}

/// RFC 5782 2.1: 127.0.0.0/8 means that it is listed. 127.255.255.0/24 is how lists say that they do
/// not answer this resolver, and anything else is an answer of somebody between.
reach_state state_of_listing(const seen_records& seen) {
    if (!seen.is_known) return reach_state::unknown;
    if (seen.values.empty()) return reach_state::right;
    const auto starts = [](std::string_view prefix) {
        return [prefix](const std::string& one) { return one.starts_with(prefix); };
    };
    if (std::ranges::any_of(seen.values, starts("127.255.255."))) return reach_state::unknown;
    return std::ranges::all_of(seen.values, starts("127.")) ? reach_state::wrong
                                                            : reach_state::unknown;
}

awaitable<reach_step> check_list(outside& at, ip::address address, std::string list) {
    reach_step made;
    made.of = reach_kind::block_list;
    made.address = address.to_string();
    made.host = list;
    auto name = question_of(address, list);
    auto asked = name;
    std::string type = "A";
    const auto seen = co_await reach_question(at, std::move(asked), std::move(type));
    made.how = state_of_listing(seen);
    if (made.how != reach_state::wrong) co_return made;
    type = "TXT";
    const auto texts = co_await reach_question(at, std::move(name), std::move(type));
    made.words = reason_in(texts);
    co_return made;
}

/// host  with its dot
awaitable<reach_step> check_name(outside& at, ip::address address, std::string host) {
    reach_step made;
    made.of = reach_kind::name;
    made.address = address.to_string();
    auto asked = made.address;
    std::string type = "PTR";
    auto seen = co_await reach_question(at, std::move(asked), std::move(type));
    made.found = std::move(seen.values);
    if (!seen.is_known)
        made.how = reach_state::unknown;
    else if (made.found.empty())
        made.how = reach_state::missing;
    else if (std::ranges::any_of(
                 made.found, [&host](const auto& one) { return ascii::equal_nocase(one, host); }))
        made.how = reach_state::right;
    else
        made.how = reach_state::wrong;
    co_return made;
}

awaitable<reach_step> check_port_25(ports& at) {
    reach_step made;
    made.of = reach_kind::port_25;
    if (at.published.is_relayed) {
        made.how = reach_state::not_needed;
        co_return made;
    }
    if (at.reach.receiver.empty()) co_return made;  // nobody to try
    auto receiver = at.reach.receiver;
    auto tried = co_await at.others->try_port_25(std::move(receiver));
    made.host = std::move(tried.host);
    made.words = std::move(tried.words);
    switch (tried.how) {
    case outward_test::state::open: made.how = reach_state::right; break;
    case outward_test::state::shut: made.how = reach_state::wrong; break;
    case outward_test::state::unknown: break;
    }
    co_return made;
}

reach_state state_of_host(const seen_records& seen) {
    if (!seen.is_known) return reach_state::unknown;
    return seen.values.empty() ? reach_state::missing : reach_state::right;
}

}  // namespace

awaitable<outcome<reachability>> check_reachability(ports& at) {
    if (!at.sends_mail) co_return refuse(refusal_code::sending_off);
    if (at.others == nullptr) co_return refuse(refusal_code::not_running);
    reachability made;
    made.host = at.published.hostname;
    auto name = made.host;
    std::string type = "A";
    auto seen = co_await reach_question(*at.others, std::move(name), std::move(type));
    reach_step own;
    own.how = state_of_host(seen);
    own.found = seen.values;
    made.steps.push_back(std::move(own));
    seen.values.resize(std::min(seen.values.size(), max_own_addresses));
    for (const auto& text : seen.values) {
        const auto address = reach_address_of(text);
        if (!address) continue;
        if (is_private(*address)) {
            reach_step nobody;
            nobody.of = reach_kind::name;
            nobody.how = reach_state::private_;
            nobody.address = text;
            made.steps.push_back(std::move(nobody));
            continue;
        }
        auto host = made.host + '.';
        auto named = co_await check_name(*at.others, *address, std::move(host));
        made.steps.push_back(std::move(named));
        for (auto list : at.reach.lists) {
            auto listed = co_await check_list(*at.others, *address, std::move(list));
            made.steps.push_back(std::move(listed));
        }
    }
    auto outward = co_await check_port_25(at);
    made.steps.push_back(std::move(outward));
    made.is_good = std::ranges::none_of(made.steps, [](const auto& one) {
        return one.how == reach_state::wrong || one.how == reach_state::missing;
    });
    co_return made;
}

}  // namespace hauspost::admin
