#include "storage/lmdb/summary_renewal.hpp"

#include "base/log.hpp"
#include "storage/lmdb/message_rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::string_view version_name = "summary_version";
constexpr std::size_t rows_per_slice = 200;
constexpr std::size_t octets_per_slice = 4 << 20;  // of summaries
constexpr std::size_t told_after = 10'000;         // messages

/// A message of which the summary is looked at.
struct stored_summary {
    std::string key;  // of its row
    blob_id blob;
    std::uint64_t octets = 0;  // of the blob
    std::string summary;
};

/// Where a table keeps its message row, and of which message it is.
std::string_view row_of(table which, std::string_view value) {
    return which == table::expunged ? value.substr(expunged_row_head) : value;
}

std::pair<mailbox_key, uid> message_of(table which, std::string_view key) {
    const auto number = [&](std::size_t at) { return load_be<std::uint32_t>(key.data() + at); };
    const std::size_t mailbox_at = which == table::expunged ? 12 : 4;
    return {{account_id(number(0)), mailbox_id(number(mailbox_at))}, uid(number(mailbox_at + 4))};
}

class renewal {
public:
    renewal(const renewal_parts& parts, const summary_maker& maker)
        : parts_(parts), maker_(maker) {}

    /// False: refused.
    bool run(table which) {
        std::string from;
        do {
            auto slice = read_slice(which, from);
            make_anew(slice);
            if (!slice.empty() && !write(which, slice)) return false;
        } while (!from.empty());
        return true;
    }

    [[nodiscard]] std::size_t changed() const noexcept { return changed_; }

private:
    /// Some rows from `from` on, which becomes the key to go on with, or "" at the end.
    std::vector<stored_summary> read_slice(table which, std::string& from) {
        std::vector<stored_summary> slice;
        std::size_t octets = 0;
        std::string scratch;
        const read_txn tx(parts_.env);
        cursor at(tx, which);
        bool more = from.empty() ? at.first() : at.seek(from);
        for (; more && slice.size() < rows_per_slice && octets < octets_per_slice;
             more = at.next()) {
            const auto row = decode_message(row_of(which, at.value()));
            const auto [box, id] = message_of(which, at.key());
            stored_summary found;
            found.key = at.key();
            found.blob = row.blob;
            found.octets = row.octets - row.prefix.size();
            found.summary = whole_summary(tx, box, id, row, scratch);
            octets += found.summary.size();
            slice.push_back(std::move(found));
        }
        from = more ? std::string(at.key()) : std::string();
        return slice;
    }

    /// Leaves those that have another summary now.
    void make_anew(std::vector<stored_summary>& slice) {
        std::erase_if(slice, [this](stored_summary& one) {
            count_one();
            if (!read(one)) return true;
            auto fresh = maker_.make(octets_).octets;
            if (fresh == one.summary) return true;
            one.summary = std::move(fresh);
            return false;
        });
    }

    /// Into octets_. A message that cannot be read keeps its old summary: it must not keep the
    /// server from starting, or nobody could remove it. `check` names it.
    bool read(const stored_summary& one) {
        octets_.resize(one.octets);
        try {
            const auto got = parts_.blobs.read_here(one.blob, 0, octets_);
            return got && *got == one.octets;  // else purged meanwhile
        } catch (const fault& error) {
            log::error("renew_summaries blob={} reason={}", one.blob.value(),
                       log_safe(error.what()));
            return false;
        }
    }

    bool write(table which, const std::vector<stored_summary>& slice) {
        auto work = [&](write_context& context) -> result<std::size_t> {
            if (context.is_room_low) return fail(errc::disk_full);
            for (const auto& one : slice) {
                const auto there = context.tx.get(which, one.key);
                if (!there) continue;  // expunged or purged meanwhile
                const std::string value(*there);
                const auto row = row_of(which, value);
                if (decode_message(row).blob != one.blob) continue;
                const auto [box, id] = message_of(which, one.key);
                auto fresh = value.substr(0, value.size() - row.size());
                fresh += with_summary(context, box, id, row, one.summary);
                context.tx.put(which, one.key, fresh);
            }
            return slice.size();
        };
        const auto done = parts_.writer.run_blocking(work);
        if (done) changed_ += *done;
        return done.has_value();
    }

    void count_one() {
        if (++looked_at_ % told_after == 0)
            log::info("renew_summaries messages={} changed={}", looked_at_, changed_);
    }

    const renewal_parts& parts_;
    const summary_maker& maker_;
    std::string octets_;
    std::size_t looked_at_ = 0;
    std::size_t changed_ = 0;
};

/// A store that has just been made has none, and nobody wants to read of it.
bool has_messages(environment& env) {
    const read_txn tx(env);
    return cursor(tx, table::message).first() || cursor(tx, table::expunged).first();
}

std::uint64_t stored_version(environment& env) {
    const read_txn tx(env);
    return meta_number(tx, version_name);
}

}  // namespace

std::size_t renew_summaries(const renewal_parts& parts, const summary_maker& maker) {
    const auto old = stored_version(parts.env);
    if (old == maker.version()) return 0;
    const bool has_any = has_messages(parts.env);
    if (has_any) log::info("renew_summaries from={} to={}", old, maker.version());
    renewal all(parts, maker);
    // An expunged message may have been a message when that table was walked, never the other way
    // round: nobody is there yet who restores it.
    const bool is_done = all.run(table::message) && all.run(table::expunged);
    auto work = [&](write_context& context) -> result<bool> {
        set_meta_number(context.tx, version_name, maker.version());
        return true;
    };
    if (!is_done || !parts.writer.run_blocking(work)) {
        log::warn("renew_summaries put_off=next_start changed={}", all.changed());
        return all.changed();
    }
    if (has_any) log::info("renew_summaries result=done changed={}", all.changed());
    return all.changed();
}

}  // namespace hauspost::storage::lmdb
