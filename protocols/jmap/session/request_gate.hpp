#pragma once

#include "base/ids.hpp"

#include <cstddef>
#include <map>
#include <mutex>

namespace hauspost::jmap {

/// How many requests of each account are being served. Thread: any.
class request_gate {
public:
    explicit request_gate(std::size_t most) noexcept : most_(most) {}

    /// One request, until it goes; false when the account has as many as it may.
    class place {
    public:
        place(request_gate& gate, account_id account);
        ~place();
        place(const place&) = delete;
        place& operator=(const place&) = delete;
        [[nodiscard]] explicit operator bool() const noexcept { return is_taken_; }

    private:
        request_gate& gate_;
        const account_id account_;
        bool is_taken_;
    };

private:
    [[nodiscard]] bool enter(account_id account);
    void leave(account_id account) noexcept;

    const std::size_t most_;
    std::mutex mutex_;  // of all below
    std::map<account_id, std::size_t> open_;
};

}  // namespace hauspost::jmap
