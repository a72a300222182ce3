#pragma once

#include "protocols/arc/sets.hpp"
#include "protocols/dkim/header_gatherer.hpp"
#include "protocols/dkim/relaxed_body.hpp"
#include "protocols/dkim/sha256.hpp"
#include "protocols/dkim/simple_body.hpp"
#include "protocols/dkim/verify.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::arc {

/// What a chain is worth. RFC 8617 4.4
enum class validation : std::uint8_t {
    none,     // there is no chain
    pass,     // each who sealed it did, and the message is what the last one had
    fail,     // something was changed, or never right
    unknown,  // a key cannot be looked up now, or the chain is not followed
};

/// By the name of their TXT records.
using key_answers = std::map<std::string, dkim::key_answer, std::less<>>;

/// Checks the chain of a message that comes in pieces. Asks nobody anything: who uses it looks up the
/// keys.
///
/// Calling sequence: feed() as often as wanted, cut anywhere; finish(); then check() with an answer to
/// each of key_questions().
///
/// Memory: the header. Cost: a hash of the body, and of each set two signatures. Pure.
///
/// RFC  8617 5.2
class verifier {
public:
    void feed(std::string_view octets);
    void finish();

    /// None when no key makes a difference.
    [[nodiscard]] std::vector<std::string> key_questions() const;
    [[nodiscard]] validation check(const key_answers& keys) const;

    /// The oldest first; those of a chain that can be checked.
    [[nodiscard]] const std::vector<set>& sets() const noexcept { return chain_.sets; }

private:
    [[nodiscard]] validation check_message(const key_answers& keys) const;
    [[nodiscard]] validation check_seals(const key_answers& keys) const;

    dkim::header_gatherer header_;
    chain chain_;
    bool is_header_known_ = false;
    bool is_simple_ = false;  // the body's form in the last message signature
    dkim::simple_body simple_;
    dkim::relaxed_body relaxed_;
    dkim::sha256 hash_;
    std::string body_hash_;
};

/// The octets that a seal signs: all sets before, then its own with b= empty. RFC 8617 5.1.1
/// before     the oldest first
/// own        its ARC-Authentication-Results and its ARC-Message-Signature
/// own_seal   without the value of b=
[[nodiscard]] std::string sealed_octets(std::string_view before,
                                        std::string_view results,
                                        std::string_view message_signature,
                                        std::string_view own_seal);
/// The part of these sets in it.
[[nodiscard]] std::string sealed_before(const std::vector<set>& sets, std::size_t count);

}  // namespace hauspost::arc
