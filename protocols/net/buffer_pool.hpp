#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace hauspost::net {

/// Buffers for octets on their way out, shared by the connections of one thread, so that an idle
/// connection holds none. Large ones are few: peers that read slowly would otherwise pin 130 KB
/// each; those that find none left work with a small one.
///
/// Thread: one.
class buffer_pool {
public:
    /// One TLS record with all that RFC 8446 5.2 lets it add (16384 + 256 + 5).
    static constexpr std::size_t record_octets = 16'645;
    static constexpr std::size_t small_octets = 17'408;
    static constexpr std::size_t large_octets = 8 * record_octets;  // best by measure
    static constexpr std::size_t max_large = 64;                    // 8.5 MB
    static constexpr std::size_t max_spare_large = 4;
    static constexpr std::size_t max_spare_small = 16;

    /// Goes back to its pool when it goes. The pool must live longer.
    class buffer {
    public:
        buffer() = default;
        buffer(buffer&& other) noexcept
            : pool_(std::exchange(other.pool_, nullptr)),
              octets_(std::move(other.octets_)),
              size_(std::exchange(other.size_, 0)) {}
        buffer& operator=(buffer&& other) noexcept {
            if (this != &other) {
                give_back();
                pool_ = std::exchange(other.pool_, nullptr);
                octets_ = std::move(other.octets_);
                size_ = std::exchange(other.size_, 0);
            }
            return *this;
        }
        ~buffer() { give_back(); }
        [[nodiscard]] char* data() const noexcept { return octets_.get(); }
        [[nodiscard]] std::size_t size() const noexcept { return size_; }
        explicit operator bool() const noexcept { return octets_ != nullptr; }

    private:
        friend class buffer_pool;
        void give_back() noexcept;
        buffer_pool* pool_ = nullptr;
        std::unique_ptr<char[]> octets_;
        std::size_t size_ = 0;
    };

    buffer_pool();
    buffer_pool(const buffer_pool&) = delete;
    buffer_pool& operator=(const buffer_pool&) = delete;

    /// A small buffer, or a large one when one is wanted and not too many are in use.
    buffer take(bool large);

    [[nodiscard]] std::size_t large_in_use() const noexcept { return large_in_use_; }

private:
    std::vector<std::unique_ptr<char[]>> spare_small_, spare_large_;
    std::size_t large_in_use_ = 0;
};

}  // namespace hauspost::net
