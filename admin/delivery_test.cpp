#include "admin/delivery_test.hpp"

#include "admin/names.hpp"
#include "base/address.hpp"

#include <utility>

namespace hauspost::admin {
namespace {

test_step route(std::string words) {
    test_step made;
    made.what = "route";
    made.words = std::move(words);
    return made;
}

/// The last host that was asked has taken the recipient.
bool has_arrived(const std::vector<test_step>& steps) {
    return !steps.empty() && steps.back().what == "recipient" &&
           steps.back().how != test_step::verdict::bad;
}

/// Who gets the mail of an address of a domain of ours; "": nobody.
awaitable<std::string> receiver_of(ports& at, std::string address, storage::domain domain) {
    const auto local = std::string(address::local_part_of(address));
    const auto plain = local.substr(0, local.find('+')) + '@' + domain.name;
    const std::vector<std::string> names{address, plain, "catchall@" + domain.name};
    for (const auto& one : names) {
        auto name = one;
        const auto entry = co_await at.directory.find_address(std::move(name));
        if (entry.index() != 0) co_return one;
    }
    co_return domain.catch_all;
}

awaitable<test_step> test_here(ports& at, std::string address, storage::domain domain) {
    auto name = address;
    const auto receiver = co_await receiver_of(at, std::move(name), std::move(domain));
    test_step made;
    made.what = "recipient";
    made.words = "mail for " + address + " goes to " + receiver;
    if (!receiver.empty()) co_return made;
    made.how = test_step::verdict::bad;
    made.words = "nobody has the address " + address + ": mail to it is refused";
    co_return made;
}

}  // namespace

awaitable<outcome<delivery_test>> test_delivery(ports& at, std::string typed) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    delivery_test made;
    made.address = *address;
    std::string domain(address::domain_of(*address));
    auto ours = co_await at.directory.find_domain(std::move(domain));
    if (ours) {
        made.steps.push_back(
            route(ours->name + " is a domain of this server: the mail stays here"));
        auto name = *address;
        auto last = co_await test_here(at, std::move(name), std::move(*ours));
        made.steps.push_back(std::move(last));
        made.is_good = has_arrived(made.steps);
        made.is_nobodys = !made.is_good;
        co_return made;
    }
    if (!at.sends_mail) co_return refuse(refusal_code::sending_off);
    if (at.others == nullptr) co_return refuse(refusal_code::not_running);
    auto name = *address;
    made.steps = co_await at.others->test_delivery(std::move(name));
    made.is_good = has_arrived(made.steps);
    co_return made;
}

}  // namespace hauspost::admin
