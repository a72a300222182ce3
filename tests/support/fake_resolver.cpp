#include "tests/support/fake_resolver.hpp"

#include "base/octets.hpp"

#include <algorithm>

namespace hauspost::test {

std::string wire_name(std::string_view text) {
    std::string wire;
    while (!text.empty()) {
        const auto label = text.substr(0, text.find('.'));
        wire += static_cast<char>(label.size());
        wire += label;
        text.remove_prefix(std::min(label.size() + 1, text.size()));
    }
    return wire + '\0';
}

std::string mx_rdata(std::uint16_t preference, std::string_view exchange) {
    std::string rdata;
    append_be(rdata, preference);
    return rdata + wire_name(exchange);
}

std::string txt_rdata(std::string_view text) {
    constexpr std::size_t longest = 255;
    std::string rdata;
    do {
        const auto piece = text.substr(0, longest);
        rdata += static_cast<char>(piece.size());
        rdata += piece;
        text.remove_prefix(piece.size());
    } while (!text.empty());
    return rdata;
}

std::string address_rdata(std::string_view address) {
    const auto value = asio::ip::make_address(address);
    std::string rdata;
    const auto take = [&rdata](const auto& octets) { rdata.assign(octets.begin(), octets.end()); };
    if (value.is_v4()) {
        take(value.to_v4().to_bytes());
    } else {
        take(value.to_v6().to_bytes());
    }
    return rdata;
}

void fake_resolver::add(std::string name, dns::record_type type, std::string rdata) {
    auto& told = zone_[key(std::move(name), type)];
    told.what = dns::outcome::found;
    told.records.push_back(std::move(rdata));
}

void fake_resolver::add_mx(std::string name, std::uint16_t preference, std::string_view exchange) {
    add(std::move(name), dns::record_type::mx, mx_rdata(preference, exchange));
}

void fake_resolver::add_address(std::string name, std::string_view address) {
    const bool is_ipv6 = address.find(':') != std::string_view::npos;
    add(std::move(name), is_ipv6 ? dns::record_type::aaaa : dns::record_type::a,
        address_rdata(address));
}

void fake_resolver::add_txt(std::string name, std::string_view text) {
    add(std::move(name), dns::record_type::txt, txt_rdata(text));
}

void fake_resolver::add_alias(std::string name, std::string target) {
    aliases_.insert_or_assign(std::move(name), std::move(target));
}

void fake_resolver::sign(const std::string& name, dns::record_type type) {
    const auto found = zone_.try_emplace(key(name, type)).first;
    if (found->second.records.empty()) found->second.what = dns::outcome::no_data;
    found->second.is_secure = true;
}

void fake_resolver::fail(std::string name, dns::record_type type, dns::outcome how) {
    auto& told = zone_[key(std::move(name), type)];
    told = dns::rdata_answer();
    told.what = how;
    told.why = "as the test says";
}

dns::rdata_answer fake_resolver::tell(const dns::question& what) const {
    auto name = what.name;
    if (what.type == dns::record_type::cname) return tell_alias(name);
    for (auto alias = aliases_.find(name); alias != aliases_.end(); alias = aliases_.find(name))
        name = alias->second;
    dns::rdata_answer told;
    if (const auto found = zone_.find(key(name, what.type)); found != zone_.end()) {
        told = found->second;
    } else {
        const auto is_of_name = [&name](const auto& entry) { return entry.first.first == name; };
        told.what = std::any_of(zone_.begin(), zone_.end(), is_of_name)
                        ? dns::outcome::no_data
                        : dns::outcome::no_such_name;
    }
    told.canonical_name = name;
    told.ttl = std::chrono::hours(1);
    return told;
}

/// Its own CNAME, which nobody follows.
dns::rdata_answer fake_resolver::tell_alias(const std::string& name) const {
    dns::rdata_answer told;
    told.what = dns::outcome::no_data;
    if (const auto found = zone_.find(key(name, dns::record_type::cname)); found != zone_.end())
        told = found->second;
    const auto alias = aliases_.find(name);
    if (alias != aliases_.end() && !dns::is_temporary(told.what)) {
        told.what = dns::outcome::found;
        told.records = {wire_name(alias->second)};
    }
    told.canonical_name = name;
    told.ttl = std::chrono::hours(1);
    return told;
}

awaitable<std::vector<dns::rdata_answer>> fake_resolver::ask(std::vector<dns::question> questions) {
    std::vector<dns::rdata_answer> answers;
    for (const auto& what : questions) {
        asked_.push_back(std::string(dns::to_text(what.type)) + ' ' + what.name);
        answers.push_back(tell(what));
    }
    co_return answers;
}

}  // namespace hauspost::test
