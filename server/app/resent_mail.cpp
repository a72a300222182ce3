#include "server/app/resent_mail.hpp"

#include <utility>

namespace hauspost::server {
namespace {

admin::resend_end::verdict verdict_for(outbound::resent::verdict how) {
    using from = outbound::resent::verdict;
    using to = admin::resend_end::verdict;
    switch (how) {
    case from::taken: return to::taken;
    case from::gone: return to::gone;
    case from::nobody: return to::nobody;
    case from::refused: return to::refused;
    case from::disk_full: return to::disk_full;
    case from::busy: break;
    }
    return to::busy;
}

}  // namespace

awaitable<admin::resend_end> resent_mail::send(admin::resend_order order) {
    auto done = co_await at_.send(order.blob, std::move(order.to), std::move(order.by));
    admin::resend_end made;
    made.how = verdict_for(done.how);
    made.id = std::move(done.id);
    co_return made;
}

}  // namespace hauspost::server
