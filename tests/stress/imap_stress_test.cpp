#include "tests/stress/imap_replica.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>

using namespace hauspost;
using namespace hauspost::test;

/// Eight sessions on three mailboxes do random commands, one at a time and sometimes all at once. A
/// model of the mailboxes knows what each command must do; a replica of each client's view, built
/// from the server's lines alone, must agree with it.
///
/// HAUSPOST_STRESS=N runs N commands (default 6,000), HAUSPOST_SEED=N repeats a run; the seed is
/// printed when something disagrees; HAUSPOST_STRESS_TALK=1 prints the whole talk.
namespace {

struct model_message {
    std::uint32_t uid = 0;
    std::string subject;
    flag_set flags;
    std::uint64_t modseq = 0;  // as the last audit saw it; 0: never seen
    bool is_changed = true;    // since then
};

struct model_box {
    std::string name;
    std::vector<model_message> messages;  // by UID
    std::uint32_t uid_next = 1;

    model_message* find(std::uint32_t uid) {
        const auto at = std::lower_bound(
            messages.begin(), messages.end(), uid,
            [](const model_message& one, std::uint32_t wanted) { return one.uid < wanted; });
        return at != messages.end() && at->uid == uid ? &*at : nullptr;
    }
    void add(model_message message) {
        uid_next = message.uid + 1;
        messages.push_back(std::move(message));
    }
    void remove(std::uint32_t uid) {
        std::erase_if(messages, [uid](const model_message& one) { return one.uid == uid; });
    }
};

constexpr std::array flag_words{"\\Seen",  "\\Answered", "\\Flagged", "\\Deleted",
                                "\\Draft", "$Work",      "$Junk"};
constexpr std::array box_names{"INBOX", "Archive", "Trash"};

std::string joined(const flag_set& words) {
    std::string text;
    for (const auto& one : words)
        text += (text.empty() ? "" : " ") + one;
    return text;
}

bool is_ok(std::string_view output) {
    return output.find("\r\nt OK") != std::string_view::npos || output.starts_with("t OK");
}

class stress {
public:
    explicit stress(std::uint64_t seed) : dice_(seed) {
        for (const auto* name : box_names) {
            boxes_.emplace_back();
            boxes_.back().name = name;
        }
        for (unsigned n = 0; n < 8; ++n) {
            actors_.emplace_back();
            actors_.back().syncs = static_cast<sync_kind>(n % 3);
            connect(actors_.back());
        }
    }

    void run(unsigned commands) {
        while (done_ < commands) {
            step(actors_[roll(actors_.size())]);
            if (done_ % 64 == 0) audit();
            if (roll(200) == 0) burst();
        }
        for (auto& one : actors_)
            catch_up(one);
        audit();
        CHECK(server_.parts.store().keeper.check().findings.empty());
    }

private:
    enum class sync_kind : std::uint8_t { plain, condstore, qresync };

    struct actor {
        std::unique_ptr<imap_client> client;
        sync_kind syncs = sync_kind::plain;
        model_box* box = nullptr;  // selected
        bool read_only = false;
        imap_replica replica;
    };

    std::size_t roll(std::size_t sides) { return dice_() % sides; }

    // --- talking ---

    std::string say(actor& who, const std::string& text, bool may_expunge = true) {
        ++done_;
        last_ = text;
        const auto output = who.client->raw(text);
        if (is_talkative_)
            std::cerr << '#' << (&who - actors_.data()) << ' ' << text << '\n' << output;
        try {
            who.replica.apply(output, may_expunge);
        } catch (const std::runtime_error& fault) {
            throw std::runtime_error(std::string(fault.what()) + "\n  after: " + text +
                                     "\n  output: " + output);
        }
        return output;
    }
    void expect(bool is_right, const std::string& what, const std::string& output) {
        if (!is_right)
            throw std::runtime_error(what + "\n  after: " + last_ + "\n  output: " + output);
    }

    void connect(actor& who) {
        who.client.reset();
        who.client = std::make_unique<imap_client>(server_);
        if (who.syncs == sync_kind::condstore) say(who, "ENABLE CONDSTORE");
        if (who.syncs == sync_kind::qresync) say(who, "ENABLE QRESYNC CONDSTORE");
        select(who, boxes_[roll(boxes_.size())], roll(6) == 0);
    }

    void select(actor& who, model_box& box, bool read_only) {
        who.replica.begin_select();
        who.box = &box;
        who.read_only = read_only;
        const auto output = say(who, (read_only ? "EXAMINE " : "SELECT ") + box.name);
        expect(is_ok(output), "SELECT failed", output);
        expect(who.replica.view().size() == box.messages.size(), "SELECT told another size",
               output);
        ask_unknown(who);
    }

    /// A QRESYNC client comes back after its connection broke (RFC 7162 3.2.5).
    void reconnect(actor& who) {
        if (who.syncs != sync_kind::qresync || who.box == nullptr || who.replica.has_unknown())
            return connect(who);
        const auto validity = who.replica.validity();
        const auto modseq = who.replica.highest_modseq();
        who.client.reset();
        if (roll(2) == 0) step(actors_[roll(actors_.size())]);  // meanwhile
        who.client = std::make_unique<imap_client>(server_);
        auto known = who.replica;
        say(who, "ENABLE QRESYNC");
        who.replica = known;
        who.replica.begin_resync();
        who.read_only = false;
        const auto output =
            say(who, "SELECT " + who.box->name + " (QRESYNC (" + std::to_string(validity) + " " +
                         std::to_string(modseq) + "))");
        expect(is_ok(output), "SELECT (QRESYNC) failed", output);
        who.replica.end_resync();
        compare(who);
    }

    /// As clients do after EXISTS: asks for what it does not know yet.
    void ask_unknown(actor& who) {
        const auto& view = who.replica.view();
        const auto first = std::find_if(view.begin(), view.end(), [](const auto& one) {
            return one.uid == 0 || !one.has_flags;
        });
        if (first == view.end()) return;
        const auto from = std::to_string(first - view.begin() + 1);
        say(who, "FETCH " + from + ":* (UID FLAGS)", false);
    }

    void catch_up(actor& who) {
        if (who.client == nullptr || who.box == nullptr) return;
        say(who, "NOOP");
        ask_unknown(who);
        say(who, "NOOP");
        ask_unknown(who);
        compare(who);
    }

    /// What the client believes is what is there.
    void compare(actor& who) {
        const auto& view = who.replica.view();
        const auto& truth = who.box->messages;
        expect(view.size() == truth.size(),
               "the client sees " + std::to_string(view.size()) + " messages, there are " +
                   std::to_string(truth.size()),
               who.box->name);
        for (std::size_t n = 0; n < view.size(); ++n) {
            expect(view[n].uid == truth[n].uid,
                   "message " + std::to_string(n + 1) + " is UID " + std::to_string(truth[n].uid),
                   std::to_string(view[n].uid));
            expect(view[n].flags == truth[n].flags,
                   "UID " + std::to_string(view[n].uid) + " has flags " + joined(truth[n].flags),
                   "the client believes " + joined(view[n].flags));
        }
    }

    /// A fresh session looks at every mailbox: contents, flags, and modseqs that grow with changes
    /// and with nothing else.
    void audit() {
        imap_client fresh(server_);
        for (auto& box : boxes_) {
            imap_replica seen;
            last_ = "audit of " + box.name;
            fresh.raw("ENABLE CONDSTORE");
            seen.apply(fresh.raw("EXAMINE " + box.name), true);
            seen.apply(fresh.raw("UID FETCH 1:* (FLAGS MODSEQ ENVELOPE)"), true);
            expect(seen.view().size() == box.messages.size(), "another number of messages",
                   std::to_string(seen.view().size()));
            for (std::size_t n = 0; n < box.messages.size(); ++n)
                audit(box.messages[n], seen.view()[n], seen.highest_modseq());
            const auto counts = fresh.raw("STATUS " + box.name + " (MESSAGES UNSEEN UIDNEXT)");
            const auto unseen = std::count_if(
                box.messages.begin(), box.messages.end(),
                [](const model_message& one) { return one.flags.count("\\Seen") == 0; });
            expect(number_after(counts, "MESSAGES ") == box.messages.size() &&
                       number_after(counts, "UNSEEN ") == static_cast<std::uint64_t>(unseen) &&
                       number_after(counts, "UIDNEXT ") >= box.uid_next,
                   "STATUS disagrees", counts);
        }
    }
    void audit(model_message& truth, const imap_replica::message& seen, std::uint64_t highest) {
        const auto who = "UID " + std::to_string(truth.uid);
        expect(seen.uid == truth.uid, who + " is", std::to_string(seen.uid));
        expect(seen.flags == truth.flags, who + " has flags " + joined(truth.flags),
               joined(seen.flags));
        expect(seen.subject == truth.subject, who + " is " + truth.subject, seen.subject);
        expect(seen.modseq <= highest, who + " has a modseq above HIGHESTMODSEQ", "");
        if (truth.modseq != 0)
            expect(truth.is_changed ? seen.modseq > truth.modseq : seen.modseq == truth.modseq,
                   who + (truth.is_changed ? " changed" : " did not change") + " since modseq " +
                       std::to_string(truth.modseq),
                   std::to_string(seen.modseq));
        truth.modseq = seen.modseq;
        truth.is_changed = false;
    }

    // --- one random command ---

    void step(actor& who) {
        if (who.client == nullptr) return;
        using action = void (stress::*)(actor&);
        static constexpr action actions[] = {
            &stress::append,        &stress::append, &stress::append,  &stress::store,
            &stress::store,         &stress::store,  &stress::store,   &stress::store_unchanged,
            &stress::fetch,         &stress::fetch,  &stress::search,  &stress::search,
            &stress::copy,          &stress::copy,   &stress::expunge, &stress::catch_up,
            &stress::change_mailbox};
        (this->*actions[roll(std::size(actions))])(who);
    }

    void append(actor& who) {
        auto& box = boxes_[roll(boxes_.size())];
        if (box.messages.size() > 120) return expunge(who);
        model_message made;
        made.subject = "s" + std::to_string(++subjects_);
        made.flags = some_flags();
        made.flags.erase("\\Deleted");
        const auto text = "Subject: " + made.subject + "\r\n\r\nbody\r\n";
        const auto output = say(who, "APPEND " + box.name + " (" + joined(made.flags) + ") {" +
                                         std::to_string(text.size()) + "+}\r\n" + text);
        expect(is_ok(output), "APPEND failed", output);
        const auto validity = number_after(output, "[APPENDUID ");
        made.uid = static_cast<std::uint32_t>(
            number_after(output, "[APPENDUID " + std::to_string(validity) + " "));
        expect(made.uid >= box.uid_next, "APPEND gave a UID again", output);
        box.add(made);
    }

    flag_set some_flags() {
        flag_set words;
        for (auto left = roll(3); left > 0; --left)
            words.insert(flag_words[roll(flag_words.size())]);
        return words;
    }

    /// Some messages of the client's view, by sequence number or UID.
    struct chosen {
        std::string set;
        bool by_uid = false;
        std::vector<std::uint32_t> uids;
    };
    std::optional<chosen> choose(actor& who) {
        const auto& view = who.replica.view();
        if (view.empty() || who.replica.has_unknown()) return std::nullopt;
        chosen made;
        made.by_uid = roll(2) == 0;
        std::set<std::size_t> places;
        for (auto left = 1 + roll(3); left > 0; --left) {
            const auto first = roll(view.size());
            const auto last = std::min(first + roll(8), view.size() - 1);
            const auto number = [&](std::size_t place) {
                return std::to_string(made.by_uid ? view[place].uid
                                                  : static_cast<std::uint32_t>(place + 1));
            };
            const bool to_end = last + 1 == view.size() && roll(2) == 0 && !made.by_uid;
            made.set +=
                (made.set.empty() ? "" : ",") + number(first) + ":" + (to_end ? "*" : number(last));
            for (auto place = first; place <= last; ++place)
                places.insert(place);
        }
        for (const auto place : places)
            made.uids.push_back(view[place].uid);
        return made;
    }

    static flag_set changed(const flag_set& before, const flag_set& with, std::size_t how) {
        if (how == 0) return with;
        auto now = before;
        for (const auto& one : with) {
            if (how == 1)
                now.insert(one);
            else
                now.erase(one);
        }
        return now;
    }
    void set_flags(model_message& one, const flag_set& with, std::size_t how) {
        const auto now = changed(one.flags, with, how);
        if (now == one.flags) return;
        one.flags = now;
        one.is_changed = true;
    }

    void store(actor& who) {
        const auto what = choose(who);
        if (!what || who.read_only) return;
        const auto how = roll(3);
        const auto with = some_flags();
        const bool silent = roll(3) == 0;
        const auto output = say(who,
                                std::string(what->by_uid ? "UID " : "") + "STORE " + what->set +
                                    " " + std::array{"", "+", "-"}[how] + "FLAGS" +
                                    (silent ? ".SILENT" : "") + " (" + joined(with) + ")",
                                what->by_uid);
        expect(is_ok(output) || output.find("[EXPUNGEISSUED]") != std::string::npos, "STORE failed",
               output);
        for (const auto uid : what->uids)
            if (auto* one = who.box->find(uid)) set_flags(*one, with, how);
        // RFC 9051 6.4.6: with .SILENT the client knows by itself.
        if (silent) note_silent(who, what->uids, with, how);
    }
    void note_silent(actor& who,
                     const std::vector<std::uint32_t>& uids,
                     const flag_set& with,
                     std::size_t how) {
        auto& view = who.replica.view_for_silent_store();
        for (auto& one : view)
            if (std::binary_search(uids.begin(), uids.end(), one.uid))
                one.flags = changed(one.flags, with, how);
    }

    /// RFC 7162 3.1.3: those that changed meanwhile are left alone, and named.
    void store_unchanged(actor& who) {
        if (who.syncs == sync_kind::plain || who.read_only || who.box == nullptr) return;
        catch_up(who);
        audit();
        const auto what = choose(who);
        if (!what) return;
        const auto* pivot = who.box->find(what->uids[roll(what->uids.size())]);
        if (pivot == nullptr) return;
        const auto limit = pivot->modseq;
        const auto with = some_flags();
        const auto output =
            say(who,
                std::string(what->by_uid ? "UID " : "") + "STORE " + what->set +
                    " (UNCHANGEDSINCE " + std::to_string(limit) + ") +FLAGS (" + joined(with) + ")",
                what->by_uid);
        std::vector<std::uint32_t> refused;
        for (const auto uid : what->uids) {
            auto* one = who.box->find(uid);
            if (one == nullptr) continue;
            if (one->modseq > limit)
                refused.push_back(uid);
            else
                set_flags(*one, with, 1);
        }
        expect(modified(who, output, what->by_uid) == refused,
               "MODIFIED should name " + std::to_string(refused.size()), output);
    }
    static std::vector<std::uint32_t> modified(actor& who, std::string_view output, bool by_uid) {
        const auto at = output.find("[MODIFIED ");
        if (at == std::string_view::npos) return {};
        const auto from = at + 10;
        auto numbers = numbers_of(output.substr(from, output.find(']', from) - from));
        if (!by_uid)
            for (auto& one : numbers)
                one = who.replica.view().at(one - 1).uid;
        std::sort(numbers.begin(), numbers.end());
        return numbers;
    }

    void fetch(actor& who) {
        const auto what = choose(who);
        if (!what) return;
        const auto output = say(who,
                                std::string(what->by_uid ? "UID " : "") + "FETCH " + what->set +
                                    " (UID FLAGS ENVELOPE)",
                                what->by_uid);
        for (const auto& one : who.replica.view()) {
            const auto* truth = who.box->find(one.uid);
            if (truth == nullptr || one.subject.empty()) continue;
            expect(one.subject == truth->subject,
                   "UID " + std::to_string(one.uid) + " is " + truth->subject, output);
        }
    }

    void search(actor& who) {
        if (who.box == nullptr || who.replica.has_unknown()) return;
        const std::string flag = flag_words[roll(flag_words.size())];
        const bool negated = roll(2) == 0;
        const auto key = flag[0] == '\\' ? flag.substr(1) : "KEYWORD " + flag;
        const bool by_uid = roll(2) == 0;
        const auto before = who.replica.view();
        const auto output =
            say(who, std::string(by_uid ? "UID " : "") + "SEARCH " + (negated ? "NOT " : "") + key,
                by_uid);
        std::vector<std::uint32_t> wanted;
        for (std::size_t n = 0; n < before.size(); ++n) {
            const auto* truth = who.box->find(before[n].uid);
            if (truth == nullptr) continue;  // expunged, and the client does not know yet
            if ((truth->flags.count(flag) != 0) != negated)
                wanted.push_back(by_uid ? before[n].uid : static_cast<std::uint32_t>(n + 1));
        }
        std::vector<std::uint32_t> found = who.replica.found();
        std::erase_if(found, [&](std::uint32_t number) {
            // New ones that the client had not been told of may be found by UID.
            return by_uid && std::none_of(before.begin(), before.end(),
                                          [&](const auto& one) { return one.uid == number; });
        });
        expect(found == wanted, "SEARCH should find " + std::to_string(wanted.size()), output);
    }

    void copy(actor& who) {
        const auto what = choose(who);
        auto& to = boxes_[roll(boxes_.size())];
        if (!what || to.messages.size() > 120) return;
        const bool move = roll(2) == 0 && !who.read_only;
        const auto output = say(who, std::string(what->by_uid ? "UID " : "") +
                                         (move ? "MOVE " : "COPY ") + what->set + " " + to.name);
        expect(is_ok(output) || output.find("t NO [EXPUNGEISSUED]") != std::string::npos,
               "COPY failed", output);
        const auto at = output.find("[COPYUID ");
        std::size_t expected = 0;
        for (const auto uid : what->uids)
            expected += who.box->find(uid) != nullptr ? 1 : 0;
        if (at == std::string::npos) {
            expect(expected == 0 || !is_ok(output), "COPYUID is missing", output);
            return;
        }
        std::istringstream code(output.substr(at + 9, output.find(']', at) - at - 9));
        std::string validity, from, into;
        code >> validity >> from >> into;
        const auto sources = numbers_of(from), copies = numbers_of(into);
        expect(sources.size() == copies.size() && sources.size() == expected,
               "COPYUID should pair " + std::to_string(expected), output);
        for (std::size_t n = 0; n < sources.size(); ++n) {
            const auto* source = who.box->find(sources[n]);
            expect(source != nullptr, "COPYUID names what is not there", output);
            expect(copies[n] >= to.uid_next, "a UID was given again", output);
            auto made = *source;
            made.uid = copies[n];
            made.modseq = 0;
            made.is_changed = true;
            to.add(made);
        }
        if (move)
            for (const auto uid : sources)
                who.box->remove(uid);
    }

    void expunge(actor& who) {
        if (who.box == nullptr || who.read_only) return;
        std::vector<std::uint32_t> among;
        std::string text = "EXPUNGE";
        if (roll(2) == 0) {
            const auto what = choose(who);
            if (!what) return;
            among = what->uids;
            text = "UID EXPUNGE ";
            for (const auto uid : among)
                text += (text.back() == ' ' ? "" : ",") + std::to_string(uid);
        } else {
            // EXPUNGE speaks of all messages of the session's view.
            for (const auto& one : who.replica.view())
                among.push_back(one.uid);
            if (who.replica.has_unknown()) return;
            std::sort(among.begin(), among.end());
        }
        const auto output = say(who, text);
        expect(is_ok(output), "EXPUNGE failed", output);
        std::erase_if(who.box->messages, [&](const model_message& one) {
            return one.flags.count("\\Deleted") != 0 &&
                   std::binary_search(among.begin(), among.end(), one.uid);
        });
    }

    void change_mailbox(actor& who) {
        const auto dice = roll(4);
        if (dice == 0) return connect(who);
        if (dice == 1) return reconnect(who);
        select(who, boxes_[roll(boxes_.size())], roll(6) == 0);
    }

    /// All at once. What each does is known by its answer and by an honest look afterwards.
    void burst() {
        for (auto& one : actors_)
            catch_up(one);
        for (auto& one : actors_) {
            const auto flag = std::string(flag_words[4 + roll(3)]);
            const auto& view = one.replica.view();
            if (view.empty() || one.read_only) continue;
            // Adding is the same in any order.
            const auto uid = view[roll(view.size())].uid;
            one.client->send("x UID STORE " + std::to_string(uid) + " +FLAGS.SILENT (" + flag +
                             ")\r\n");
            if (auto* truth = one.box->find(uid)) {
                if (truth->flags.insert(flag).second) truth->is_changed = true;
            }
            note_silent(one, {uid}, {flag}, 1);
        }
        for (auto& one : actors_)
            say(one, "NOOP");  // behind it all of them are stored
        for (auto& one : actors_)
            catch_up(one);
    }

    imap_server server_;
    std::mt19937_64 dice_;
    std::vector<model_box> boxes_;
    std::vector<actor> actors_;
    unsigned done_ = 0;
    unsigned subjects_ = 0;
    const bool is_talkative_ = std::getenv("HAUSPOST_STRESS_TALK") != nullptr;
    std::string last_;
};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("stress: eight sessions on shared mailboxes never disagree with a model of them") {
    const auto seed = number_from("HAUSPOST_SEED", std::random_device()());
    const auto commands = static_cast<unsigned>(number_from("HAUSPOST_STRESS", 6'000));
    CAPTURE(seed);
    try {
        stress test(seed);
        test.run(commands);
    } catch (const std::exception& fault) {
        FAIL(std::string(fault.what()));
    }
}
