#include "server/outbound/session_counts.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::outbound {

void session_counts::add_success(const host_protection& how) {
    auto one = how.counted;
    one.mx.clear();
    add(std::move(one));
}

void session_counts::add_failure(const host_protection& how,
                                 std::string failure,
                                 std::string address) {
    auto one = how.counted;
    one.failure = std::move(failure);
    one.address = std::move(address);
    add(std::move(one));
}

void session_counts::add(storage::tls_result one) {
    const auto same = std::ranges::find_if(counted_, [&one](const auto& other) {
        return other.policy_type == one.policy_type && other.failure == one.failure &&
               other.mx == one.mx && other.address == one.address &&
               other.policy_lines == one.policy_lines;
    });
    if (same != counted_.end())
        same->sessions += one.sessions;
    else
        counted_.push_back(std::move(one));
}

}  // namespace hauspost::outbound
