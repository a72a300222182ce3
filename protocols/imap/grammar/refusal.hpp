#pragma once

#include <cstdint>
#include <string>

namespace hauspost::imap {

/// RFC 9051 7.1.
enum class status : std::uint8_t { ok, no, bad, preauth, bye };

/// Why a command is not run, ready to be written as its tagged answer. Tag "*": the command's tag
/// could not be read. All texts are ours, with nothing of the peer's in them.
struct refusal {
    std::string tag = "*";
    imap::status status = imap::status::bad;  // bad: syntax; no: understood but impossible
    std::string code;                         // response code without brackets, or ""
    std::string text;
    friend bool operator==(const refusal&, const refusal&) = default;
};

}  // namespace hauspost::imap
