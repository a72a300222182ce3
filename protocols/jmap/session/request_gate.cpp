#include "protocols/jmap/session/request_gate.hpp"

namespace hauspost::jmap {

request_gate::place::place(request_gate& gate, account_id account)
    : gate_(gate), account_(account), is_taken_(gate.enter(account)) {}

request_gate::place::~place() {
    if (is_taken_) gate_.leave(account_);
}

bool request_gate::enter(account_id account) {
    const std::lock_guard lock(mutex_);
    auto& open = open_[account];
    if (open >= most_) return false;
    ++open;
    return true;
}

void request_gate::leave(account_id account) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(account);
    if (--found->second == 0) open_.erase(found);
}

}  // namespace hauspost::jmap
