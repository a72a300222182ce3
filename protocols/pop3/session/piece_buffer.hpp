#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace hauspost::pop3 {

/// Room for a piece of the message that is being sent. It is kept from one piece, and one message,
/// to the next; while the session waits for its client there is none.
class piece_buffer {
public:
    /// What was in it before is lost.
    [[nodiscard]] std::span<char> room(std::size_t octets) {
        if (size_ < octets) {
            octets_ = std::make_unique_for_overwrite<char[]>(octets);
            size_ = octets;
        }
        return {octets_.get(), octets};
    }
    void release() noexcept {
        octets_.reset();
        size_ = 0;
    }

private:
    std::unique_ptr<char[]> octets_;
    std::size_t size_ = 0;
};

}  // namespace hauspost::pop3
