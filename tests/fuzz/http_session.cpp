// Feeds octets to an HTTP session, whole and cut: the same answers, none without a request, never a
// stream that stays open.
//
// First octet: the size of the reads; the rest: what the client sends.

#include "protocols/http/session/event_queue.hpp"
#include "protocols/http/session/session.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace hauspost;

/// Says back what it was sent; some paths do what handlers do else.
class echo_handler final : public http::handler {
public:
    awaitable<http::head_verdict> on_head(const http::request_head& head,
                                          const http::client&) override {
        if (head.path == "/once") co_return http::head_verdict(http::answer(http::response(403)));
        co_return http::head_verdict(std::size_t{1'000});
    }
    awaitable<http::answer> on_request(http::request asked, const http::client&) override {
        ++requests;
        if (asked.head.path == "/fault") throw std::runtime_error("fault");
        if (asked.head.path == "/events") {
            const auto queue = std::make_shared<http::event_queue>();
            queue->push(http::event(asked.body));
            queue->end();
            co_return http::answer(std::shared_ptr<http::event_source>(queue));
        }
        co_return http::response(200, "text/plain", asked.body);
    }
    [[nodiscard]] const http::header_block& standing_fields() const noexcept override {
        return standing_;
    }
    std::size_t requests = 0;

private:
    http::header_block standing_;
};

struct outcome {
    std::string said;
    std::size_t requests = 0;
    bool operator==(const outcome&) const = default;
};

outcome talk(const std::string& input, std::size_t split) {
    test::manual_clock time;
    test::memory_stream peer(input);
    peer.use(time);
    peer.split_every(split);
    echo_handler handler;
    http::session session(peer, {handler, time.wall(), time},
                          std::make_shared<http::session_config>());
    test::run(session.run());
    if (!peer.is_closed()) std::abort();
    return {peer.output(), handler.requests};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t count) {
    if (count < 2) return 0;
    spdlog::set_level(spdlog::level::off);
    const std::string input(reinterpret_cast<const char*>(octets + 1), count - 1);
    const auto whole = talk(input, 4096);
    const auto cut = talk(input, octets[0] == 0 ? 1 : octets[0]);
    // A client that waits for it may or may not have begun when its head is read.
    if (whole.said.find("100 Continue") == std::string::npos &&
        cut.said.find("100 Continue") == std::string::npos && !(whole == cut))
        std::abort();
    if (whole.requests != cut.requests) std::abort();
    return 0;
}
