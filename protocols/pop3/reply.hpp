#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::pop3 {

/// A status line. All fixed texts are constants of this file, so that no handler can tell a peer
/// more than it should. No -ERR text begins with "[": that would be read as a response code.
struct reply {
    bool is_ok = false;
    std::string_view code;  // without brackets (RFC 2449 8); "" for none
    std::string_view text;

    /// As it goes out, with CRLF.
    void append_to(std::string& out) const;
};

/// RFC 2449 8.1.1, 8.1.2; RFC 3206 4, 5.
namespace code {
inline constexpr std::string_view in_use = "IN-USE";
inline constexpr std::string_view sys_temp = "SYS/TEMP";
inline constexpr std::string_view sys_perm = "SYS/PERM";
inline constexpr std::string_view auth = "AUTH";
}  // namespace code

namespace replies {

inline constexpr reply ok{true, "", "ok"};
inline constexpr reply send_password{true, "", "send the password"};
inline constexpr reply logged_in{true, "", "maildrop locked and ready"};
inline constexpr reply begin_tls{true, "", "begin TLS negotiation"};
inline constexpr reply capabilities{true, "", "capabilities follow"};
inline constexpr reply mechanisms{true, "", "mechanisms follow"};
inline constexpr reply languages{true, "", "languages follow"};
inline constexpr reply utf8_on{true, "", "UTF-8 enabled"};
inline constexpr reply marked{true, "", "message marked as deleted"};
inline constexpr reply unmarked{true, "", "no message is marked as deleted"};
inline constexpr reply unique_ids{true, "", "unique ids follow"};
inline constexpr reply top_follows{true, "", "top of message follows"};
inline constexpr reply bye{true, "", "until next time"};

inline constexpr reply unknown_command{false, "", "unknown command"};
inline constexpr reply bad_arguments{false, "", "invalid arguments"};
inline constexpr reply bad_number{false, "", "not a valid message or line number"};
inline constexpr reply not_now{false, "", "not in this state"};
inline constexpr reply line_too_long{false, "", "line too long"};
inline constexpr reply bare_newline{false, "", "lines end with CRLF"};
inline constexpr reply too_many_bad_commands{false, "", "too many bad commands, closing"};

inline constexpr reply no_such_message{false, "", "no such message"};
inline constexpr reply message_is_marked{false, "", "message is marked as deleted"};
inline constexpr reply message_is_gone{false, "", "message was removed by another session"};

inline constexpr reply use_tls{false, "", "use TLS first"};
inline constexpr reply user_first{false, "", "USER must come first"};
inline constexpr reply tls_is_on{false, "", "TLS is already on"};
inline constexpr reply no_tls{false, "", "TLS is not available"};
inline constexpr reply tls_before_utf8{false, "", "STLS is not allowed after UTF8"};
inline constexpr reply no_such_mechanism{false, "", "no such mechanism"};
inline constexpr reply no_such_language{false, "", "no such language"};
inline constexpr reply bad_response{false, "", "invalid response"};
inline constexpr reply cancelled{false, "", "cancelled"};

inline constexpr reply nobody_else{false, code::auth, "acting for another user is not allowed"};
inline constexpr reply in_use{false, code::in_use, "maildrop is in use by another POP3 session"};
inline constexpr reply fault{false, code::sys_temp, "server error, try again later"};
inline constexpr reply busy{false, code::sys_temp, "server busy, try again later"};
inline constexpr reply not_removed{false, code::sys_temp, "some messages were not removed"};
inline constexpr reply shutting_down{false, code::sys_temp, "server is shutting down"};
inline constexpr reply account_changed{false, code::sys_temp, "account has changed"};

}  // namespace replies

/// "+OK 3 640" and the like: what is said is made of numbers.
void append_ok(std::string& out, std::string_view text);
void append_number(std::string& out, std::uint64_t number);
/// Ends an answer of several lines.
inline constexpr std::string_view end_of_lines = ".\r\n";

}  // namespace hauspost::pop3
