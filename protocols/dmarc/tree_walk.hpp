#pragma once

#include "protocols/dmarc/record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::dmarc {

inline constexpr std::size_t max_questions = 8;  // RFC 9989 4.10: for a name of any length

/// The domains that may have a record for this one: itself, then those above it, the longest first.
/// Of more than eight labels only those of seven and less follow. RFC 9989 4.10
/// domain  in A-labels, without a dot at its end
[[nodiscard]] std::vector<std::string> domains_to_ask(std::string_view domain);

/// Under which name a domain's record stands.
[[nodiscard]] std::string question_name(std::string_view domain);

/// What the DNS says to one such name.
struct txt_answer {
    bool has_failed = false;         // nothing is known now
    std::vector<std::string> texts;  // of TXT records, each with its strings put together
};

/// What a walk has found for a domain.
struct findings {
    enum class outcome : std::uint8_t {
        none,    // nobody has asked for anything
        found,   //
        failed,  // it cannot be known now
    };
    outcome is = outcome::none;
    policy wanted = policy::none;  // as it stands, whether or not it is being tested
    bool is_testing = false;       // t=y: one step milder is enough
    alignment dkim = alignment::relaxed;
    alignment spf = alignment::relaxed;
    /// Who has the record that counts; "" when there is none.
    std::string policy_domain;
    /// The organisational domain: relaxed alignment compares these. The domain itself when nothing
    /// says anything else (RFC 9989 4.10.2); "" when it cannot be known now.
    std::string organization;
};

/// Of the answers for all of domains_to_ask(domain), in their order. They may be asked for at once.
///
/// A failure counts as far as it decides something. That of a top-level domain does not: few have a
/// record, and none of them would make two organisations of what is one.
///
/// exists  false: the DNS knows no such domain (for np=)
/// RFC     9989 4.10.1, 4.10.2
[[nodiscard]] findings find_policy(std::string_view domain,
                                   std::span<const txt_answer> answers,
                                   bool exists = true);

/// Whether an identifier that was proven (d= of a signature, the domain of a reverse-path) is the
/// author's, as far as that needs no walk of its own. RFC 9989 4.4
enum class comparison : std::uint8_t { aligned, not_aligned, needs_walk };
[[nodiscard]] comparison compare(std::string_view author,
                                 std::string_view identifier,
                                 alignment mode);

}  // namespace hauspost::dmarc
