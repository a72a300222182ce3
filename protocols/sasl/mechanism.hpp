#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::sasl {

struct limits {
    // RFC 4954 4: a line of 12 288 octets is sufficient for every mechanism.
    static constexpr std::size_t max_response_octets = 12'288;
    // RFC 5321 4.5.3.1.1, 4.5.3.1.2: 64 + "@" + 255; four octets a character in UTF-8.
    static constexpr std::size_t max_user_octets = 1'280;
};

/// What the server does next in an AUTH exchange.
enum class outcome : std::uint8_t {
    challenge,    // send challenge(), read one line, call respond() with it
    credentials,  // user() and password() are there: ask credentials::check
    malformed,    // SMTP 501 5.5.2, IMAP BAD, POP3 -ERR
    cancelled,    // the client sent "*": SMTP 501 5.7.0, IMAP BAD (RFC 4954 4, RFC 9051 6.2.2)
    refused,      // wants to act as somebody else: as for a wrong password
};

/// The server's half of one AUTH exchange. Pure: lines in, challenges out.
///
/// Calling sequence: make_mechanism, start(initial response), respond(line) as long as the outcome
/// is `challenge`, then user() and password() once. Lines come without their CRLF.
class mechanism {
public:
    virtual ~mechanism() = default;

    /// initial  the initial response as it stood in the command, base64, or "=" for an empty one
    ///          (RFC 4954 4, RFC 4959 3); nullopt when there was none
    [[nodiscard]] outcome start(std::optional<std::string_view> initial);
    /// line     the client's answer to a challenge, base64, or "*"
    [[nodiscard]] outcome respond(std::string_view line);

    /// Base64, without "+ " or "334 "; empty for an empty challenge.
    [[nodiscard]] const std::string& challenge() const noexcept { return challenge_; }
    /// As typed, 1 .. limits::max_user_octets of well-formed UTF-8 without NUL.
    [[nodiscard]] const std::string& user() const noexcept { return user_; }
    /// At least one octet, no NUL, well-formed UTF-8.
    [[nodiscard]] secret take_password() noexcept { return std::move(password_); }

protected:
    virtual outcome begin() = 0;
    virtual outcome receive(secret response) = 0;
    outcome ask(std::string_view plain_challenge);
    /// Takes a user name over; false when it may not be one.
    bool accept_user(std::string_view name);
    bool accept_password(std::string_view password);

private:
    outcome decode_and_receive(std::string_view text);

    std::string challenge_;
    std::string user_;
    secret password_;
};

/// The mechanism of that name, compared without case, or null when we have none such.
/// PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login-00).
[[nodiscard]] std::unique_ptr<mechanism> make_mechanism(std::string_view name);

/// For capability lists, blanks between: "PLAIN LOGIN".
inline constexpr std::string_view mechanism_names = "PLAIN LOGIN";

}  // namespace hauspost::sasl
