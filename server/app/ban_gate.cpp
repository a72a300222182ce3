#include "server/app/ban_gate.hpp"

#include "storage/directory_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/sign_in_store.hpp"

#include <optional>

namespace hauspost::server {
namespace {

constexpr std::size_t most_networks = 50'000;  // half of what is remembered of them

}  // namespace

void ban_gate::shut(const storage::ban& row) {
    const auto ban = book_.at_present(row);
    mail_.take_up(ban);
    owner_.take_up(ban);
}

void ban_gate::lift(const storage::ban_name& name) {
    mail_.lift(name);
    owner_.lift(name);
}

awaitable<void> ban_gate::take_up(const storage::ports& store) {
    for (const auto& ban : co_await book_.read()) {
        mail_.take_up(ban);
        owner_.take_up(ban);
    }
    owner_.take_up(co_await store.owner.list_sessions());
    co_await take_up_networks(store);
}

awaitable<void> ban_gate::take_up_networks(const storage::ports& store) {
    std::optional<storage::account> account;
    for (const auto& [id, network] : co_await store.sign_ins.networks(most_networks)) {
        if (!account || account->id != id) account = co_await store.directory.find_account(id);
        if (account) mail_.know(network, account->name);
    }
}

}  // namespace hauspost::server
