#include "server/delivery/owner_mail.hpp"

#include "base/log.hpp"
#include "base/random.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/encoded_word.hpp"
#include "server/delivery/message_trace.hpp"
#include "server/delivery/trace_headers.hpp"

#include <chrono>
#include <utility>

namespace hauspost::delivery {

/// Only ASCII in the header; the body says names as people know them.
std::string write_letter(std::string_view domain,
                         const owner_letter& letter,
                         std::string_view hostname,
                         std::int64_t at) {
    mail::date_time date;
    date.unix_seconds = at;
    std::string postmaster("postmaster@");
    postmaster += domain;
    std::string id = random::readable(16) + '@';
    id += hostname;
    return "From: Hauspost <" + postmaster + ">\r\nTo: <" + postmaster +
           ">\r\nSubject: " + message::encode_encoded_words(letter.subject) +
           "\r\nDate: " + message::write_date(date) + "\r\nMessage-ID: <" + id +
           ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
           "Content-Type: text/plain; charset=utf-8\r\n"
           "Content-Transfer-Encoding: 8bit\r\n\r\n" +
           letter.text;
}

owner_mail::owner_mail(route_lookup& lookup,
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

std::int64_t owner_mail::now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch())
        .count();
}

awaitable<bool> owner_mail::write(std::string domain, owner_letter letter) {
    auto text = write_letter(domain, letter, hostname_, now());
    co_return co_await deliver("postmaster@" + domain, std::move(text));
}

awaitable<bool> owner_mail::deliver(storage::mail_address postmaster, std::string text) {
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
    ingest::arriving_message report(arrivals_);
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

}  // namespace hauspost::delivery
