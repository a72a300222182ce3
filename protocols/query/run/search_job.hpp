#pragma once

#include "base/monotonic_clock.hpp"
#include "base/result.hpp"
#include "protocols/query/run/search_candidate.hpp"
#include "protocols/query/search.hpp"
#include "storage/blob_store.hpp"
#include "storage/types.hpp"

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hauspost::query {

/// A message that flags, row and summary could not decide, with all that its decision needs.
struct open_question {
    std::uint32_t sequence = 0;
    storage::message_view view;
    std::vector<std::uint16_t> extra_keywords;
    std::string prefix;
    std::string summary;
    // The answer: unknown as long as nobody has looked, or when `failed` says why not.
    search_verdict verdict = search_verdict::unknown;
    std::uint8_t likeness = 0;  // evaluate()
    error_code failed;
};

/// What the jobs of one batch share. All outlives them.
struct search_batch {
    const search_program& program;
    const std::vector<std::string>& keywords;
    const mail::uid_ranges& recent;
    storage::blob_store& blobs;
    std::span<open_question> questions;
    const monotonic_clock& time;
    steady_time until;                 // then what is left stays unknown
    std::atomic<std::size_t> next{0};  // the first question that nobody has taken
};

/// Decides questions of a batch until none is left, reading header and body as far as they are
/// needed. Several run at once on the same batch. Returns how many it decided.
///
/// Thread  of a worker: waits for the disk
/// Throws  storage::fault
std::size_t decide_questions(search_batch& batch);

}  // namespace hauspost::query
