#pragma once

#include "tests/storage/store_fixture.hpp"
#include "tests/support/plain_headings.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::test {

inline const std::string ann_name = "a@example.test";

/// Somebody who deletes mail, and somebody who brings it back.
struct restore_fixture : store_fixture {
    void put(mailbox_key box, const std::string& subject, mail::flag_names flags = {}) {
        const auto summary = "J\xc3\xbcrgen|j@else.test|" + subject;
        REQUIRE(append(box, "Subject: " + subject + "\r\n\r\n" + std::to_string(++count) + "\r\n",
                       std::move(flags), "", summary)
                    .has_value());
    }
    void expunge_all(mailbox_key box) {
        const trace_actor by(trace_door::imap, ann_name, "Thunderbird");
        REQUIRE(get(store->mailboxes.remove_messages(box, everything(), by)).has_value());
    }
    void put_and_expunge(mailbox_key box, int n, const std::string& subject = "x") {
        for (int i = 1; i <= n; ++i)
            put(box, subject + std::to_string(i));
        expunge_all(box);
    }
    void remove_box(const std::string& name) {
        REQUIRE_FALSE(get(store->mailboxes.remove(ann, name)));
        store->keeper.tidy();
    }

    expunged_page find(expunged_query query) {
        if (query.address.empty()) query.address = ann_name;
        auto page = get(store->expunged.find(std::move(query), headings));
        REQUIRE(page.has_value());
        return std::move(*page);
    }
    expunged_page find() { return find(expunged_query()); }
    /// "subject" of each, with how many where it is several.
    std::vector<std::string> told(expunged_query query) {
        std::vector<std::string> all;
        for (const auto& one : find(std::move(query)).entries)
            all.push_back(one.heading.subject +
                          (one.messages == 1 ? "" : " " + std::to_string(one.messages)));
        return all;
    }
    mail_returned bring_back(restore_request request) {
        if (request.address.empty()) request.address = ann_name;
        auto done = get(store->expunged.bring_back(std::move(request), headings));
        REQUIRE(done.has_value());
        return std::move(*done);
    }
    mail_returned bring_back() { return bring_back(restore_request()); }
    error_code refused(restore_request request) {
        if (request.address.empty()) request.address = ann_name;
        return get(store->expunged.bring_back(std::move(request), headings)).error();
    }
    std::uint64_t undo(const mail_returned& of, const std::string& address = ann_name) {
        restore_undo what;
        what.address = address;
        what.mailboxes = of.mailboxes;
        what.since = of.since;
        what.until = of.until;
        const auto done = get(store->expunged.undo(what));
        REQUIRE(done.has_value());
        return *done;
    }
    std::optional<mailbox_info> box_named(const std::string& name, account_id of = account_id(1)) {
        const auto found = get(store->mailboxes.find(of, name));
        if (!found) return std::nullopt;
        return *found;
    }
    std::vector<std::string> subjects(mailbox_key box) {
        std::vector<std::string> all;
        for (const auto& message : walk(box))
            all.push_back(message.summary.substr(message.summary.rfind('|') + 1));
        return all;
    }

    hauspost::test::plain_headings headings;
    int count = 0;
};

using strings = std::vector<std::string>;

}  // namespace hauspost::storage::test
