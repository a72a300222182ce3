// MTA-STS policies and records, and TLS-RPT records: no crash; what is taken is within its bounds,
// and its lines are read as the same again.

#include "protocols/mta_sts/policy.hpp"
#include "protocols/mta_sts/record.hpp"
#include "protocols/tls_report/record.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;

void must(bool holds) {
    if (!holds) std::abort();
}

void check_policy(std::string_view text) {
    const auto read = mta_sts::parse_policy(text);
    if (!read) return;
    must(read->max_age <= mta_sts::longest_age && read->mx.size() <= mta_sts::max_patterns);
    std::string written;
    for (const auto& line : mta_sts::to_lines(*read))
        written += line + '\n';
    const auto again = mta_sts::parse_policy(written);
    must(again && again->mode == read->mode && again->max_age == read->max_age &&
         again->mx == read->mx);
    for (const auto& pattern : read->mx)
        must(pattern.starts_with("*.") ? mta_sts::matches(*read, "x" + pattern.substr(1))
                                       : mta_sts::matches(*read, pattern));
    (void)mta_sts::matches(*read, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_policy(text);
    if (const auto id = mta_sts::find_id({std::string(text)}))
        must(!id->empty() && id->size() <= mta_sts::max_id_octets);
    const auto wanted = tls_report::find_receivers({std::string(text)});
    for (const auto& one : wanted.mailboxes)
        must(one.find('@') != std::string::npos && one.find('\n') == std::string::npos);
    for (const auto& one : wanted.places) {
        must(one.target.starts_with('/') && one.host.find('.') != std::string::npos &&
             one.port != 0);
        must((one.host + one.target).find_first_of(" \r\n\t") == std::string::npos);
    }
    return 0;
}
