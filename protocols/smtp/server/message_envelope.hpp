#pragma once

#include "protocols/net/stream.hpp"
#include "protocols/sasl/credentials.hpp"
#include "protocols/smtp/command.hpp"
#include "protocols/smtp/server/envelope.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

namespace hauspost::smtp {

/// The envelope of the transaction that is open, as MAIL and RCPT make it.
class message_envelope {
public:
    /// Empty again, as after RSET.
    void reset();
    /// MAIL was accepted.
    /// release_at  Unix seconds; 0: at once
    void begin(const cmd::mail& wanted, std::int64_t release_at);
    /// RCPT was accepted.
    void add(const cmd::rcpt& wanted);
    /// Is that recipient, as to_text writes it, there already?
    [[nodiscard]] bool has(const std::string& name) const { return names_.contains(name); }
    /// The octets follow: from where they come.
    void note_way(const net::stream& peer,
                  const std::string& helo,
                  bool is_esmtp,
                  const sasl::identity& submitter);

    [[nodiscard]] const envelope& get() const noexcept { return *envelope_; }
    /// For whoever needs it longer than the transaction lasts. It does not change any more.
    [[nodiscard]] std::shared_ptr<const envelope> share() const noexcept { return envelope_; }

private:
    std::shared_ptr<envelope> envelope_ = std::make_shared<envelope>();  // never null
    std::unordered_set<std::string> names_;                              // of its recipients
};

/// What the log says about a refusal, each word with a space in front.
/// is_message  it came as a whole; else its recipient is refused, or without any its sender
[[nodiscard]] std::string about_refused(const envelope& mail, bool is_message);

}  // namespace hauspost::smtp
