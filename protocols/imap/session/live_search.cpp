#include "protocols/imap/session/live_search.hpp"

#include "protocols/imap/esearch.hpp"
#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/search_run.hpp"
#include "protocols/imap/session/sort_run.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

/// " ADDTO (0 1:3)". Position 0: the order is that of the mailbox (RFC 5267 4.3.2).
void write_update(std::string& out,
                  std::string_view word,
                  const std::vector<std::uint32_t>& numbers) {
    if (numbers.empty()) return;
    out.append(" ").append(word).append(" (0 ");
    set_writer set(out);
    for (const auto number : numbers)
        set.add(number);
    set.end();
    out += ')';
}

struct update_lines {
    std::vector<std::uint32_t> added, removed;
    void write(std::string& out, const live_search& search) const {
        if (added.empty() && removed.empty()) return;
        write_esearch_head(out, search.tag, search.by_uid);
        write_update(out, "REMOVEFROM", removed);
        write_update(out, "ADDTO", added);
        out += "\r\n";
    }
};

}  // namespace

bool connection::is_updated(std::string_view tag) const noexcept {
    if (!selected_) return false;
    const auto& live = selected_->live;
    return std::any_of(live.begin(), live.end(), [tag](const auto& one) { return one.tag == tag; });
}

void connection::refuse_updates(std::string_view tag, std::string_view why) {
    writer().untagged(status::no, "NOUPDATE \"" + std::string(tag) + "\"", why);
}

/// The search goes on living when its result may change by what others do. RFC 5267 4.3.1
void connection::keep_updated(const cmd::search& wanted, std::span<const uid> found) {
    if (wanted.program.depends_on_numbers())
        return refuse_updates(tag_, "Message numbers and $ do not stay the same");
    if (selected_->live.size() == max_live_searches)
        return refuse_updates(tag_, "Too many searches are kept up to date");
    live_search made;
    made.tag = tag_;
    made.by_uid = wanted.by_uid;
    made.program = wanted.program;
    for (const auto id : found)
        made.found.insert(id);
    selected_->live.push_back(std::move(made));
}

/// Before the EXPUNGE lines, while the numbers still mean the same.
void connection::tell_gone(const view_change& news) {
    for (auto& search : selected_->live) {
        update_lines lines;
        auto sequence = news.expunged.rbegin();  // ascending, one for each UID
        for (const auto& range : news.vanished)
            for (auto id = range.first.value(); id <= range.last.value(); ++id, ++sequence)
                if (search.found.erase(uid(id)))
                    lines.removed.push_back(search.by_uid ? id : *sequence);
        lines.write(out_, search);
    }
}

/// After EXISTS and FETCH: looks whether what is new or changed matches now.
awaitable<void> connection::update_searches(std::vector<uid> changed) {
    auto& box = *selected_;
    const auto ranges = to_ranges(box.view, changed);
    for (std::size_t n = 0; n < box.live.size() && !ranges.empty();) {
        auto& search = box.live[n];
        auto program = search.program;
        progress_at_ = std::chrono::steady_clock::now();  // no command of the client's waits
        search_run run(*this, scope_of_selected(), std::move(program));
        run.only_in(ranges);
        const auto refused = co_await run.run();
        if (!is_open_ || ending_ != ending::none) co_return;
        if (refused) {
            refuse_updates(search.tag, refused->text);
            box.live.erase(box.live.begin() + static_cast<std::ptrdiff_t>(n));
            continue;
        }
        const auto& found = run.found();
        update_lines lines;
        for (const auto id : changed) {
            const auto sequence = box.view.sequence_of(id);
            if (!sequence) continue;
            const auto number = search.by_uid ? id.value() : *sequence;
            if (!std::binary_search(found.begin(), found.end(), id)) {
                if (search.found.erase(id)) lines.removed.push_back(number);
            } else if (search.found.insert(id)) {
                lines.added.push_back(number);
            }
        }
        lines.write(out_, search);
        if (!co_await make_room()) co_return;
        ++n;
    }
}

/// RFC 5267 4.3.5. A search that ended by itself is no error.
awaitable<answer> connection::on(const cmd::cancel_update& wanted) {
    std::erase_if(selected_->live, [&](const live_search& one) {
        return std::find(wanted.tags.begin(), wanted.tags.end(), one.tag) != wanted.tags.end();
    });
    co_return replies::ok("No more updates");
}

}  // namespace hauspost::imap
