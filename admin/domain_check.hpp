#pragma once

#include "admin/domain_records.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// One record, and what the DNS says in its place.
struct checked_record {
    checked_record() = default;
    enum class state : std::uint8_t {
        right,
        missing,
        other,     // something else stands there
        optional,  // missing, and nothing is wrong with that
        unknown,   // the DNS does not answer now
    };
    dns_record wanted;
    state how = state::right;
    std::vector<std::string> found;  // of `other`
    std::string advice;              // what to do; "": nothing
};

struct checked_domain {
    checked_domain() = default;
    std::string domain;
    bool is_good = true;     // neither missing nor other
    bool is_signed = false;  // its MX records are proven by DNSSEC
    std::vector<checked_record> records;
};

/// Compares what show_domain_records() gives with what the DNS says.
/// Refuses  as show_domain_records(); not_running
awaitable<outcome<checked_domain>> check_domain_records(ports& at, std::string domain);

}  // namespace hauspost::admin
