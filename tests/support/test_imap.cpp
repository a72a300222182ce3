#include "tests/support/test_imap.hpp"

#include "base/log.hpp"
#include "protocols/message/summary.hpp"

#include <spdlog/spdlog.h>

#include <regex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hauspost::test {
namespace {

storage::lmdb::store_options options(const tmp_dir& folder, const clock& time) {
    storage::lmdb::store_options wanted;
    wanted.data_dir = folder.path();
    wanted.map_octets = std::size_t{1} << 30;
    wanted.min_free_octets = 0;
    wanted.tidy_interval = std::chrono::seconds(0);
    wanted.time = &time;
    return wanted;
}

std::string drop_through(std::string text, std::string_view line_start) {
    const auto at = text.find("\r\n" + std::string(line_start));
    if (at == std::string::npos) throw std::runtime_error("no such line in: " + text);
    return text.substr(text.find("\r\n", at + 2) + 2);
}

}  // namespace

awaitable<result<sasl::identity>> known_credentials::check(std::string user,
                                                           secret password,
                                                           std::string,
                                                           function_ref<void(account_id)> listen) {
    if (user.starts_with("busy@")) co_return fail(sasl::errc::busy);
    if (user.starts_with("off@")) co_return fail(sasl::errc::disabled);
    if (user.starts_with("throttled@")) co_return fail(sasl::errc::throttled);
    if (user.starts_with("fault@")) throw storage::fault("the disk is broken");
    const auto known = users.find(user);
    if (known == users.end() || password.reveal() != "pw") co_return fail(sasl::errc::wrong);
    listen(known->second);
    if (after_listening) after_listening();
    co_return sasl::identity(known->second, user);
}

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

imap_house::imap_house() : store_(storage::lmdb::open_store(options(folder_, time))) {
    spdlog::set_level(spdlog::level::off);
    config.hostname = "imap.a.example";
    config.wrong_password_delay = std::chrono::milliseconds(0);
    config.max_messages_of_command = 0;  // what each greeting would tell
    ann = add_account("ann@a.example");
    bob = add_account("bob@a.example");
}

imap_house::~imap_house() {
    if (index) index->stop();
    store_->keeper.stop();
    workers_.stop();
}

account_id imap_house::add_account(const std::string& name) {
    storage::domain domain;
    domain.name = name.substr(name.rfind('@') + 1);
    const auto refused = wait(store_->directory.add_domain(domain));
    if (refused && refused != storage::errc::already_exists) throw std::runtime_error("no domain");
    storage::account wanted;
    wanted.name = name;
    const auto id = wait(store_->directory.add_account(wanted)).value();
    credentials.users[name] = id;
    return id;
}

void imap_house::change(account_id account, storage::account_change wanted) {
    if (wait(store_->directory.change_account(account, std::move(wanted))))
        throw std::runtime_error("no such account");
}

void imap_house::set_quota(account_id account, std::uint64_t octets) {
    storage::account_change wanted;
    wanted.quota_octets = octets;
    change(account, std::move(wanted));
}

void imap_house::set_password_hash(account_id account, std::string hash) {
    storage::account_change wanted;
    wanted.password_hash = std::move(hash);
    change(account, std::move(wanted));
}

void imap_house::set_password_hash_here(account_id account, std::string hash) {
    storage::account_change wanted;
    wanted.password_hash = std::move(hash);
    std::thread other([&] {
        std::optional<error_code> refused;
        run(elsewhere_.emplace_back(1),
            collect(store_->directory.change_account(account, std::move(wanted)), refused));
    });
    other.join();
}

imap::session_ports imap_house::ports() {
    return {mailboxes ? *mailboxes : store_->mailboxes,
            blobs ? *blobs : store_->blobs,
            changes ? *changes : store_->changes,
            store_->sharing,
            store_->annotations,
            credentials,
            summaries,
            workers_,
            time,
            own_time ? static_cast<const monotonic_clock&>(*own_time) : real_time_,
            uses_index ? index.get() : nullptr};
}

void imap_house::see_all_if_alone() {
    if (!keeps_recent && clients_ == 0) see_all();
}

void imap_house::see_all() {
    for (const auto& [name, account] : credentials.users) {
        const auto boxes = wait(store_->mailboxes.list(account));
        if (!boxes) continue;  // it was removed
        for (const auto& box : *boxes)
            if (box.counters.recent > 0)
                (void)wait(store_->mailboxes.claim_recent({account, box.id}));
    }
}

std::string imap_house::talk(memory_stream& peer) {
    see_all_if_alone();
    auto settings = std::make_shared<const imap::session_config>(config);
    imap::session session(peer, ports(), std::move(settings));
    run(io, session.run());
    if (!peer.is_closed()) throw std::runtime_error("the session left the stream open");
    return without_validity(peer.output());
}

std::string imap_house::talk(std::string input) {
    memory_stream peer(std::move(input));
    return talk(peer);
}

std::string imap_house::as_ann(std::string input) {
    return drop_through(talk("L LOGIN ann@a.example pw\r\n" + input), "L OK ");
}

std::string imap_house::in_inbox(std::string input) {
    return drop_through(as_ann("S SELECT INBOX\r\n" + input), "S OK ");
}

uid imap_house::put(std::string_view octets,
                    std::uint32_t system_flags,
                    std::vector<std::string> keywords,
                    std::string mailbox,
                    std::string prefix) {
    storage::append_request request;
    request.mailbox = {ann, wait(mail_find(std::move(mailbox))).value().id};
    request.blob = store_->blobs.stage(octets.size());
    if (wait(request.blob->write(octets)) || wait(request.blob->finish()))
        throw std::runtime_error("cannot stage");
    request.prefix = std::move(prefix);
    auto made = summaries.make(octets);
    request.summary = std::move(made.octets);
    request.thread = made.thread;
    request.flags.system = system_flags;
    request.flags.keywords = std::move(keywords);
    request.internal_date.unix_seconds = 1'767'323'045;
    return wait(store_->mailboxes.append(std::move(request))).value().uid;
}

awaitable<result<storage::mailbox_info>> imap_house::mail_find(std::string mailbox) {
    return store_->mailboxes.find(ann, std::move(mailbox));
}

void imap_house::open_index() {
    storage::index::indexer_settings settings;
    settings.folder = index_folder();
    settings.min_free_octets = 0;
    settings.enough_messages = SIZE_MAX;
    settings.commit_interval = std::chrono::hours(1);
    const storage::index::indexer_ports reading{store_->mailboxes, store_->blobs, store_->directory,
                                                store_->changes,   text_,         workers_};
    index = std::make_unique<storage::index::search_indexer>(reading, settings);
    index->start();
}

void imap_house::index_all() {
    run(io, index->settle());
}

void imap_house::fill(unsigned messages) {
    for (unsigned n = 1; n <= messages; ++n)
        put("Subject: number " + std::to_string(n) + "\r\n\r\nbody " + std::to_string(n) + "\r\n");
}

void imap_house::copy_all(unsigned times) {
    const storage::mailbox_key inbox{ann, wait(mail_find("INBOX")).value().id};
    for (unsigned n = 0; n < times; ++n) {
        mail::uid_ranges all{{uid(1), uid(UINT32_MAX)}};
        auto copying = store_->mailboxes.copy(inbox, std::move(all), inbox.mailbox, false);
        if (!wait(std::move(copying))) throw std::runtime_error("cannot copy");
    }
}

void imap_house::forget_vanished() {
    const auto now = time.at;
    time.at += std::chrono::hours(24 * 91);
    store_->keeper.tidy();
    time.at = now;
}

imap_client::imap_client(imap_house& house, std::string user) : house_(house) {
    if (house.own_time != nullptr) peer_.use(*house.own_time);
    house.see_all_if_alone();
    ++house.clients_;
    auto settings = std::make_shared<const imap::session_config>(house.config);
    session_ = std::make_unique<imap::session>(peer_, house.ports(), std::move(settings));
    asio::co_spawn(house.io, session_->run(), [this](std::exception_ptr) { is_over_ = true; });
    if (!user.empty()) command("LOGIN " + user + " pw");
}

imap_client::~imap_client() {
    peer_.finish();
    peer_.wake();
    run_until(house_.io, [this] { return is_over_; });
    --house_.clients_;
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
    run_until(house_.io, is_answered);
    const auto at = seen.rfind(tag + " ");
    if (at != std::string::npos) seen.replace(at, tag.size(), "t");
    return seen;
}

std::string imap_client::wait_for(std::string_view text) {
    std::string seen;
    run_until(house_.io, [&] {
        seen += peer_.take_output();
        return seen.find(text) != std::string::npos;
    });
    return without_validity(seen);
}

std::string imap_client::settle() {
    run_until(house_.io, [this] { return peer_.is_waiting() || peer_.is_closed(); });
    return without_validity(peer_.take_output());
}

std::string imap_client::wait_closed() {
    run_until(house_.io, [this] { return is_over_; });
    return without_validity(peer_.take_output());
}

}  // namespace hauspost::test
