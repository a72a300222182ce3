/// A fixed load on a store, run under crash_recorder: several coroutines that append, deliver,
/// flag, move, copy and expunge, make, rename and remove mailboxes beside each other, and the
/// janitor. What it is about to do and what was acknowledged goes into the same log as the writes
/// (tests/storage/crash_verify.hpp reads it):
///
///   M task account box done    task works on these mailboxes; all it does before is acknowledged
///   B task verb arguments      begins
///   A task                     acknowledged
///
/// Of the audit log it uses entries about itself alone, of the owner's page one session.
///
///   crash_workload FOLDER SEED OPERATIONS

#include "tests/support/crash_workload.hpp"

#include "tests/support/open_store.hpp"
#include "tests/support/run.hpp"

#include <dlfcn.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <semaphore>
#include <string_view>
#include <thread>

using namespace hauspost;
using namespace hauspost::storage;
using hauspost::test::crash_body;

namespace {

constexpr unsigned tasks = 6;
constexpr unsigned operations_per_tidy = 30;

void note(const std::string& text) {
    using function = void (*)(const char*);
    static const auto write =
        reinterpret_cast<function>(dlsym(RTLD_DEFAULT, "hauspost_crash_note"));
    if (write != nullptr) write(text.c_str());
}

bool acknowledges_early() {
    const char* mutant = std::getenv("HAUSPOST_CRASH_MUTANT");
    return mutant != nullptr && std::string_view(mutant) == "early_ack";
}

void require(bool ok, const char* what) {
    if (ok) return;
    std::fprintf(stderr, "crash_workload: %s\n", what);
    std::_Exit(98);
}

/// One of the coroutines. It alone uses its two mailboxes, of which "box" changes its name now and
/// then, and its spare one, which comes and goes; INBOX belongs to all.
class task {
public:
    task(const ports& store,
         unsigned number,
         std::vector<account_id> accounts,
         std::uint64_t seed,
         std::counting_semaphore<>& tidy)
        : store_(store),
          number_(number),
          accounts_(std::move(accounts)),
          dice_(seed),
          tidy_(tidy) {}

    awaitable<void> run(unsigned operations) {
        co_await make_boxes();
        for (unsigned n = 0; n < operations; ++n) {
            co_await one();
            if (n % operations_per_tidy == 0) tidy_.release();
        }
    }

private:
    unsigned roll(unsigned sides) { return static_cast<unsigned>(dice_() % sides); }

    void begin(const std::string& what) {
        note("B " + std::to_string(number_) + " " + what);
        if (acknowledges_early()) note("A " + std::to_string(number_));
    }
    void acknowledge() {
        if (!acknowledges_early()) note("A " + std::to_string(number_));
    }

    awaitable<void> make_boxes() {
        const auto account = accounts_[number_ % accounts_.size()];
        const auto name = std::to_string(number_);
        const auto box =
            co_await store_.mailboxes.create(account, box_name_, mail::special_use::none);
        const auto done =
            co_await store_.mailboxes.create(account, "done" + name, mail::special_use::none);
        require(box && done, "create");
        box_ = {account, *box};
        done_ = {account, *done};
        note("M " + name + " " + std::to_string(account.value()) + " " +
             std::to_string(box->value()) + " " + std::to_string(done->value()));
    }

    awaitable<void> one() {
        const auto choice = roll(100);
        if (uids_.empty() || choice < 28) return append();
        if (choice < 54) return deliver();
        if (choice < 62) return flag();
        if (choice < 65) return annotate();
        if (choice < 67) return share();
        if (choice < 69) return tell();
        if (choice < 70) return sit();
        if (choice < 75) return expunge();
        if (choice < 81) return remove();
        if (choice < 85) return rename();
        if (choice < 93) return use_spare();
        return move(choice < 97);
    }

    /// Mostly small ones; each kind of place now and then.
    std::uint64_t size() {
        const auto kind = roll(100);
        if (kind < 75) return 100 + roll(4000);
        if (kind < 90) return 64 * 1024 + roll(60'000);
        if (kind < 98) return 257 * 1024 + roll(100'000);
        return 8 * 1024 * 1024 + roll(1000);
    }

    awaitable<std::shared_ptr<staged_blob>> stage(std::uint64_t token, std::uint64_t octets) {
        std::shared_ptr<staged_blob> blob = store_.blobs.stage();
        const auto body = crash_body(token, octets);
        constexpr std::size_t chunk = 100'000;
        for (std::size_t at = 0; at < body.size(); at += chunk)
            require(!co_await blob->write(std::string_view(body).substr(at, chunk)), "write");
        require(!co_await blob->finish(), "finish");
        co_return blob;
    }

    std::uint64_t next_token() { return number_ * 1'000'000 + ++tokens_; }

    awaitable<void> append() {
        const auto token = next_token();
        const auto octets = size();
        append_request request;
        request.mailbox = box_;
        request.flags.system = roll(2) == 0 ? mail::flags::seen : 0;
        begin("append " + std::to_string(token) + " " + std::to_string(octets) + " " +
              std::to_string(request.flags.system));
        request.blob = co_await stage(token, octets);
        request.summary = std::string(roll(3000), 's');
        const auto done = co_await store_.mailboxes.append(std::move(request));
        require(done.has_value(), "append");
        acknowledge();
        uids_.push_back(done->uid);
    }

    awaitable<void> deliver() {
        const auto token = next_token();
        const auto octets = size();
        const auto mask = 1 + roll(3);
        const bool has_queue = roll(4) == 0;
        begin("deliver " + std::to_string(token) + " " + std::to_string(octets) + " " +
              std::to_string(mask) + " " + (has_queue ? "1" : "0"));
        delivery_request request;
        request.blob = co_await stage(token, octets);
        request.summary = "summary";
        for (unsigned n = 0; n < accounts_.size(); ++n)
            if ((mask >> n & 1) != 0)
                request.local.push_back({accounts_[n], "Delivered-To: x\r\n"});
        if (has_queue) {
            queue_item item;
            item.recipients.push_back({"x@out.test", "", "", 0});
            item.envelope_id = std::to_string(token);
            request.remote.push_back(std::move(item));
        }
        const auto refused = co_await store_.delivery.deliver(std::move(request));
        require(!refused, "deliver");
        acknowledge();
    }

    awaitable<void> flag() {
        const auto id = uids_[roll(static_cast<unsigned>(uids_.size()))];
        store_request request;
        request.mailbox = box_;
        request.uids = {{id, id}};
        request.change = mail::change::set;
        request.flags.system = roll(4) * mail::flags::flagged & ~mail::flags::deleted;
        begin("flags " + std::to_string(id.value()) + " " + std::to_string(request.flags.system));
        const auto done = co_await store_.mailboxes.store_flags(std::move(request));
        require(done.has_value(), "store_flags");
        acknowledge();
    }

    /// A value that takes two rows.
    awaitable<void> annotate() {
        const auto token = next_token();
        begin("note " + std::to_string(token));
        std::vector<annotation_change> changes;
        changes.push_back({"/private/token", crash_body(token, hauspost::test::crash_note_octets)});
        require(!co_await store_.annotations.annotate(box_, std::move(changes)), "annotate");
        acknowledge();
    }

    awaitable<void> share() {
        const auto rights = roll(mail::rights::all + 1);
        begin("share " + std::to_string(rights));
        std::string guest = accounts_.front() == box_.account ? "b@example.test" : "a@example.test";
        const auto failed = co_await store_.sharing.change_rights(box_, std::move(guest),
                                                                  mail::change::set, rights);
        require(!failed, "change_rights");
        acknowledge();
    }

    /// An entry of the audit log, begun and completed: two commits.
    awaitable<void> tell() {
        const auto token = next_token();
        begin("tell " + std::to_string(token));
        audit_entry entry;
        entry.command = std::to_string(token);
        entry.subject = "task " + std::to_string(number_);
        auto copy = entry;
        const auto place = co_await store_.audit.begin(std::move(copy));
        require(place.has_value(), "begin an entry");
        entry.place = *place;
        entry.end = audit_end::done;
        require(!co_await store_.audit.complete(std::move(entry)), "complete an entry");
        acknowledge();
    }

    /// Another session before the owner's page, in place of its own.
    awaitable<void> sit() {
        const auto token = next_token();
        begin("sit " + std::to_string(token));
        const auto key = hauspost::test::crash_session_key(number_);
        require((co_await store_.owner.end_session(key)).has_value(), "end a session");
        web_session row;
        row.key = key;
        row.made_at = row.seen_at = static_cast<std::int64_t>(token);
        owner_proof proof;
        proof.password_hash = "hash";
        const auto end =
            co_await store_.owner.sign_in(std::move(proof), std::move(row), session_limits());
        require(end && *end == sign_in_end::opened, "sign in");
        acknowledge();
    }

    uid take() {
        const auto at = uids_.begin() + roll(static_cast<unsigned>(uids_.size()));
        const auto id = *at;
        uids_.erase(at);
        return id;
    }

    awaitable<void> expunge() {
        const auto id = take();
        store_request request;
        request.mailbox = box_;
        request.uids = {{id, id}};
        request.change = mail::change::set;
        request.flags.system = mail::flags::deleted;
        begin("flags " + std::to_string(id.value()) + " " + std::to_string(mail::flags::deleted));
        const auto done = co_await store_.mailboxes.store_flags(std::move(request));
        require(done.has_value(), "store_flags");
        acknowledge();
        begin("expunge " + std::to_string(id.value()));
        const mail::uid_ranges uids = {{id, id}};
        const auto gone = co_await store_.mailboxes.expunge(box_, uids);
        require(gone.has_value() && gone->size() == 1, "expunge");
        acknowledge();
    }

    awaitable<void> move(bool is_copy) {
        const auto id = is_copy ? uids_[roll(static_cast<unsigned>(uids_.size()))] : take();
        begin((is_copy ? "copy " : "move ") + std::to_string(id.value()));
        const mail::uid_ranges uids = {{id, id}};
        const auto done = co_await store_.mailboxes.copy(box_, uids, done_.mailbox, !is_copy);
        require(done.has_value() && done->to.size() == 1, "copy");
        acknowledge();
    }

    /// Up to three messages, whatever their flags.
    awaitable<void> remove() {
        std::string wanted;
        mail::uid_ranges uids;
        std::vector<uid> taken;
        for (auto left = 1 + roll(3); left > 0 && !uids_.empty(); --left)
            taken.push_back(take());
        std::sort(taken.begin(), taken.end());
        for (const auto id : taken) {
            uids.push_back({id, id});
            wanted += " " + std::to_string(id.value());
        }
        begin("remove" + wanted);
        const auto gone = co_await store_.mailboxes.remove_messages(box_, uids);
        require(gone.has_value() && !gone->empty(), "remove_messages");
        acknowledge();
    }

    /// Into another mailbox's tree, whose upper one is made with it, or back.
    awaitable<void> rename() {
        const auto name = "box" + std::to_string(number_);
        auto to = box_name_ == name ? "above" + std::to_string(number_) + "/" + name : name;
        begin("rename " + to);
        require(!co_await store_.mailboxes.rename(box_.account, box_name_, to), "rename");
        acknowledge();
        box_name_ = std::move(to);
    }

    awaitable<void> use_spare() {
        const auto name = hauspost::test::crash_spare_name(number_);
        if (!spare_) {
            begin("make");
            const auto made =
                co_await store_.mailboxes.create(box_.account, name, mail::special_use::none);
            require(made.has_value(), "create");
            acknowledge();
            spare_ = *made;
        } else if (roll(3) != 0) {
            const auto id = uids_[roll(static_cast<unsigned>(uids_.size()))];
            begin("fill " + std::to_string(id.value()));
            const mail::uid_ranges uids = {{id, id}};
            const auto done = co_await store_.mailboxes.copy(box_, uids, *spare_, false);
            require(done.has_value() && done->to.size() == 1, "copy");
            acknowledge();
        } else {
            begin("drop");
            require(!co_await store_.mailboxes.remove(box_.account, name), "remove");
            acknowledge();
            spare_.reset();
        }
    }

    const ports& store_;
    const unsigned number_;
    const std::vector<account_id> accounts_;
    std::mt19937_64 dice_;
    std::counting_semaphore<>& tidy_;
    mailbox_key box_, done_;
    std::string box_name_ = "box" + std::to_string(number_);
    std::optional<mailbox_id> spare_;
    std::vector<uid> uids_;
    std::uint64_t tokens_ = 0;
};

awaitable<void> set_up(const ports& store, std::vector<account_id>& accounts) {
    domain own;
    own.name = "example.test";
    require(!co_await store.directory.add_domain(own), "add_domain");
    for (const char* name : {"a@example.test", "b@example.test"}) {
        account wanted;
        wanted.name = name;
        const auto made = co_await store.directory.add_account(wanted);
        require(made.has_value(), "add_account");
        accounts.push_back(*made);
    }
    owner row;
    row.password_hash = "hash";
    require(!co_await store.owner.change_owner(std::move(row), std::nullopt), "change_owner");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 97;
    spdlog::set_level(spdlog::level::warn);
    const auto seed = std::strtoull(argv[2], nullptr, 10);
    const auto operations = static_cast<unsigned>(std::atoi(argv[3])) / tasks;
    asio::io_context io(1);  // outlives the store, which posts to it
    const auto store = lmdb::open_store(hauspost::test::crash_options(argv[1]));
    std::vector<account_id> accounts;
    hauspost::test::run(io, set_up(*store, accounts));
    io.restart();

    std::counting_semaphore<> tidy_now(0);
    std::atomic<bool> is_over = false;
    std::thread tidy([&] {
        for (tidy_now.acquire(); !is_over; tidy_now.acquire())
            store->keeper.tidy();
    });
    std::vector<std::unique_ptr<task>> all;
    for (unsigned n = 0; n < tasks; ++n) {
        all.push_back(std::make_unique<task>(*store, n, accounts, seed + n, tidy_now));
        asio::co_spawn(io, all.back()->run(operations),
                       [](std::exception_ptr fault) { require(!fault, "a task threw"); });
    }
    io.run();
    is_over = true;
    tidy_now.release();
    tidy.join();
    return 0;
}
