#pragma once

#include "base/clock.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/smtp/server/policy.hpp"
#include "server/outbound/sending_limits.hpp"

#include <memory>
#include <string>

namespace hauspost::outbound {

/// Takes the mail of people who have logged in: looks whether it is written in their own name, adds
/// what its header lacks (Date, Message-ID, From), takes Bcc out, and hands it to the sink that
/// delivers here and queues for others.
///
/// An author's address that is not the user's is refused with both named (550 5.7.1). So is
/// one that cannot be read: another reader may find somebody in it.
///
/// Lifetime: all that is passed in must outlive this object, and this object the messages begun.
/// Thread: any, many at a time.
/// RFC  6409 6.1, 8
class submission_sink final : public smtp::mail_sink {
public:
    /// next      for recipients everywhere
    /// hostname  behind the "@" of a Message-ID
    /// limits    to say at once what the store would say behind the message; null: not asked
    submission_sink(smtp::mail_sink& next,
                    smtp::sender_rules& senders,
                    const clock& time,
                    std::string hostname,
                    sending_limits* limits = nullptr)
        : next_(next),
          senders_(senders),
          time_(time),
          hostname_(std::move(hostname)),
          limits_(limits) {}

    std::unique_ptr<smtp::recipient_check> check_recipients(
        const smtp::mailbox_address& reverse_path) override {
        return next_.check_recipients(reverse_path);
    }
    awaitable<std::unique_ptr<smtp::incoming_message>> begin(
        std::shared_ptr<const smtp::envelope> envelope) override;

private:
    class message;

    smtp::mail_sink& next_;
    smtp::sender_rules& senders_;
    const clock& time_;
    const std::string hostname_;
    sending_limits* const limits_;
};

}  // namespace hauspost::outbound
