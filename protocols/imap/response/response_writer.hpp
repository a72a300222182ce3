#pragma once

#include "base/ids.hpp"
#include "protocols/imap/grammar/command.hpp"
#include "protocols/imap/grammar/refusal.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// Appends responses to a buffer that the caller owns and sends. Whatever text comes in, no CR, LF
/// or NUL leaves outside a counted literal, so nobody's subject or mailbox name can forge a line.
/// Each function returns the writer, so that calls can be chained. It allocates nothing itself.
class response_writer {
public:
    /// is_utf8  the client has enabled UTF-8 (RFC 9755 3): mailbox names and quoted strings hold it
    explicit response_writer(std::string& out, bool is_utf8 = false)
        : out_(out), is_utf8_(is_utf8) {}

    /// Text of our own that is right as it is ("* ", " FETCH (", an ENVELOPE ready made).
    response_writer& raw(std::string_view text) {
        out_.append(text);
        return *this;
    }
    response_writer& raw(char octet) {
        out_.push_back(octet);
        return *this;
    }
    response_writer& number(std::uint64_t value);
    response_writer& crlf() { return raw("\r\n"); }

    /// string: quoted when it is short printable ASCII, else a literal. NUL becomes "?".
    response_writer& string(std::string_view text);
    /// atom when it can be one, else string.
    response_writer& astring(std::string_view text);
    /// string or NIL.
    response_writer& nstring(const std::optional<std::string_view>& text);
    /// string, or literal8 when there is a NUL in it. RFC 9051 9
    response_writer& string8(std::string_view text);
    /// "{n}" CRLF: the announcement of octets that the caller adds. RFC 9051 4.3
    response_writer& literal_head(std::uint64_t octets);
    /// "~{n}" CRLF: the same for octets that may have NUL. RFC 3516 4.3
    response_writer& literal8_head(std::uint64_t octets);
    /// A mailbox name, given in UTF-8: in modified UTF-7, or as it is when the client enabled
    /// UTF-8.
    response_writer& mailbox(std::string_view name);

    /// "\Seen \Flagged word": without parentheses. Keywords that are no atoms are left out.
    response_writer& flags(std::uint32_t system, std::span<const std::string> keywords = {});
    /// One more word after flags written before; adds the space. Nothing when it is no atom.
    response_writer& flag(std::string_view word, bool is_first);
    /// date-time: "17-Jul-1996 02:44:25 -0700", with its quotes.
    response_writer& internal_date(std::int64_t unix_seconds, std::int32_t zone_minutes);
    /// "1:3,7": ascending UIDs as a sequence-set (COPYUID, RFC 4315 3).
    response_writer& uid_set(std::span<const hauspost::uid> uids);

    /// Ranges of numbers, "1:3,7", until the text is that long; at least one.
    /// Returns  how many were written
    template <class Range>
    std::size_t ranges(std::span<const Range> all, std::size_t most_octets = SIZE_MAX) {
        const auto start = out_.size();
        std::size_t written = 0;
        for (const auto& range : all) {
            if (written > 0 && out_.size() - start >= most_octets) break;
            if (written++ > 0) raw(',');
            number(plain(range.first));
            if (range.first != range.last) raw(':').number(plain(range.last));
        }
        return written;
    }

    // --- whole lines ---------------------------------------------------------------------------

    /// "* 23 EXISTS": number and word, for EXISTS, RECENT, EXPUNGE.
    response_writer& numbered(std::uint32_t value, std::string_view word);
    /// tag SP status [SP "[" code "]"] SP text. Controls in tag, code and text become "?".
    response_writer& tagged(std::string_view tag,
                            status kind,
                            std::string_view code,
                            std::string_view text);
    /// The same in two halves, for a code that goes on with what the caller writes in between.
    response_writer& tagged_head(std::string_view tag, status kind, std::string_view code);
    response_writer& tagged_end(std::string_view text) { return raw("] ").clean(text).crlf(); }
    /// The same with "*".
    response_writer& untagged(status kind, std::string_view code, std::string_view text) {
        return tagged("*", kind, code, text);
    }
    response_writer& refuse(const refusal& why) {
        return tagged(why.tag, why.status, why.code, why.text);
    }
    /// "+ text"
    response_writer& continuation(std::string_view text);

private:
    static std::uint32_t plain(std::uint32_t number) { return number; }
    static std::uint32_t plain(hauspost::uid id) { return id.value(); }
    response_writer& clean(std::string_view text);
    [[nodiscard]] bool is_quotable_utf8(std::string_view text) const noexcept;
    std::string& out_;
    bool is_utf8_;
};

/// May it stand as an atom (flag keyword, tag)? RFC 9051 9 atom
[[nodiscard]] bool is_atom(std::string_view text) noexcept;

/// Response codes of RFC 5530 3, RFC 9051 7.1, RFC 4315 3, RFC 5464 5 and RFC 6154 3, as tagged()
/// takes them.
namespace code {
inline constexpr std::string_view already_exists = "ALREADYEXISTS";
inline constexpr std::string_view authentication_failed = "AUTHENTICATIONFAILED";
inline constexpr std::string_view authorization_failed = "AUTHORIZATIONFAILED";
inline constexpr std::string_view bad_charset = "BADCHARSET (US-ASCII UTF-8)";
inline constexpr std::string_view cannot = "CANNOT";
inline constexpr std::string_view client_bug = "CLIENTBUG";
inline constexpr std::string_view closed = "CLOSED";
inline constexpr std::string_view compression_active = "COMPRESSIONACTIVE";  // RFC 4978 4
inline constexpr std::string_view contact_admin = "CONTACTADMIN";
inline constexpr std::string_view expired = "EXPIRED";
inline constexpr std::string_view expunge_issued = "EXPUNGEISSUED";
inline constexpr std::string_view has_children = "HASCHILDREN";
inline constexpr std::string_view in_use = "INUSE";
inline constexpr std::string_view limit = "LIMIT";
inline constexpr std::string_view metadata_no_private = "METADATA NOPRIVATE";
inline constexpr std::string_view metadata_too_many = "METADATA TOOMANY";
inline constexpr std::string_view nonexistent = "NONEXISTENT";
inline constexpr std::string_view no_perm = "NOPERM";
inline constexpr std::string_view over_quota = "OVERQUOTA";
inline constexpr std::string_view parse = "PARSE";
inline constexpr std::string_view privacy_required = "PRIVACYREQUIRED";
inline constexpr std::string_view read_only = "READ-ONLY";
inline constexpr std::string_view read_write = "READ-WRITE";
inline constexpr std::string_view server_bug = "SERVERBUG";
inline constexpr std::string_view too_big = "TOOBIG";
inline constexpr std::string_view too_few = "TOOFEW";
inline constexpr std::string_view too_many = "TOOMANY";
inline constexpr std::string_view try_create = "TRYCREATE";
inline constexpr std::string_view uid_required = "UIDREQUIRED";
inline constexpr std::string_view unavailable = "UNAVAILABLE";
inline constexpr std::string_view unknown_cte = "UNKNOWN-CTE";  // RFC 3516 4.3
inline constexpr std::string_view use_attr = "USEATTR";
}  // namespace code

}  // namespace hauspost::imap
