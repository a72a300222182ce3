#include "server/auth/dummy_hash.hpp"

#include "base/random.hpp"

namespace hauspost::auth {
namespace {

constexpr std::size_t dummy_octets = 16;

}  // namespace

dummy_hash::dummy_hash(argon2_parameters configured)
    : configured_(configured),
      made_with_(configured),
      made_(hash_password(random::octets(dummy_octets), configured)) {}

void dummy_hash::add(std::string_view phc) {
    const auto cost = cost_of(phc);
    const std::lock_guard lock(mutex_);
    if (cost) ++accounts_[*cost];
}

void dummy_hash::move(std::string_view from, std::string_view to) {
    const auto old = cost_of(from);
    {
        const std::lock_guard lock(mutex_);
        if (old && accounts_[*old] > 0) --accounts_[*old];
    }
    add(to);
}

argon2_parameters dummy_hash::most() const {
    auto best = configured_;
    std::uint64_t accounts = 0;
    for (const auto& [cost, count] : accounts_)
        if (count > accounts || (count == accounts && count > 0 && cost == configured_)) {
            best = cost;
            accounts = count;
        }
    return best;
}

std::string dummy_hash::get() {
    std::unique_lock lock(mutex_);
    const auto wanted = most();
    if (wanted == made_with_) return made_;
    // Without the lock: add() and move() are called on network threads.
    lock.unlock();
    auto made = hash_password(random::octets(dummy_octets), wanted);
    lock.lock();
    made_ = made;
    made_with_ = wanted;
    return made;
}

}  // namespace hauspost::auth
