#include "server/outbound/owner_letter.hpp"

#include <chrono>
#include <memory>
#include <utility>

namespace hauspost::outbound {

awaitable<bool> owner_letters::write(std::string domain, delivery::owner_letter letter) {
    using smtp::delivery_verdict;
    const auto now = std::chrono::system_clock::to_time_t(time_.now());
    const auto text = delivery::write_letter(domain, letter, settings_.hostname, now);
    auto envelope = std::make_shared<smtp::envelope>();
    smtp::envelope_recipient recipient;
    recipient.address.local_part = "postmaster";
    recipient.address.domain = std::move(domain);
    recipient.notify = "NEVER";
    envelope->recipients.push_back(std::move(recipient));
    envelope->is_8bit = true;
    std::shared_ptr<const smtp::envelope> fixed = std::move(envelope);
    const auto message = co_await sink_.begin(std::move(fixed));
    auto verdict = co_await message->write(text);
    if (verdict == delivery_verdict::accepted) verdict = co_await message->commit();
    co_return verdict == delivery_verdict::accepted;
}

}  // namespace hauspost::outbound
