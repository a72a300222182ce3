#pragma once

#include "admin/api/commands.hpp"
#include "base/recovery_code.hpp"
#include "storage/errc.hpp"
#include "storage/forward_store.hpp"
#include "storage/overview_store.hpp"
#include "storage/sign_in_store.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/plain_headings.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"
#include "tests/unit/admin/plain_settings.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::test {

class empty_queue final : public storage::queue_store {
public:
    awaitable<storage::queue_page> list(queue_id from, std::size_t limit) override {
        storage::queue_page page;
        for (const auto& one : items) {
            if (one.id < from) continue;
            if (page.items.size() == limit) {
                page.next = one.id;
                break;
            }
            page.items.push_back(one);
        }
        co_return page;
    }
    awaitable<std::optional<storage::queue_item>> find(queue_id id) override {
        for (const auto& one : items)
            if (one.id == id) co_return one;
        co_return std::nullopt;
    }
    awaitable<storage::queue_figures> figures() override { co_return storage::queue_figures(); }
    awaitable<result<storage::queue_claims>> claim(storage::claim_request) override {
        co_return storage::queue_claims();
    }
    awaitable<error_code> renew(storage::queue_claim, std::int64_t) override {
        co_return error_code();
    }
    awaitable<error_code> settle(storage::queue_settlement) override { co_return error_code(); }
    awaitable<error_code> retry(queue_id id, std::int64_t now) override {
        auto* found = look_for(id);
        if (found == nullptr) co_return make_error_code(storage::errc::no_such_message);
        for (auto& one : found->recipients)
            one.due_at = now;
        co_return error_code();
    }
    awaitable<error_code> hold(queue_id id, bool held) override {
        auto* found = look_for(id);
        if (found == nullptr) co_return make_error_code(storage::errc::no_such_message);
        for (auto& one : found->recipients)
            one.held = held;
        co_return error_code();
    }
    awaitable<error_code> remove(queue_id id) override {
        const auto had = std::erase_if(items, [id](const auto& one) { return one.id == id; });
        co_return had == 0 ? make_error_code(storage::errc::no_such_message) : error_code();
    }
    storage::queue_item* look_for(queue_id id) {
        const auto found = std::find_if(items.begin(), items.end(),
                                        [id](const auto& one) { return one.id == id; });
        return found == items.end() ? nullptr : &*found;
    }
    std::vector<storage::queue_item> items;
};

/// What it was told stays; nothing was sent.
class kept_senders final : public storage::sender_store {
public:
    awaitable<storage::sender_state> find(account_id account,
                                          std::vector<storage::mail_address>) override {
        storage::sender_state state;
        if (const auto found = frozen.find(account); found != frozen.end())
            state.frozen = found->second;
        if (hour.messages != 0) state.hours.push_back(hour);
        co_return state;
    }
    awaitable<std::vector<account_id>> untold() override { co_return std::vector<account_id>(); }
    awaitable<result<bool>> note_unknown(storage::unknown_recipients) override { co_return false; }
    awaitable<error_code> freeze(account_id account, storage::freeze_reason reason) override {
        frozen[account] = {1000, reason};
        co_return error_code();
    }
    awaitable<result<std::size_t>> unfreeze(account_id account) override {
        co_return frozen.erase(account);
    }
    awaitable<error_code> note_told(account_id) override { co_return error_code(); }
    std::map<account_id, storage::frozen_sender> frozen;
    storage::sent_hour hour;
};

/// Says what it was asked.
class told_expunged final : public storage::expunged_store {
public:
    awaitable<storage::account_usage> expunged(storage::mail_address) override {
        co_return storage::account_usage{700, is_unknown ? 0u : 7u};
    }
    awaitable<result<std::uint64_t>> purge(storage::mail_address address) override {
        asked += "purge " + address;
        co_return std::uint64_t{7};
    }
    awaitable<result<storage::restored_mail>> restore(storage::mail_address address,
                                                      std::chrono::seconds within) override {
        asked += "restore " + address + " " + std::to_string(within.count());
        if (is_unknown) co_return fail(storage::errc::no_such_account);
        co_return storage::restored_mail{3, 2};
    }
    [[nodiscard]] std::chrono::seconds retention() const noexcept override { return kept; }
    awaitable<result<storage::expunged_page>> find(storage::expunged_query wanted,
                                                   const storage::heading_reader&) override {
        query = std::move(wanted);
        if (failure) co_return *failure;
        co_return page;
    }
    awaitable<result<storage::mail_returned>> bring_back(storage::restore_request wanted,
                                                         const storage::heading_reader&) override {
        request = std::move(wanted);
        if (failure) co_return *failure;
        co_return returned;
    }
    awaitable<result<std::uint64_t>> undo(storage::restore_undo what) override {
        undone = std::move(what);
        co_return std::uint64_t{5};
    }
    awaitable<result<std::vector<storage::removed_mailer>>> removed_accounts() override {
        co_return removed;
    }
    awaitable<result<std::vector<storage::mass_deletion>>> mass_deletions(
        std::int64_t since) override {
        deletions_since = since;
        co_return deletions;
    }
    std::string asked;
    bool is_unknown = false;
    std::chrono::seconds kept{14 * 86'400};
    std::optional<error_code> failure;
    storage::expunged_query query;
    storage::expunged_page page;
    storage::restore_request request;
    storage::mail_returned returned;
    storage::restore_undo undone;
    std::vector<storage::removed_mailer> removed;
    std::vector<storage::mass_deletion> deletions;
    std::int64_t deletions_since = 0;
};

/// Gives a page, and keeps what it was asked for.
class told_trace final : public storage::trace_store {
public:
    [[nodiscard]] bool is_on() const noexcept override { return is_kept; }
    [[nodiscard]] bool keeps_subjects() const noexcept override { return false; }
    void note(storage::trace_event) noexcept override {}
    awaitable<result<storage::trace_page>> find(storage::trace_query wanted) override {
        asked = std::move(wanted);
        if (is_busy) co_return fail(storage::errc::busy);
        co_return page;
    }
    storage::trace_page page;
    storage::trace_query asked;
    bool is_kept = true;
    bool is_busy = false;
};

/// Passwords of fewer than four octets are refused; the hash is the text turned round.
class plain_passwords final : public admin::password_maker {
public:
    [[nodiscard]] sasl::password_rules rules() const override { return four; }
    awaitable<std::optional<std::vector<sasl::password_fault>>> find_faults(secret password,
                                                                            std::string) override {
        std::vector<sasl::password_fault> faults;
        if (password.reveal().size() < four.min_characters)
            faults.push_back(sasl::password_fault::too_short);
        co_return faults;
    }
    /// Its length, up to 4.
    awaitable<std::optional<std::uint32_t>> score(secret password) override {
        co_return static_cast<std::uint32_t>(std::min<std::size_t>(4, password.reveal().size()));
    }
    [[nodiscard]] secret generate(const std::string&) const override { return secret("made-up"); }
    awaitable<std::optional<std::string>> hash(secret password) override {
        if (is_busy) co_return std::nullopt;
        co_return std::string(password.reveal().rbegin(), password.reveal().rend());
    }
    sasl::password_rules four{4, 256, true, 0};
    bool is_busy = false;
};

/// Numbers in place of keys.
class counted_keys final : public admin::signing_keys {
public:
    awaitable<error_code> ensure(std::string domain) override {
        if (is_busy) co_return make_error_code(storage::errc::busy);
        keys.try_emplace(domain, std::vector<int>{1});
        co_return error_code();
    }
    awaitable<error_code> rotate(std::string domain) override {
        if (is_busy) co_return make_error_code(storage::errc::busy);
        auto& all = keys[domain];
        all.push_back(static_cast<int>(all.size()) + 1);
        co_return error_code();
    }
    awaitable<std::vector<admin::published_key>> published(std::string domain) override {
        std::vector<admin::published_key> all;
        const auto found = keys.find(domain);
        if (found == keys.end()) co_return all;
        for (const auto number : found->second) {
            admin::published_key one;
            one.selector = "k" + std::to_string(number);
            one.record = "\"v=DKIM1; p=" + std::to_string(number) + '"';
            all.push_back(std::move(one));
        }
        co_return all;
    }
    std::map<std::string, std::vector<int>> keys;
    bool is_busy = false;
};

class known_forwards final : public storage::forward_store {
public:
    awaitable<std::vector<storage::forward_state>> list(storage::mail_address by) override {
        std::vector<storage::forward_state> found;
        for (const auto& one : states)
            if (by.empty() || one.way.by == by) found.push_back(one);
        co_return found;
    }
    awaitable<result<storage::forward_state>> note_refusal(storage::forward_way,
                                                           std::string,
                                                           std::int64_t,
                                                           std::int64_t) override {
        co_return fail(storage::errc::busy);
    }
    awaitable<error_code> note_delivery(storage::forward_way) override { co_return error_code(); }
    awaitable<error_code> suspend(storage::forward_way, std::int64_t) override {
        co_return error_code();
    }
    awaitable<error_code> resume(storage::forward_way way) override {
        std::erase_if(states, [&way](const auto& one) { return one.way == way; });
        co_return error_code();
    }
    void add(std::string by, std::string target, std::int64_t suspended_at) {
        storage::forward_state one;
        one.way.by = std::move(by);
        one.way.target = std::move(target);
        one.suspended_at = suspended_at;
        one.reply = "550 5.1.1 nobody";
        states.push_back(std::move(one));
    }
    std::vector<storage::forward_state> states;
};

/// A store of one account that is not sound.
/// Everything arrives where the test says.
class told_routes final : public admin::local_routes {
public:
    awaitable<admin::told_way> tell(std::string address) override {
        asked = std::move(address);
        co_return way;
    }
    admin::told_way way;
    std::string asked;
};

class plain_upkeep final : public admin::upkeep {
public:
    awaitable<std::optional<storage::check_report>> check() override {
        if (is_busy) co_return std::nullopt;
        storage::check_report report;
        report.findings.push_back("row 5 is odd");
        report.accounts = 1;
        co_return report;
    }
    awaitable<bool> tell_put_back() override {
        if (!is_busy) was_put_back = true;
        co_return !is_busy;
    }
    awaitable<std::optional<admin::machine_figures>> look() override {
        if (is_busy) co_return std::nullopt;
        co_return figures;
    }
    admin::machine_figures figures{100'000, 50'000, 7'000, false, std::nullopt, false};
    bool is_busy = false;
    bool was_put_back = false;
};

/// Words that no transport uses.
inline constexpr admin::api::places test_places{
    .account_list = "<accounts>",
    .alias_list = "<aliases>",
    .suspended_list = "<suspended>",
    .domain_list = "<domains>",
    .queue_list = "<queue>",
    .domain_add = "<new domain>",
    .domain_dns = "<records>",
    .forward_set = "<forwards>",
    .account_add = "<new account>",
    .alias_add = "<new alias>",
    .catchall_set = "<catch-all>",
    .ban_list = "<bans>",
    .owner_setup_link = "<new link>",
    .owner_reset = "<reset>",
    .owner_totp_begin = "<new key>",
    .owner_sessions = "<sessions>",
    .deleted_mail = "<deleted mail>",
    .deleted_accounts = "<deleted accounts>",
    .account_undelete = "<undelete>",
    .setting_list = "<settings>",
};

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The owner's door with the hashes of plain_passwords; a code is its step in digits.
class plain_door final : public admin::owner_door {
public:
    explicit plain_door(storage::owner_store& owners) : owners_(owners) {}
    awaitable<admin::door_verdict> sign_in(secret password,
                                           secret code,
                                           storage::web_session opened,
                                           storage::session_limits limits) override {
        using kind = admin::door_verdict::kind;
        ++signed_in;
        const auto row = co_await owners_.find_owner();
        if (!is_password(row, password)) co_return wrong(kind::wrong);
        storage::owner_proof proof;
        proof.password_hash = row.password_hash;
        if (row.is_totp_on) {
            if (code.empty()) co_return wrong(kind::code_wanted);
            const auto step = find_step(row.totp_key, std::string(code.reveal()));
            if (step) proof.totp_step = *step;
            if (!step) proof.recovery_code = recovery_code::digest(code.reveal());
            if (!step && !proof.recovery_code) co_return wrong(kind::wrong_code);
        }
        const auto end = co_await owners_.sign_in(std::move(proof), std::move(opened), limits);
        if (!end || *end == storage::sign_in_end::changed_meanwhile) co_return wrong(kind::wrong);
        if (*end == storage::sign_in_end::code_used) co_return wrong(kind::used_code);
        co_return wrong(kind::right);
    }
    awaitable<admin::door_verdict> check_password(secret password, std::string peer) override {
        using kind = admin::door_verdict::kind;
        asked_from = std::move(peer);
        const auto row = co_await owners_.find_owner();
        co_return wrong(is_password(row, password) ? kind::right : kind::wrong);
    }
    awaitable<std::optional<bool>> is_present(std::string hash, secret password) override {
        co_return hash == turned(password);
    }
    [[nodiscard]] std::optional<std::uint64_t> find_step(const secret&,
                                                         const std::string& code) const override {
        if (code.empty() || code.size() > 6 ||
            !std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return std::nullopt;
        return std::stoull(code);
    }
    std::string asked_from;
    int signed_in = 0;  // tries

private:
    static std::string turned(const secret& password) {
        return {password.reveal().rbegin(), password.reveal().rend()};
    }
    static bool is_password(const storage::owner& row, const secret& password) {
        return row.has_password() && row.password_hash == turned(password);
    }
    static admin::door_verdict wrong(admin::door_verdict::kind of) {
        admin::door_verdict made;
        made.of = of;
        made.number = 3;
        return made;
    }
    storage::owner_store& owners_;
};

/// Who was let in, by account.
class told_sign_ins final : public storage::sign_in_store {
public:
    void note(const storage::sign_in&) noexcept override {}
    awaitable<std::vector<storage::last_sign_in>> find(account_id account) override {
        co_return all[account];
    }
    awaitable<std::map<account_id, storage::last_sign_in>> latest(
        std::vector<account_id> accounts) override {
        std::map<account_id, storage::last_sign_in> found;
        for (const auto one : accounts)
            if (!all[one].empty()) found.emplace(one, all[one].front());
        co_return found;
    }
    awaitable<std::vector<std::pair<account_id, std::string>>> networks(std::size_t) override {
        co_return std::vector<std::pair<account_id, std::string>>();
    }
    std::map<account_id, std::vector<storage::last_sign_in>> all;
};

/// Tells what it was given, and of who is frozen those who were not by the owner.
class told_overview final : public storage::overview_store {
public:
    explicit told_overview(const kept_senders& senders) : senders_(senders) {}
    awaitable<storage::account_troubles> troubles() override {
        storage::account_troubles all;
        all.nearly_full = full;
        for (const auto& [account, state] : senders_.frozen)
            if (state.reason != storage::freeze_reason::by_operator)
                all.hijacked.push_back(account);
        co_return all;
    }
    awaitable<std::vector<std::int64_t>> records_right(std::string domain,
                                                       std::vector<std::string> records) override {
        std::vector<std::int64_t> all;
        for (const auto& one : records) {
            const auto found = right.find(domain + ' ' + one);
            all.push_back(found == right.end() ? 0 : found->second);
        }
        co_return all;
    }
    awaitable<error_code> note_records_right(std::string domain,
                                             std::vector<std::string> records) override {
        for (const auto& one : records)
            right[domain + ' ' + one] = right_at;
        co_return error_code();
    }
    std::vector<storage::full_account> full;
    std::map<std::string, std::int64_t> right;  // by domain, blank, record
    std::int64_t right_at = 1;                  // what is noted next

private:
    const kept_senders& senders_;
};

/// What the running server was told of bans.
class told_gate final : public admin::sign_in_gate {
public:
    void shut(const storage::ban& row) override { shut_networks.push_back(row.name.network); }
    void lift(const storage::ban_name& name) override { lifted.push_back(name); }

    std::vector<std::string> shut_networks;
    std::vector<storage::ban_name> lifted;
};

inline storage::lmdb::store_options options_in(const tmp_dir& folder, const clock& time) {
    storage::lmdb::store_options options;
    options.data_dir = folder / "data";
    options.map_octets = std::size_t{64} << 20;
    options.reader_threads = 1;
    options.min_free_octets = 0;
    options.tidy_interval = std::chrono::seconds(0);
    options.time = &time;
    return options;
}

/// An empty directory, asked as the command line asks it. The owner and the audit log stand in a
/// store of their own.
struct admin_fixture {
    /// The answer as JSON text, or "refused: " and why.
    std::string ask(std::string_view request) { return ask(request, admin::caller()); }
    std::string ask(std::string_view request, admin::caller who) {
        return ask(ports, request, std::move(who));
    }
    /// with  others than the fixture's own
    std::string ask(admin::ports& with, std::string_view request, admin::caller who) {
        std::string said;
        auto asking = [](admin::ports& of, std::string_view text, admin::caller by,
                         std::optional<admin::opened_session>& opening,
                         std::string& out) -> awaitable<void> {
            auto object = boost::json::parse(boost::json::string_view(text.data(), text.size()));
            const auto got = co_await admin::api::run(
                of, test_places, std::move(object.get_object()), std::move(by), &opening);
            out = got ? boost::json::serialize(*got) : "refused: " + got.error().text;
        };
        run(io, asking(with, request, std::move(who), opened, said));
        return said;
    }
    /// What an operation gives.
    template <class T>
    T get(awaitable<T> task) {
        std::optional<T> outcome;
        auto keep = [](awaitable<T> work, std::optional<T>& into) -> awaitable<void> {
            into.emplace(co_await std::move(work));
        };
        run(io, keep(std::move(task), outcome));
        return std::move(*outcome);
    }
    [[nodiscard]] const storage::account& account(std::uint32_t id) const {
        return directory.accounts.at(account_id(id));
    }

    asio::io_context io{1};  // outlives the store, which posts to it
    tmp_dir folder;
    manual_clock time{wall_time(std::chrono::seconds(1000))};
    std::shared_ptr<const storage::ports> store =
        storage::lmdb::open_store(options_in(folder, time.wall()));
    std::optional<admin::opened_session> opened;  // by a request
    memory_directory directory;
    empty_queue queue;
    told_expunged expunged;
    plain_headings headings;
    kept_senders senders;
    told_trace trace;
    known_forwards forwards;
    plain_passwords passwords;
    counted_keys keys;
    told_routes routes;
    plain_upkeep upkeep;
    plain_door door{store->owner};
    told_gate gate;
    told_sign_ins sign_ins;
    plain_book book;
    plain_certificates certificates;
    told_overview looked_over{senders};
    admin::published_services published{"mail.a.example", 465, 993, 0, 0};
    /// `ports` with the store's own accounts and mail, in place of what the test says of them.
    [[nodiscard]] admin::ports stored_ports() {
        return ports_over(store->directory, store->queue, store->expunged, store->senders,
                          store->trace, store->forwards, store->sign_ins, store->overview);
    }
    [[nodiscard]] admin::ports ports_over(storage::directory_store& accounts,
                                          storage::queue_store& queued,
                                          storage::expunged_store& deleted,
                                          storage::sender_store& sending,
                                          storage::trace_store& traced,
                                          storage::forward_store& forwarding,
                                          storage::sign_in_store& let_in,
                                          storage::overview_store& looked) {
        return {accounts,
                queued,
                deleted,
                headings,
                sending,
                traced,
                forwarding,
                store->owner,
                store->audit,
                store->traffic,
                store->bans,
                let_in,
                store->settings,
                looked,
                passwords,
                door,
                gate,
                keys,
                routes,
                book,
                certificates,
                upkeep,
                time.wall(),
                500,
                false,
                published,
                {"https://mail.a.example:8443", true}};
    }
    admin::ports ports =
        ports_over(directory, queue, expunged, senders, trace, forwards, sign_ins, looked_over);
};

/// With domain a.example and accounts anna and ben.
struct furnished : admin_fixture {
    furnished() {
        ask(R"({"command":"domain add","name":"a.example"})");
        ask(R"({"command":"account add","address":"anna@a.example","password":"words"})");
        ask(R"({"command":"account add","address":"ben@a.example","password":"words"})");
    }
};

}  // namespace hauspost::test
