#include "protocols/imap/session/append_run.hpp"
#include "protocols/imap/session/connection.hpp"
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
/// nothing is fetched from another server. What he may not read answers as what is not there (B08).
awaitable<answer> append_run::add_url(const std::string& text) {
    const auto url = parse_imap_url(text);
    if (!url) co_return bad_url(text);
    source from;
    auto found = co_await find_source(*url, from);
    if (found.status == status::ok) found = co_await copy(from, *url);
    // Our own faults and limits keep their words.
    if (found.status != status::ok && found.code.empty()) co_return bad_url(text);
    co_return found;
}

/// NO without a code: there is no such thing.
awaitable<answer> append_run::find_source(const imap_url& url, source& found) {
    const auto nothing = replies::no("", "");
    auto& mail = session_.ports_.mail;
    const bool is_selected = url.mailbox.empty();
    if (is_selected && session_.phase_ != phase::selected) co_return nothing;
    std::string name = is_selected ? session_.selected_->name : url.mailbox;
    const auto box = co_await session_.resolve(std::move(name));
    if (!box || !box->info.selectable || !box->may(mail::rights::read)) co_return nothing;
    if (url.uid_validity && box->info.counters.uid_validity.value() != *url.uid_validity)
        co_return nothing;
    const auto key = is_selected ? session_.selected_->key : box->key();
    const mail::uid_ranges one{{uid(url.uid), uid(url.uid)}};
    bool is_there = false;
    const auto visitor = [&](const storage::message_view& message) {
        const auto summary = message::decode(message.summary);
        const auto prefix = message.prefix.size();
        const auto blob = message.octets - std::min<std::uint64_t>(message.octets, prefix);
        auto where = locate(url.section, summary ? summary->parts : std::vector<message::part>{},
                            prefix, blob);
        if (!where) return false;
        is_there = true;
        found.blob = message.blob;
        found.prefix = message.prefix;
        found.octets = std::move(*where);
        return false;
    };
    const auto walked = co_await mail.walk(key, one, storage::walk_detail::rows, 1, visitor);
    if (!walked || !is_there) co_return nothing;
    co_return replies::ok("");
}

awaitable<answer> append_run::copy(const source& from, const imap_url& url) {
    auto& out = *coming_.blob;
    std::string filtered;
    if (url.section.needs_filter()) {
        for (const auto& piece : from.octets.pieces) {
            if (piece.from == octet_piece::source::prefix) {
                filtered += from.prefix;
                continue;
            }
            const auto count = static_cast<std::size_t>(
                std::min<std::uint64_t>(piece.count, message::header_limits::max_octets));
            const auto start = filtered.size();
            filtered.resize(start + count);
            const std::span<char> into(filtered.data() + start, count);
            const auto got = co_await session_.ports_.blobs.read(from.blob, piece.offset, into);
            if (!got || *got != count) co_return replies::no("", "");
        }
        filtered = filter_header(filtered, url.section);
        const auto octets = cut(filtered, url.partial);
        if (auto refused = refuse_size(octets.size())) co_return std::move(*refused);
        const auto failed = co_await out.write(octets);
        co_return failed ? replies::refused(failed) : replies::ok("");
    }
    const auto wanted = cut(from.octets, url.partial);
    if (auto refused = refuse_size(wanted.count())) co_return std::move(*refused);
    for (const auto& piece : wanted.pieces) {
        answer done;
        if (piece.from == octet_piece::source::prefix) {
            const auto octets = std::string_view(from.prefix).substr(piece.offset, piece.count);
            const auto failed = co_await out.write(octets);
            if (failed) done = replies::refused(failed);
        } else {
            done = co_await copy_blob(from.blob, piece.offset, piece.count);
        }
        if (done.status != status::ok) co_return done;
    }
    co_return replies::ok("");
}

awaitable<answer> append_run::copy_blob(blob_id blob, std::uint64_t offset, std::uint64_t count) {
    std::string buffer;
    while (count > 0) {
        buffer.resize(
            static_cast<std::size_t>(std::min<std::uint64_t>(count, copied_piece_octets)));
        const std::span<char> into(buffer);
        const auto got = co_await session_.ports_.blobs.read(blob, offset, into);
        if (!got || *got != buffer.size()) co_return replies::no("", "");
        const auto failed = co_await coming_.blob->write(buffer);
        if (failed) co_return replies::refused(failed);
        offset += buffer.size();
        count -= buffer.size();
        if (session_.is_turn_over()) co_await session_.yield();
    }
    co_return replies::ok("");
}

}  // namespace hauspost::imap
