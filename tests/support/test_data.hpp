#pragma once

#include <filesystem>

namespace hauspost::test {

/// The folder tests/data of the sources. One file knows where that is, so that the objects of all
/// others are the same in every clone.
[[nodiscard]] std::filesystem::path test_data();

}  // namespace hauspost::test
