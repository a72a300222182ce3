#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::tls_report {

// What a report holds. Texts of strangers: they are JSON strings in it, never syntax.

/// RFC 8460 4.3
struct failure_details {
    failure_details() = default;
    std::string result_type;  // "certificate-expired"
    std::string mx;           // "": not known, left out; address alike
    std::string address;
    std::uint64_t sessions = 0;
};

/// Sessions to which one policy applied.
struct policy_details {
    policy_details() = default;
    std::string type;                // "sts", "tlsa", "no-policy-found"
    std::vector<std::string> lines;  // of the policy; none without one
    std::vector<std::string> mx_hosts;
    std::uint64_t successes = 0;
    std::vector<failure_details> failures;
};

struct report {
    report() = default;
    std::string organization;  // who sends it
    std::string contact;
    std::string id;
    std::string domain;     // whose policies these are, A-labels
    std::uint32_t day = 0;  // since 1970-01-01, UTC
    std::vector<policy_details> policies;
};

/// As JSON. RFC 8460 4.4
[[nodiscard]] std::string to_json(const report& from);

/// Octets as a gzip file. RFC 1952
[[nodiscard]] std::string gzipped(const std::string& octets);

/// How the report is sent.
struct message_terms {
    message_terms() = default;
    std::string from;      // address, printable ASCII; so is the hostname
    std::string to;        // address, one line
    std::string hostname;  // the submitter
    std::string unique;    // letters and digits, of its Message-ID and its boundary
    std::int64_t now = 0;  // Unix seconds
};

/// The report as a message for its mailbox: multipart/report, CRLF, all ASCII but for `to`.
/// RFC 8460 5.3
[[nodiscard]] std::string to_message(const report& from, const message_terms& terms);

}  // namespace hauspost::tls_report
