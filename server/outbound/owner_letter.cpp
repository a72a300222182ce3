#include "server/outbound/owner_letter.hpp"

#include "base/random.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/encoded_word.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace hauspost::outbound {

awaitable<bool> owner_letters::write(std::string domain, std::string subject, std::string body) {
    using smtp::delivery_verdict;
    mail::date_time at;
    at.unix_seconds = std::chrono::system_clock::to_time_t(time_.now());
    const auto text = "From: Hauspost <postmaster@" + domain + ">\r\nTo: <postmaster@" + domain +
                      ">\r\nSubject: " + message::encode_encoded_words(subject) +
                      "\r\nDate: " + message::write_date(at) + "\r\nMessage-ID: <" +
                      random::readable(16) + '@' + settings_.hostname +
                      ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: text/plain; charset=utf-8\r\n"
                      "Content-Transfer-Encoding: 8bit\r\n\r\n" +
                      body;
    auto envelope = std::make_shared<smtp::envelope>();
    smtp::envelope_recipient recipient;
    recipient.address.local_part = "postmaster";
    recipient.address.domain = std::move(domain);
    recipient.notify = "NEVER";
    envelope->recipients.push_back(std::move(recipient));
    envelope->is_8bit = true;
    envelope->announced_octets = text.size();
    std::shared_ptr<const smtp::envelope> fixed = std::move(envelope);
    const auto message = co_await sink_.begin(std::move(fixed));
    auto verdict = co_await message->write(text);
    if (verdict == delivery_verdict::accepted) verdict = co_await message->commit();
    co_return verdict == delivery_verdict::accepted;
}

}  // namespace hauspost::outbound
