#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/tls_report/record.hpp"
#include "protocols/tls_report/report.hpp"
#include "server/outbound/breaker.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/tls_policy/report_door.hpp"
#include "storage/tls_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::outbound {

struct reporter_ports {
    storage::tls_store& store;
    dns::resolver& resolver;
    smtp::mail_sink& sink;  // delivers everywhere, and signs
    const clock& time;
    tls_policy::report_door* places = nullptr;  // null: https: places get none
};

/// Tells domains that ask for it, once for each day that has passed, how connections to their
/// servers were protected. Reports go by mail to the mailto: places of their record, and by HTTPS
/// to the others. One of them that has it is enough (RFC 8460 3: the sender may choose).
///
/// Counts are taken out of the store before a report is handed on, and put back when it cannot be:
/// so no report is sent twice, and one is lost when the server dies in between.
///
/// Calling sequence: construct, start(), stop(), on the executor's thread but for construction.
/// Lifetime: what is passed in must outlive it; it must outlive its coroutine, so once it was started
/// stop() has to end.
/// RFC  8460
class tls_reporter {
public:
    tls_reporter(boost::asio::any_io_executor executor,
                 const reporter_ports& ports,
                 const delivery_settings& settings);
    tls_reporter(const tls_reporter&) = delete;
    tls_reporter& operator=(const tls_reporter&) = delete;

    void start();
    awaitable<void> stop();

    /// All days that have passed, once; what cannot be told now waits for the next time.
    awaitable<void> report_all();

private:
    awaitable<void> work();
    awaitable<bool> report_one(storage::tls_day about);
    awaitable<bool> send(tls_report::report report, tls_report::receivers wanted);
    awaitable<bool> hand_over(const tls_report::report& report,
                              std::vector<tls_report::https_place> places);
    awaitable<bool> deliver(std::string to, std::string octets);
    [[nodiscard]] std::int64_t now() const;

    const boost::asio::any_io_executor executor_;
    const reporter_ports ports_;
    const delivery_settings& settings_;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer ended_;
    bool is_working_ = false;
    bool is_stopping_ = false;
    breaker waits_;  // for the DNS
};

/// Rows of one day and domain, put together by policy.
[[nodiscard]] std::vector<tls_report::policy_details> by_policy(
    const std::vector<storage::tls_result>& rows);

}  // namespace hauspost::outbound
