#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::mta_sts {

/// RFC 8461 3.3: "64 kilobytes" is what a sender should take.
inline constexpr std::size_t max_policy_octets = 64 * 1024;
/// The largest mail services have five. Differs: the RFC knows no limit; a policy with more is taken
/// for none, since one that is cut would forbid hosts that it names.
inline constexpr std::size_t max_patterns = 100;
inline constexpr std::chrono::seconds longest_age{31'557'600};  // a year; RFC 8461 3.2

enum class policy_mode : std::uint8_t {
    enforce,  // nothing is sent to a host that does not match, or does not prove itself
    testing,  // it is, and a failure is only reported
    none,     // the domain has no policy any more
};

struct policy {
    policy_mode mode = policy_mode::none;
    std::chrono::seconds max_age{0};  // 0 .. longest_age; a longer one is cut
    /// Host names in lower case, A-labels; "*.example.org" for those with one label in front. At
    /// least one but for policy_mode::none.
    std::vector<std::string> mx;
};

/// Reads a policy file: "key: value" lines that end with CRLF or LF. Of a key that stands there
/// twice, other than mx, the first counts; unknown keys are passed over.
///
/// text     anything
/// Returns  nullopt: no policy; also when it is longer than max_policy_octets
/// RFC      8461 3.2
[[nodiscard]] std::optional<policy> parse_policy(std::string_view text);

/// Its lines without line ends, as a report has them, and as parse_policy reads them again.
/// RFC  8460 4.4 (policy-string)
[[nodiscard]] std::vector<std::string> to_lines(const policy& from);

/// May mail go to this MX? Names are compared as DNS names; a wildcard stands for one whole label.
/// host  in A-labels, in any case, without a dot at its end
/// RFC   8461 4.1
[[nodiscard]] bool matches(const policy& with, std::string_view host);

}  // namespace hauspost::mta_sts
