#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "storage/mail_address.hpp"

#include <string>

namespace hauspost::outbound {

/// Letters of the server to who looks after a domain: its postmaster. They have the null reverse-path
/// and say that they are automatic, so nothing answers them.
///
/// Lifetime: what is passed in must outlive it. Thread: any, many at a time.
class owner_letters {
public:
    owner_letters(smtp::mail_sink& sink, const clock& time, const delivery_settings& settings)
        : sink_(sink), time_(time), settings_(settings) {}

    /// subject, body  UTF-8, lines of the body end with CRLF
    /// Returns        it is on stable storage
    /// Throws         storage::fault
    awaitable<bool> write(std::string domain, std::string subject, std::string body);

private:
    smtp::mail_sink& sink_;
    const clock& time_;
    const delivery_settings& settings_;
};

}  // namespace hauspost::outbound
