#include "protocols/wire/input_buffer.hpp"

#include <cstring>
#include <utility>

namespace hauspost::wire {

std::span<char> input_buffer::room(std::size_t octets) {
    const auto held = size();
    if (capacity_ - end_ < octets) {
        if (capacity_ - held >= octets) {
            std::memmove(data_.get(), data_.get() + begin_, held);
            begin_ = 0;
            end_ = held;
        } else {
            move_to(held + octets);
        }
    }
    return {data_.get() + end_, capacity_ - end_};
}

void input_buffer::append(std::string_view octets) {
    if (octets.empty()) return;
    std::memcpy(room(octets.size()).data(), octets.data(), octets.size());
    added(octets.size());
}

void input_buffer::consume(std::size_t octets) noexcept {
    begin_ += octets;
    if (begin_ == end_) begin_ = end_ = 0;
}

void input_buffer::release() noexcept {
    if (!is_empty()) return;
    data_.reset();
    capacity_ = begin_ = end_ = 0;
}

void input_buffer::shrink() {
    release();
    if (size() < capacity_ / 4) move_to(size());
}

void input_buffer::move_to(std::size_t capacity) {
    const auto held = size();
    // Not make_unique: it would clear what the next read overwrites.
    std::unique_ptr<char[]> other(new char[capacity]);
    if (held != 0) std::memcpy(other.get(), data_.get() + begin_, held);
    data_ = std::move(other);
    capacity_ = capacity;
    begin_ = 0;
    end_ = held;
}

}  // namespace hauspost::wire
