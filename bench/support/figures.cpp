#include "bench/support/figures.hpp"

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

namespace bench {

void latencies::merge(const latencies& other) {
    all_.insert(all_.end(), other.all_.begin(), other.all_.end());
}

double latencies::percentile_ms(double share) {
    if (all_.empty()) return 0;
    const auto rank = std::min(all_.size() - 1,
                               static_cast<std::size_t>(share * static_cast<double>(all_.size())));
    const auto at = all_.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(all_.begin(), at, all_.end());
    return seconds(*at) * 1000;
}

report& report::add(const std::string& name, double value) {
    figures_.emplace_back(name, value);
    return *this;
}

void report::print() const {
    std::string line = "{";
    for (const auto& [name, value] : figures_) {
        char text[64];
        std::snprintf(text, sizeof text, "%.6g", value);
        line.append(line.size() > 1 ? ", " : "")
            .append("\"")
            .append(name)
            .append("\": ")
            .append(text);
    }
    std::puts((line + "}").c_str());
}

arguments::arguments(int argc, char** argv, std::vector<std::pair<std::string, std::string>> known)
    : values_(std::move(known)) {
    const auto usage = [&] {
        std::fprintf(stderr, "usage: %s", argv[0]);
        for (const auto& [name, value] : values_)
            std::fprintf(stderr, " --%s %s", name.c_str(), value.empty() ? "..." : value.c_str());
        std::fputs("\n", stderr);
        std::exit(2);
    };
    for (int n = 1; n < argc; n += 2) {
        const std::string name = argv[n];
        const auto found = std::find_if(values_.begin(), values_.end(),
                                        [&](const auto& one) { return "--" + one.first == name; });
        if (found == values_.end() || n + 1 == argc) usage();
        found->second = argv[n + 1];
    }
    for (const auto& one : values_)
        if (one.second.empty()) usage();
}

const std::string& arguments::text(const std::string& name) const {
    return std::find_if(values_.begin(), values_.end(),
                        [&](const auto& one) { return one.first == name; })
        ->second;
}

std::size_t arguments::number(const std::string& name) const {
    return std::stoul(text(name));
}

double run_together(std::size_t count,
                    const std::function<void(std::size_t)>& prepare,
                    const std::function<void(std::size_t)>& work) {
    steady::time_point started;
    std::barrier ready(static_cast<std::ptrdiff_t>(count),
                       [&started]() noexcept { started = steady::now(); });
    std::vector<std::thread> threads;
    for (std::size_t n = 0; n < count; ++n)
        threads.emplace_back([&, n] {
            try {
                prepare(n);
                ready.arrive_and_wait();
                work(n);
            } catch (const std::exception& fault) {
                std::fprintf(stderr, "connection %zu: %s\n", n, fault.what());
                std::_Exit(1);
            }
        });
    for (auto& one : threads)
        one.join();
    return seconds(steady::now() - started);
}

std::string nth_user(const std::string& pattern, std::size_t n) {
    auto name = pattern;
    if (const auto at = name.find('%'); at != std::string::npos)
        name.replace(at, 1, std::to_string(n));
    return name;
}

}  // namespace bench
