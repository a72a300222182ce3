#pragma once

#include "protocols/dkim/header_gatherer.hpp"
#include "protocols/dkim/limits.hpp"
#include "protocols/dkim/relaxed_body.hpp"
#include "protocols/dkim/sha256.hpp"
#include "protocols/dkim/signature.hpp"
#include "protocols/dkim/simple_body.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::dkim {

/// What a signature is worth, in the words of RFC 8601 2.7.1.
enum class verdict : std::uint8_t {
    pass,
    fail,       // the message is another one, or the time is over
    policy,     // right perhaps, but not to be relied on
    neutral,    // not looked at
    temperror,  // the key cannot be looked up now
    permerror,  // the signature or the key cannot be used
};

struct verification {
    verdict is = verdict::neutral;
    std::string_view why;     // one line for logs and people; "" when it passes
    bool is_testing = false;  // the key says t=y; the signature counts all the same
};

/// What the DNS says to key_question().
struct key_answer {
    enum class kind : std::uint8_t { found, none, failed };
    kind is = kind::failed;
    std::vector<std::string> texts;  // of TXT records, each with its strings put together
};

/// A DKIM-Signature field of a message.
struct candidate {
    std::string field;                               // whole, as it stands in the message
    std::optional<dkim::signature> signature;        // nullopt: it cannot be read
    std::optional<verification> known = {};          // decided without a key
    [[nodiscard]] std::string key_question() const;  // the name of its TXT records
};

/// A body in one form, for all signatures that have it.
template <class Form>
struct body_digest {
    void feed(std::string_view piece);
    void finish();

    Form form;
    sha256 hash;
    std::uint64_t octets = 0;
    std::string hashed;  // after finish()
};

/// Checks the signatures of a message that comes in pieces. Asks nobody anything: who uses it looks
/// up the keys.
///
/// Calling sequence: feed() as often as wanted, cut anywhere; finish(); then signatures(), and
/// check() with the answer for each that is not known.
///
/// A few signatures are looked at, those of the author's domain, above it or below it first
/// (limits::max_checked_signatures, F02). A signature that leaves room for a second Subject, or for
/// more body than was signed, is not taken for one of what people see (RFC 6376 8.2, 8.15; D11).
///
/// Memory: the header. Cost: a hash of the body for each form that is in use, at most two, and for
/// each check some 20 to 80 us. Pure. Throws std::runtime_error when OpenSSL has no room.
///
/// RFC  6376 6, 8301 3, 8463 3
class verifier {
public:
    /// now  Unix seconds. Clocks differ: a day is given
    explicit verifier(std::int64_t now) : now_(now) {}

    void feed(std::string_view octets);
    void finish();

    /// In the order in which they count; none of a message whose header cannot be read.
    [[nodiscard]] const std::vector<candidate>& signatures() const noexcept { return candidates_; }
    /// Beyond those: neutral.
    [[nodiscard]] std::size_t unchecked() const noexcept { return unchecked_; }
    /// The domain of the From field, see message::author_domain.
    [[nodiscard]] const std::string& author_domain() const noexcept { return author_domain_; }

    /// n  of signatures()
    [[nodiscard]] verification check(std::size_t n, const key_answer& key) const;

private:
    void look_at_header();
    [[nodiscard]] std::optional<verification> judge(const signature& one) const;
    [[nodiscard]] bool covers_what_is_shown(const signature& one) const;
    [[nodiscard]] std::optional<verification> judge_body(const signature& one) const;

    const std::int64_t now_;
    header_gatherer header_;
    bool is_header_known_ = false;
    std::string author_domain_;
    std::vector<candidate> candidates_;
    std::size_t unchecked_ = 0;
    std::optional<body_digest<simple_body>> simple_;
    std::optional<body_digest<relaxed_body>> relaxed_;
};

}  // namespace hauspost::dkim
