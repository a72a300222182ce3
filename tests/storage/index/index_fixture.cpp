#include "tests/storage/index/index_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace hauspost::storage::test {

std::optional<std::vector<octet_range>> plain_text::ranges(std::string_view summary) const {
    if (summary == "long") return std::nullopt;
    return std::vector<octet_range>{{0, 1'000'000}};
}

indexed_text plain_text::make(std::string_view summary, std::span<const std::string> octets) const {
    indexed_text made;
    const std::string_view all = octets.front();
    const auto end = all.find("\r\n\r\n");
    made.header = all.substr(0, end);
    made.subject = made.header.substr(0, made.header.find('\r'));
    if (end != std::string_view::npos) made.body = all.substr(end + 4);
    made.is_complete = summary != "open";
    return made;
}

awaitable<result<std::size_t>> failing_blobs::read(blob_id blob,
                                                   std::uint64_t offset,
                                                   std::span<char> into) {
    ++reads;
    if (faults > 0) {
        --faults;
        throw fault("the disk is broken");
    }
    co_return co_await real_.read(blob, offset, into);
}

index_fixture::index_fixture() {
    settings.folder = at.dir / "data" / "index";
    settings.look_after = std::chrono::milliseconds(0);
    settings.commit_interval = std::chrono::hours(1);
    settings.retry_after = std::chrono::milliseconds(1);
    settings.min_free_octets = 0;
    settings.enough_messages = 1'000'000;
    settings.tidy_from_messages = 1'000'000;
    blobs = std::make_unique<failing_blobs>(at->blobs);
    open();
}

index_fixture::~index_fixture() {
    if (index) index->stop();
    workers->stop();
}

void index_fixture::open() {
    index.reset();
    workers = std::make_unique<worker_pool>("index-test", 1, 16);
    const index::indexer_ports ports{at->mailboxes, *blobs,
                                     at->directory, changes != nullptr ? *changes : at->changes,
                                     text,          *workers};
    index = std::make_unique<index::search_indexer>(ports, settings);
    index->start();
}

void index_fixture::settle() {
    hauspost::test::run(at.io, index->settle());
}

std::optional<index_answer> index_fixture::ask(needle wanted) {
    std::vector<needle> needles{std::move(wanted)};
    return at.get(index->find(at.ann, std::move(needles)));
}

std::optional<std::set<std::uint32_t>> index_fixture::may_hold(std::string words,
                                                               text_field field) {
    return may_hold(at.inbox(), std::move(words), field);
}

std::optional<std::set<std::uint32_t>> index_fixture::may_hold(mailbox_key box,
                                                               std::string words,
                                                               text_field field) {
    const auto answer = ask({field, std::move(words), false});
    if (!answer || !answer->needles.front().is_answered) return std::nullopt;
    const auto& found = answer->needles.front().blobs;
    CHECK(std::is_sorted(found.begin(), found.end()));
    std::set<std::uint32_t> uids;
    for (const auto& message : at.walk(box))
        if (uid(message.uid) >= answer->covered_below(box.mailbox) ||
            std::binary_search(found.begin(), found.end(), message.blob))
            uids.insert(message.uid);
    return uids;
}

uid index_fixture::put(const std::string& body, const std::string& subject, mailbox_key box) {
    if (!box.account) box = at.inbox();
    return at.append(box, subject + "\r\nX-Other: field\r\n\r\n" + body)->uid;
}

std::filesystem::path index_fixture::folder_of(account_id account) const {
    char name[9];
    std::snprintf(name, sizeof(name), "%08x", account.value());
    return settings.folder / name;
}

void index_fixture::wait_until_indexed(std::uint64_t messages) {
    const auto end = std::chrono::steady_clock::now() + hauspost::test::hang_limit;
    while (index->indexed() < messages) {
        if (std::chrono::steady_clock::now() > end) throw std::runtime_error("never indexed");
        std::this_thread::yield();
    }
}

}  // namespace hauspost::storage::test
