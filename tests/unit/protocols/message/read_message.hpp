#pragma once

#include "tests/support/test_data.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace hauspost::message {

/// A file of tests/data/message.
inline std::string read_message(const std::string& name) {
    std::ifstream file(test::test_data() / "message" / name, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    out.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

}  // namespace hauspost::message
