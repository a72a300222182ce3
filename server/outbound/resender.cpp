#include "server/outbound/resender.hpp"

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"
#include "mail/date_time.hpp"
#include "protocols/dkim/header_gatherer.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/smtp/path.hpp"
#include "server/delivery/routing.hpp"
#include "server/outbound/stored_message.hpp"
#include "storage/errc.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace hauspost::outbound {
namespace {

using smtp::delivery_verdict;
using smtp::recipient_verdict;

resent::verdict verdict_of(recipient_verdict may) {
    switch (may) {
    case recipient_verdict::accepted: return resent::verdict::taken;
    case recipient_verdict::no_such_user:
    case recipient_verdict::relay_denied: return resent::verdict::nobody;
    case recipient_verdict::account_disabled:
    case recipient_verdict::over_quota:
    case recipient_verdict::loop:
    case recipient_verdict::too_many_targets:
    case recipient_verdict::too_many_recipients: return resent::verdict::refused;
    case recipient_verdict::try_again: break;
    }
    return resent::verdict::busy;
}

resent::verdict verdict_of(delivery_verdict became) {
    switch (became) {
    case delivery_verdict::accepted: return resent::verdict::taken;
    case delivery_verdict::over_quota:
    case delivery_verdict::loop:
    case delivery_verdict::foreign_author:
    case delivery_verdict::bad_header:
    case delivery_verdict::over_sending_limit:
    case delivery_verdict::sending_frozen: return resent::verdict::refused;
    case delivery_verdict::disk_full: return resent::verdict::disk_full;
    case delivery_verdict::busy:
    case delivery_verdict::try_again: break;
    }
    return resent::verdict::busy;
}

resent ended(resent::verdict how) {
    resent made;
    made.how = how;
    return made;
}

}  // namespace

/// What the next server has to be able to take.
struct resender::kind {
    void feed(std::string_view piece) {
        octets += piece.size();
        is_8bit = is_8bit || !utf8::is_ascii(piece);
        header.take(piece);
    }

    dkim::header_gatherer header;
    std::uint64_t octets = 0;
    bool is_8bit = false;
};

std::string resent_fields(std::string_view by,
                          std::string_view to,
                          std::string_view hostname,
                          std::int64_t at) {
    mail::date_time date;
    date.unix_seconds = at;
    std::string out = "Resent-Date: " + message::write_date(date) + "\r\nResent-From: <";
    out.append(by).append(">\r\nResent-To: <").append(to);
    out += ">\r\nResent-Message-ID: <" + random::readable(16) + '@';
    return out.append(hostname).append(">\r\n");
}

awaitable<resent> resender::send(blob_id blob, storage::mail_address to, storage::mail_address by) {
    kind of;
    const auto there = co_await look_at(blob, of);
    if (there != resent::verdict::taken) co_return ended(there);
    auto envelope = std::make_shared<smtp::envelope>();
    envelope->reverse_path = delivery::path_of(by);
    envelope->sent_on_by = by;
    smtp::envelope_recipient recipient;
    recipient.address = delivery::path_of(to);
    envelope->recipients.push_back(recipient);
    envelope->smtputf8 = !utf8::is_ascii(of.header.text()) || !utf8::is_ascii(to);
    envelope->is_8bit = of.is_8bit;
    envelope->announced_octets = of.octets;
    const auto check = sink_.check_recipients(envelope->reverse_path);
    const auto may = co_await check->ask(std::move(recipient.address), of.octets);
    if (may != recipient_verdict::accepted) co_return ended(verdict_of(may));
    std::shared_ptr<const smtp::envelope> fixed = std::move(envelope);
    auto handing = hand_on(blob, std::move(fixed));
    auto made = co_await std::move(handing);
    log::info("resend to={} by={} id={} result={}", log_safe(to), log_safe(by), made.id,
              made.how == resent::verdict::taken ? "taken" : "refused");
    co_return made;
}

/// Reads it once before anybody is asked to take it. taken: it is there.
awaitable<resent::verdict> resender::look_at(blob_id blob, kind& into) {
    stored_message octets(blobs_, blob, {});
    for (;;) {
        const auto piece = co_await octets.next();
        if (!piece)
            co_return piece.error() == storage::errc::no_such_message ? resent::verdict::gone
                                                                      : resent::verdict::busy;
        if (piece->empty()) break;
        auto look = [&into, octets_of = *piece] { into.feed(octets_of); };
        if (!co_await workers_.run(std::move(look))) co_return resent::verdict::busy;
    }
    into.header.finish();
    co_return into.octets == 0 ? resent::verdict::gone : resent::verdict::taken;
}

awaitable<resent> resender::hand_on(blob_id blob, std::shared_ptr<const smtp::envelope> envelope) {
    const auto message = co_await sink_.begin(envelope);
    const auto now = std::chrono::system_clock::to_time_t(time_.now());
    const auto fields =
        resent_fields(smtp::to_text(envelope->reverse_path),
                      smtp::to_text(envelope->recipients.front().address), hostname_, now);
    auto verdict = co_await message->write(fields);
    const auto here = co_await asio::this_coro::executor;
    stored_message octets(blobs_, blob, {});
    while (verdict == delivery_verdict::accepted) {
        const auto piece = co_await octets.next();
        if (!piece) co_return ended(resent::verdict::busy);
        if (piece->empty()) break;
        verdict = co_await message->write(*piece);
        // A large message in pieces, so that others on this thread get their turn.
        co_await asio::post(here, asio::use_awaitable);
    }
    if (verdict == delivery_verdict::accepted) verdict = co_await message->commit();
    auto made = ended(verdict_of(verdict));
    if (made.how == resent::verdict::taken) made.id = message->id();
    co_return made;
}

}  // namespace hauspost::outbound
