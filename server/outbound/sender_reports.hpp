#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/outbound/delivery_report.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "storage/blob_store.hpp"
#include "storage/queue_item.hpp"
#include "storage/queue_outcome.hpp"

#include <cstdint>
#include <string>

namespace hauspost::outbound {

/// What came of telling somebody.
enum class report_verdict : std::uint8_t {
    told,    // the report is on stable storage, here or in the queue
    later,   // not now
    nobody,  // there is nobody to be told
};

/// Writes to senders what became of their messages, and hands it to the sink that delivers
/// everywhere. A report has the null reverse-path, so none is ever written about a report
/// (RFC 5321 4.5.5).
///
/// Lifetime: sink, blobs and time must outlive it. Thread: any, many at a time.
class sender_reports {
public:
    sender_reports(smtp::mail_sink& sink,
                   storage::blob_store& blobs,
                   const clock& time,
                   const delivery_settings& settings)
        : sink_(sink), blobs_(blobs), time_(time), settings_(settings) {}

    /// About all recipients that `item` holds, by their state: those that wait are delayed.
    /// settles  of these: settled by the commit of the report, so that nobody is told twice
    /// Throws   storage::fault
    awaitable<report_verdict> tell(const storage::queue_item& item,
                                   storage::claimed_outcomes settles);

private:
    awaitable<std::string> read(const storage::queue_item& item, std::size_t most);
    awaitable<report_verdict> deliver(std::string sender,
                                      delivery_report report,
                                      bool requires_tls,
                                      storage::claimed_outcomes settles);
    [[nodiscard]] std::int64_t now() const;

    smtp::mail_sink& sink_;
    storage::blob_store& blobs_;
    const clock& time_;
    const delivery_settings& settings_;
};

}  // namespace hauspost::outbound
