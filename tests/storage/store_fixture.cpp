#include "tests/storage/store_fixture.hpp"

#include "tests/support/visit_all.hpp"

#include <doctest/doctest.h>

#include <bit>

namespace hauspost::storage::test {

lmdb::store_options small_store(const std::filesystem::path& folder, const clock& time) {
    lmdb::store_options options;
    options.data_dir = folder;
    options.map_octets = std::size_t{256} << 20;
    options.reader_threads = 1;
    options.min_free_octets = 0;
    options.reuse_delay = std::chrono::seconds(0);
    options.tidy_interval = std::chrono::seconds(0);
    options.time = &time;
    return options;
}

std::string body_text(std::uint64_t seed, std::size_t octets) {
    std::string text = "Subject: " + std::to_string(seed) + "\r\n\r\n";
    text.reserve(octets);
    auto state = seed * 0x9e3779b97f4a7c15u + 1;
    while (text.size() < octets) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.append(reinterpret_cast<const char*>(&state), sizeof(state));
    }
    text.resize(octets);
    return text;
}

mail::uid_ranges everything() {
    return {{uid(1), uid(UINT32_MAX)}};
}

mail::uid_ranges only(std::uint32_t first, std::uint32_t last) {
    return {{uid(first), uid(last == 0 ? first : last)}};
}

std::vector<std::uint32_t> numbers(const mail::uid_ranges& ranges) {
    std::vector<std::uint32_t> all;
    for (const auto& range : ranges)
        for (auto n = range.first.value(); n <= range.last.value(); ++n)
            all.push_back(n);
    return all;
}

std::vector<std::uint32_t> numbers(const std::vector<mail::uid_block>& blocks) {
    std::vector<std::uint32_t> all;
    for (const auto& block : blocks)
        for (auto bits = block.present; bits != 0; bits &= bits - 1)
            all.push_back(block.number * 64 + static_cast<unsigned>(std::countr_zero(bits)));
    return all;
}

store_fixture::store_fixture()
    : options(small_store(dir / "data", time)), store(lmdb::open_store(options)) {
    domain own;
    own.name = "example.test";
    REQUIRE_FALSE(get(store->directory.add_domain(own)));
    ann = add_account("a@example.test");
}

store_fixture::~store_fixture() {
    if (!store || !is_sound_at_end) return;
    for (const auto& finding : findings())
        CHECK_MESSAGE(false, finding);
}

void store_fixture::reopen() {
    store.reset();
    store = lmdb::open_store(options);
}

account_id store_fixture::add_account(const std::string& name, std::uint64_t quota_octets) {
    account wanted;
    wanted.name = name;
    wanted.quota_octets = quota_octets;
    const auto made = get(store->directory.add_account(wanted));
    REQUIRE(made.has_value());
    return *made;
}

mailbox_key store_fixture::make_box(const std::string& name) {
    const auto made = get(store->mailboxes.create(ann, name, mail::special_use::none));
    REQUIRE(made.has_value());
    return {ann, *made};
}

std::shared_ptr<staged_blob> store_fixture::staged(const std::string& body) {
    std::shared_ptr<staged_blob> blob = store->blobs.stage();
    constexpr std::size_t chunk = 40'000;  // as it comes from a socket, not fitting any boundary
    for (std::size_t at = 0; at < body.size(); at += chunk)
        REQUIRE_FALSE(get(blob->write(std::string_view(body).substr(at, chunk))));
    REQUIRE_FALSE(get(blob->finish()));
    return blob;
}

result<append_result> store_fixture::append(mailbox_key box,
                                            const std::string& body,
                                            mail::flag_names flags,
                                            const std::string& prefix,
                                            const std::string& summary) {
    append_request request;
    request.mailbox = box;
    request.blob = staged(body);
    request.prefix = prefix;
    request.summary = summary;
    request.flags = std::move(flags);
    request.internal_date = {1'600'000'000, 60};
    return get(store->mailboxes.append(std::move(request)));
}

error_code store_fixture::deliver(const std::string& body,
                                  std::vector<local_copy> local,
                                  std::vector<queue_item> remote) {
    delivery_request request;
    request.blob = staged(body);
    request.summary = "sum";
    request.local = std::move(local);
    request.remote = std::move(remote);
    return get(store->delivery.deliver(std::move(request)));
}

result<store_result> store_fixture::change(mailbox_key box,
                                           mail::uid_ranges uids,
                                           mail::change how,
                                           mail::flag_names what) {
    store_request request;
    request.mailbox = box;
    request.uids = std::move(uids);
    request.change = how;
    request.flags = std::move(what);
    return get(store->mailboxes.store_flags(std::move(request)));
}

std::vector<seen_message> store_fixture::walk(mailbox_key box, const mail::uid_ranges& ranges) {
    std::vector<seen_message> all;
    const auto visit = [&](const message_view& view) {
        seen_message message;
        message.uid = view.uid.value();
        message.flags = view.flags;
        if (view.extra_keywords != nullptr) message.extra = *view.extra_keywords;
        message.modseq = view.modseq.value();
        message.octets = view.octets;
        message.internal_date = view.internal_date;
        message.save_date = view.save_date;
        message.blob = view.blob;
        message.prefix = view.prefix;
        message.summary = view.summary;
        all.push_back(std::move(message));
        return true;
    };
    REQUIRE_FALSE(
        get(hauspost::test::visit_all(store->mailboxes, box, walk_detail::rows, visit, ranges)));
    return all;
}

mailbox_snapshot store_fixture::snapshot(mailbox_key box) {
    auto now = get(store->mailboxes.open(box));
    REQUIRE(now.has_value());
    return std::move(*now);
}

std::string store_fixture::read_blob(blob_id blob, std::uint64_t offset, std::size_t octets) {
    std::string into(octets, '\0');
    const auto got = get(store->blobs.read(blob, offset, into));
    REQUIRE(got.has_value());
    into.resize(*got);
    return into;
}

std::string store_fixture::text_of(mailbox_key box, std::uint32_t id) {
    const auto found = walk(box, only(id));
    REQUIRE(found.size() == 1);
    return text_of(found.front());
}

std::string store_fixture::text_of(const seen_message& message) {
    auto text = message.prefix + read_blob(message.blob, 0, message.octets);
    CHECK(text.size() == message.octets);
    return text;
}

}  // namespace hauspost::storage::test
