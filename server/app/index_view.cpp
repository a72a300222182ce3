#include "server/app/index_view.hpp"

namespace hauspost::server {

awaitable<std::optional<admin::index_figures>> index_view::look() {
    const auto state = co_await of_.look_at_all();
    if (!state) co_return std::nullopt;
    admin::index_figures figures;
    figures.accounts_ready = state->accounts_ready;
    figures.accounts_waiting = state->accounts_waiting;
    figures.messages = state->messages;
    figures.octets = state->octets;
    co_return figures;
}

}  // namespace hauspost::server
