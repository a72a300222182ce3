// Asks the product's resolver from a shell, for tests against other people's DNS servers:
//
//     dns_question RESOLVER ANCHOR_FILE TYPE NAME...
//
// A line for each name: outcome, "secure" or "insecure", canonical name ("-": none), records.
// TYPE: mx, txt, tlsa, cname, addresses. ANCHOR_FILE "-": none.

#include "protocols/dns/unbound_resolver.hpp"
#include "tests/support/run.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

using namespace hauspost;

namespace {

std::string_view word_for(dns::outcome what) {
    switch (what) {
    case dns::outcome::found: return "found";
    case dns::outcome::no_such_name: return "no_such_name";
    case dns::outcome::no_data: return "no_data";
    case dns::outcome::failed: return "failed";
    case dns::outcome::bogus: return "bogus";
    }
    return "?";
}

std::string shown(const dns::mx_record& record) {
    return std::to_string(record.preference) + ':' + record.exchange;
}
std::string shown(const dns::tlsa_record& record) {
    return std::to_string(record.usage) + std::to_string(record.selector) +
           std::to_string(record.matching_type) + ':' + std::to_string(record.data.size());
}
std::string shown(const asio::ip::address& record) {
    return record.to_string();
}
std::string shown(const std::string& record) {
    return record;
}

template <class Record>
awaitable<void> print(awaitable<dns::answer<Record>> from) {
    const auto told = co_await std::move(from);
    std::cout << word_for(told.what) << (told.is_secure ? " secure " : " insecure ")
              << (told.canonical_name.empty() ? "-" : told.canonical_name);
    for (const auto& record : told.records)
        std::cout << ' ' << shown(record);
    std::cout << '\n';
}

awaitable<void> ask(dns::resolver& resolver, std::string_view type, std::string name) {
    if (type == "mx") return print(resolver.find_mx(std::move(name)));
    if (type == "txt") return print(resolver.find_txt(std::move(name)));
    if (type == "tlsa") return print(resolver.find_tlsa(std::move(name)));
    if (type == "cname") return print(resolver.find_cname(std::move(name)));
    return print(resolver.find_addresses(std::move(name), dns::families::both));
}

int run(int count, char** words) {
    dns::unbound_settings settings;
    settings.forwarders = {words[1]};
    if (std::string_view(words[2]) != "-") settings.trust_anchor_file = words[2];
    asio::io_context io(1);
    dns::unbound_resolver resolver(settings);
    for (int i = 4; i < count; ++i)
        test::run(io, ask(resolver, words[3], words[i]));
    return 0;
}

}  // namespace

int main(int count, char** words) {
    if (count < 5) return 2;
    try {
        return run(count, words);
    } catch (const std::exception& fault) {
        std::cerr << fault.what() << '\n';
        return 1;
    }
}
