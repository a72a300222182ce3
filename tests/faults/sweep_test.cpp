#include "tests/faults/faulty_calls.hpp"
#include "tests/faults/picture.hpp"
#include "tests/faults/sweep_fixture.hpp"
#include "tests/storage/older_formats.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <fstream>

/// Each storage call of each operation fails once, in each way it can. Whatever was answered is
/// true when the store is opened anew, and nothing else has changed.
namespace hauspost::storage::test {
namespace {

/// Thousands of faults would be told.
class quiet {
public:
    quiet() : before_(spdlog::get_level()) { spdlog::set_level(spdlog::level::off); }
    ~quiet() { spdlog::set_level(before_); }
    quiet(const quiet&) = delete;
    quiet& operator=(const quiet&) = delete;

private:
    spdlog::level::level_enum before_;
};

std::vector<call_fault> faults_of(call_kind kind) {
    switch (kind) {
    case call_kind::write:
        return {call_fault::io_error, call_fault::no_space, call_fault::short_write,
                call_fault::interrupted};
    case call_kind::make:
    case call_kind::name:
    case call_kind::hole:
    case call_kind::sync: return {call_fault::io_error, call_fault::no_space};
    case call_kind::map:
    case call_kind::remove:
    case call_kind::cut: return {call_fault::io_error};
    }
    return {};
}

std::string word(call_fault how) {
    switch (how) {
    case call_fault::io_error: return "EIO";
    case call_fault::no_space: return "ENOSPC";
    case call_fault::short_write: return "half";
    case call_fault::interrupted: return "EINTR";
    case call_fault::killed: return "kill";
    }
    return "";
}

answer perform(sweep_fixture& at, const operation& one) {
    auto said = one.is_unclear ? answer::unclear : answer::refused;
    try {
        said = one.run(at);
        if (one.goes_on) at.store->keeper.tidy();
    } catch (const std::exception&) {
        // what was said before stays said
    }
    return said;
}

/// As the next start shows it, once what was begun is finished.
std::string picture_anew(sweep_fixture& at) {
    at.close();
    at.open();
    at.store->keeper.tidy();
    const auto findings = at.store->keeper.check().findings;
    for (const auto& finding : findings)
        CHECK_MESSAGE(false, finding);
    return picture(at.io, *at.store);
}

/// What a store may look like after an operation.
struct pictures {
    std::string before, after, halfway;  // halfway: "" when there is no such thing

    [[nodiscard]] bool allow(answer said, const std::string& seen) const {
        if (said == answer::done) return seen == after;
        if (said == answer::unclear && seen == after) return true;
        return seen == before || (!halfway.empty() && seen == halfway);
    }
};

void check_picture(const pictures& known, answer said, const std::string& seen) {
    const auto& expected = said == answer::done ? known.after : known.before;
    CHECK_MESSAGE(known.allow(said, seen), difference(expected, seen));
}

const std::string& untouched() {
    static const auto made = [] {
        sweep_fixture at;
        return picture_anew(at);
    }();
    return made;
}

/// Nothing can be written, and what can be read is what was committed.
void check_refuses(sweep_fixture& at, const pictures& known) {
    CHECK_THROWS_AS((void)at.get(at.store->mailboxes.set_subscribed(bob, "Late", true)), fault);
    CHECK_THROWS_AS((void)at.get(at.store->mailboxes.remove_messages(bob_inbox, everything())),
                    fault);
    CHECK_THROWS_AS(
        {
            auto request = at.request(bob_inbox, "late");
            (void)at.get(at.store->mailboxes.append(std::move(request)));
        },
        fault);
    std::string seen;
    try {
        seen = picture(at.io, *at.store);
    } catch (const fault&) {
        return;  // LMDB itself gave up
    }
    CHECK_MESSAGE(known.allow(answer::unclear, seen), difference(known.before, seen));
}

void one_fault(const operation& one, const pictures& known, std::uint64_t nth, call_fault how) {
    sweep_fixture at;
    at.open();
    int told = 0;
    at.store->keeper.on_broken([&told](const std::string&) { ++told; });
    auto said = answer::refused;
    {
        const faulty_calls calls(at.options.data_dir);
        faulty_calls::fail(nth, how);
        said = perform(at, one);
    }
    if (how == call_fault::interrupted) CHECK(said != answer::refused);
    const bool is_broken = at.store->keeper.figures().is_broken;
    CHECK(told == (is_broken ? 1 : 0));
    if (is_broken) {
        // What goes on in the background may have changed all or nothing yet.
        if (!one.goes_on) check_refuses(at, known);
    } else if (said != answer::done) {
        sweep_fixture copy(at);
        check_picture(known, said, picture_anew(copy));
        // A fault that did not break the store is over: the same again is done.
        if (known.halfway.empty()) {
            said = perform(at, one);
            CHECK(said != answer::refused);
            if (said == answer::unclear) said = answer::done;
        }
    } else if (one.goes_on) {
        at.store->keeper
            .tidy();  // what was broken off in the background goes on without a new start
        check_picture(known, said, picture(at.io, *at.store));
    }
    check_picture(known, said, picture_anew(at));
}

pictures pictures_of(const operation& one, std::vector<call_kind>& kinds) {
    pictures known;
    known.before = untouched();
    sweep_fixture at;
    at.open();
    {
        const faulty_calls calls(at.options.data_dir);
        faulty_calls::record();
        REQUIRE(perform(at, one) != answer::refused);
        kinds = faulty_calls::recorded();
    }
    known.after = picture_anew(at);
    if (one.halfway) {
        sweep_fixture half;
        half.open();
        one.halfway(half);
        known.halfway = picture_anew(half);
    }
    return known;
}

/// Faults of which a write is to recover: a commit's pages are all written by one loop, so the
/// first and the last of them do.
bool is_gone_on_with(call_fault how) {
    return how == call_fault::short_write || how == call_fault::interrupted;
}

bool is_between_its_like(const std::vector<call_kind>& kinds, std::size_t at) {
    return at > 0 && at + 1 < kinds.size() && kinds[at - 1] == kinds[at] &&
           kinds[at + 1] == kinds[at];
}

std::size_t sweep(const operation& one) {
    INFO(std::string(one.name));
    std::vector<call_kind> kinds;
    const auto known = pictures_of(one, kinds);
    CHECK(known.before != known.after);
    CHECK(kinds.size() >= 3);  // pages, their sync, the root
    std::size_t runs = 0;
    for (std::uint64_t nth = 1; nth <= kinds.size(); ++nth)
        for (const auto how : faults_of(kinds[nth - 1])) {
            if (is_gone_on_with(how) && is_between_its_like(kinds, nth - 1)) continue;
            INFO("call " << nth << " of " << kinds.size() << ", kind "
                         << static_cast<int>(kinds[nth - 1]) << ": " << word(how));
            one_fault(one, known, nth, how);
            ++runs;
        }
    return runs;
}

void sweep_all(const std::vector<operation>& operations) {
    const quiet log;
    std::size_t runs = 0;
    for (const auto& one : operations)
        runs += sweep(one);
    MESSAGE(runs << " faults in " << operations.size() << " operations");
    CHECK(runs > 4 * operations.size());
}

}  // namespace

TEST_CASE("I04 I05 I06 store: each storage call fails once, and what was said of mail is so") {
    sweep_all(mail_operations());
}

TEST_CASE("I04 I05 I06 store: each storage call fails once, and what was said of mailboxes is so") {
    sweep_all(mailbox_operations());
}

TEST_CASE("I04 I05 I06 store: each storage call fails once, and what was said of accounts is so") {
    sweep_all(directory_operations());
}

TEST_CASE("I04 I05 I06 store: each storage call fails once, and what was said of the queue is so") {
    sweep_all(queue_operations());
}

TEST_CASE("I04 I05 I06 store: each storage call fails once, and what was said of senders is so") {
    sweep_all(sending_operations());
}

TEST_CASE("I04 I05 I06 store: each storage call fails once, and what was said to the owner is so") {
    sweep_all(owner_operations());
}

TEST_CASE("I04 I05 I06 store: each storage call fails once in what the store does by itself") {
    sweep_all(upkeep_operations());
}

// --- the start -----------------------------------------------------------------------------------

namespace {

/// Each storage call of the next opening of this closed store fails once; the opening after it ends
/// as one without a fault does. Returns how many calls it makes.
std::size_t sweep_start(const sweep_fixture& left) {
    const auto begin = [&left](sweep_fixture& at) {
        at.options.notices_copies = left.options.notices_copies;
    };
    std::size_t calls_of_start = 0;
    std::string expected;
    {
        sweep_fixture at(left);
        begin(at);
        {
            const faulty_calls calls(at.options.data_dir);
            faulty_calls::record();
            at.open();
            calls_of_start = faulty_calls::recorded().size();
        }
        expected = picture_anew(at);
    }
    for (std::uint64_t nth = 1; nth <= calls_of_start; ++nth)
        for (const auto how :
             {call_fault::io_error, call_fault::no_space, call_fault::short_write}) {
            INFO("call " << nth << " of " << calls_of_start << ": " << word(how));
            sweep_fixture at(left);
            begin(at);
            {
                const faulty_calls calls(at.options.data_dir);
                faulty_calls::fail(nth, how);
                try {
                    at.open();
                } catch (const fault&) {
                    // it says so, and does not start
                }
            }
            const auto seen = picture_anew(at);
            CHECK_MESSAGE(seen == expected, difference(expected, seen));
        }
    return calls_of_start;
}

}  // namespace

TEST_CASE("I05 store: each storage call of a start fails once and the next start finds all") {
    const quiet log;
    sweep_fixture left;  // what a crash leaves: octets behind those that count, files of nobody
    const auto blobs = left.options.data_dir / "blobs";
    std::ofstream(blobs / "seg-00000001", std::ios::app) << "never committed";
    std::ofstream(blobs / "seg-000000aa") << "nobody's";
    std::ofstream(blobs / "big" / "00000000000000aa") << "nobody's";
    {
        sweep_fixture at(left);
        const auto seen = picture_anew(at);
        CHECK_MESSAGE(seen == untouched(), difference(untouched(), seen));
    }
    CHECK(sweep_start(left) >= 8);
}

TEST_CASE("I05 I10 store: each storage call of the start that notices a put back fails once") {
    const quiet log;
    sweep_fixture left;
    left.open();
    left.store->keeper.tell_put_back();
    left.close();
    left.options.notices_copies = true;
    {
        sweep_fixture at(left);
        at.options.notices_copies = true;
        CHECK(picture_anew(at) != untouched());
        CHECK(at.store->keeper.put_backs() == 1);  // of two starts
    }
    CHECK(sweep_start(left) >= 8);
}

TEST_CASE("I05 I11 store: each storage call of a start that brings up an older format fails once") {
    const quiet log;
    sweep_fixture left;
    make_version_8(left.options);
    make_version_7(left.options);
    make_version_6(left.options);
    CHECK(sweep_start(left) >= 16);  // commits of several steps
}

// --- several at once -----------------------------------------------------------------------------

namespace {

using call = awaitable<bool> (*)(sweep_fixture&);

awaitable<bool> subscribe(sweep_fixture& at) {
    std::string name = "News";
    const auto failed = co_await at.store->mailboxes.set_subscribed(bob, std::move(name), true);
    co_return !failed;
}

awaitable<bool> append_small(sweep_fixture& at) {
    std::shared_ptr<staged_blob> blob = at.store->blobs.stage();
    const auto refused = co_await blob->write("Subject: new\r\n\r\nnew\r\n");
    if (refused) co_return false;
    const auto failed = co_await blob->finish();
    if (failed) co_return false;
    append_request request;
    request.mailbox = ann_inbox;
    request.blob = std::move(blob);
    request.summary = "sum";
    const auto done = co_await at.store->mailboxes.append(std::move(request));
    co_return done.has_value();
}

awaitable<bool> change_carls_flags(sweep_fixture& at) {
    store_request request;
    request.mailbox = {carl, mailbox_id(1)};
    request.uids = everything();
    request.flags.system = mail::flags::flagged;
    const auto done = co_await at.store->mailboxes.store_flags(std::move(request));
    co_return done.has_value();
}

awaitable<void> run_one(sweep_fixture& at, call what, std::optional<bool>& said) {
    bool is_done = false;
    try {
        is_done = co_await what(at);
    } catch (const std::exception&) {
        // refused
    }
    said = is_done;
}

/// The first is taken by the writer alone, the others mostly share a commit. Returns a bit for each
/// that was done.
template <std::size_t N>
unsigned run_together(sweep_fixture& at, const std::array<call, N>& all) {
    std::array<std::optional<bool>, N> said;
    for (std::size_t n = 0; n < N; ++n)
        asio::co_spawn(at.io, run_one(at, all[n], said[n]), asio::detached);
    run_until(at.io, [&said] {
        return std::all_of(said.begin(), said.end(), [](const auto& one) { return one; });
    });
    unsigned done = 0;
    for (std::size_t n = 0; n < N; ++n)
        if (*said[n]) done |= 1u << n;
    return done;
}

}  // namespace

TEST_CASE("I05 store: a fault harms one operation of a batch and none of the others") {
    const quiet log;
    constexpr std::array<call, 3> all{subscribe, append_small, change_carls_flags};
    std::array<std::string, 8> expected;
    for (unsigned wanted = 0; wanted < expected.size(); ++wanted) {
        sweep_fixture at;
        at.open();
        for (unsigned n = 0; n < all.size(); ++n)
            if ((wanted >> n & 1) != 0) {
                const std::array<call, 1> alone{all[n]};
                REQUIRE(run_together(at, alone) == 1);
            }
        expected[wanted] = picture_anew(at);
    }
    for (std::uint64_t nth = 1; nth <= 14; ++nth)
        for (const auto how :
             {call_fault::io_error, call_fault::no_space, call_fault::short_write}) {
            INFO("call " << nth << ": " << word(how));
            sweep_fixture at;
            at.open();
            unsigned done = 0;
            {
                const faulty_calls calls(at.options.data_dir);
                faulty_calls::fail(nth, how);
                done = run_together(at, all);
            }
            const bool is_alone = done == 7 || done == 6 || done == 5 || done == 3;
            CHECK((is_alone || at.store->keeper.figures().is_broken));
            const auto seen = picture_anew(at);
            CHECK_MESSAGE(seen == expected[done], difference(expected[done], seen));
        }
}

}  // namespace hauspost::storage::test
