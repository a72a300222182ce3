#pragma once

#include "storage/lmdb/keeping_now.hpp"
#include "storage/lmdb/trace_notes.hpp"
#include "storage/lmdb/write_context.hpp"
#include "storage/queue_store.hpp"
#include "storage/trace_event.hpp"

#include <span>
#include <vector>

namespace hauspost::storage::lmdb {

/// Writes the trace: what operations say in write_context::trace, in their own commit, and what is
/// noted meanwhile.
class trace_steps {
public:
    /// Outlives this object; with no days nothing is kept.
    explicit trace_steps(const keeping_now& keeping);

    [[nodiscard]] bool is_on() const noexcept { return keeping_.trace_days() != 0; }
    /// Thread: any; these two.
    void note(trace_event event) noexcept;
    [[nodiscard]] bool is_waiting(std::chrono::steady_clock::duration at_least) const {
        return notes_.is_waiting(at_least);
    }

    /// Behind all operations, before the commit. Writer thread.
    void write(write_context& context, wall_time now);
    /// After the commit. Writer thread.
    void committed() noexcept { notes_.forget_written(); }

private:
    void append(write_context& context, const trace_event& event, std::uint64_t microseconds);

    const keeping_now& keeping_;
    trace_notes notes_;
    /// Makes keys of one microsecond different, also of two runs under a clock that was set back.
    std::uint32_t next_number_;
};

/// Messages that went from a mailbox, or came back.
void note_messages(write_context& context,
                   trace_step step,
                   mailbox_key box,
                   std::vector<blob_id> blobs,
                   const trace_actor& by);

/// A step of a recipient in the queue.
[[nodiscard]] trace_event step_of(trace_step step,
                                  const queue_item& item,
                                  const queue_recipient& recipient);
/// What the outcome of an attempt says; nothing with trace_step::none.
void note_outcome(write_context& context,
                  const queue_item& item,
                  const queue_recipient& recipient,
                  const queue_outcome& outcome);

}  // namespace hauspost::storage::lmdb
