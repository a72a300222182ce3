#include "protocols/jmap/session/download.hpp"

#include "base/ascii.hpp"
#include "base/percent_encoding.hpp"
#include "base/utf8.hpp"
#include "protocols/http/problem.hpp"
#include "protocols/jmap/body_tree.hpp"
#include "protocols/jmap/request.hpp"
#include "protocols/jmap/session/message_rows.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace hauspost::jmap {
namespace {

constexpr std::string_view download_folder = "/jmap/download/";
constexpr std::size_t max_name_octets = 255;

std::string_view take_segment(std::string_view& path) {
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    return segment;
}

/// A media type without parameters, so that nothing else gets into the field. RFC 6838 4.2
bool is_media_type(std::string_view text) {
    constexpr std::size_t most = 127;
    const auto slash = text.find('/');
    const auto is_name = [](std::string_view name) {
        return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return ascii::is_alnum(c) || std::string_view("!#$&-^_.+").find(c) != std::string::npos;
        });
    };
    return text.size() <= most && slash != text.npos && is_name(text.substr(0, slash)) &&
           is_name(text.substr(slash + 1));
}

http::response busy_answer() {
    auto made = http::to_response(
        http::problem(503, "unavailable", "The server is busy. Try again in some seconds."));
    made.fields.add("Retry-After", "3");
    return made;
}

/// What is to be sent. nullopt: there is none. Thread: of a worker, waits for the disk.
std::optional<std::string> read_file(const stored_email& from,
                                     const std::string& part,
                                     std::uint64_t octets,
                                     storage::blob_store& blobs) {
    bool is_whole = true;
    const auto reader = [&](std::uint64_t at, std::uint64_t many) {
        std::string into(static_cast<std::size_t>(many), '\0');
        const auto got = blobs.read_here(from.blob, at, std::span<char>(into));
        is_whole = is_whole && got;
        into.resize(got ? *got : 0);
        return into;
    };
    if (part.empty()) {
        auto made = from.prefix;
        made += reader(0, octets - std::min<std::uint64_t>(octets, from.prefix.size()));
        return is_whole ? std::optional(std::move(made)) : std::nullopt;
    }
    const auto summary = message::decode(from.summary);
    if (!summary) return std::nullopt;
    const auto tree = make_body_tree(summary->parts, from.prefix, reader);
    const auto found = std::find_if(tree.begin(), tree.end(),
                                    [&](const body_part& one) { return one.id == part; });
    if (found == tree.end()) return std::nullopt;
    auto made = decoded_part(found->where, reader);
    return is_whole ? std::optional(std::move(made)) : std::nullopt;
}

http::response file_response(std::string octets,
                             const download_path& what,
                             const http::request_head& head) {
    const auto* type = head.parameter("type");
    const bool is_type = type != nullptr && is_media_type(*type);
    http::response made(200, is_type ? std::string_view(*type) : "application/octet-stream",
                        std::move(octets));
    made.fields.set("Content-Disposition", attachment_field(what.name));
    made.fields.set("Content-Security-Policy",
                    "sandbox; default-src 'none'; frame-ancestors 'none'");
    // The same octets for ever, and nobody else's.
    made.fields.set("Cache-Control", "private, immutable, max-age=31536000");
    made.route = "jmap.download";
    return made;
}

}  // namespace

std::optional<download_path> parse_download_path(std::string_view path) {
    if (!path.starts_with(download_folder)) return std::nullopt;
    path.remove_prefix(download_folder.size());
    download_path made;
    made.account = take_segment(path);
    const auto blob = take_segment(path);
    const auto mark = std::min(blob.find('_'), blob.size());
    made.email = blob.substr(0, mark);
    made.part = blob.substr(std::min(mark + 1, blob.size()));
    std::replace(made.part.begin(), made.part.end(), '-', '.');
    made.name = path;
    const bool is_part_missing = mark != blob.size() && made.part.empty();
    if (made.name.empty() || path.find('/') != path.npos || !is_id(made.account) || !is_id(blob) ||
        is_part_missing)
        return std::nullopt;
    return made;
}

std::string attachment_field(std::string_view name) {
    std::string kept;
    while (!name.empty() && kept.size() < max_name_octets) {
        const auto point = utf8::first_code_point(name);
        const auto octets = std::max<std::size_t>(1, point.octets);
        if (point.octets != 0 && utf8::is_harmless(point.value)) kept += name.substr(0, octets);
        name.remove_prefix(octets);
    }
    std::string plain;
    for (const char c : kept)
        plain += ascii::is_8bit(c) || c == '"' || c == '\\' || c == '%' ? '_' : c;
    std::string made = "attachment; filename=\"" + plain + '"';
    if (plain == kept) return made;
    made += "; filename*=UTF-8''";
    append_percent_encoded(made, kept);
    return made;
}

std::shared_ptr<const void> download_room::take(const std::shared_ptr<download_room>& from,
                                                std::size_t octets) {
    const std::lock_guard lock(from->mutex_);
    if (octets > from->left_) return nullptr;
    from->left_ -= octets;
    const auto give_back = [from, octets](const void*) {
        const std::lock_guard again(from->mutex_);
        from->left_ += octets;
    };
    return {static_cast<const void*>(from.get()), give_back};
}

awaitable<http::response> download(const call_context& with,
                                   const std::shared_ptr<download_room>& room,
                                   const http::request_head& head) {
    const auto what = parse_download_path(head.path);
    if (!what) co_return http::not_found();
    const auto account = std::find_if(with.accounts.begin(), with.accounts.end(),
                                      [&](const auto& one) { return one.id == what->account; });
    if (account == with.accounts.end()) co_return http::not_found();
    auto looking =
        with.ports.pictures.look(with.user.account, account->number, account->readable());
    const auto picture = co_await std::move(looking);
    if (!picture) co_return busy_answer();
    const auto& rows = **picture;
    const auto email = find_email(rows, what->email);
    if (!email) co_return http::not_found();
    stored_email stored;
    std::uint64_t octets = 0;
    const auto visit = [&](account_rows::email one, const storage::message_view& message) {
        stored = {one, message.blob, std::string(message.prefix), std::string(message.summary)};
        octets = message.octets;
    };
    const std::vector<account_rows::email> some(1, *email);
    auto walking =
        walk_emails(with, account->number, rows, some, storage::walk_detail::rows, visit);
    if (co_await std::move(walking)) co_return busy_answer();
    if (!stored.blob) co_return http::not_found();
    // Of a part its octets are there with and without their encoding, for a moment.
    const auto held = download_room::take(room, static_cast<std::size_t>(octets) * 2);
    if (!held) co_return busy_answer();
    auto work = [&] { return read_file(stored, what->part, octets, with.ports.blobs); };
    auto done = co_await with.ports.workers.run(std::move(work));
    if (!done) co_return busy_answer();
    if (!*done) co_return http::not_found();
    auto made = file_response(std::move(**done), *what, head);
    made.keeps = held;
    co_return made;
}

}  // namespace hauspost::jmap
