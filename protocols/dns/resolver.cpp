#include "protocols/dns/resolver.hpp"

#include "protocols/dns/name.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hauspost::dns {
namespace {

template <class Record>
answer<Record> read(rdata_answer&& raw, std::optional<Record> (*parse)(std::string_view)) {
    answer<Record> typed;
    typed.what = raw.what;
    typed.is_secure = raw.is_secure;
    typed.canonical_name = std::move(raw.canonical_name);
    typed.ttl = raw.ttl;
    typed.why = std::move(raw.why);
    if (raw.what != outcome::found) return typed;
    for (const auto& rdata : raw.records) {
        if (typed.records.size() == max_records) break;
        if (auto record = parse(rdata)) typed.records.push_back(std::move(*record));
    }
    if (!typed.records.empty()) return typed;
    typed.what = outcome::failed;
    typed.is_secure = false;
    typed.why = "no record of the answer can be read";
    return typed;
}

/// What is told of two answers of which none has records: the one that says more of them is unknown.
int ignorance(outcome what) noexcept {
    switch (what) {
    case outcome::found: return 0;
    case outcome::no_such_name: return 1;
    case outcome::no_data: return 2;
    case outcome::failed: return 3;
    case outcome::bogus: return 4;
    }
    return 0;
}

address_answer merged(address_answer first, address_answer second) {
    const bool both_found = first.what == outcome::found && second.what == outcome::found;
    const bool one_found = first.what == outcome::found || second.what == outcome::found;
    if (one_found && !both_found) return first.what == outcome::found ? first : second;
    auto& all = ignorance(second.what) > ignorance(first.what) ? second : first;
    const auto& other = &all == &first ? second : first;
    all.records.insert(all.records.end(), other.records.begin(), other.records.end());
    all.is_secure = first.is_secure && second.is_secure;
    all.ttl = std::min(first.ttl, second.ttl);
    return std::move(all);
}

void add_questions(std::vector<question>& all, const std::string& name, families wanted) {
    if (wanted != families::ipv6) all.push_back({name, record_type::a});
    if (wanted != families::ipv4) all.push_back({name, record_type::aaaa});
}

}  // namespace

awaitable<std::vector<rdata_answer>> resolver::ask_all(std::vector<question> questions) {
    std::vector<rdata_answer> answers(questions.size());
    std::vector<question> asked;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (auto name = to_question_name(questions[i].name)) {
            asked.push_back({std::move(*name), questions[i].type});
            places.push_back(i);
        } else {
            answers[i].what = outcome::no_such_name;
        }
    }
    if (asked.empty()) co_return answers;
    auto told = co_await ask(std::move(asked));
    if (told.size() != places.size()) throw std::logic_error("a resolver left out an answer");
    for (std::size_t i = 0; i < told.size(); ++i)
        answers[places[i]] = std::move(told[i]);
    co_return answers;
}

awaitable<rdata_answer> resolver::ask_one(std::string name, record_type type) {
    std::vector<question> one;
    one.push_back({std::move(name), type});
    auto answers = co_await ask_all(std::move(one));
    co_return std::move(answers.front());
}

awaitable<answer<mx_record>> resolver::find_mx(std::string name) {
    auto raw = co_await ask_one(std::move(name), record_type::mx);
    co_return read(std::move(raw), parse_mx);
}

awaitable<answer<std::string>> resolver::find_txt(std::string name) {
    auto raw = co_await ask_one(std::move(name), record_type::txt);
    co_return read(std::move(raw), parse_txt);
}

awaitable<answer<tlsa_record>> resolver::find_tlsa(std::string name) {
    auto raw = co_await ask_one(std::move(name), record_type::tlsa);
    co_return read(std::move(raw), parse_tlsa);
}

awaitable<answer<srv_record>> resolver::find_srv(std::string name) {
    auto raw = co_await ask_one(std::move(name), record_type::srv);
    co_return read(std::move(raw), parse_srv);
}

awaitable<answer<caa_record>> resolver::find_caa(std::string name) {
    auto raw = co_await ask_one(std::move(name), record_type::caa);
    co_return read(std::move(raw), parse_caa);
}

awaitable<answer<std::string>> resolver::find_cname(std::string name) {
    auto raw = co_await ask_one(std::move(name), record_type::cname);
    co_return read(std::move(raw), parse_host);
}

awaitable<answer<std::string>> resolver::find_names(boost::asio::ip::address of) {
    auto name = reverse_name(of);
    auto raw = co_await ask_one(std::move(name), record_type::ptr);
    co_return read(std::move(raw), parse_host);
}

awaitable<address_answer> resolver::find_addresses(std::string name, families wanted) {
    std::vector<std::string> one;
    one.push_back(std::move(name));
    auto answers = co_await find_addresses(std::move(one), wanted);
    co_return std::move(answers.front());
}

awaitable<std::vector<address_answer>> resolver::find_addresses(std::vector<std::string> names,
                                                                families wanted) {
    std::vector<question> questions;
    for (const auto& name : names)
        add_questions(questions, name, wanted);
    auto raw = co_await ask_all(std::move(questions));
    std::vector<address_answer> hosts;
    auto next = raw.begin();
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto host = read(std::move(*next++), wanted == families::ipv6 ? parse_aaaa : parse_a);
        if (wanted == families::both)
            host = merged(std::move(host), read(std::move(*next++), parse_aaaa));
        hosts.push_back(std::move(host));
    }
    co_return hosts;
}

}  // namespace hauspost::dns
