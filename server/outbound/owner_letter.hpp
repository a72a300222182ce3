#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/delivery/owner_mail.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "storage/mail_address.hpp"

#include <string>

namespace hauspost::outbound {

/// Letters to who looks after a domain, its postmaster, wherever his mail goes: delivery::owner_mail,
/// which serves what a sink itself has to tell, knows mailboxes of this server alone. They have the
/// null reverse-path.
///
/// Lifetime: what is passed in must outlive it. Thread: any, many at a time.
class owner_letters {
public:
    owner_letters(smtp::mail_sink& sink, const clock& time, const delivery_settings& settings)
        : sink_(sink), time_(time), settings_(settings) {}

    /// Returns  it is on stable storage
    /// Throws   storage::fault
    awaitable<bool> write(std::string domain, delivery::owner_letter letter);

private:
    smtp::mail_sink& sink_;
    const clock& time_;
    const delivery_settings& settings_;
};

}  // namespace hauspost::outbound
