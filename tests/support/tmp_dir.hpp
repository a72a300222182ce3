#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace hauspost::test {

/// A folder of its own, removed with all it holds at the end. It lies below $HAUSPOST_TEST_TMP,
/// else in /dev/shm (memory: fast), else in /tmp.
class tmp_dir {
public:
    tmp_dir() : path_(base() / "hauspost-test-XXXXXX") {
        std::string name = path_.string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a folder like " + name);
        path_ = name;
    }
    ~tmp_dir() {
        std::error_code ignored;  // what cannot be removed is left to the operator's tmp cleaner
        std::filesystem::remove_all(path_, ignored);
    }
    tmp_dir(const tmp_dir&) = delete;
    tmp_dir& operator=(const tmp_dir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return path_ / name;
    }

private:
    static std::filesystem::path base() {
        if (const char* chosen = std::getenv("HAUSPOST_TEST_TMP")) return chosen;
        if (::access("/dev/shm", W_OK) == 0) return "/dev/shm";
        return "/tmp";
    }
    std::filesystem::path path_;
};

}  // namespace hauspost::test
