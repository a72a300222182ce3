#include "protocols/imap/session/fetch/fetch_run.hpp"

#include "protocols/imap/session/core/selection.hpp"
#include "protocols/message/header.hpp"
#include "storage/errc.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace hauspost::imap {
namespace {

// A slice of a walk is one stay on the network thread: about 0.2 ms each.
constexpr std::size_t slice_with_octets = 64;
// So much of mail is marked as seen at once: who loses the connection midway has not read all.
constexpr std::uint64_t full_seen_slice_octets = 2 * 1024 * 1024;
// ENVELOPEs or kept summaries of a slice: the walk stops early when there is that much.
constexpr std::size_t full_slice_octets = 128 * 1024;
constexpr std::size_t piece_octets = 128 * 1024;

}  // namespace

/// Takes back a line that could not be written to its end. When a part of it is with the client
/// already, nothing else may take its place, so the connection is given up.
class fetch_run::line_guard {
public:
    explicit line_guard(context& session)
        : session_(session), start_(session.out().size()), sent_(session.wire.octets_out()) {}
    line_guard(const line_guard&) = delete;
    line_guard& operator=(const line_guard&) = delete;
    ~line_guard() {
        if (is_whole_ || !session_.is_open()) return;
        if (session_.wire.octets_out() != sent_)
            session_.wire.lose(asio::error::connection_aborted);
        else
            session_.out().resize(start_);
    }
    void keep() noexcept { is_whole_ = true; }

private:
    context& session_;
    std::size_t start_;
    std::uint64_t sent_;
    bool is_whole_ = false;
};

fetch_run::fetch_run(context& session, const fetch_items& items)
    : session_(session),
      pace_(session),
      items_(items),
      writer_(session.out(),
              items,
              session.state.selected->keywords,
              session.state.selected->recent,
              style_of(session.state.enabled)) {
    for (const auto& item : items.sections)
        if (item.section.what != section::kind::all || !item.section.part.empty())
            needs_parts_ = true;
    for (const auto& item : items.sections)
        if (item.what != body_item::form::as_is) has_binary_ = true;
    needs_summary_ =
        needs_parts_ || items.envelope || items.body || items.body_structure || items.preview;
}

void fetch_run::found::refresh() {
    view.extra_keywords = &extra_keywords;
    view.prefix = prefix;
    view.summary = summary;
}

awaitable<or_answer<>> fetch_run::run(mail::uid_ranges ranges) {
    const bool has_octets = !items_.sections.empty();
    const bool flags_only = !has_octets && !needs_summary_ && !items_.internal_date &&
                            !items_.size && !items_.has_extension();
    const auto detail = flags_only ? storage::walk_detail::flags_only : storage::walk_detail::rows;
    const auto rows =
        session_.ports.mail.walk(session_.state.selected->key, std::move(ranges), detail, since_);
    while (!rows->is_done()) {
        if (const auto may = co_await pace_.may_go_on(); !may) co_return may.end();
        // No "?:": g++ 12 destroys the awaitables of both branches, and only one was made.
        error_code refused;
        if (has_octets)
            refused = co_await walk_octets(*rows);
        else
            refused = co_await walk_lines(*rows);
        if (!session_.is_open()) co_return replies::connection_lost();
        if (refused == boost::system::errc::not_supported)
            co_return replies::no(code::unknown_cte, "A part's transfer encoding is not known");
        if (refused) co_return replies::refused(refused);
        if (!co_await session_.make_room()) co_return replies::connection_lost();
    }
    co_return go_on;
}

awaitable<error_code> fetch_run::walk_lines(storage::message_cursor& rows) {
    const auto& box = *session_.state.selected;
    mailbox_view::cursor cursor(box.view);
    const auto start = session_.out().size();
    const auto visitor = [&](const storage::message_view& message) {
        const auto sequence = cursor.sequence_of(message.uid);
        if (sequence == 0) return true;
        writer_.line(sequence, message);
        ++told_;
        return session_.out().size() - start < full_slice_octets;
    };
    co_return co_await rows.next(visitor);
}

awaitable<error_code> fetch_run::walk_octets(storage::message_cursor& rows) {
    const auto& box = *session_.state.selected;
    mailbox_view::cursor cursor(box.view);
    const bool sets_seen = items_.sets_seen() && box.may(mail::rights::seen);
    std::vector<found> slice;
    std::size_t kept = 0;
    std::uint64_t marked_octets = 0;
    const auto visitor = [&](const storage::message_view& message) {
        const auto sequence = cursor.sequence_of(message.uid);
        if (sequence == 0) return true;
        slice.push_back(keep(sequence, message));
        kept += slice.back().summary.size() + slice.back().prefix.size();
        if (sets_seen) marked_octets += message.octets;
        return slice.size() < slice_with_octets && kept < full_slice_octets &&
               marked_octets < full_seen_slice_octets;
    };
    const auto refused = co_await rows.next(visitor);
    if (refused) co_return refused;
    modseq marked;
    if (sets_seen) marked = co_await mark_seen(slice);
    std::size_t written = 0;
    error_code failed;
    std::exception_ptr fault;
    try {
        failed = co_await write_messages(slice, written);
    } catch (...) {
        fault = std::current_exception();
    }
    if (marked) {
        bool is_told = true;  // in the lines; if not, sync() tells it
        if (failed || fault)
            is_told = co_await take_seen_back(std::span(slice).subspan(written), marked);
        if (is_told) session_.state.selected->note_own(marked);
    }
    if (fault) std::rethrow_exception(fault);
    co_return failed;
}

/// written  how many of the slice are done with when it fails
awaitable<error_code> fetch_run::write_messages(std::span<found> slice, std::size_t& written) {
    for (auto& message : slice) {
        auto failed = co_await write_message(message);
        if (!failed && !co_await session_.make_room()) failed = asio::error::connection_aborted;
        // Only what was expunged may be left out: else the client would think it gone.
        if (failed && failed != storage::errc::no_such_message) co_return failed;
        if (!failed) ++told_;
        ++written;
    }
    co_return error_code();
}

fetch_run::found fetch_run::keep(std::uint32_t sequence,
                                 const storage::message_view& message) const {
    found one;
    one.sequence = sequence;
    one.view = message;
    if (message.extra_keywords) one.extra_keywords = *message.extra_keywords;
    one.prefix = message.prefix;
    if (needs_summary_) one.summary = message.summary;
    return one;
}

/// RFC 9051 6.4.5: BODY[...] sets \Seen. Before the lines are written, since clients expect it in
/// them: to many a FETCH line that comes alone is one more message.
awaitable<modseq> fetch_run::mark_seen(std::span<found> slice) {
    auto& box = *session_.state.selected;
    storage::store_request request;
    for (const auto& one : slice)
        if (!(one.view.flags & mail::flags::seen))
            request.uids.push_back({one.view.uid, one.view.uid});
    if (request.uids.empty()) co_return modseq();
    request.mailbox = box.key;
    request.change = mail::change::add;
    request.flags.system = mail::flags::seen;
    request.known = box.synced;
    // On a full disk mail can still be read; it just stays unseen.
    auto changed = co_await session_.ports.mail.store_flags(std::move(request));
    if (!changed) co_return modseq();
    take_keywords(session_, std::move(changed->keywords));
    // What was expunged meanwhile has no flags any more; its octets may still be there.
    auto message = slice.begin();
    for (auto& now : changed->now) {
        while (message->view.uid != now.uid)
            ++message;
        message->is_newly_seen = true;
        message->view.flags = now.bits;
        message->view.modseq = now.modseq;
        message->extra_keywords = std::move(now.extra_keywords);
    }
    co_return changed->modseq;
}

/// What could not be read stays unread, unless somebody else has changed it meanwhile. False: that
/// could not be stored.
awaitable<bool> fetch_run::take_seen_back(std::span<const found> slice, modseq marked) {
    storage::store_request request;
    for (const auto& one : slice)
        if (one.is_newly_seen && one.view.modseq == marked)
            request.uids.push_back({one.view.uid, one.view.uid});
    if (request.uids.empty()) co_return true;
    request.mailbox = session_.state.selected->key;
    request.change = mail::change::remove;
    request.flags.system = mail::flags::seen;
    request.return_all = false;
    request.known = session_.state.selected->synced;
    request.unchanged_since = marked;
    const auto changed = co_await session_.ports.mail.store_flags(std::move(request));
    co_return changed.has_value();
}

/// When it fails nothing of the message was written, or the connection is given up.
awaitable<error_code> fetch_run::write_message(found& message) {
    message.refresh();
    header_.pieces.clear();
    std::vector<message::part> parts;
    if (needs_parts_) {
        auto summary = message::decode(message.summary);
        if (summary) parts = std::move(summary->parts);
    }
    if (has_binary_) {
        if (const auto unknown = refuse_unknown_encoding(parts)) co_return unknown;
    }
    line_guard guard(session_);
    bool needs_space = writer_.begin(message.sequence, message.view, message.is_newly_seen);
    for (const auto& item : items_.sections) {
        if (std::exchange(needs_space, true)) session_.out() += ' ';
        session_.out().append(item.label);
        session_.out() += ' ';
        const auto failed = co_await write_section(item, message, parts);
        // Each section may be as large as a message: no line is held whole.
        if (failed) co_return failed;
        if (!co_await session_.make_room()) co_return asio::error::connection_aborted;
        if (session_.is_turn_over()) co_await session_.yield();
    }
    writer_.end();
    guard.keep();
    co_return error_code();
}

awaitable<error_code> fetch_run::write_section(const body_item& item,
                                               const found& message,
                                               const std::vector<message::part>& parts) {
    const auto prefix = message.prefix.size();
    const auto blob = message.view.octets - std::min<std::uint64_t>(message.view.octets, prefix);
    auto where = locate(item.section, parts, prefix, blob);
    if (!where) {
        // RFC 3516 6 has a number in the place of a string, and none for "no such part".
        session_.out() += item.what == body_item::form::decoded_size ? "0" : "NIL";
        co_return error_code();
    }
    if (item.what != body_item::form::as_is) {
        auto octets = std::move(*where);
        co_return co_await write_binary(item, message, std::move(octets),
                                        named_part(item.section, parts));
    }
    if (item.section.needs_filter()) {
        auto header = std::move(*where);
        co_return co_await write_filtered(item, message, std::move(header));
    }
    const auto wanted = cut(std::move(*where), item.partial);
    session_.writer().literal_head(wanted.count());
    co_return co_await write_pieces(wanted, message);
}

awaitable<error_code> fetch_run::write_filtered(const body_item& item,
                                                const found& message,
                                                section_octets header) {
    if (header_.pieces.empty() || header_.pieces != header.pieces) {
        const auto failed = co_await load_header(message, std::move(header));
        if (failed) co_return failed;
    }
    const auto filtered = filter_header(header_text_, item.section);
    const auto wanted = cut(filtered, item.partial);
    session_.writer().literal_head(wanted.size()).raw(wanted);
    co_return error_code();
}

awaitable<error_code> fetch_run::load_header(const found& message, section_octets header) {
    header_.pieces.clear();
    header_text_.clear();
    for (const auto& piece : header.pieces) {
        if (piece.from == octet_piece::source::prefix) {
            header_text_ += std::string_view(message.prefix).substr(piece.offset, piece.count);
            continue;
        }
        // Nobody's header is longer than the parser looks (message/header.hpp).
        const auto count = static_cast<std::size_t>(
            std::min<std::uint64_t>(piece.count, message::header_limits::max_octets));
        const auto start = header_text_.size();
        header_text_.resize(start + count);
        const std::span<char> into(header_text_.data() + start, count);
        const auto got = co_await session_.ports.blobs.read(message.view.blob, piece.offset, into);
        if (!got) co_return got.error();
        header_text_.resize(start + *got);
    }
    header_ = std::move(header);
    co_return error_code();
}

awaitable<error_code> fetch_run::write_pieces(const section_octets& where, const found& message) {
    for (const auto& piece : where.pieces) {
        if (piece.from == octet_piece::source::prefix) {
            session_.out() += std::string_view(message.prefix).substr(piece.offset, piece.count);
            continue;
        }
        const auto failed = co_await copy_blob(message.view.blob, piece.offset, piece.count);
        if (failed) co_return failed;
    }
    co_return error_code();
}

awaitable<error_code> fetch_run::copy_blob(blob_id blob,
                                           std::uint64_t offset,
                                           std::uint64_t count) {
    auto& out = session_.out();
    while (count > 0) {
        const auto octets = static_cast<std::size_t>(std::min<std::uint64_t>(count, piece_octets));
        const auto start = out.size();
        out.resize(start + octets);
        const std::span<char> into(out.data() + start, octets);
        const auto got = co_await session_.ports.blobs.read(blob, offset, into);
        if (!got) co_return got.error();
        if (*got != octets) co_return make_error_code(storage::errc::no_such_message);
        offset += octets;
        count -= octets;
        if (!co_await session_.make_room()) co_return asio::error::connection_aborted;
    }
    co_return error_code();
}

}  // namespace hauspost::imap
