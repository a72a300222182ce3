#include "tests/support/test_data.hpp"

namespace hauspost::test {

std::filesystem::path test_data() {
    return HAUSPOST_TEST_DATA;
}

}  // namespace hauspost::test
