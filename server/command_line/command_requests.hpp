#pragma once

#include "admin/api/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::command_line {

/// The commands of admin/api on the command line: declares them to the parser, then turns what was
/// typed into a request.
///
/// Calling sequence: construct, parse, given(); the rest only when that is not null.
class command_requests {
public:
    /// app  must outlive this object
    explicit command_requests(CLI::App& app);
    command_requests(const command_requests&) = delete;
    command_requests& operator=(const command_requests&) = delete;

    /// The command that was typed; null when it is none of these.
    [[nodiscard]] const admin::api::command* given() const;
    /// Throws  CLI::ValidationError when a value is not a size or a time
    [[nodiscard]] admin::api::json::object request() const;
    [[nodiscard]] bool as_json() const noexcept { return as_json_; }
    /// The command takes a password, and it may come on standard input.
    [[nodiscard]] bool wants_password() const;
    /// The command takes something away, and whoever sits at a terminal is asked whether it is
    /// meant.
    [[nodiscard]] bool asks_first() const;

private:
    struct declared {
        const admin::api::command* what;
        CLI::App* app;
    };
    /// What was typed for an argument: which of these says its kind.
    struct typed_value {
        std::string text;
        std::vector<std::string> texts;
        std::int64_t number = 0;
        bool flag = false;
    };

    void declare(CLI::App& group, const admin::api::command& what);
    void declare(CLI::App& app, const admin::api::argument& one);
    [[nodiscard]] const declared* parsed() const;
    [[nodiscard]] const typed_value& value_of(const admin::api::argument& one) const;
    [[nodiscard]] admin::api::json::value json_of(const admin::api::argument& one) const;

    std::vector<declared> commands_;
    // By the key of the argument; only one command is typed.
    std::map<std::string_view, typed_value> values_;
    bool as_json_ = false;
    bool yes_ = false;
};

}  // namespace hauspost::command_line
