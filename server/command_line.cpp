#include "server/command_line.hpp"

#include "server/config.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>

namespace hauspost::server {
namespace {

/// Tells all faults of the configuration; true when there are none.
bool is_right(const loaded_config& loaded, const std::string& path) {
    if (loaded.faults.empty()) return true;
    std::fputs(describe(loaded.faults, path).c_str(), stderr);
    return false;
}

exit_code check_config(const std::string& path) {
    if (!is_right(load_config(path), path)) return exit_code::usage;
    std::printf("%s: no faults\n", path.c_str());
    return exit_code::done;
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app("Hauspost mail server", "hauspost");
    std::string config_path = "/etc/hauspost/hauspost.toml";
    app.add_option("--config", config_path, "Configuration file")->capture_default_str();
    app.set_version_flag("--version", "hauspost " HAUSPOST_VERSION);
    app.require_subcommand(1);
    auto* check = app.add_subcommand("check-config", "Tell all faults of the configuration file");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& fault) {
        return app.exit(fault) == 0 ? static_cast<int>(exit_code::done)
                                    : static_cast<int>(exit_code::usage);
    }
    if (check->parsed()) return static_cast<int>(check_config(config_path));
    return static_cast<int>(exit_code::usage);
}

}  // namespace hauspost::server
