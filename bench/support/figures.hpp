#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

using steady = std::chrono::steady_clock;

/// Durations of single operations, gathered by each thread for itself and merged at the end.
class latencies {
public:
    void add(steady::duration took) { all_.push_back(took); }
    void merge(const latencies& other);
    /// 0.5, 0.99; milliseconds; 0 when there is none.
    [[nodiscard]] double percentile_ms(double share);
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }

private:
    std::vector<steady::duration> all_;
};

/// The figures of one run; printed as one JSON object, which bench/compare reads.
class report {
public:
    report& add(const std::string& name, double value);
    void print() const;

private:
    std::vector<std::pair<std::string, double>> figures_;
};

/// `--name value` from the command line. Unknown names end the program.
class arguments {
public:
    /// known: all names with their default; an empty default must be given.
    arguments(int argc, char** argv, std::vector<std::pair<std::string, std::string>> known);
    [[nodiscard]] const std::string& text(const std::string& name) const;
    [[nodiscard]] std::size_t number(const std::string& name) const;
    [[nodiscard]] bool flag(const std::string& name) const { return number(name) != 0; }

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

/// Runs work(0) .. work(count - 1), a thread each, all released at the same moment after
/// prepare(n) has returned in each. Returns the seconds of the second half. A fault in any of them
/// ends the program with its text.
double run_together(std::size_t count,
                    const std::function<void(std::size_t)>& prepare,
                    const std::function<void(std::size_t)>& work);

/// user 3 of "user%@example.test" is user3@example.test.
std::string nth_user(const std::string& pattern, std::size_t n);

inline double seconds(steady::duration took) {
    return std::chrono::duration<double>(took).count();
}

}  // namespace bench
