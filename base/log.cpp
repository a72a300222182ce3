#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <utility>

namespace hauspost {

std::string log_safe(std::string_view text, std::size_t max_octets) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text.substr(0, max_octets)) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x20 || octet > 0x7e || c == '"' || c == '\\') {
            out += "\\x";
            out += hex[octet >> 4];
            out += hex[octet & 15];
        } else {
            out += c;
        }
    }
    if (text.size() > max_octets) out += "...";
    return out += '"';
}

namespace {

std::shared_ptr<spdlog::sinks::sink> make_sink(const log_settings& settings) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (settings.target == "stderr")
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.target);
    if (settings.format == "json")
        sink->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","fact":"%v"})");
    else if (settings.format == "text")
        sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    else
        throw std::runtime_error("log.format is \"" + settings.format + "\": use text or json");
    return sink;
}

/// The process's logger and the sink in front of the one that changes. spdlog reads the default
/// logger through a plain pointer, so it must never be replaced while other threads log.
struct installed_log {
    std::shared_ptr<spdlog::sinks::dist_sink_mt> sinks =
        std::make_shared<spdlog::sinks::dist_sink_mt>();
    std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>("hauspost", sinks);

    installed_log() {
        logger->flush_on(spdlog::level::info);
        spdlog::set_default_logger(logger);
    }
};

}  // namespace

void set_up_log(const log_settings& settings) {
    const auto level = spdlog::level::from_str(settings.level);
    if (level == spdlog::level::off && settings.level != "off")
        throw std::runtime_error("log.level is \"" + settings.level +
                                 "\": use trace, debug, info, warn, error or off");
    auto sink = make_sink(settings);
    static const installed_log log;
    log.sinks->set_sinks({std::move(sink)});
    log.logger->set_level(level);
}

connection_id next_connection_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return connection_id(++last);
}

}  // namespace hauspost
