#pragma once

#include "admin/outcome.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::server {

/// The commands that work on the store: declares them to the parser, then turns what was typed into
/// the request that admin::run_command takes.
class command_requests {
public:
    /// app  must outlive this object
    explicit command_requests(CLI::App& app);
    command_requests(const command_requests&) = delete;
    command_requests& operator=(const command_requests&) = delete;

    /// After the parse; nullopt when another command was given.
    /// Throws  CLI::ValidationError when a value is no size
    [[nodiscard]] std::optional<admin::json::object> request() const;
    [[nodiscard]] bool as_json() const noexcept { return as_json_; }
    /// The command takes a password, and it may come on standard input.
    [[nodiscard]] bool wants_password() const;
    /// The command takes something away, and whoever sits at a terminal is asked whether it is
    /// meant.
    [[nodiscard]] bool asks_first() const;

private:
    struct spec;
    struct declared {
        const spec* what;
        CLI::App* app;
    };
    static const std::vector<spec>& specs();
    void declare(CLI::App& group, const spec& what);
    [[nodiscard]] const declared* given() const;

    std::vector<declared> commands_;
    // What was typed; only one command is.
    bool as_json_ = false;
    bool generate_ = false;
    bool no_copy_ = false;
    bool no_alias_ = false;
    bool yes_ = false;
    std::int64_t id_ = 0;
    std::string filter_;
    std::string subject_;
    std::string new_address_;
    std::string target_;
    std::vector<std::string> targets_;
    std::string display_name_;
    std::string note_;
    std::string quota_;
    std::string within_;
};

}  // namespace hauspost::server
