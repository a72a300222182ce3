#include "protocols/imap/response/fetch_section.hpp"
#include "protocols/imap/session/change/append_run.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/summary.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <utility>

/// append_run: the URLs of CATENATE (RFC 4469).
namespace hauspost::imap {
namespace {

constexpr std::size_t copied_piece_octets = 64 * 1024;

answer bad_url(const std::string& url) {
    return replies::no("BADURL \"" + url_for_response(url) + '"', "Nothing stands at this URL");
}

}  // namespace

/// What is copied of a message.
struct append_run::source {
    blob_id blob;
    std::string prefix;
    section_octets octets;
};

/// Only messages that this user may read, his own and those in "Shared/" to which he has the right:
/// nothing is fetched from another server. What he may not read answers as what is not there.
awaitable<or_answer<>> append_run::add_url(const std::string& text) {
    const auto url = parse_imap_url(text);
    if (!url) co_return bad_url(text);
    const auto from = co_await find_source(*url);
    if (!from) co_return bad_url(text);
    // No "?:": g++ 12 destroys the awaitables of both branches, and only one was made.
    or_answer<> done = go_on;
    if (url->section.needs_filter())
        done = co_await copy_filtered(*from, *url);
    else
        done = co_await copy(*from, *url);
    // Our own faults and limits keep their words.
    if (!done && done.end().code.empty()) co_return bad_url(text);
    co_return done;
}

/// nullopt: there is no such thing.
awaitable<std::optional<append_run::source>> append_run::find_source(const imap_url& url) {
    const auto& state = session_.state;
    const bool is_selected = url.mailbox.empty();
    if (is_selected && state.phase != phase::selected) co_return std::nullopt;
    std::string name = is_selected ? state.selected->name : url.mailbox;
    const auto box = co_await resolve(session_, std::move(name));
    if (!box || !box->info.selectable || !box->may(mail::rights::read)) co_return std::nullopt;
    if (url.uid_validity && box->info.counters.uid_validity.value() != *url.uid_validity)
        co_return std::nullopt;
    const auto key = is_selected ? state.selected->key : box->key();
    std::optional<source> found;
    const auto visitor = [&](const storage::message_view& message) {
        const auto summary = message::decode(message.summary);
        const auto prefix = message.prefix.size();
        const auto blob = message.octets - std::min<std::uint64_t>(message.octets, prefix);
        auto where = locate(url.section, summary ? summary->parts : std::vector<message::part>{},
                            prefix, blob);
        if (!where) return;
        found.emplace();
        found->blob = message.blob;
        found->prefix = message.prefix;
        found->octets = std::move(*where);
    };
    (void)co_await session_.ports.mail.look_at(key, uid(url.uid), storage::walk_detail::rows,
                                               visitor);
    co_return std::move(found);
}

/// Some lines of a header. NO without a code: it is not there any more.
awaitable<or_answer<>> append_run::copy_filtered(const source& from, const imap_url& url) {
    std::string header;
    for (const auto& piece : from.octets.pieces) {
        if (piece.from == octet_piece::source::prefix) {
            header += from.prefix;
            continue;
        }
        const auto count = static_cast<std::size_t>(
            std::min<std::uint64_t>(piece.count, message::header_limits::max_octets));
        const auto start = header.size();
        header.resize(start + count);
        const std::span<char> into(header.data() + start, count);
        const auto got = co_await session_.ports.blobs.read(from.blob, piece.offset, into);
        if (!got || *got != count) co_return replies::no("", "");
    }
    const auto filtered = filter_header(header, url.section);
    const auto octets = cut(filtered, url.partial);
    if (const auto may = may_grow(octets.size()); !may) co_return may.end();
    const auto failed = co_await coming_->write(octets);
    if (failed) co_return replies::refused(failed);
    co_return go_on;
}

/// NO without a code: it is not there any more.
awaitable<or_answer<>> append_run::copy(const source& from, const imap_url& url) {
    const auto wanted = cut(from.octets, url.partial);
    if (const auto may = may_grow(wanted.count()); !may) co_return may.end();
    for (const auto& piece : wanted.pieces) {
        if (piece.from == octet_piece::source::prefix) {
            const auto octets = std::string_view(from.prefix).substr(piece.offset, piece.count);
            const auto failed = co_await coming_->write(octets);
            if (failed) co_return replies::refused(failed);
            continue;
        }
        const auto done = co_await copy_blob(from.blob, piece.offset, piece.count);
        if (!done) co_return done.end();
    }
    co_return go_on;
}

awaitable<or_answer<>> append_run::copy_blob(blob_id blob,
                                             std::uint64_t offset,
                                             std::uint64_t count) {
    std::string buffer;
    while (count > 0) {
        buffer.resize(
            static_cast<std::size_t>(std::min<std::uint64_t>(count, copied_piece_octets)));
        const std::span<char> into(buffer);
        const auto got = co_await session_.ports.blobs.read(blob, offset, into);
        if (!got || *got != buffer.size()) co_return replies::no("", "");
        const auto failed = co_await coming_->write(buffer);
        if (failed) co_return replies::refused(failed);
        offset += buffer.size();
        count -= buffer.size();
        if (session_.is_turn_over()) co_await session_.yield();
    }
    co_return go_on;
}

}  // namespace hauspost::imap
