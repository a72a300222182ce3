#include "storage/lmdb/audit_log.hpp"

#include "base/ascii.hpp"
#include "storage/lmdb/audit_rows.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::size_t entries_of_a_slice = 20'000;  // some 10 ms of an open read transaction
constexpr std::int64_t microseconds_of_second = 1'000'000;

std::uint64_t microseconds_at(wall_time now) {
    const auto since = std::chrono::floor<std::chrono::microseconds>(now.time_since_epoch());
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, since.count()));
}

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), ascii::to_lower);
    return text;
}

/// Walks from the newest entry that may be wanted to older ones.
class audit_search {
public:
    explicit audit_search(audit_query wanted) : wanted_(std::move(wanted)) {
        wanted_.word = lowered(std::move(wanted_.word));
        wanted_.subject = lowered(std::move(wanted_.subject));
        wanted_.most = std::max<std::size_t>(1, wanted_.most);
        if (wanted_.before) from_ = *wanted_.before;
        // The whole second belongs to it.
        if (wanted_.until < INT64_MAX / microseconds_of_second - 1) {
            audit_place end;
            end.microseconds =
                static_cast<std::uint64_t>(std::max<std::int64_t>(0, wanted_.until) + 1) *
                microseconds_of_second;
            from_ = std::min(from_, end);
        }
        last_ = static_cast<std::uint64_t>(std::clamp<std::int64_t>(
                    wanted_.since, 0, INT64_MAX / microseconds_of_second)) *
                microseconds_of_second;
    }

    /// False: it is done.
    bool next_slice(const txn& within) {
        cursor at(within, table::audit);
        bool more = at.seek(audit_rows::key_of(from_)) ? at.previous() : at.last();
        for (std::size_t n = 0; more; more = at.previous()) {
            const auto place = audit_rows::place_of(at.key());
            if (place.microseconds < last_) return false;
            if (found_.entries.size() == wanted_.most) {
                found_.next = found_.entries.back().place;
                return false;
            }
            from_ = place;
            take(audit_rows::decode(at.key(), at.value()));
            if (++n == entries_of_a_slice) return true;
        }
        return false;
    }
    [[nodiscard]] audit_page take() { return std::move(found_); }

private:
    void take(audit_entry entry) {
        if (!wanted_.subject.empty() && lowered(entry.subject) != wanted_.subject) return;
        const auto holds = [this](const std::string& text) {
            return lowered(text).find(wanted_.word) != std::string::npos;
        };
        if (!wanted_.word.empty() && !holds(entry.command) && !holds(entry.subject) &&
            !holds(entry.from) && !holds(entry.reason) && !holds(entry.before) &&
            !holds(entry.after))
            return;
        found_.entries.push_back(std::move(entry));
    }

    audit_query wanted_;
    audit_place from_{UINT64_MAX, UINT32_MAX};  // older ones than this
    std::uint64_t last_ = 0;                    // microseconds
    audit_page found_;
};

}  // namespace

awaitable<result<audit_place>> audit_log::begin(audit_entry entry) {
    const auto now = microseconds_at(core_.time().now());
    auto work = [&](write_context& context) -> result<audit_place> {
        auto& tx = context.tx;
        if (tx.count(table::audit) >= max_entries) {
            std::string oldest;
            {
                cursor at(tx, table::audit);
                if (at.first()) oldest = at.key();
            }
            tx.remove(table::audit, oldest);
        }
        const auto place = audit_rows::next_place(tx, now);
        tx.append(table::audit, audit_rows::key_of(place), audit_rows::encode(entry));
        context.office.audit = true;
        return place;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> audit_log::complete(audit_entry entry) {
    auto work = [&](write_context& context) -> error_code {
        const auto key = audit_rows::key_of(entry.place);
        if (!context.tx.get(table::audit, key)) return {};
        context.tx.put(table::audit, key, audit_rows::encode(entry));
        context.office.audit = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> audit_log::forget(audit_place place) {
    auto work = [&](write_context& context) -> error_code {
        context.tx.remove(table::audit, audit_rows::key_of(place));
        context.office.audit = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<audit_page>> audit_log::list(audit_query wanted) {
    audit_search search(std::move(wanted));
    for (bool more = true; more;) {
        auto look = [&] {
            const read_txn tx(core_.env);
            return search.next_slice(tx);
        };
        const auto is_more = co_await core_.readers.run(std::move(look));
        if (!is_more) co_return fail(errc::busy);
        more = *is_more;
    }
    co_return search.take();
}

}  // namespace hauspost::storage::lmdb
