#include "tests/storage/crash_verify.hpp"

#include "tests/storage/store_fixture.hpp"
#include "tests/support/crash_workload.hpp"
#include "tests/support/visit_all.hpp"

#include <charconv>
#include <sstream>

namespace hauspost::storage::test {

using hauspost::test::crash_body;

namespace {

constexpr std::uint32_t accounts = 2;
constexpr std::size_t compared_whole = 64 * 1024;  // checksums cover the rest of larger ones

std::uint64_t token_in(std::string_view body) {
    constexpr std::string_view field = "Token: ";
    std::uint64_t token = 0;
    if (body.starts_with(field))
        std::from_chars(body.data() + field.size(), body.data() + body.size(), token);
    return token;
}

}  // namespace

/// The store of one image, open.
struct crash_expectation::reader {
    explicit reader(const std::filesystem::path& folder)
        : store(lmdb::open_store(hauspost::test::crash_options(folder))) {}

    mailbox read(mailbox_key key) {
        mailbox found;
        const auto now = await(io, store->mailboxes.open(key));
        if (!now) {
            problems.push_back("a mailbox is missing");
            return found;
        }
        found.uid_next = now->info.counters.uid_next.value();
        std::vector<std::pair<blob_id, std::uint32_t>> blobs;
        const auto visit = [&](const message_view& view) {
            found.messages[view.uid.value()] = {0, view.octets - view.prefix.size(), view.flags};
            blobs.emplace_back(view.blob, view.uid.value());
            return true;
        };
        (void)await(io, hauspost::test::visit_all(store->mailboxes, key, walk_detail::rows, visit));
        for (const auto& [blob, id] : blobs)
            found.messages[id].token = read_token(blob, found.messages[id].octets);
        return found;
    }

    /// "" when it or its account is not there.
    std::string name_of(mailbox_key key) {
        const auto all = await(io, store->mailboxes.list(key.account));
        if (!all) return "";
        for (const auto& one : *all)
            if (one.id == key.mailbox) return one.name;
        return "";
    }

    std::optional<mailbox> read_spare(account_id account, unsigned number) {
        const auto found =
            await(io, store->mailboxes.find(account, hauspost::test::crash_spare_name(number)));
        if (!found) return std::nullopt;
        return read({account, found->id});
    }

    std::uint64_t read_note(mailbox_key key) {
        const auto found = await(io, store->annotations.annotations(key, {"/private/token"},
                                                                    mail::metadata_depth::zero));
        if (!found || found->empty()) return 0;
        const auto& value = found->front().value;
        const auto token = token_in(value);
        if (value != crash_body(token, hauspost::test::crash_note_octets))
            problems.push_back("the annotation of token " + std::to_string(token) + " is wrong");
        return token;
    }

    /// The last entry of the audit log about a task that is complete.
    std::uint64_t read_told(unsigned number) {
        audit_query wanted;
        wanted.subject = "task " + std::to_string(number);
        const auto found = await(io, store->audit.list(std::move(wanted)));
        if (!found) return 0;
        for (const auto& one : found->entries)
            if (one.end == audit_end::done) return std::stoull(one.command);
        return 0;
    }

    /// Since when its session sits there; 0: it does not. Between two of them it may not.
    std::uint64_t read_seat(unsigned number) {
        const auto found =
            await(io, store->owner.find_session(hauspost::test::crash_session_key(number)));
        return found ? static_cast<std::uint64_t>(found->made_at) : 0;
    }

    std::uint32_t read_rights(mailbox_key key) {
        const auto found = await(io, store->sharing.grants(key));
        return !found || found->empty() ? 0 : found->front().rights;
    }

    std::uint64_t read_token(blob_id blob, std::uint64_t octets) {
        std::string body(std::min<std::uint64_t>(octets, compared_whole), ' ');
        const auto got = await(io, store->blobs.read(blob, 0, body));
        if (!got || *got != body.size()) return 0;
        const auto token = token_in(body);
        if (body != crash_body(token, body.size()))
            problems.push_back("the octets of token " + std::to_string(token) + " are wrong");
        return token;
    }

    asio::io_context io{1};  // outlives the store, which posts to it
    std::shared_ptr<const ports> store;
    std::vector<std::string> problems;
};

void crash_expectation::take(std::string_view note) {
    std::istringstream in{std::string(note)};
    char kind = 0;
    unsigned number = 0;
    in >> kind >> number;
    if (kind == 'M') {
        std::uint32_t account = 0, box = 0, done = 0;
        in >> account >> box >> done;
        auto& one = tasks_[number];
        one.number = number;
        one.before.box_name = one.after.box_name = "box" + std::to_string(number);
        one.account = account_id(account);
        one.box = mailbox_id(box);
        one.done = mailbox_id(done);
    } else if (kind == 'B') {
        std::string operation;
        std::getline(in, operation);
        begin(tasks_.at(number), operation);
    } else {
        acknowledge(tasks_.at(number));
    }
}

void crash_expectation::begin(task& one, std::string_view operation) {
    std::istringstream in{std::string(operation)};
    std::string verb;
    in >> verb;
    auto& now = one.after;
    if (verb == "append") {
        message added;
        in >> added.token >> added.octets >> added.flags;
        now.box.add(added);
    } else if (verb == "deliver") {
        delivery sent;
        in >> sent.token >> sent.octets >> sent.mask >> sent.has_queue;
        one.on_its_way = sent;
    } else if (verb == "note") {
        in >> now.note;
    } else if (verb == "share") {
        in >> now.rights;
    } else if (verb == "tell") {
        in >> now.told;
    } else if (verb == "sit") {
        in >> now.seat;
    } else if (verb == "rename") {
        in >> now.box_name;
    } else if (verb == "make") {
        now.spare.emplace();
    } else if (verb == "drop") {
        now.spare.reset();
    } else if (verb == "remove") {
        for (std::uint32_t id = 0; in >> id;)
            now.box.messages.erase(id);
    } else {
        std::uint32_t id = 0;
        in >> id;
        if (verb == "flags") in >> now.box.messages.at(id).flags;
        if (verb == "fill") now.spare->add(now.box.messages.at(id));
        if (verb == "copy" || verb == "move") now.done.add(now.box.messages.at(id));
        if (verb == "move" || verb == "expunge") now.box.messages.erase(id);
    }
}

void crash_expectation::acknowledge(task& one) {
    one.before = one.after;
    if (one.on_its_way) delivered_.push_back(*one.on_its_way);
    one.on_its_way.reset();
}

void crash_expectation::verify_task(reader& from, const task& one) const {
    const mailbox_key box{one.account, one.box};
    own_boxes found{from.read(box),
                    from.read({one.account, one.done}),
                    from.name_of(box),
                    from.read_spare(one.account, one.number),
                    from.read_note(box),
                    from.read_rights(box),
                    from.read_told(one.number),
                    from.read_seat(one.number)};
    if (found == one.before || found == one.after) return;
    // Its old session has gone, the new one is not there yet.
    if (found.seat == 0 && one.before.seat != one.after.seat) {
        found.seat = one.before.seat;
        if (found == one.before) return;
    }
    std::ostringstream text;
    text << "mailboxes " << one.account.value() << "/" << one.box.value() << "," << one.done.value()
         << ": found";
    const auto print = [&](const own_boxes& boxes) {
        const auto* spare = boxes.spare ? &*boxes.spare : nullptr;
        for (const auto* seen : {&boxes.box, &boxes.done, spare}) {
            if (seen == nullptr) continue;
            text << " [next " << seen->uid_next;
            for (const auto& [id, one_of] : seen->messages)
                text << " " << id << ":" << one_of.token << "/" << one_of.octets << "/"
                     << one_of.flags;
            text << "]";
        }
        text << " name " << boxes.box_name << " note " << boxes.note << " rights " << boxes.rights
             << " told " << boxes.told << " seat " << boxes.seat;
    };
    print(found);
    text << " expected";
    print(one.before);
    text << " or";
    print(one.after);
    from.problems.push_back(text.str());
}

void crash_expectation::verify_deliveries(reader& from) const {
    std::map<std::uint64_t, unsigned> found;  // token -> accounts that have it
    constexpr unsigned in_queue = 1u << accounts;
    for (std::uint32_t n = 0; n < accounts; ++n) {
        const auto inbox = from.read({account_id(n + 1), mailbox_id(1)});
        for (const auto& [id, one] : inbox.messages) {
            auto& mask = found[one.token];
            if ((mask >> n & 1) != 0)
                from.problems.push_back("token " + std::to_string(one.token) + " twice");
            mask |= 1u << n;
        }
    }
    for (const auto& item : await(from.io, from.store->queue.list(queue_id(), 10'000)).items)
        found[std::stoull(item.envelope_id)] |= in_queue;
    const auto wanted = [](const delivery& one) {
        return one.mask | (one.has_queue ? in_queue : 0);
    };
    for (const auto& one : delivered_) {
        if (found[one.token] != wanted(one))
            from.problems.push_back("the acknowledged delivery of token " +
                                    std::to_string(one.token) + " is not all there");
        found.erase(one.token);
    }
    for (const auto& [number, one] : tasks_) {
        if (!one.on_its_way) continue;
        const auto there = found.find(one.on_its_way->token);
        if (there == found.end()) continue;
        if (there->second != wanted(*one.on_its_way))
            from.problems.push_back("a delivery was done in part");
        found.erase(there);
    }
    for (const auto& [token, mask] : found)
        from.problems.push_back("token " + std::to_string(token) + " came from nowhere");
}

std::vector<std::string> crash_expectation::verify(const std::filesystem::path& data_dir) const {
    try {
        reader from(data_dir);
        from.problems = from.store->keeper.check().findings;
        if (!tasks_.empty()) {
            for (const auto& [number, one] : tasks_)
                verify_task(from, one);
            verify_deliveries(from);
        }
        return std::move(from.problems);
    } catch (const std::exception& error) {
        return {error.what()};
    }
}

}  // namespace hauspost::storage::test
