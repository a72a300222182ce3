#include "admin/delivery_test.hpp"

#include "admin/names.hpp"
#include "base/address.hpp"

#include <utility>

namespace hauspost::admin {
namespace {

/// The last host that was asked has taken the recipient.
bool has_arrived(const std::vector<test_step>& steps) {
    return !steps.empty() && steps.back().what == "recipient" &&
           steps.back().how != test_step::verdict::bad;
}

}  // namespace

awaitable<outcome<delivery_test>> test_delivery(ports& at, std::string typed, std::string sender) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    if (!sender.empty()) {
        auto parsed = parse_address(sender);
        if (!parsed) co_return parsed.error();
        sender = *std::move(parsed);
        std::string its_domain(address::domain_of(sender));
        auto name = its_domain;
        const auto known = co_await at.directory.find_domain(std::move(name));
        if (!known) co_return refuse(refusal_code::no_such_domain, its_domain);
    }
    delivery_test made;
    made.address = *address;
    std::string domain(address::domain_of(*address));
    const auto ours = co_await at.directory.find_domain(std::move(domain));
    if (ours) {
        auto name = *address;
        made.way = co_await at.routes.tell(std::move(name));
        made.is_here = true;
        made.is_good = made.way.is_taken;
        co_return made;
    }
    if (!at.sends_mail) co_return refuse(refusal_code::sending_off);
    if (at.others == nullptr) co_return refuse(refusal_code::not_running);
    auto name = *address;
    made.steps = co_await at.others->test_delivery(std::move(name), std::move(sender));
    made.is_good = has_arrived(made.steps);
    co_return made;
}

}  // namespace hauspost::admin
