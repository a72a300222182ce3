#include "storage/lmdb/janitor.hpp"

#include "base/log.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/trace_steps.hpp"

#include <malloc.h>
#include <pthread.h>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t emptied_per_slice = 500;  // some 3 ms of the writer

}  // namespace

janitor::janitor(parts of, const store_options& options, const clock& time)
    : env_(of.env),
      files_(of.files),
      room_(of.room),
      health_(of.health),
      trace_(of.trace),
      traffic_(of.traffic),
      bans_(of.bans),
      sign_ins_(of.sign_ins),
      options_(options),
      retention_(env_, options_, of.keeping, time),
      space_(env_, files_, options_) {}

janitor::~janitor() {
    stop();
}

void janitor::start(writer& writer) {
    writer_ = &writer;
    space_.remember_gaps();
    thread_ = std::thread([this] { loop(); });
    pthread_setname_np(thread_.native_handle(), "store-janitor");
}

void janitor::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void janitor::note_removal() {
    const std::lock_guard lock(mutex_);
    has_removals_ = true;
    wake_.notify_all();
}

void janitor::note_dropped() noexcept {
    const std::lock_guard lock(mutex_);
    has_dropped_ = true;
    wake_.notify_all();
}

void janitor::loop() {
    auto next_round = std::chrono::steady_clock::now() + options_.tidy_interval;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        wake_.wait_for(lock, std::chrono::seconds(1),
                       [this] { return stopping_ || has_removals_ || has_dropped_; });
        if (stopping_ || health_.is_broken()) return;
        has_dropped_ = false;
        const bool is_removal_due = has_removals_ || owes_removals_;
        lock.unlock();
        bool is_due = false;
        try {
            // Short of space, what users expunge has to come back at once, not in a minute.
            const bool is_low = room_.is_low() || env_.is_nearly_full();
            is_due = options_.tidy_interval.count() > 0 &&
                     (is_low || std::chrono::steady_clock::now() >= next_round);
            work_off(is_removal_due, is_due);
        } catch (const std::exception& error) {
            log::error("janitor_fault what={}", log_safe(error.what(), 400));
        }
        if (is_due) next_round = std::chrono::steady_clock::now() + options_.tidy_interval;
        lock.lock();
    }
}

void janitor::work_off(bool is_removal_due, bool is_round_due) {
    files_.give_back();
    room_.look();
    {
        const std::lock_guard alone(round_);
        space_.release_freed();  // soon: the next mail may need it
    }
    write_trace(options_.trace_delay);
    if (is_removal_due) {
        const std::lock_guard alone(round_);
        finish_removals(*writer_);
    }
    if (!is_round_due) return;
    run_once();
    malloc_trim(0);  // memory of closed connections goes back to the system
}

void janitor::write_trace(std::chrono::milliseconds waiting) noexcept {
    try {
        const bool is_any = trace_.is_waiting(waiting) || traffic_.is_waiting(waiting) ||
                            bans_.is_waiting(waiting) || sign_ins_.is_waiting(waiting);
        if (!is_any || health_.is_broken()) return;
        auto nothing = [](write_context&) { return error_code(); };
        (void)writer_->run_blocking(nothing);  // refused: next time, or the store is stopping
    } catch (const std::exception& error) {
        log::error("trace_fault what={}", log_safe(error.what(), 400));
    }
}

std::size_t janitor::run_once() {
    const std::lock_guard alone(round_);
    finish_removals(*writer_);
    const auto purged = retention_.purge_expired(*writer_);
    retention_.forget_gone_mailboxes(*writer_);
    retention_.forget_old_vanished(*writer_);
    retention_.keep_senders(*writer_);
    retention_.forget_old_trace(*writer_);
    retention_.forget_old_audit(*writer_);
    retention_.forget_filed_copies(*writer_);
    space_.run(*writer_);
    retention_.forget_old_bans(*writer_);
    return purged;
}

std::vector<std::string> janitor::strays() {
    const std::lock_guard alone(round_);
    return space_.strays(*writer_);
}

void janitor::finish_removals(writer& writer) {
    {
        const std::lock_guard lock(mutex_);
        if (!has_removals_ && !owes_removals_) return;
        has_removals_ = false;
        owes_removals_ = true;  // until all of it is done, whatever comes between
    }
    std::vector<mailbox_key> going;
    {
        read_txn tx(env_);
        cursor at(tx, table::mailbox);
        for (bool more = at.first(); more; more = at.next())
            if (decode_mailbox(at.value()).removing)
                going.push_back({account_id(load_be<std::uint32_t>(at.key().data())),
                                 mailbox_id(load_be<std::uint32_t>(at.key().data() + 4))});
    }
    for (const auto& box : going)
        if (!empty_mailbox(writer, box)) return;
    const std::lock_guard lock(mutex_);
    owes_removals_ = false;
}

/// False: refused, for the moment.
bool janitor::empty_mailbox(writer& writer, mailbox_key box) {
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<bool> {
            account_edit edit(context, box.account);
            if (!edit.exists() || edit.mailbox(box.mailbox) == nullptr) return false;
            const mail::uid_range all{uid(1), uid(UINT32_MAX)};
            const auto uids = present_uids(context.tx, box, {&all, 1}, false, emptied_per_slice);
            auto blobs = expunge_messages(context, edit, box, uids);
            note_messages(context, trace_step::expunged, box, std::move(blobs),
                          trace_actor(trace_door::server, {}));
            if (uids.empty()) finish_removal(context, edit, box);
            edit.save();
            if (uids.empty()) forget_removed_account(context, box.account);
            return !uids.empty();
        };
        const auto done = writer.run_blocking(work);
        if (!done) return false;
        more = *done;
    }
    return true;
}

}  // namespace hauspost::storage::lmdb
