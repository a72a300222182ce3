#pragma once

namespace hauspost::command_line {

/// What the command ended as; scripts rely on the numbers.
enum class exit_code : int {
    done = 0,
    refused = 1,  // what was asked for cannot be done; stderr says why
    usage = 2,    // the command line or the configuration is wrong
    broken = 3,   // the server's store could not be written any more: start it anew
};

/// The whole program: `hauspost [--config FILE] COMMAND ...`.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace hauspost::command_line
