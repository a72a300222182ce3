#include "base/log.hpp"

#include "base/log_line.hpp"
#include "base/log_queue.hpp"
#include "base/log_rate.hpp"
#include "base/utf8.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

namespace hauspost {

std::string log_safe(std::string_view text, std::size_t max_octets) {
    const auto kept = utf8::truncated(text, max_octets);
    std::string out = "\"";
    append_escaped(out, kept, "\"\\");
    if (kept.size() < text.size()) out += "...";
    return out += '"';
}

namespace {

constexpr std::size_t queue_octets = std::size_t{4} * 1024 * 1024;
constexpr std::chrono::seconds flush_patience{2};

/// What every logging thread passes: the rate of its connection, the shape of a line, the queue.
class line_sink final : public spdlog::sinks::sink {
public:
    void set_up(std::shared_ptr<const log_target> target, bool is_json) {
        const std::lock_guard lock(mutex_);
        queue_.set_target(std::move(target));
        is_json_ = is_json;
        const auto* pattern = is_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l")"
                                      : "%Y-%m-%dT%H:%M:%S.%e%z %l ";
        start_ = std::make_unique<spdlog::pattern_formatter>(
            pattern, spdlog::pattern_time_type::local, std::string());
    }

    void log(const spdlog::details::log_msg& message) override {
        const std::string_view fact(message.payload.data(), message.payload.size());
        const std::lock_guard lock(mutex_);
        // Whoever asks for debug wants all of it.
        const bool is_limited = message.level >= spdlog::level::info;
        const auto verdict =
            is_limited ? rate_.admit(fact, std::chrono::steady_clock::now()) : log_rate::verdict{};
        if (!verdict.is_written) return;
        if (const auto dropped = queue_.take_dropped(); dropped > 0)
            push(message, fmt::format("log_dropped lines={}", dropped), spdlog::level::warn);
        if (verdict.left_out > 0)
            push(message,
                 fmt::format("left_out cid={} lines={}", verdict.connection, verdict.left_out),
                 spdlog::level::warn);
        push(message, fact, message.level);
    }

    void flush() override { queue_.flush(flush_patience); }

    // The shapes are ours: set_up_log says which.
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

private:
    void push(const spdlog::details::log_msg& like,
              std::string_view fact,
              spdlog::level::level_enum level) {
        auto message = like;
        message.level = level;
        spdlog::memory_buf_t start;
        start_->format(message, start);
        line_.assign(start.data(), start.size());
        if (is_json_)
            append_json_fact(line_, fact);
        else
            append_text_fact(line_, fact);
        line_ += is_json_ ? "}\n" : "\n";
        queue_.push(line_, level >= spdlog::level::warn);
    }

    std::mutex mutex_;
    log_rate rate_;
    std::unique_ptr<spdlog::formatter> start_;
    bool is_json_ = false;
    std::string line_;
    log_queue queue_{queue_octets};
};

/// The process's logger. spdlog reads the default logger through a plain pointer, so it must never
/// be replaced while other threads log.
struct installed_log {
    std::shared_ptr<line_sink> sink = std::make_shared<line_sink>();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("hauspost", sink);

    installed_log() {
        // Whoever says this may be about to end the process.
        logger->flush_on(spdlog::level::critical);
        spdlog::set_default_logger(logger);
    }
};

}  // namespace

void set_up_log(const log_settings& settings) {
    const auto level = spdlog::level::from_str(settings.level);
    if (level == spdlog::level::off && settings.level != "off")
        throw std::runtime_error("log.level is \"" + settings.level +
                                 "\": use trace, debug, info, warn, error or off");
    if (settings.format != "json" && settings.format != "text")
        throw std::runtime_error("log.format is \"" + settings.format + "\": use text or json");
    auto target = std::make_shared<const log_target>(settings.target);
    static const installed_log log;
    log.sink->set_up(std::move(target), settings.format == "json");
    log.logger->set_level(level);
}

void flush_log() {
    spdlog::default_logger_raw()->flush();
}

namespace log {
namespace {

spdlog::level::level_enum spdlog_level(level ours) noexcept {
    switch (ours) {
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warn: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
    case level::critical: break;
    }
    return spdlog::level::critical;
}

}  // namespace

bool is_on(level wanted) noexcept {
    return spdlog::should_log(spdlog_level(wanted));
}

void write(level at, fmt::string_view text, fmt::format_args values) {
    try {
        fmt::memory_buffer line;
        fmt::vformat_to(fmt::appender(line), text, values);
        spdlog::log(spdlog_level(at), spdlog::string_view_t(line.data(), line.size()));
    } catch (const std::bad_alloc&) {
        spdlog::log(spdlog_level(at), "log_line_lost reason=no_memory");
    }
}

}  // namespace log

connection_id next_connection_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return connection_id(++last);
}

}  // namespace hauspost
