#pragma once

#include "base/secret.hpp"
#include "protocols/smtp/mailbox_address.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::outbound {

/// Why a reverse-path is not rewritten, or an address does not lead back.
enum class srs_fault : std::uint8_t {
    too_long,    // to rewrite: nobody need take so long a local part
    bad_domain,  // to rewrite: an address literal with "="
    not_srs,     // an ordinary address
    foreign,     // of another domain
    malformed,   // begins as one of ours, and is none
    forged,      // no key of ours has made it
    expired,     // older than valid_days
};

struct srs_settings {
    std::string domain;        // whose addresses the rewritten ones are, in A-labels
    std::vector<secret> keys;  // at least one of 16 octets or more; the first one makes, all read
    std::int64_t valid_days = 21;
    /// RFC 5321 4.5.3.1.1: the longest local part that everybody has to take.
    std::size_t max_local_part_octets = 64;
};

/// The Sender Rewriting Scheme: a message that is forwarded leaves with a reverse-path of ours, so
/// that SPF holds, and a report to that address finds its way back to who sent the message.
///
///   SRS0=TOKEN=DAY=DOMAIN=LOCAL@ours            ann@a.example, forwarded by us
///   SRS1=TOKEN=HOST==REST@ours                  SRS0=REST@HOST, forwarded by HOST and then by us
///
/// TOKEN is a cut HMAC-SHA-256 of all that follows: nobody makes an address that we take but us, so
/// it is no way to relay. DAY, two digits of base 32, is the day modulo 1024, and the HMAC is of the
/// whole day: after a thousand days it is not young again. In SRS1 both stand in TOKEN. All is read
/// in any case, since local parts are put into lower case on the way; if that happened LOCAL stays
/// so.
///
/// What leads back is for reports: let only mail with the null reverse-path through to it.
///
/// Thread: any, many at a time. Pure: the time is given. No RFC; the form is that of libsrs2.
class srs_rewriter {
public:
    /// Throws  std::invalid_argument without a key, with a short one, or without a domain
    explicit srs_rewriter(srs_settings settings);

    /// The reverse-path with which a message leaves that came from `sender`. The null path and
    /// addresses of our domain stay as they are.
    ///
    /// now      Unix seconds
    /// Refuses  too_long: long addresses of mailing services do not fit. Forward it with an address
    ///          of whoever forwards, who then hears of the failure, or with the null path; bad_domain
    [[nodiscard]] boost::system::result<smtp::mailbox_address, srs_fault> encode(
        const smtp::mailbox_address& sender, std::int64_t now) const;

    /// Where a report to a rewritten address belongs: one step back.
    ///
    /// recipient  of RCPT, of whatever domain
    /// Refuses    all but too_long and bad_domain
    [[nodiscard]] boost::system::result<smtp::mailbox_address, srs_fault> decode(
        const smtp::mailbox_address& recipient, std::int64_t now) const;

private:
    [[nodiscard]] std::string token(const secret& key,
                                    std::string_view kind,
                                    std::int64_t day,
                                    std::string_view domain,
                                    std::string_view rest) const;
    /// The day if a key has made the token, or why not.
    [[nodiscard]] boost::system::result<std::int64_t, srs_fault> check(std::string_view kind,
                                                                       std::string_view given,
                                                                       std::string_view day_digits,
                                                                       std::string_view domain,
                                                                       std::string_view rest,
                                                                       std::int64_t now) const;
    [[nodiscard]] boost::system::result<smtp::mailbox_address, srs_fault> decode_first(
        std::string_view text, std::int64_t now) const;
    [[nodiscard]] boost::system::result<smtp::mailbox_address, srs_fault> decode_next(
        std::string_view text, std::int64_t now) const;

    srs_settings settings_;
};

}  // namespace hauspost::outbound
