#include "server/delivery/recipient_routes.hpp"

#include "base/address.hpp"

#include <utility>
#include <vector>

namespace hauspost::delivery {

awaitable<storage::mail_address> recipient_routes::name_of(smtp::mailbox_address recipient) {
    if (recipient.domain.empty()) recipient.domain = config_.default_domain;
    if (recipient.domain.empty()) recipient.domain = co_await lookup_.first_domain();
    co_return canonical_address(recipient);
}

/// A reverse-path of ours leads back, for reports alone: to any other mail it is the address of
/// nobody.
awaitable<message_routes::found> recipient_routes::find(smtp::mailbox_address recipient,
                                                        storage::mail_address name,
                                                        std::uint64_t octets) {
    way_back back;
    if (paths_ != nullptr) back = co_await paths_->trace_back(std::move(recipient));
    if (back.is == way_back::kind::none) co_return co_await routes_.find(std::move(name), octets);
    if (back.is == way_back::kind::open && is_report_) {
        auto leading = lead_back(std::move(back.sender), octets);
        co_return co_await std::move(leading);
    }
    message_routes::found nobody;
    nobody.to.verdict = smtp::recipient_verdict::no_such_user;
    co_return nobody;
}

/// The sender's domain may have become one of ours since.
awaitable<message_routes::found> recipient_routes::lead_back(storage::mail_address sender,
                                                             std::uint64_t octets) {
    auto name = address::canonical(sender).value_or(sender);
    std::vector<storage::mail_address> names{name};
    const auto met = co_await lookup_.find_recipient(std::move(names));
    if (met.domain) co_return co_await routes_.find(std::move(name), octets);
    message_routes::found elsewhere;
    elsewhere.arrival = std::move(name);
    elsewhere.to.verdict = smtp::recipient_verdict::accepted;
    elsewhere.to.remote.push_back(std::move(sender));
    elsewhere.to.remote_reasons.push_back({storage::trace_rule::way_back, {}});
    elsewhere.to.remote_by.emplace_back();
    co_return elsewhere;
}

}  // namespace hauspost::delivery
