#pragma once

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace hauspost::test {

/// What is logged while it lives, one line a fact, without times; given to `out` at its end. One
/// thread.
class log_capture {
public:
    explicit log_capture(std::string& out)
        : out_(out), before_(spdlog::default_logger()), level_(spdlog::get_level()) {
        auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(lines_);
        auto logger = std::make_shared<spdlog::logger>("test", std::move(sink));
        logger->set_pattern("%v");
        logger->set_level(spdlog::level::info);
        spdlog::set_default_logger(std::move(logger));
    }
    ~log_capture() {
        spdlog::set_default_logger(before_);
        spdlog::set_level(level_);
        out_ = lines_.str();
    }
    log_capture(const log_capture&) = delete;
    log_capture& operator=(const log_capture&) = delete;

    /// What there is so far.
    [[nodiscard]] std::string text() const { return lines_.str(); }

private:
    std::string& out_;
    std::ostringstream lines_;
    std::shared_ptr<spdlog::logger> before_;
    spdlog::level::level_enum level_;
};

}  // namespace hauspost::test
