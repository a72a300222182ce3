// The owner, the link by which he begins, and who sits before his page. E06, G11
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/owner_rows.hpp"
#include "storage/lmdb/write_context.hpp"
#include "storage/owner_store.hpp"
#include "store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

constexpr std::int64_t day = 24 * 60 * 60;

sha256_digest digest(const std::string& of) {
    return sha256(of);
}

web_session session(store_fixture& at, const std::string& id) {
    web_session made;
    made.key = digest(id);
    made.made_at = made.seen_at = at.time.seconds;
    made.address = "192.0.2.1";
    made.agent = "Firefox";
    return made;
}

setup_link link(store_fixture& at, const std::string& text) {
    return {digest(text), at.time.seconds, at.time.seconds + day};
}

/// An owner with a password, a second factor at step 100, and recovery codes "one" and "two".
void make_owner(store_fixture& at) {
    owner row;
    row.password_hash = "hash";
    row.password_changed_at = at.time.seconds;
    row.totp_key = secret("a key");
    row.is_totp_on = true;
    row.totp_step = 100;
    row.recovery_codes = {digest("one"), digest("two")};
    row.language = "de";
    REQUIRE_FALSE(at.get(at->owner.change_owner(row, std::nullopt)));
}

owner_proof proof_of(std::uint64_t step) {
    owner_proof made;
    made.password_hash = "hash";
    made.totp_step = step;
    return made;
}

sign_in_end sign_in(store_fixture& at, owner_proof proof, const std::string& id) {
    const auto end = at.get(at->owner.sign_in(std::move(proof), session(at, id), {}));
    REQUIRE(end.has_value());
    return *end;
}

std::size_t sessions(store_fixture& at) {
    return at.get(at->owner.list_sessions()).size();
}

bool has_session(store_fixture& at, const std::string& id) {
    return at.get(at->owner.find_session(digest(id))).has_value();
}

}  // namespace

TEST_CASE("store owner: what was set is there after the store was opened anew") {
    store_fixture at;
    CHECK_FALSE(at.get(at->owner.find_owner()).has_password());
    CHECK(at.get(at->owner.find_owner()).version == 0);
    make_owner(at);
    at.reopen();
    const auto row = at.get(at->owner.find_owner());
    CHECK(row.password_hash == "hash");
    CHECK(row.password_changed_at == at.time.seconds);
    CHECK(row.totp_key.reveal() == "a key");
    CHECK(row.is_totp_on);
    CHECK(row.totp_step == 100);
    CHECK(row.recovery_codes == std::vector{digest("one"), digest("two")});
    CHECK(row.language == "de");
    CHECK(row.version != 0);
    CHECK(at.findings().empty());
}

TEST_CASE("store owner: nobody overwrites a row that he has not seen, and each change is another") {
    store_fixture at;
    make_owner(at);
    const auto seen = at.get(at->owner.find_owner());
    auto mine = seen;
    mine.language = "en";
    REQUIRE_FALSE(at.get(at->owner.change_owner(mine, std::nullopt)));
    auto late = seen;
    late.language = "fr";
    CHECK(at.get(at->owner.change_owner(late, std::nullopt)) == errc::changed_meanwhile);
    const auto row = at.get(at->owner.find_owner());
    CHECK(row.language == "en");
    CHECK(row.version != seen.version);
    owner second;  // as if there were none yet
    second.password_hash = "of another";
    CHECK(at.get(at->owner.change_owner(second, std::nullopt)) == errc::changed_meanwhile);
    CHECK(at.get(at->owner.find_owner()).password_hash == "hash");
}

TEST_CASE("store owner: fields are bounded, and a second factor needs a key") {
    store_fixture at;
    const auto refused = [&at](auto change) {
        owner row;
        row.password_hash = "hash";
        change(row);
        return at.get(at->owner.change_owner(row, std::nullopt)) == errc::invalid_name;
    };
    CHECK(refused([](auto& row) { row.password_hash = std::string(257, 'x'); }));
    CHECK(refused([](auto& row) { row.totp_key = secret(std::string(65, 'x')); }));
    CHECK(refused([](auto& row) { row.recovery_codes.resize(17); }));
    CHECK(refused([](auto& row) { row.language = std::string(17, 'x'); }));
    CHECK(refused([](auto& row) { row.is_totp_on = true; }));
    CHECK_FALSE(refused([](auto& row) {
        row.password_hash = std::string(256, 'x');
        row.totp_key = secret(std::string(64, 'x'));
        row.is_totp_on = true;
        row.recovery_codes.resize(16);
        row.language = std::string(16, 'x');
    }));
    CHECK(at.get(at->owner.find_owner()).recovery_codes.size() == 16);
}

TEST_CASE(
    "store owner: G11 a set-up link is good once, for its time, and while there is no owner") {
    store_fixture at;
    REQUIRE_FALSE(at.get(at->owner.put_setup_link(link(at, "old"))));
    REQUIRE_FALSE(at.get(at->owner.put_setup_link(link(at, "new"))));
    const auto open = [&at](const std::string& text, const std::string& id) {
        return at.get(at->owner.open_setup(digest(text), session(at, id), {}));
    };
    CHECK(open("other", "a") == errc::not_allowed);
    CHECK(open("old", "a") == errc::not_allowed);
    CHECK_FALSE(open("new", "a"));
    CHECK(at.get(at->owner.find_session(digest("a"))).value().is_setup);
    CHECK(open("new", "b") == errc::not_allowed);
    at.reopen();
    CHECK(open("new", "b") == errc::not_allowed);
    REQUIRE_FALSE(at.get(at->owner.put_setup_link(link(at, "late"))));
    at.time.seconds += day;
    CHECK(open("late", "c") == errc::not_allowed);
    at.time.seconds -= 1;
    CHECK_FALSE(open("late", "c"));
    REQUIRE_FALSE(at.get(at->owner.put_setup_link(link(at, "spent by the password"))));
    make_owner(at);
    CHECK_FALSE(at.get(at->owner.find_setup_link()).has_value());
    CHECK(open("spent by the password", "d") == errc::not_allowed);
    CHECK(at.get(at->owner.put_setup_link(link(at, "too late"))) == errc::not_allowed);
    CHECK(sessions(at) == 0);  // those of the set-up have gone with the password
}

TEST_CASE("store owner: E06 a code lets one in once, an older one never, a recovery code once") {
    store_fixture at;
    make_owner(at);
    CHECK(sign_in(at, proof_of(100), "a") == sign_in_end::code_used);
    CHECK(sign_in(at, proof_of(101), "a") == sign_in_end::opened);
    CHECK(sign_in(at, proof_of(101), "b") == sign_in_end::code_used);
    at.reopen();
    CHECK(sign_in(at, proof_of(101), "b") == sign_in_end::code_used);
    CHECK(sign_in(at, proof_of(100), "b") == sign_in_end::code_used);
    CHECK(sign_in(at, proof_of(102), "b") == sign_in_end::opened);
    auto paper = proof_of(0);
    paper.recovery_code = digest("one");
    CHECK(sign_in(at, paper, "c") == sign_in_end::opened);
    CHECK(sign_in(at, paper, "d") == sign_in_end::code_used);
    paper.recovery_code = digest("three");
    CHECK(sign_in(at, paper, "d") == sign_in_end::code_used);
    CHECK(sign_in(at, proof_of(0), "d") == sign_in_end::changed_meanwhile);
    auto other = proof_of(200);
    other.password_hash = "of yesterday";
    CHECK(sign_in(at, other, "d") == sign_in_end::changed_meanwhile);
    CHECK_FALSE(has_session(at, "d"));
    CHECK(sessions(at) == 3);
    CHECK(at.get(at->owner.find_owner()).recovery_codes == std::vector{digest("two")});
}

TEST_CASE("store owner: of two who come with the same code at the same time one gets in") {
    store_fixture at;
    make_owner(at);
    std::vector<sign_in_end> ends;
    for (const std::string id : {"a", "b"}) {
        auto task = [](store_fixture& of, std::string name, auto& into) -> awaitable<void> {
            const auto end =
                co_await of->owner.sign_in(proof_of(300), session(of, name), session_limits());
            into.push_back(end.value());
        };
        asio::co_spawn(at.io, task(at, id, ends), [](std::exception_ptr fault) {
            if (fault) std::rethrow_exception(fault);
        });
    }
    run_until(at.io, [&ends] { return ends.size() == 2; });
    CHECK(std::count(ends.begin(), ends.end(), sign_in_end::opened) == 1);
    CHECK(std::count(ends.begin(), ends.end(), sign_in_end::code_used) == 1);
    CHECK(sessions(at) == 1);
}

TEST_CASE("store owner: E06 another password ends all sessions but the one it opens") {
    store_fixture at;
    make_owner(at);
    for (const std::uint64_t step : {101, 102, 103})
        REQUIRE(sign_in(at, proof_of(step), std::to_string(step)) == sign_in_end::opened);
    auto row = at.get(at->owner.find_owner());
    row.language = "en";
    REQUIRE_FALSE(at.get(at->owner.change_owner(row, std::nullopt)));
    CHECK(sessions(at) == 3);
    row = at.get(at->owner.find_owner());
    row.password_hash = "another";
    REQUIRE_FALSE(at.get(at->owner.change_owner(row, session(at, "new"))));
    CHECK(sessions(at) == 1);
    CHECK(has_session(at, "new"));
    CHECK(sign_in(at, proof_of(300), "x") == sign_in_end::changed_meanwhile);
}

TEST_CASE("store owner: a reset leaves nothing but the link and the language") {
    store_fixture at;
    make_owner(at);
    REQUIRE(sign_in(at, proof_of(101), "a") == sign_in_end::opened);
    const auto before = at.get(at->owner.find_owner());
    REQUIRE_FALSE(at.get(at->owner.reset_owner(link(at, "again"))));
    const auto row = at.get(at->owner.find_owner());
    CHECK_FALSE(row.has_password());
    CHECK_FALSE(row.is_totp_on);
    CHECK(row.totp_key.empty());
    CHECK(row.recovery_codes.empty());
    CHECK(row.language == "de");
    CHECK(sessions(at) == 0);
    CHECK(at.get(at->owner.change_owner(before, std::nullopt)) == errc::changed_meanwhile);
    CHECK_FALSE(at.get(at->owner.open_setup(digest("again"), session(at, "b"), {})));
}

TEST_CASE("store owner: sessions are seen, ended, and no more than so many") {
    store_fixture at;
    make_owner(at);
    for (std::uint64_t n = 0; n < owner_store::max_sessions; ++n) {
        at.time.seconds += 1;
        REQUIRE(sign_in(at, proof_of(101 + n), std::to_string(n)) == sign_in_end::opened);
    }
    CHECK(sessions(at) == owner_store::max_sessions);
    at.time.seconds += 100;
    const auto now = at.time.seconds.load();
    REQUIRE_FALSE(at.get(at->owner.note_seen(digest("0"), now)));
    REQUIRE_FALSE(at.get(at->owner.note_seen(digest("0"), now - 50)));  // a clock that went back
    CHECK(at.get(at->owner.find_session(digest("0"))).value().seen_at == now);
    REQUIRE_FALSE(at.get(at->owner.note_seen(digest("none"), now)));
    CHECK_FALSE(has_session(at, "none"));
    REQUIRE(sign_in(at, proof_of(900), "one more") == sign_in_end::opened);
    CHECK(sessions(at) == owner_store::max_sessions);
    CHECK(has_session(at, "0"));
    CHECK_FALSE(has_session(at, "1"));  // seen longest ago
    CHECK(at.get(at->owner.list_sessions()).front().key == digest("one more"));
    CHECK(at.get(at->owner.end_session(digest("one more"))).value());
    CHECK_FALSE(at.get(at->owner.end_session(digest("one more"))).value());
    // Those that are over go when another begins.
    session_limits limits;
    limits.seen_before = now;
    auto proof = proof_of(901);
    REQUIRE(at.get(at->owner.sign_in(proof, session(at, "last"), limits)).value() ==
            sign_in_end::opened);
    CHECK(sessions(at) == 2);
    CHECK(has_session(at, "0"));
}

TEST_CASE("store owner: what a browser says of itself is cut") {
    store_fixture at;
    make_owner(at);
    auto long_one = session(at, "a");
    long_one.agent = std::string(199, 'x') + "\xc3\xbc and so on";
    long_one.address = std::string(1000, '1');
    REQUIRE(at.get(at->owner.sign_in(proof_of(101), long_one, {})).value() == sign_in_end::opened);
    const auto found = at.get(at->owner.find_session(digest("a"))).value();
    CHECK(found.agent == std::string(199, 'x'));
    CHECK(found.address.size() == web_session::max_address_octets);
}

TEST_CASE("store owner: the disk may be low, an administrator goes on") {
    store_fixture at;
    at.close();
    at.options.min_free_octets = UINT64_MAX / 2;
    at.reopen();
    make_owner(at);
    CHECK(sign_in(at, proof_of(101), "a") == sign_in_end::opened);
    CHECK_FALSE(at.get(at->owner.reset_owner(link(at, "again"))));
}

TEST_CASE("store owner: a copy that is put back lets nobody in by what was good when it was made") {
    store_fixture at;
    make_owner(at);
    REQUIRE(sign_in(at, proof_of(101), "a") == sign_in_end::opened);
    at->keeper.tell_put_back();
    at.reopen();
    CHECK(sessions(at) == 0);
    CHECK(at.get(at->owner.find_owner()).has_password());
    REQUIRE_FALSE(at.get(at->owner.reset_owner(link(at, "used later"))));
    at->keeper.tell_put_back();
    at.reopen();
    CHECK_FALSE(at.get(at->owner.find_setup_link()).has_value());
}

TEST_CASE("store owner: check tells of damaged rows, of a second owner, and of sessions of none") {
    store_fixture at;
    make_owner(at);
    REQUIRE(sign_in(at, proof_of(101), "a") == sign_in_end::opened);
    CHECK(at.findings().empty());
    at.close();
    const auto change = [&at](lmdb::table which, std::string_view key, std::string_view value) {
        lmdb::environment env(at.options.data_dir / "meta", at.options.map_octets);
        lmdb::write_txn tx(env);
        tx.put(which, key, value);
        tx.commit();
    };
    change(lmdb::table::owner, "owner 2", "x");
    change(lmdb::table::web_session, std::string(32, 'k'), "short");
    at.reopen();
    auto found = at.findings();
    REQUIRE(found.size() == 2);
    CHECK(found[0] == "the table of the owner has a row for \"owner 2\"");
    CHECK(found[1] == "a session of the owner's page is damaged");
    at.close();
    {
        lmdb::environment env(at.options.data_dir / "meta", at.options.map_octets);
        lmdb::write_txn tx(env);
        tx.remove(lmdb::table::owner, "owner 2");
        tx.remove(lmdb::table::owner, "owner");
        tx.remove(lmdb::table::web_session, std::string(32, 'k'));
        tx.commit();
    }
    at.reopen();
    found = at.findings();
    REQUIRE(found.size() == 1);
    CHECK(found[0] == "there is a session of an owner without a password");
    at.close();
    change(lmdb::table::owner, "owner", "x");
    at.reopen();
    CHECK(at.findings().front() == "the owner's row or the set-up link is damaged");
    at.is_sound_at_end = false;
}
