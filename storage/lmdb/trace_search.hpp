#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/lmdb/trace_rows.hpp"
#include "storage/trace_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hauspost::storage::lmdb {

/// Finds a page of messages in two walks: back from the end of the time until there are enough,
/// looking at what came in; then on from the oldest of them to the end of the table, gathering all
/// that happened to them. In slices, each with a read transaction of its own.
///
/// Calling sequence: construct, next_slice() until it is false, take(). One thread at a time.
class trace_search {
public:
    explicit trace_search(trace_query wanted);

    /// Looks at the next rows_of_a_slice rows. False: that was all.
    /// Throws  fault
    bool next_slice(const txn& within);
    [[nodiscard]] trace_page take();

private:
    static constexpr std::size_t rows_of_a_slice = 20'000;  // some 4 ms
    static constexpr std::size_t max_steps = 4000;          // of one message
    static constexpr std::size_t first_steps_kept = 200;    // where there are more

    /// What a query asks for, as bits.
    using criteria = std::uint8_t;
    enum : criteria { by_address = 1, by_account = 2, by_message_id = 4, by_id = 8 };

    /// The message whose rows the walk is at.
    struct candidate {
        blob_id blob;
        trace_id id;
        criteria met = 0;
        trace_place first;
        std::vector<trace_event> steps;  // of one without a blob; the latest first
    };

    bool look_back(const txn& within);
    bool gather(const txn& within);
    /// False: the page is full.
    bool look_at(trace_place at, std::string_view row);
    [[nodiscard]] criteria met_by(const trace_rows::view& row) const;
    [[nodiscard]] bool is_own_entry(trace_step step) const;
    /// The candidate has been seen whole. False: the page is full.
    bool close_candidate();
    void collect(trace_place at, std::string_view row);
    static void add_step(traced_message& to, trace_event step);

    const trace_query wanted_;
    criteria asked_ = 0;
    trace_place at_;  // rows before it are next; when gathering, rows behind it
    bool is_gathering_ = false;
    std::optional<candidate> open_;
    trace_page page_;
    trace_place oldest_;
    std::unordered_map<blob_id, std::size_t> known_;  // where in the page
};

}  // namespace hauspost::storage::lmdb
