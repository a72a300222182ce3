#include "protocols/imap/session/search/live_updates.hpp"

#include "protocols/imap/response/esearch.hpp"
#include "protocols/imap/session/search/commands.hpp"
#include "protocols/imap/session/search/row_walk.hpp"
#include "protocols/imap/session/search/search_run.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace hauspost::imap {
namespace {

/// A message that came or went. Position 0: the order is that of the mailbox; else its place in
/// the sorted result when all before it was done (RFC 5267 4.3.2).
struct update_item {
    uid id;
    std::uint32_t number = 0;  // as the client counts
    std::size_t position = 0;
};

/// " ADDTO (0 1:3)", " ADDTO (4 17 9 20)".
void write_items(std::string& out, std::string_view word, const std::vector<update_item>& items) {
    if (items.empty()) return;
    out.append(" ").append(word).append(" (");
    if (items.front().position == 0) {
        out += "0 ";
        set_writer set(out);
        for (const auto& one : items)
            set.add(one.number);
        set.end();
    } else {
        for (const auto& one : items) {
            if (out.back() != '(') out += ' ';
            out.append(std::to_string(one.position)).append(" ");
            out += std::to_string(one.number);
        }
    }
    out += ')';
}

struct update_lines {
    std::vector<update_item> added, removed;  // ascending by UID until they have positions
    void write(std::string& out, const live_search& search) const {
        if (added.empty() && removed.empty()) return;
        write_esearch_head(out, search.tag, search.by_uid);
        write_items(out, "REMOVEFROM", removed);
        write_items(out, "ADDTO", added);
        out += "\r\n";
    }
};

/// Takes what went out of a sorted result and puts it in the order of its places there.
void take_out(live_search& search, std::vector<update_item>& gone) {
    if (!search.is_sort() || gone.empty()) return;
    std::vector<update_item> placed;
    placed.reserve(gone.size());
    std::size_t kept = 0;
    for (const auto id : search.order) {
        const auto at =
            std::lower_bound(gone.begin(), gone.end(), id,
                             [](const update_item& one, uid wanted) { return one.id < wanted; });
        if (at == gone.end() || at->id != id)
            search.order[kept++] = id;
        else
            placed.push_back({at->id, at->number, kept + 1});
    }
    search.order.resize(kept);
    gone = std::move(placed);
}

/// What a row says for sorting.
struct sort_row {
    uid id;
    std::int64_t arrival = 0;
    std::uint64_t octets = 0;
    std::string summary;
};

bool goes_before(const std::vector<query::sort_criterion>& criteria,
                 const sort_row& one,
                 const sort_row& other) {
    // Equal messages stand in the order in which they are added: that of the mailbox.
    const auto& first = one.id < other.id ? one : other;
    const auto& second = one.id < other.id ? other : one;
    query::sorter both(criteria);
    both.add(first.id.value(), first.arrival, first.octets, first.summary);
    both.add(second.id.value(), second.arrival, second.octets, second.summary);
    return both.sorted().front() == one.id.value();
}

/// Reads rows of one mailbox, one at a time, and lets others run between them: of messages that are
/// gone, but were not told yet, there may be very many.
class row_reader {
public:
    row_reader(storage::mailbox_store& mail, storage::mailbox_key key, net::turn& turn)
        : mail_(mail), key_(key), turn_(turn) {}

    /// nullopt: the message, or its mailbox, is gone
    awaitable<std::optional<sort_row>> read(uid id) {
        if (turn_.is_over()) co_await turn_.yield();
        std::optional<sort_row> row;
        const auto visitor = [&row](const storage::message_view& message) {
            row = sort_row{message.uid, message.internal_date.unix_seconds, message.octets,
                           std::string(message.summary)};
        };
        (void)co_await mail_.look_at(key_, id, storage::walk_detail::rows, visitor);
        co_return std::move(row);
    }

    /// Where the message belongs in the sorted result. What is gone, but still stands there, is
    /// passed over.
    awaitable<std::size_t> place_of(const live_search& search, const sort_row& message) {
        std::size_t low = 0, high = search.order.size();
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            auto probe = middle;
            std::optional<sort_row> there;
            for (; probe < high && !there; ++probe)
                there = co_await read(search.order[probe]);
            if (!there || goes_before(search.criteria, message, *there))
                high = middle;
            else
                low = probe;
        }
        co_return low;
    }

private:
    storage::mailbox_store& mail_;
    storage::mailbox_key key_;
    net::turn& turn_;
};

/// changed  all messages that are new or have changed, ascending; ranges: the same
awaitable<or_answer<>> update_search(context& session,
                                     live_search& search,
                                     const std::vector<uid>& changed,
                                     const mail::uid_ranges& ranges) {
    auto& box = *session.state.selected;
    search_bounds bounds;
    bounds.within = ranges;
    search_run run(session, scope_of(box), search.program, std::move(bounds));
    const auto done = co_await run.run();
    if (!done) co_return done.end();
    const auto& found = run.found();
    update_lines lines;
    for (const auto id : changed) {
        const auto sequence = box.view.sequence_of(id);
        if (!sequence) continue;
        const update_item item{id, search.by_uid ? id.value() : *sequence};
        if (!std::binary_search(found.begin(), found.end(), id)) {
            if (search.found.erase(id)) lines.removed.push_back(item);
        } else if (search.found.insert(id)) {
            lines.added.push_back(item);
        }
    }
    take_out(search, lines.removed);
    if (search.is_sort()) {
        if (lines.added.size() > max_live_inserts ||
            search.order.size() + lines.added.size() > max_live_order)
            co_return replies::no(code::limit, "Too much has changed to keep the order");
        row_reader rows(session.ports.mail, box.key, session.wire.turn());
        for (auto& item : lines.added) {
            const auto row = co_await rows.read(item.id);
            // One that is gone will be told as such; until then any place is as good.
            std::size_t place = 0;
            if (row) place = co_await rows.place_of(search, *row);
            search.order.insert(search.order.begin() + static_cast<std::ptrdiff_t>(place), item.id);
            item.position = place + 1;
        }
    }
    lines.write(session.out(), search);
    co_return go_on;
}

}  // namespace

bool is_updated(const selected_mailbox& box, std::string_view tag) noexcept {
    return std::any_of(box.live.begin(), box.live.end(),
                       [tag](const auto& one) { return one.tag == tag; });
}

void refuse_updates(context& session, std::string_view tag, std::string_view why) {
    session.writer().untagged(status::no, "NOUPDATE \"" + std::string(tag) + "\"", why);
}

void keep_updated(context& session,
                  const query::search_program& program,
                  bool by_uid,
                  std::span<const uid> found,
                  const std::vector<query::sort_criterion>& criteria) {
    auto& live = session.state.selected->live;
    const auto& tag = session.state.tag;
    const bool has_scores = std::any_of(criteria.begin(), criteria.end(), [](const auto& one) {
        return one.by == query::sort_by::relevancy;
    });
    if (program.depends_on_numbers())
        return refuse_updates(session, tag, "Message numbers and $ do not stay the same");
    if (has_scores) return refuse_updates(session, tag, "Scores do not stay the same");
    if (live.size() == max_live_searches)
        return refuse_updates(session, tag, "Too many searches are kept up to date");
    if (!criteria.empty() && found.size() > max_live_order)
        return refuse_updates(session, tag, "Too many messages are kept in order");
    live_search made;
    made.tag = tag;
    made.by_uid = by_uid;
    made.program = program;
    made.criteria = criteria;
    if (made.is_sort()) made.order.assign(found.begin(), found.end());
    std::vector<uid> ascending(found.begin(), found.end());
    std::sort(ascending.begin(), ascending.end());
    for (const auto id : ascending)
        made.found.insert(id);
    live.push_back(std::move(made));
}

void tell_gone(context& session, const view_change& news) {
    for (auto& search : session.state.selected->live) {
        update_lines lines;
        auto sequence = news.expunged.rbegin();  // ascending, one for each UID
        for (const auto& range : news.vanished)
            for (auto id = range.first.value(); id <= range.last.value(); ++id, ++sequence)
                if (search.found.erase(uid(id)))
                    lines.removed.push_back({uid(id), search.by_uid ? id : *sequence});
        take_out(search, lines.removed);
        lines.write(session.out(), search);
    }
}

awaitable<void> update_searches(context& session, std::vector<uid> changed) {
    auto& box = *session.state.selected;
    const auto ranges = to_ranges(box.view, changed);
    for (std::size_t n = 0; n < box.live.size() && !ranges.empty();) {
        session.state.heard_at = session.now();  // no command of the client's waits
        const auto done = co_await update_search(session, box.live[n], changed, ranges);
        if (!session.is_open() || session.state.ending != ending::none) co_return;
        if (!done) {
            refuse_updates(session, box.live[n].tag, done.end().text);
            box.live.erase(box.live.begin() + static_cast<std::ptrdiff_t>(n));
            continue;
        }
        if (!co_await session.make_room()) co_return;
        ++n;
    }
}

/// RFC 5267 4.3.5. A search that ended by itself is no error.
awaitable<answer> on(context& session, const cmd::cancel_update& wanted) {
    std::erase_if(session.state.selected->live, [&](const live_search& one) {
        return std::find(wanted.tags.begin(), wanted.tags.end(), one.tag) != wanted.tags.end();
    });
    co_return replies::ok("No more updates");
}

}  // namespace hauspost::imap
