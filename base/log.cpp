#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>
#include <stdexcept>

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

void set_up_log(const log_settings& settings) {
    const auto level = spdlog::level::from_str(settings.level);
    if (level == spdlog::level::off && settings.level != "off")
        throw std::runtime_error("log.level is \"" + settings.level +
                                 "\": use trace, debug, info, warn, error or off");
    std::shared_ptr<spdlog::logger> logger;
    if (settings.target == "stderr")
        logger = std::make_shared<spdlog::logger>(
            "hauspost", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    else
        logger = std::make_shared<spdlog::logger>(
            "hauspost", std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.target));
    if (settings.format == "json")
        logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","fact":"%v"})");
    else if (settings.format == "text")
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    else
        throw std::runtime_error("log.format is \"" + settings.format + "\": use text or json");
    logger->set_level(level);
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

connection_id next_connection_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return connection_id(++last);
}

}  // namespace hauspost
