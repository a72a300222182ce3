#pragma once

#include "protocols/dkim/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::arc {

/// So many sets a message may have, by RFC 8617 4.2.1, and so many of them are followed here: each
/// costs a question to the DNS.
inline constexpr unsigned max_sets = 50;
inline constexpr std::size_t max_followed = 20;

/// cv= of a seal: what became of the chain before it. RFC 8617 4.4
enum class chain_word : std::uint8_t { none, pass, fail };

/// What stands in an ARC-Message-Signature or an ARC-Seal.
struct signed_field {
    std::string field;  // whole, as it stands in the message
    dkim::algorithm method = dkim::algorithm::rsa_sha256;
    std::string domain;                              // d= and s= in lower case and A-labels
    std::string selector;                            //
    std::string octets;                              // b=
    [[nodiscard]] std::string key_question() const;  // the name of its TXT records
};

struct message_signature : signed_field {
    dkim::canonicalization header_form = dkim::canonicalization::simple;
    dkim::canonicalization body_form = dkim::canonicalization::simple;
    std::vector<std::string> names;  // h=
    std::string body_hash;           // bh=
};

struct seal : signed_field {
    chain_word before = chain_word::none;
};

/// One of those who handled the message says what he saw, signs it as it left, and seals all that
/// others have said.
struct set {
    std::string results;  // ARC-Authentication-Results, whole
    message_signature message;
    arc::seal sealed;
};

/// The sets of a message.
struct chain {
    enum class form : std::uint8_t {
        none,
        whole,  // can be checked
        broken,  // sets are missing, twice there, out of order, unreadable, or a seal says that it failed
        unknown,  // longer than is followed, or with what is not done here
    };
    form is = form::none;
    std::vector<set> sets;  // of whole: the oldest first
};

/// header  fields up to the end or an empty line
/// RFC     8617 4.1, 4.2, 5.2 (steps 1 to 3)
[[nodiscard]] chain read_chain(std::string_view header);

}  // namespace hauspost::arc
