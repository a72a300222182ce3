#include "server/app/outside_view.hpp"

#include "server/delivery/routing.hpp"

#include <utility>

namespace hauspost::server {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex_of(std::string_view octets) {
    std::string text;
    for (const char c : octets) {
        text.push_back(hex_digits[static_cast<unsigned char>(c) >> 4]);
        text.push_back(hex_digits[static_cast<unsigned char>(c) & 15]);
    }
    return text;
}

// Values as a zone file has them.

std::string to_value(const dns::mx_record& from) {
    return std::to_string(from.preference) + ' ' + from.exchange + '.';
}
std::string to_value(const std::string& text) {
    return '"' + text + '"';
}
std::string to_value(const dns::srv_record& from) {
    return std::to_string(from.priority) + ' ' + std::to_string(from.weight) + ' ' +
           std::to_string(from.port) + ' ' + from.target + '.';
}
std::string to_value(const dns::tlsa_record& from) {
    return std::to_string(from.usage) + ' ' + std::to_string(from.selector) + ' ' +
           std::to_string(from.matching_type) + ' ' + hex_of(from.data);
}
std::string to_value(const dns::caa_record& from) {
    return std::to_string(from.flags) + ' ' + from.tag + " \"" + from.value + '"';
}

std::string to_value(const asio::ip::address& from) {
    return from.to_string();
}

template <class Record>
awaitable<admin::seen_records> seen(awaitable<dns::answer<Record>> question) {
    const auto told = co_await std::move(question);
    admin::seen_records made;
    made.is_known = !dns::is_temporary(told.what);
    made.is_secure = told.is_secure;
    for (const auto& one : told.records)
        made.values.push_back(to_value(one));
    co_return made;
}

/// Names with their dots: the one that an alias stands for, or those of an address.
awaitable<admin::seen_records> seen_names(awaitable<dns::answer<std::string>> question) {
    const auto told = co_await std::move(question);
    admin::seen_records made;
    made.is_known = !dns::is_temporary(told.what);
    made.is_secure = told.is_secure;
    for (const auto& one : told.records)
        made.values.push_back(one + '.');
    co_return made;
}

admin::test_step::verdict verdict_of(outbound::probe_step::verdict how) {
    switch (how) {
    case outbound::probe_step::verdict::good: return admin::test_step::verdict::good;
    case outbound::probe_step::verdict::note: return admin::test_step::verdict::note;
    case outbound::probe_step::verdict::bad: break;
    }
    return admin::test_step::verdict::bad;
}

}  // namespace

awaitable<std::vector<admin::test_step>> outside_view::test_delivery(std::string address,
                                                                     std::string sender) {
    auto to = delivery::path_of(address);
    auto steps = co_await at_.probe(std::move(to), std::move(sender));
    std::vector<admin::test_step> made;
    for (auto& one : steps) {
        auto& step = made.emplace_back();
        step.what = std::move(one.what);
        step.how = verdict_of(one.how);
        step.words = std::move(one.words);
        step.advice = std::move(one.advice);
    }
    co_return made;
}

awaitable<admin::outward_test> outside_view::try_port_25(std::string domain) {
    auto seen = co_await at_.reach(std::move(domain));
    admin::outward_test made;
    switch (seen.how) {
    case outbound::outward_verdict::state::open: made.how = admin::outward_test::state::open; break;
    case outbound::outward_verdict::state::shut: made.how = admin::outward_test::state::shut; break;
    case outbound::outward_verdict::state::unknown: break;
    }
    made.host = std::move(seen.host);
    made.words = std::move(seen.words);
    co_return made;
}

awaitable<admin::seen_records> outside_view::look_up(std::string name, std::string type) {
    auto& resolver = at_.resolver();
    if (type == "MX") return seen(resolver.find_mx(std::move(name)));
    if (type == "SRV") return seen(resolver.find_srv(std::move(name)));
    if (type == "TLSA") return seen(resolver.find_tlsa(std::move(name)));
    if (type == "CAA") return seen(resolver.find_caa(std::move(name)));
    if (type == "CNAME") return seen_names(resolver.find_cname(std::move(name)));
    if (type == "PTR") {
        error_code wrong;
        const auto address = asio::ip::make_address(name, wrong);
        if (!wrong) return seen_names(resolver.find_names(address));
    }
    if (type == "A") return seen(resolver.find_addresses(std::move(name), dns::families::both));
    return seen(resolver.find_txt(std::move(name)));
}

}  // namespace hauspost::server
