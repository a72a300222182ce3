#include "server/control/command_line.hpp"

int main(int argc, char** argv) {
    return hauspost::control::run_command_line(argc, argv);
}
