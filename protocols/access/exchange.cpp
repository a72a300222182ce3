#include "protocols/access/exchange.hpp"

#include <utility>

namespace hauspost::access {

awaitable<std::optional<sasl::outcome>> run_exchange(sasl::mechanism& mechanism,
                                                     std::optional<std::string_view> initial,
                                                     exchange_lines& lines) {
    auto next = mechanism.start(initial);
    while (next == sasl::outcome::challenge) {
        lines.send_challenge(mechanism.challenge());
        auto reading = lines.read_response();
        const auto line = co_await std::move(reading);
        if (!line) co_return std::nullopt;
        next = mechanism.respond(*line);
    }
    co_return next;
}

}  // namespace hauspost::access
