#include "server/command_line/command_line.hpp"

#include "base/clock.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "server/app/app.hpp"
#include "server/app/privileges.hpp"
#include "server/command_line/command_requests.hpp"
#include "server/command_line/print_answer.hpp"
#include "server/command_line/run_command.hpp"
#include "server/command_line/terminal.hpp"
#include "server/config/config.hpp"
#include "server/config/config_checks.hpp"
#include "server/config/config_values.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::command_line {

using namespace server;

namespace {

/// False when there are faults, which are printed.
bool is_right(const loaded_config& loaded, const std::string& path) {
    std::fputs(describe(loaded.faults, path).c_str(), stderr);
    return loaded.faults.empty();
}

exit_code check_config(const std::string& path) {
    auto loaded = load_config(path);
    check_user(loaded);
    if (loaded.faults.empty()) {
        // As the server will: a key that only root can read is of no use to it.
        if (::geteuid() == 0)
            if (const auto user = user_to_become(loaded.values)) become(*user);
        check_files(loaded, system_clock());
    }
    for (auto note : loaded.notes) {
        note.what = "note: " + note.what;
        std::fputs(describe({note}, path).c_str(), stdout);
    }
    if (!is_right(loaded, path)) return exit_code::usage;
    std::printf("%s: no faults\n", path.c_str());
    return exit_code::done;
}

/// Becomes the server's user, when there is one to become.
/// Throws  std::runtime_error when root would go on and serve other machines
void leave_root(const config& c, bool allow_root) {
    if (const auto user = user_to_become(c)) {
        make_data_dir(c.data_dir, *user);
        become(*user);
    } else if (::geteuid() != 0) {
        drop_capabilities();
    } else if (!allow_root && listens_beyond_loopback(c.listen)) {
        throw std::runtime_error(
            "a server that other machines can reach does not run as root: write user = "
            "\"hauspost\" below [server] in the configuration (adduser --system --group hauspost "
            "makes it), or start it as an ordinary user; `serve --allow-root` is for test beds");
    }
}

exit_code serve(const std::string& path, bool allow_root) {
    auto loaded = load_config(path);
    if (!is_right(loaded, path)) return exit_code::usage;
    const auto notes = loaded.notes;  // before those of check_files, which the server logs itself
    // Low ports need root, and files must not be made by it: so this comes first.
    auto ports = bind_ports(loaded.values.listen);
    leave_root(loaded.values, allow_root);
    check_files(loaded, system_clock());
    if (!is_right(loaded, path)) return exit_code::usage;
    set_up_log(loaded.values.log);
    log_notes(notes);
    auto lock = instance_lock::try_take(loaded.values.data_dir);
    if (!lock) {
        std::fprintf(stderr, "hauspost: another server, or a command, uses %s: stop it first\n",
                     loaded.values.data_dir.c_str());
        return exit_code::refused;
    }
    if (const auto again = read_file(path, max_config_octets); !again.fault.empty())
        log::warn(
            "config_unreadable file={} what={} advice=\"the server's user must be able to "
            "read it, or SIGHUP changes nothing\"",
            log_safe(path, 400), log_safe(again.fault));
    app server(std::move(loaded), path, std::move(ports), std::move(*lock));
    return server.run() ? exit_code::done : exit_code::broken;
}

/// A password: asked for twice at a terminal, else one line of standard input. nullopt: there is
/// none, and one is to be generated.
/// Throws  std::runtime_error when the two are not the same
std::optional<std::string> read_password() {
    if (is_terminal()) {
        auto password = ask_secretly("New password (leave it empty to have one generated): ");
        if (!password || password->empty()) return std::nullopt;
        if (ask_secretly("Repeat the password: ") != password)
            throw std::runtime_error("the two passwords differ; nothing was changed");
        return password;
    }
    std::string line;
    std::getline(std::cin, line);
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return std::nullopt;
    return line;
}

/// What is asked before something is taken away: what it is, what it holds, what leads there.
std::string removal_question(const loaded_config& file, const admin::api::json::object& request) {
    const std::string name(request.at("command").as_string());
    const auto* subject = request.if_contains("address");
    if (subject == nullptr) subject = request.if_contains("name");
    if (subject == nullptr) subject = request.if_contains("id");
    auto question = name;
    if (subject != nullptr)
        question += " " + (subject->is_string() ? printable(subject->get_string())
                                                : admin::api::json::serialize(*subject));
    if (name == "account remove") {
        const auto about =
            run_store_command(file, {{"command", "account show"}, {"address", *subject}});
        if (about)
            question += ", with " + admin::api::json::serialize(about->at("messages")) +
                        " messages of " + admin::api::json::serialize(about->at("octets")) +
                        " octets, for good";
        const char* before = "; mail still goes on to it from ";
        if (about)
            for (const auto& one : about->at("reached_from").as_array()) {
                question += before + printable(one.as_string());
                before = ", ";
            }
    }
    return question + "? [y/N] ";
}

/// Before root touches the store it becomes the server's user.
void enter_store(const config& c, bool may_make) {
    const auto user = user_to_become(c);
    if (!user) return;
    if (may_make) make_data_dir(c.data_dir, *user);
    become(*user);
}

/// Where a command logs what it did when no server runs: the server's log file, else stderr.
void set_up_command_log(const config& c) {
    auto log = c.log;
    try {
        if (log.target != "stderr") return set_up_log(log);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "hauspost: %s\n", fault.what());
    }
    log.target = "stderr";
    set_up_log(log);
}

exit_code run_command(const std::string& config_path,
                      const command_requests& commands,
                      const admin::api::command& command) {
    auto request = commands.request();
    const auto loaded = load_config(config_path);
    if (!is_right(loaded, config_path)) return exit_code::usage;
    const auto& c = loaded.values;
    enter_store(c, command.makes_store);
    set_up_command_log(c);
    if (commands.asks_first() && is_terminal() && !ask_yes(removal_question(loaded, request))) {
        std::fputs("hauspost: nothing was changed\n", stderr);
        return exit_code::refused;
    }
    if (commands.wants_password())
        if (auto password = read_password()) request["password"] = std::move(*password);
    const auto answer = run_store_command(loaded, request);
    if (!answer) {
        std::fprintf(stderr, "hauspost: %s\n", printable(answer.error().text).c_str());
        return exit_code::refused;
    }
    const auto text = commands.as_json() ? admin::api::json::serialize(*answer) + "\n"
                                         : to_text(command, *answer);
    std::fputs(text.c_str(), stdout);
    if (const auto* warning = answer->if_contains("warning"))
        std::fprintf(stderr, "note: %s\n", printable(warning->as_string()).c_str());
    const auto* sound = answer->if_contains("sound");
    return sound == nullptr || sound->as_bool() ? exit_code::done : exit_code::refused;
}

/// What is wrong with the words of a command line before the parser sees them, with the word that
/// was meant; empty: nothing.
std::string find_word_fault(const CLI::App& app, const std::vector<std::string>& words) {
    for (const auto& word : words)
        if (!utf8::is_valid(word))
            return "the argument \"" + printable(word) +
                   "\" is not valid UTF-8; is the terminal set to another encoding?";
    const auto* group = &app;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--config") ++i;
        if (word.starts_with("-")) continue;
        const auto known = group->get_subcommands([](const CLI::App*) { return true; });
        if (known.empty()) break;
        std::vector<std::string_view> names;
        std::vector<std::string> kept;
        for (const auto* one : known)
            kept.push_back(one->get_name());
        names.assign(kept.begin(), kept.end());
        const auto found = std::find(kept.begin(), kept.end(), word);
        if (found == kept.end()) {
            const auto where = group == &app ? "hauspost" : "hauspost " + group->get_name();
            const auto near = nearest_word(word, names);
            return "\"" + printable(word) + "\" is not a command of " + where +
                   (near.empty() ? "; `" + where + " --help` shows all"
                                 : "; did you mean \"" + std::string(near) + "\"?");
        }
        group = known[static_cast<std::size_t>(found - kept.begin())];
    }
    return {};
}

exit_code run(CLI::App& app, int argc, char** argv) {
    std::string config_path = "/etc/hauspost/hauspost.toml";
    app.add_option("--config", config_path, "Configuration file")->capture_default_str();
    app.set_version_flag("--version", "hauspost " HAUSPOST_VERSION);
    app.require_subcommand(1);
    auto* const serve_command = app.add_subcommand("serve", "Run the server");
    bool allow_root = false;
    serve_command->add_flag("--allow-root", allow_root,
                            "Serve other machines as root; for test beds only");
    const auto* check_command =
        app.add_subcommand("check-config", "Show all mistakes in the configuration file");
    const command_requests commands(app);
    const auto fault = find_word_fault(app, {argv + std::min(argc, 1), argv + argc});
    if (!fault.empty()) {
        std::fprintf(stderr, "hauspost: %s\n", fault.c_str());
        return exit_code::usage;
    }
    app.parse(argc, argv);
    if (serve_command->parsed()) return serve(config_path, allow_root);
    if (check_command->parsed()) return check_config(config_path);
    const auto* command = commands.given();
    return command != nullptr ? run_command(config_path, commands, *command) : exit_code::usage;
}

}  // namespace

int run_command_line(int argc, char** argv) {
    // All that the server makes is for its user alone; a peer that goes away is no signal.
    ::umask(0077);
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Hauspost mail server", "hauspost");
    try {
        return static_cast<int>(run(app, argc, argv));
    } catch (const CLI::ParseError& fault) {
        return app.exit(fault) == 0 ? 0 : static_cast<int>(exit_code::usage);
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "hauspost: %s\n", fault.what());
        return static_cast<int>(exit_code::refused);
    }
}

}  // namespace hauspost::command_line
