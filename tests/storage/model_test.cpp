#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

/// Random operations from many writers at once, compared with a plain model in memory. Each writer
/// has mailboxes of its own in an account that it shares with others, so that its model is exact
/// while counters, modseqs, blobs and the writer's batches are shared.
namespace {

struct model_message {
    std::string text;
    std::uint32_t flags = 0;
    std::vector<std::string> keywords;  // sorted
    friend bool operator==(const model_message&, const model_message&) = default;
};

struct model_box {
    mailbox_key key;
    std::map<std::uint32_t, model_message> messages;
    std::uint32_t uid_next = 1;
    modseq highest;
    void add(model_message message) { messages[uid_next++] = std::move(message); }
};

class writer_under_test {
public:
    writer_under_test(const ports& store, account_id account, unsigned number, std::uint64_t seed)
        : store_(store), account_(account), number_(number), dice_(seed + number) {}

    awaitable<void> run(unsigned operations) {
        for (const char* name : {"one", "two"}) {
            const auto made = co_await store_.mailboxes.create(
                account_, name + std::to_string(number_), mail::special_use::none);
            boxes_.push_back({{account_, made.value()}, {}, 1, {}});
        }
        for (unsigned n = 0; n < operations; ++n) {
            const auto dice = roll(8);
            if (dice < 3) {
                co_await append();
            } else if (dice < 5) {
                co_await flag();
            } else if (dice == 5) {
                co_await copy(roll(2) == 0);
            } else if (dice == 6) {
                co_await expunge();
            } else {
                co_await compare_changes();
            }
        }
    }
    [[nodiscard]] const std::vector<model_box>& boxes() const { return boxes_; }
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

private:
    unsigned roll(unsigned sides) { return static_cast<unsigned>(dice_() % sides); }
    model_box& some_box() { return boxes_[roll(2)]; }

    void expect(bool ok, const char* what) {
        if (!ok) problems_.push_back("writer " + std::to_string(number_) + ": " + what);
    }
    void grown(model_box& box, modseq now) {
        expect(now > box.highest, "modseq did not grow");
        box.highest = now;
    }

    std::vector<std::string> some_keywords() {
        std::vector<std::string> words;
        for (auto left = roll(3); left > 0; --left)
            words.push_back("k" + std::to_string(roll(40)));
        std::sort(words.begin(), words.end());
        words.erase(std::unique(words.begin(), words.end()), words.end());
        return words;
    }
    std::uint32_t some_flags() { return roll(16); }  // \Seen \Answered \Flagged \Deleted

    mail::uid_ranges some_uids(const model_box& box) {
        const auto first = 1 + roll(box.uid_next);
        return only(first, first + roll(5));
    }
    template <class Visit>
    void each(model_box& box, const mail::uid_ranges& uids, Visit visit) {
        for (auto id = uids[0].first.value(); id <= uids[0].last.value(); ++id)
            if (const auto found = box.messages.find(id); found != box.messages.end())
                visit(id, found->second);
    }

    awaitable<void> append() {
        auto& box = some_box();
        const auto size = roll(20) == 0 ? 70'000 + roll(1000) : 20 + roll(2000);
        const auto body = body_text(dice_(), size);
        append_request request;
        request.mailbox = box.key;
        request.blob = store_.blobs.stage();
        expect(!co_await request.blob->write(body), "write");
        expect(!co_await request.blob->finish(), "finish");
        request.prefix = roll(2) == 0 ? "" : "X: y\r\n";
        request.summary = std::string(roll(4000), 's');
        request.flags = {some_flags(), some_keywords()};
        box.add({request.prefix + body, request.flags.system, request.flags.keywords});
        const auto done = co_await store_.mailboxes.append(std::move(request));
        expect(done && done->uid.value() + 1 == box.uid_next, "append");
        if (done) grown(box, done->modseq);
    }

    awaitable<void> flag() {
        auto& box = some_box();
        store_request request;
        request.mailbox = box.key;
        request.uids = some_uids(box);
        request.change = static_cast<mail::change>(roll(3));
        request.flags = {some_flags(), some_keywords()};
        bool is_changed = false;
        each(box, request.uids, [&](std::uint32_t, model_message& message) {
            const auto before = message;
            apply(request, message);
            is_changed |= before != message;
        });
        const auto done = co_await store_.mailboxes.store_flags(std::move(request));
        expect(done && (done->modseq != modseq()) == is_changed, "store_flags");
        if (is_changed && done) grown(box, done->modseq);
    }

    static void apply(const store_request& request, model_message& message) {
        std::set<std::string> words(message.keywords.begin(), message.keywords.end());
        if (request.change == mail::change::set) {
            message.flags = 0;
            words.clear();
        }
        for (const auto& word : request.flags.keywords)
            if (request.change == mail::change::remove)
                words.erase(word);
            else
                words.insert(word);
        if (request.change == mail::change::remove)
            message.flags &= ~request.flags.system;
        else
            message.flags |= request.flags.system;
        message.keywords.assign(words.begin(), words.end());
    }

    awaitable<void> copy(bool move) {
        auto& from = some_box();
        auto& to = some_box();
        const auto uids = some_uids(from);
        std::map<std::uint32_t, model_message> taken;
        each(from, uids, [&](std::uint32_t id, model_message& one) { taken[id] = one; });
        for (const auto& [id, message] : taken) {
            to.add(message);
            if (move) from.messages.erase(id);
        }
        const auto done = co_await store_.mailboxes.copy(from.key, uids, to.key.mailbox, move);
        expect(done && done->from.size() == taken.size(), "copy");
        if (!done || taken.empty()) co_return;
        grown(to, done->modseq);
        if (move && from.key != to.key) grown(from, done->modseq);
    }

    awaitable<void> expunge() {
        auto& box = some_box();
        const auto uids = some_uids(box);
        std::vector<std::uint32_t> wanted;
        each(box, uids, [&](std::uint32_t id, model_message& message) {
            if ((message.flags & mail::flags::deleted) != 0) wanted.push_back(id);
        });
        for (const auto id : wanted)
            box.messages.erase(id);
        const auto gone = co_await store_.mailboxes.expunge(box.key, uids);
        expect(gone && numbers(*gone) == wanted, "expunge");
        const auto info = co_await store_.mailboxes.open(box.key);
        if (!wanted.empty() && info) grown(box, info->info.counters.highest_modseq);
    }

    awaitable<void> compare_changes() {
        auto& box = some_box();
        const auto now = co_await store_.mailboxes.changes(box.key, modseq(0));
        std::vector<std::uint32_t> known;
        for (const auto& [id, message] : box.messages)
            known.push_back(id);
        expect(now && numbers(now->uids) == known, "changes: UIDs");
        expect(now && now->changed.size() == known.size(), "changes: messages");
    }

    const ports& store_;
    const account_id account_;
    const unsigned number_;
    std::mt19937_64 dice_;
    std::vector<model_box> boxes_;
    std::vector<std::string> problems_;
};

std::map<std::uint32_t, model_message> read_box(store_fixture& at, mailbox_key box) {
    std::map<std::uint32_t, model_message> found;
    const auto table = at.snapshot(box).keywords;
    for (const auto& seen : at.walk(box)) {
        model_message message;
        message.text = at.text_of(seen);
        message.flags = seen.flags & 0xff;
        for (unsigned n = 0; n < mail::flags::in_word; ++n)
            if ((seen.flags >> (mail::flags::first_keyword + n) & 1) != 0)
                message.keywords.push_back(table.at(n));
        for (const auto n : seen.extra)
            message.keywords.push_back(table.at(n));
        std::sort(message.keywords.begin(), message.keywords.end());
        found[seen.uid] = std::move(message);
    }
    return found;
}

}  // namespace

TEST_CASE("store: 16 writers with random operations agree with a model, reopened too") {
    constexpr unsigned writers = 16, operations = 125;
    const char* given = std::getenv("HAUSPOST_MODEL_SEED");
    const std::uint64_t seed =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    MESSAGE("seed " << seed);
    store_fixture at;
    at.options.retention = std::chrono::seconds(0);
    at.options.segment_octets = 1u << 20;
    at.reopen();
    const account_id accounts[] = {at.ann, at.add_account("b@example.test"),
                                   at.add_account("c@example.test")};
    std::vector<std::unique_ptr<writer_under_test>> all;
    std::size_t ended = 0;
    for (unsigned n = 0; n < writers; ++n) {
        all.push_back(std::make_unique<writer_under_test>(*at.store, accounts[n % 3], n, seed));
        asio::co_spawn(at.io, all.back()->run(operations), [&](std::exception_ptr fault) {
            CHECK_FALSE(fault);
            ++ended;
        });
    }
    std::atomic<bool> is_over = false;
    std::thread tidy([&] {
        while (!is_over)
            at->keeper.tidy();
    });
    run_until(at.io, [&] { return ended == writers; });
    is_over = true;
    tidy.join();
    for (int round = 0; round < 2; ++round) {
        for (const auto& one : all) {
            for (const auto& problem : one->problems())
                CHECK_MESSAGE(false, problem);
            for (const auto& box : one->boxes()) {
                CHECK(read_box(at, box.key) == box.messages);
                const auto counters = at.snapshot(box.key).info.counters;
                CHECK(counters.uid_next.value() == box.uid_next);
                CHECK(counters.highest_modseq >= box.highest);
            }
        }
        CHECK(at.findings().empty());
        if (round == 0) at.reopen();
    }
}
