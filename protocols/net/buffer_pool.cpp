#include "protocols/net/buffer_pool.hpp"

namespace hauspost::net {

buffer_pool::buffer_pool() {
    // give_back cannot fail: its push_back never allocates.
    spare_small_.reserve(max_spare_small);
    spare_large_.reserve(max_spare_large);
}

buffer_pool::buffer buffer_pool::take(bool large) {
    large = large && large_in_use_ < max_large;
    auto& spare = large ? spare_large_ : spare_small_;
    buffer taken;
    taken.size_ = large ? large_octets : small_octets;
    if (spare.empty()) {
        taken.octets_.reset(new char[taken.size_]);  // not zeroed, unlike make_unique
    } else {
        taken.octets_ = std::move(spare.back());
        spare.pop_back();
    }
    taken.pool_ = this;
    if (large) ++large_in_use_;
    return taken;
}

void buffer_pool::buffer::give_back() noexcept {
    if (!octets_) return;
    const bool large = size_ == large_octets;
    if (large) --pool_->large_in_use_;
    auto& spare = large ? pool_->spare_large_ : pool_->spare_small_;
    if (spare.size() < spare.capacity())
        spare.push_back(std::move(octets_));
    else
        octets_.reset();
}

}  // namespace hauspost::net
