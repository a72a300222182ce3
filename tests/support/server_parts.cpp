#include "tests/support/server_parts.hpp"

#include "storage/errc.hpp"
#include "tests/support/visit_all.hpp"

#include <stdexcept>
#include <thread>

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

}  // namespace

server_parts::server_parts() : store_(storage::lmdb::open_store(options(folder_, time.wall()))) {
    ann = add_account("ann@a.example");
    bob = add_account("bob@a.example");
}

server_parts::~server_parts() {
    store_->keeper.stop();
    workers.stop();
}

account_id server_parts::add_account(const std::string& name) {
    storage::domain domain;
    domain.name = name.substr(name.rfind('@') + 1);
    const auto refused = wait(store_->directory.add_domain(domain));
    if (refused && refused != storage::errc::already_exists) throw std::runtime_error("no domain");
    storage::account wanted;
    wanted.name = name;
    return add_account(std::move(wanted));
}

account_id server_parts::add_account(storage::account wanted) {
    const auto name = wanted.name;
    const auto id = wait(store_->directory.add_account(std::move(wanted))).value();
    credentials.users[name] = id;
    return id;
}

void server_parts::add_alias(const std::string& name, std::vector<std::string> targets) {
    storage::alias wanted;
    wanted.name = name;
    wanted.targets = std::move(targets);
    if (wait(store_->directory.add_alias(std::move(wanted))))
        throw std::runtime_error("no alias " + name);
}

void server_parts::change(account_id account, storage::account_change wanted) {
    if (wait(store_->directory.change_account(account, std::move(wanted))))
        throw std::runtime_error("no such account");
}

void server_parts::set_quota(account_id account, std::uint64_t octets) {
    storage::account_change wanted;
    wanted.quota_octets = octets;
    change(account, std::move(wanted));
}

void server_parts::set_password_hash(account_id account, std::string hash) {
    storage::account_change wanted;
    wanted.password_hash = std::move(hash);
    change(account, std::move(wanted));
}

void server_parts::set_password_hash_here(account_id account, std::string hash) {
    storage::account_change wanted;
    wanted.password_hash = std::move(hash);
    std::thread other([&] {
        std::optional<error_code> refused;
        run(elsewhere_.emplace_back(1),
            collect(store_->directory.change_account(account, std::move(wanted)), refused));
    });
    other.join();
}

storage::mailbox_key server_parts::key_of(account_id account, std::string mailbox) {
    return {account, wait(store_->mailboxes.find(account, std::move(mailbox))).value().id};
}

uid server_parts::put(std::string_view octets,
                      std::uint32_t system_flags,
                      std::vector<std::string> keywords,
                      std::string mailbox,
                      std::string prefix) {
    storage::append_request request;
    request.mailbox = key_of(ann, std::move(mailbox));
    request.blob = store_->blobs.stage();
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

void server_parts::fill(unsigned messages) {
    for (unsigned n = 1; n <= messages; ++n)
        put("Subject: number " + std::to_string(n) + "\r\n\r\nbody " + std::to_string(n) + "\r\n");
}

void server_parts::copy_all(unsigned times) {
    const auto inbox = key_of(ann, "INBOX");
    for (unsigned n = 0; n < times; ++n) {
        mail::uid_ranges all{{uid(1), uid(UINT32_MAX)}};
        auto copying = store_->mailboxes.copy(inbox, std::move(all), inbox.mailbox, false);
        if (!wait(std::move(copying))) throw std::runtime_error("cannot copy");
    }
}

void server_parts::forget_vanished() {
    const auto now = time.wall().now();
    time.move_wall(std::chrono::hours(24 * 91));
    store_->keeper.tidy();
    time.set_wall(now);
}

std::vector<stored_mail> server_parts::inbox(account_id account) {
    std::vector<stored_mail> found;
    const auto visitor = [&found](const storage::message_view& message) {
        stored_mail seen;
        seen.prefix = message.prefix;
        seen.summary = message.summary;
        seen.blob = message.blob;
        seen.date = message.internal_date.unix_seconds;
        seen.octets.resize(message.octets - message.prefix.size());
        found.push_back(std::move(seen));
        return true;
    };
    const auto box = key_of(account, "INBOX");
    if (wait(visit_all(store_->mailboxes, box, storage::walk_detail::rows, visitor)))
        throw std::runtime_error("cannot walk INBOX");
    for (auto& seen : found)
        if (wait(store_->blobs.read(seen.blob, 0, seen.octets)).value() != seen.octets.size())
            throw std::runtime_error("octets are missing");
    return found;
}

std::vector<storage::queue_item> server_parts::queue() {
    storage::queue_store& waiting = store_->queue;
    return wait(waiting.list(queue_id(), 1000)).items;
}

}  // namespace hauspost::test
