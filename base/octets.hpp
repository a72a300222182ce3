#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace hauspost {

/// Big-endian numbers, for keys: their octet order is their numeric order.
template <class Unsigned>
void append_be(std::string& out, Unsigned number) {
    static_assert(std::is_unsigned_v<Unsigned>);
    for (int shift = static_cast<int>(sizeof(Unsigned) * 8) - 8; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((number >> shift) & 0xff));
}

/// Precondition: octets.size() >= sizeof(Unsigned).
template <class Unsigned>
[[nodiscard]] Unsigned load_be(const char* octets) {
    static_assert(std::is_unsigned_v<Unsigned>);
    Unsigned number = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
        number = static_cast<Unsigned>((number << 8) | static_cast<unsigned char>(octets[i]));
    return number;
}

/// Little-endian numbers, for values (this machine's own order: a memcpy).
template <class Number>
void append_le(std::string& out, Number number) {
    static_assert(std::is_integral_v<Number>);
    char octets[sizeof(Number)];
    std::memcpy(octets, &number, sizeof(Number));
    out.append(octets, sizeof(Number));
}

template <class Number>
[[nodiscard]] Number load_le(const char* octets) {
    static_assert(std::is_integral_v<Number>);
    Number number;
    std::memcpy(&number, octets, sizeof(Number));
    return number;
}

template <class Number>
void store_le(char* octets, Number number) {
    static_assert(std::is_integral_v<Number>);
    std::memcpy(octets, &number, sizeof(Number));
}

/// Takes a record apart that append_le and append_short wrote. Each call moves on; after a read
/// past the end all further reads give zero and `ok()` is false, so one check at the end is enough.
class octet_reader {
public:
    explicit octet_reader(std::string_view octets) : rest_(octets) {}

    template <class Number>
    Number number() {
        if (rest_.size() < sizeof(Number)) return fail<Number>();
        auto value = load_le<Number>(rest_.data());
        rest_.remove_prefix(sizeof(Number));
        return value;
    }
    /// A text written by append_text: u32 length, octets. The view lives as long as the input.
    std::string_view text() { return octets(number<std::uint32_t>()); }
    std::string_view octets(std::size_t count) {
        if (rest_.size() < count) return fail<std::string_view>();
        auto taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool ok() const { return ok_; }

private:
    template <class T>
    T fail() {
        ok_ = false;
        rest_ = {};
        return T{};
    }
    std::string_view rest_;
    bool ok_ = true;
};

inline void append_text(std::string& out, std::string_view text) {
    append_le(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
}

}  // namespace hauspost
