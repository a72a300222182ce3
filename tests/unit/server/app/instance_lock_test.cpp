#include "server/app/instance_lock.hpp"

#include "tests/support/tmp_dir.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

using hauspost::server::instance_lock;
using hauspost::test::tmp_dir;

TEST_CASE("instance lock: one holder at a time, and it is free again afterwards") {
    const tmp_dir folder;
    const auto data = folder / "deep/data";
    {
        const auto first = instance_lock::try_take(data);
        REQUIRE(first.has_value());
        CHECK(!instance_lock::try_take(data).has_value());
    }
    CHECK(instance_lock::try_take(data).has_value());
}

TEST_CASE("instance lock: the folder is made for its owner alone") {
    const tmp_dir folder;
    const auto data = folder / "data";
    const auto lock = instance_lock::try_take(data);
    struct stat seen {};
    REQUIRE(::stat(data.c_str(), &seen) == 0);
    CHECK((seen.st_mode & 0777) == 0700);
    REQUIRE(::stat((data / "server.lock").c_str(), &seen) == 0);
    CHECK((seen.st_mode & 0777) == 0600);
}

TEST_CASE("instance lock: a process that dies leaves it free") {
    const tmp_dir folder;
    const auto data = folder / "data";
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto lock = instance_lock::try_take(data);
        ::_exit(lock ? 0 : 1);  // no destructor runs
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(instance_lock::try_take(data).has_value());
}

TEST_CASE("instance lock: a folder that cannot be is told in words") {
    const tmp_dir folder;
    std::ofstream(folder / "file") << "x";
    try {
        (void)instance_lock::try_take(folder / "file/data");
        FAIL("no refusal");
    } catch (const std::runtime_error& fault) {
        CHECK(std::string(fault.what()).find("check data_dir") != std::string::npos);
    }
}
