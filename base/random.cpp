#include "base/random.hpp"

#include <openssl/rand.h>

#include <cstring>
#include <stdexcept>
#include <string_view>

namespace hauspost::random {

std::string octets(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
        throw std::runtime_error("no random octets from the system");
    return out;
}

std::uint64_t number() {
    const auto eight = octets(8);
    std::uint64_t value;
    std::memcpy(&value, eight.data(), sizeof(value));
    return value;
}

std::string readable(std::size_t count) {
    constexpr std::string_view letters =
        "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    std::string out;
    while (out.size() < count)
        for (const char c : octets(count)) {
            // Octets past the last whole multiple are thrown away: each letter is equally likely.
            const auto octet = static_cast<unsigned char>(c);
            if (octet < 256 / letters.size() * letters.size() && out.size() < count)
                out.push_back(letters[octet % letters.size()]);
        }
    return out;
}

}  // namespace hauspost::random
