#include "protocols/sasl/mechanism.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/sasl/login.hpp"
#include "protocols/sasl/plain.hpp"

namespace hauspost::sasl {
namespace {

bool is_clean_text(std::string_view text) {
    return !text.empty() && text.find('\0') == std::string_view::npos && utf8::is_valid(text);
}

}  // namespace

outcome mechanism::start(std::optional<std::string_view> initial) {
    if (!initial) return begin();
    // RFC 4954 4: "=" stands for an initial response of no octets.
    if (*initial == "=") return receive(secret());
    if (initial->empty()) return outcome::malformed;
    return decode_and_receive(*initial);
}

outcome mechanism::respond(std::string_view line) {
    if (line == "*") return outcome::cancelled;
    return decode_and_receive(line);
}

outcome mechanism::decode_and_receive(std::string_view text) {
    if (text.size() > limits::max_response_octets) return outcome::malformed;
    auto octets = base64::decode(text);
    if (!octets) return outcome::malformed;
    return receive(secret(std::move(*octets)));
}

outcome mechanism::ask(std::string_view plain_challenge) {
    challenge_ = base64::encode(plain_challenge);
    return outcome::challenge;
}

bool mechanism::accept_user(std::string_view name) {
    if (name.size() > limits::max_user_octets || !is_clean_text(name)) return false;
    user_ = name;
    return true;
}

bool mechanism::accept_password(std::string_view password) {
    if (!is_clean_text(password)) return false;
    password_ = secret(std::string(password));
    return true;
}

std::unique_ptr<mechanism> make_mechanism(std::string_view name) {
    if (ascii::equal_nocase(name, "PLAIN")) return std::make_unique<plain>();
    if (ascii::equal_nocase(name, "LOGIN")) return std::make_unique<login>();
    return nullptr;
}

}  // namespace hauspost::sasl
