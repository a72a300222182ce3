#pragma once

#include <cstddef>

namespace hauspost::jmap {

/// What one request may cost; the session object tells clients those that have a name there
/// (RFC 8620 2).
struct request_limits {
    static constexpr std::size_t max_size_request = 10'000'000;
    static constexpr std::size_t max_concurrent_requests = 16;  // of an account
    static constexpr std::size_t max_calls = 32;                // maxCallsInRequest
    static constexpr std::size_t max_objects_in_get = 1'000;
    static constexpr std::size_t max_objects_in_set = 500;
    static constexpr std::size_t max_concurrent_upload = 4;

    // Ours. JSON takes some thirty octets of memory for each value, whatever it holds.
    static constexpr std::size_t max_depth = 32;
    static constexpr std::size_t max_values = 200'000;
    static constexpr std::size_t max_using = 64;
    static constexpr std::size_t max_created_ids = 1'000;
    /// What references of one request may add to it: values and octets of texts.
    static constexpr std::size_t max_referenced = 10'000'000;
    static constexpr std::size_t max_filter_nodes = 200;
    static constexpr std::size_t max_filter_depth = 16;
    /// One node may hold a condition of each kind.
    static constexpr std::size_t max_conditions = 50;
    /// Of these: what reads messages or goes through threads, and keeps a note on each email.
    static constexpr std::size_t max_costly_conditions = 8;
    /// Of one text that is looked for; each of its words is looked for alone.
    static constexpr std::size_t max_search_octets = 4'096;
    static constexpr std::size_t max_search_words = 32;
    static constexpr std::size_t max_mailbox_name_octets = 1'024;
    static constexpr std::size_t max_comparators = 16;
};

}  // namespace hauspost::jmap
