#include "server/app/ban_gate.hpp"

namespace hauspost::server {

void ban_gate::shut(const storage::ban& row) {
    const auto ban = book_.at_present(row);
    mail_.take_up(ban);
    owner_.take_up(ban);
}

void ban_gate::lift(const storage::ban_name& name) {
    mail_.lift(name);
    owner_.lift(name);
}

awaitable<void> ban_gate::take_up(storage::owner_store& owners) {
    for (const auto& ban : co_await book_.read()) {
        mail_.take_up(ban);
        owner_.take_up(ban);
    }
    owner_.take_up(co_await owners.list_sessions());
}

}  // namespace hauspost::server
