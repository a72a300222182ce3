#include "tests/support/test_imap.hpp"

#include <spdlog/spdlog.h>

#include <regex>
#include <stdexcept>
#include <utility>

namespace hauspost::test {
namespace {

std::string drop_through(std::string text, std::string_view line_start) {
    const auto at = text.find("\r\n" + std::string(line_start));
    if (at == std::string::npos) throw std::runtime_error("no such line in: " + text);
    return text.substr(text.find("\r\n", at + 2) + 2);
}

}  // namespace

/// Takes the MAILBOXID out of what SELECT and CREATE say; object_id_test looks at it.
static void drop_mailbox_ids(std::string& text) {
    constexpr std::string_view line = "* OK [MAILBOXID (", code = " [MAILBOXID (";
    for (std::size_t at = 0; (at = text.find(line, at)) != std::string::npos;)
        text.erase(at, text.find('\n', at) + 1 - at);
    for (std::size_t at = 0; (at = text.find(code, at)) != std::string::npos;)
        text.erase(at, text.find(']', at) + 1 - at);
}

std::string without_validity(std::string text) {
    drop_mailbox_ids(text);
    static const std::regex numbers("(UIDVALIDITY|APPENDUID|COPYUID) [0-9]+");
    return std::regex_replace(text, numbers, "$1 V");
}

imap_server::imap_server(std::unique_ptr<server_parts> own) : imap_server(*own) {
    own_ = std::move(own);
}

imap_server::imap_server(server_parts& shared) : parts(shared) {
    spdlog::set_level(spdlog::level::off);
    config.hostname = "imap.a.example";
    config.wrong_password_delay = std::chrono::milliseconds(0);
    config.max_messages_of_command = 0;  // what each greeting would tell
}

imap_server::~imap_server() {
    if (!index) return;
    index->stop();
    parts.workers.stop();  // what it gave them is done
}

imap::session_ports imap_server::ports() {
    return {parts.mail(),
            parts.octets(),
            parts.news(),
            parts.store().sharing,
            parts.store().annotations,
            parts.credentials,
            parts.summaries,
            parts.workers,
            parts.time.wall(),
            parts.limits(),
            uses_index ? index.get() : nullptr};
}

void imap_server::see_all_if_alone() {
    if (!keeps_recent && clients_ == 0) see_all();
}

void imap_server::see_all() {
    for (const auto& [name, account] : parts.credentials.users) {
        const auto boxes = parts.wait(parts.store().mailboxes.list(account));
        if (!boxes) continue;  // it was removed
        for (const auto& box : *boxes)
            if (box.counters.recent > 0)
                (void)parts.wait(parts.store().mailboxes.claim_recent({account, box.id}));
    }
}

std::string imap_server::talk(memory_stream& peer) {
    see_all_if_alone();
    auto settings = std::make_shared<const imap::session_config>(config);
    imap::session session(peer, ports(), std::move(settings));
    run(parts.io, session.run());
    if (!peer.is_closed()) throw std::runtime_error("the session left the stream open");
    return without_validity(peer.output());
}

std::string imap_server::talk(std::string input) {
    memory_stream peer(std::move(input));
    return talk(peer);
}

std::string imap_server::as_ann(std::string input) {
    return drop_through(talk("L LOGIN ann@a.example pw\r\n" + input), "L OK ");
}

std::string imap_server::in_inbox(std::string input) {
    return drop_through(as_ann("S SELECT INBOX\r\n" + input), "S OK ");
}

void imap_server::open_index() {
    storage::index::indexer_settings settings;
    settings.folder = index_folder();
    settings.min_free_octets = 0;
    settings.enough_messages = SIZE_MAX;
    settings.commit_interval = std::chrono::hours(1);
    const auto& store = parts.store();
    const storage::index::indexer_ports reading{store.mailboxes, store.blobs, store.directory,
                                                store.changes,   text_,       parts.workers};
    index = std::make_unique<storage::index::search_indexer>(reading, settings);
    index->start();
}

void imap_server::index_all() {
    run(parts.io, index->settle());
}

imap_client::imap_client(imap_server& server, std::string user) : server_(server) {
    server.parts.set_time_of(peer_);
    server.see_all_if_alone();
    ++server.clients_;
    auto settings = std::make_shared<const imap::session_config>(server.config);
    session_ = std::make_unique<imap::session>(peer_, server.ports(), std::move(settings));
    asio::co_spawn(server.parts.io, session_->run(),
                   [this](std::exception_ptr) { is_over_ = true; });
    if (!user.empty()) command("LOGIN " + user + " pw");
}

imap_client::~imap_client() {
    peer_.finish();
    peer_.wake();
    run_until(server_.parts.io, [this] { return is_over_; });
    --server_.clients_;
}

std::string imap_client::command(std::string_view text) {
    return without_validity(raw(text));
}

std::string imap_client::raw(std::string_view text) {
    const auto tag = "t" + std::to_string(++tag_);
    peer_.send(tag + " " + std::string(text) + "\r\n");
    std::string seen;
    const auto is_answered = [&] {
        seen += peer_.take_output();
        const auto at = seen.rfind("\r\n" + tag + " ");
        const bool has_line = at != std::string::npos || seen.starts_with(tag + " ");
        return peer_.is_closed() || (has_line && seen.ends_with("\r\n"));
    };
    run_until(server_.parts.io, is_answered);
    const auto at = seen.rfind(tag + " ");
    if (at != std::string::npos) seen.replace(at, tag.size(), "t");
    return seen;
}

std::string imap_client::wait_for(std::string_view text) {
    std::string seen;
    run_until(server_.parts.io, [&] {
        seen += peer_.take_output();
        return seen.find(text) != std::string::npos;
    });
    return without_validity(seen);
}

std::string imap_client::settle() {
    run_until(server_.parts.io, [this] { return peer_.is_waiting() || peer_.is_closed(); });
    return without_validity(peer_.take_output());
}

std::string imap_client::wait_closed() {
    run_until(server_.parts.io, [this] { return is_over_; });
    return without_validity(peer_.take_output());
}

}  // namespace hauspost::test
