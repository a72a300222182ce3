#include "admin/web/page_stream.hpp"

#include "protocols/http/event.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace hauspost::admin::web {
namespace {

constexpr std::array<std::pair<page_topic, std::string_view>, 5> topic_names{{
    {topic_overview, "overview"},
    {topic_queue, "queue"},
    {topic_trace, "trace"},
    {topic_ban, "ban"},
    {topic_audit, "audit"},
}};

std::string changed_event(std::uint8_t topics) {
    http::event made;
    made.name = "changed";
    for (const auto& [topic, name] : topic_names) {
        if ((topics & topic) == 0) continue;
        if (!made.data.empty()) made.data += ' ';
        made.data += name;
    }
    return http::to_octets(made);
}

std::string full_event() {
    http::event made;
    made.name = "full";
    return http::to_octets(made);
}

}  // namespace

template <class Change>
void page_stream::change(Change what) {
    const std::lock_guard lock(mutex_);
    what(waiting_);
    if (!waiting_.any()) return;
    if (auto* waiter = std::exchange(waiter_, nullptr)) waiter->post();
}

void page_stream::tell(std::uint8_t topics) {
    change([topics](news& of) { of.topics |= topics; });
}

void page_stream::check() {
    change([](news& of) { of.is_to_look = true; });
}

void page_stream::give_way() {
    change([](news& of) { of.gives_way = true; });
}

void page_stream::stop() noexcept {
    change([](news& of) { of.is_over = true; });
}

awaitable<page_stream::news> page_stream::take() {
    suspension here;
    auto start = [this, &here] {
        const std::lock_guard lock(mutex_);
        if (waiting_.any())
            here.post();
        else
            waiter_ = &here;
    };
    co_await suspend(here, start);
    const std::lock_guard lock(mutex_);
    auto taken = waiting_;
    waiting_ = {};
    waiting_.is_over = taken.is_over || taken.gives_way;
    co_return taken;
}

awaitable<std::string> page_stream::next() {
    for (;;) {
        const auto came = co_await take();
        if (came.is_over) co_return std::string();
        if (came.gives_way) co_return full_event();
        if (came.is_to_look) {
            auto work = is_open_();
            const bool is_open = co_await std::move(work);
            if (!is_open) co_return std::string();
        }
        if (came.topics != 0) co_return changed_event(came.topics);
    }
}

}  // namespace hauspost::admin::web
