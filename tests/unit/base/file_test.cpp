#include "base/file.hpp"

#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

using hauspost::read_file;

namespace {

constexpr std::size_t most = 1 << 20;

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("file: a regular file is read whole, up to the limit and not one octet more") {
    const hauspost::test::tmp_dir folder;
    const auto path = folder / "f";
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, most}) {
        std::ofstream(path, std::ios::binary) << std::string(size, '\xff');
        const auto read = read_file(path, most);
        CHECK(read.fault.empty());
        CHECK(read.octets == std::string(size, '\xff'));
    }
    std::ofstream(path, std::ios::binary) << std::string(most + 1, 'x');
    CHECK(says(read_file(path, most).fault, "larger than 1 MiB"));
    CHECK(read_file(path, most).octets.empty());
}

TEST_CASE("file: what is not a regular file is refused at once, a FIFO without a writer too") {
    const hauspost::test::tmp_dir folder;
    CHECK(says(read_file(folder / "nowhere", most).fault, "No such file"));
    CHECK(says(read_file(folder.path(), most).fault, "Is a directory"));
    const auto fifo = folder / "fifo";
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    CHECK(says(read_file(fifo, most).fault, "not a regular file"));
    CHECK(says(read_file("/dev/zero", most).fault, "not a regular file"));
}
