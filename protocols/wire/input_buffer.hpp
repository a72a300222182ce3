#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace hauspost::wire {

/// Octets that have come in and were not taken yet, in one piece: read into room(), taken in place.
///
/// Views that are given out live until the next call of anything that is not const; after consume()
/// the octets are still there, until room is asked for or memory given back.
class input_buffer {
public:
    /// At least `octets` of room behind what is buffered, to read into; then call added().
    [[nodiscard]] std::span<char> room(std::size_t octets);
    void added(std::size_t octets) noexcept { end_ += octets; }
    void append(std::string_view octets);

    [[nodiscard]] std::string_view octets() const noexcept {
        return {data_.get() + begin_, end_ - begin_};
    }
    /// The same, to be changed in place.
    [[nodiscard]] std::span<char> writable() noexcept {
        return {data_.get() + begin_, end_ - begin_};
    }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] bool is_empty() const noexcept { return begin_ == end_; }

    void consume(std::size_t octets) noexcept;
    void clear() noexcept { begin_ = end_ = 0; }

    /// Gives the memory back if nothing is buffered.
    void release() noexcept;
    /// The same, and where little is buffered what that does not need.
    void shrink();
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
    void move_to(std::size_t capacity);

    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace hauspost::wire
