#include "server/delivery/owner_report.hpp"

#include "base/address.hpp"
#include "base/log.hpp"

#include <exception>

namespace hauspost::delivery {
namespace {

std::string_view reason(smtp::recipient_verdict why) {
    using enum smtp::recipient_verdict;
    if (why == account_disabled) return "it is switched off";
    if (why == loop) return "too many aliases and forwards lead there one behind the other";
    return "nobody has this address";
}

owner_letter letter_about(const lost_mail& lost) {
    owner_letter letter;
    letter.subject = "Mail that cannot be delivered to everybody";
    auto& text = letter.text;
    text = "Mail to " + address::shown(lost.recipient) + " also goes to:\r\n\r\n";
    for (const auto& target : lost.targets)
        text += "  " + address::shown(target.name) + "\r\n    (" + std::string(reason(target.why)) +
                ")\r\n";
    text +=
        "\r\nThey did not get the message that has just come, and will not get the next "
        "ones.\r\n"
        "Please take them out of the alias or forward, or make these addresses work.\r\n"
        "You are told about each of them once a day at most.\r\n";
    return letter;
}

}  // namespace

awaitable<void> owner_report::write(const std::vector<lost_mail>& lost) {
    try {
        for (const auto& one : lost) {
            const auto fresh = without_known(one, mail_.now());
            if (fresh.targets.empty()) continue;
            std::string domain(address::domain_of(one.recipient));
            auto letter = letter_about(fresh);
            const bool is_kept = co_await mail_.write(std::move(domain), std::move(letter));
            if (!is_kept) forget(fresh);
        }
    } catch (const std::exception& fault) {
        log::error("fault proto=delivery what={}", log_safe(fault.what()));
    }
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

}  // namespace hauspost::delivery
