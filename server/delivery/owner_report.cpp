#include "server/delivery/owner_report.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "protocols/message/date_time.hpp"
#include "server/delivery/message_trace.hpp"
#include "server/delivery/trace_headers.hpp"

#include <chrono>
#include <exception>
#include <memory>

namespace hauspost::delivery {
namespace {

std::string_view reason(smtp::recipient_verdict why) {
    using enum smtp::recipient_verdict;
    if (why == account_disabled) return "it is switched off";
    if (why == loop) return "too many aliases and forwards lead there one behind the other";
    return "nobody has this address";
}

/// Only ASCII in the header; the body says names as people know them.
std::string text_of(const lost_mail& lost, const std::string& hostname, std::int64_t now) {
    mail::date_time at;
    at.unix_seconds = now;
    const std::string domain(address::domain_of(lost.recipient));
    std::string text = "From: Hauspost <postmaster@" + domain + ">\r\nTo: <postmaster@" + domain +
                       ">\r\nSubject: Mail that cannot be delivered to everybody\r\nDate: " +
                       message::write_date(at) + "\r\nMessage-ID: <" + random::readable(16) + '@' +
                       hostname +
                       ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                       "Content-Type: text/plain; charset=utf-8\r\n"
                       "Content-Transfer-Encoding: 8bit\r\n\r\n"
                       "Mail to " +
                       address::shown(lost.recipient) + " also goes to:\r\n\r\n";
    for (const auto& target : lost.targets)
        text += "  " + address::shown(target.name) + "\r\n    (" + std::string(reason(target.why)) +
                ")\r\n";
    return text +
           "\r\nThey did not get the message that has just come, and will not get the next "
           "ones.\r\n"
           "Please take them out of the alias or forward, or make these addresses work.\r\n"
           "You are told about each of them once a day at most.\r\n";
}

}  // namespace

owner_report::owner_report(route_lookup& lookup,
                           const routing_settings& settings,
                           storage::delivery_store& delivery,
                           const ingest::ports& arrivals,
                           const clock& clock,
                           std::string hostname)
    : lookup_(lookup),
      settings_(settings),
      delivery_(delivery),
      arrivals_(arrivals),
      clock_(clock),
      hostname_(std::move(hostname)) {}

awaitable<void> owner_report::write(const std::vector<lost_mail>& lost) {
    try {
        for (const auto& one : lost) {
            const auto fresh = without_known(one, now());
            if (fresh.targets.empty()) continue;
            std::string postmaster = "postmaster@";
            postmaster += address::domain_of(one.recipient);
            auto text = text_of(fresh, hostname_, now());
            const bool is_kept = co_await deliver(std::move(postmaster), std::move(text));
            if (!is_kept) forget(fresh);
        }
    } catch (const std::exception& fault) {
        log::error("fault proto=delivery what={}", log_safe(fault.what()));
    }
}

/// Returns  false, and logs why, when there is nobody who could have it
awaitable<bool> owner_report::deliver(storage::mail_address postmaster, std::string text) {
    const auto to = co_await find_route(lookup_, postmaster, 0, settings_);
    storage::delivery_request request;
    const auto id = make_trace_id();
    storage::trace_event written;
    written.step = storage::trace_step::received;
    written.door = storage::trace_door::server;
    written.id = id;
    written.number = text.size();
    request.trace.push_back(std::move(written));
    const smtp::mailbox_address nobody;  // RFC 5321 4.5.5: nothing answers a notification
    for (const auto& account : to.local) {
        storage::local_copy copy;
        copy.account = account.id;
        copy.prefix = copy_prefix(nobody, account.name, postmaster, false);
        request.local.push_back(std::move(copy));
        storage::trace_event kept;
        kept.step = storage::trace_step::stored;
        kept.id = id;
        kept.account = account.id;
        kept.to = postmaster;
        kept.target = account.name;
        request.trace.push_back(std::move(kept));
    }
    if (request.local.empty()) {
        log::warn("report to={} reason=\"no mailbox here\"", log_safe(postmaster));
        co_return false;
    }
    ingest::arriving_message report(arrivals_, text.size());
    (void)co_await report.write(text);  // refused: so is finish()
    auto summary = co_await report.finish();
    error_code failed;
    if (summary) {
        request.blob = report.blob();
        request.summary = std::move(summary->octets);
        request.thread = summary->thread;
        request.internal_date.unix_seconds = now();
        failed = co_await delivery_.deliver(std::move(request));
    } else {
        failed = summary.error();
    }
    if (failed)
        log::warn("report to={} reason={}", log_safe(postmaster), log_safe(failed.message()));
    else
        log::info("report to={}", log_safe(postmaster));
    co_return !failed;
}

/// What could not be delivered is written again with the next message.
void owner_report::forget(const lost_mail& unwritten) {
    const std::lock_guard lock(mutex_);
    for (const auto& target : unwritten.targets)
        written_.erase(std::pair(unwritten.recipient, target.name));
}

lost_mail owner_report::without_known(const lost_mail& lost, std::int64_t now) {
    lost_mail fresh;
    fresh.recipient = lost.recipient;
    const std::lock_guard lock(mutex_);
    std::erase_if(written_, [&](const auto& one) { return one.second + silence_seconds <= now; });
    for (const auto& target : lost.targets) {
        if (written_.size() >= max_remembered) break;
        if (written_.try_emplace(std::pair(lost.recipient, target.name), now).second)
            fresh.targets.push_back(target);
    }
    return fresh;
}

std::int64_t owner_report::now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch())
        .count();
}

}  // namespace hauspost::delivery
