#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace hauspost::pop3 {

/// Commands as values, one type each; what they mean stands in RFC 1939 unless noted.
namespace cmd {

struct user {
    std::string name;
};
struct pass {
    secret password;  // all that follows "PASS ", spaces too (RFC 1939 7)
};
struct auth {               // RFC 5034 4
    std::string mechanism;  // upper case; empty: they ask for the list, as Outlook does
    std::optional<std::string> initial_response;  // base64, or "=" for an empty one
};
struct stls {};       // RFC 2595 4
struct capa {};       // RFC 2449 5
struct utf8 {};       // RFC 6856 2
struct lang {         // RFC 6856 3
    std::string tag;  // empty: list them; "*": the server's own
};
struct quit {};
struct stat {};
struct list {
    std::optional<std::uint64_t> number;
};
struct uidl {
    std::optional<std::uint64_t> number;
};
struct retr {
    std::uint64_t number = 0;
};
struct top {
    std::uint64_t number = 0;
    std::uint64_t lines = 0;
};
struct dele {
    std::uint64_t number = 0;
};
struct noop {};
struct rset {};

}  // namespace cmd

/// What is wrong with a line.
enum class syntax_fault : std::uint8_t { unknown_command, bad_arguments, bad_number };

/// A line that is no command.
struct malformed {
    syntax_fault why = syntax_fault::unknown_command;
};

using command = std::variant<malformed,
                             cmd::user,
                             cmd::pass,
                             cmd::auth,
                             cmd::stls,
                             cmd::capa,
                             cmd::utf8,
                             cmd::lang,
                             cmd::quit,
                             cmd::stat,
                             cmd::list,
                             cmd::uidl,
                             cmd::retr,
                             cmd::top,
                             cmd::dele,
                             cmd::noop,
                             cmd::rset>;

}  // namespace hauspost::pop3
