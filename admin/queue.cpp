#include "admin/queue.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace hauspost::admin {
namespace {

constexpr std::size_t max_looked_at = 10'000;  // messages for one page

std::optional<std::uint64_t> number_of(const std::string& text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

outcome<std::uint64_t> done_with(std::uint64_t id, error_code ec) {
    if (ec == storage::errc::no_such_message)
        return refuse_number(refusal_code::no_such_message, id);
    if (ec) return refusal_of(ec, std::to_string(id));
    return id;
}

}  // namespace

awaitable<outcome<page<storage::queue_item>>> list_queue(ports& at,
                                                         std::string after,
                                                         std::string filter) {
    std::uint64_t last = 0;
    if (!after.empty()) {
        const auto number = number_of(after);
        if (!number) co_return refuse(refusal_code::no_such_place, std::move(after));
        last = *number;
    }
    const text_filter wanted(filter);
    page_maker<storage::queue_item> made;
    std::size_t looked_at = 0, given = 0;
    for (bool is_more = true; is_more;) {
        auto some = co_await at.queue.list(queue_id(last + 1), max_page);
        is_more = some.next.has_value();
        for (auto& item : some.items) {
            last = item.id.value();
            ++looked_at;
            std::string texts = item.reverse_path;
            for (const auto& one : item.recipients)
                texts += "\n" + one.to;
            if (!wanted.wants_any_line(texts)) continue;
            made.add(std::move(item), texts.size());
            ++given;
            if (made.is_full() || given == max_page) co_return made.take(std::to_string(last));
        }
        if (is_more && looked_at >= max_looked_at) co_return made.take(std::to_string(last));
    }
    co_return made.take({});
}

awaitable<outcome<storage::queue_item>> show_queued(ports& at, std::uint64_t id) {
    auto item = co_await at.queue.find(queue_id(id));
    if (!item) co_return refuse_number(refusal_code::no_such_message, id);
    co_return std::move(*item);
}

awaitable<outcome<std::uint64_t>> retry_queued(ports& at, std::uint64_t id) {
    const auto now = std::chrono::system_clock::to_time_t(at.time.now());
    co_return done_with(id, co_await at.queue.retry(queue_id(id), now));
}

awaitable<outcome<std::uint64_t>> hold_queued(ports& at, std::uint64_t id) {
    co_return done_with(id, co_await at.queue.hold(queue_id(id), true));
}

awaitable<outcome<std::uint64_t>> release_queued(ports& at, std::uint64_t id) {
    co_return done_with(id, co_await at.queue.hold(queue_id(id), false));
}

awaitable<outcome<std::uint64_t>> drop_queued(ports& at, std::uint64_t id) {
    co_return done_with(id, co_await at.queue.remove(queue_id(id)));
}

}  // namespace hauspost::admin
