#include "server/command_line/command_line.hpp"

int main(int argc, char** argv) {
    return hauspost::command_line::run_command_line(argc, argv);
}
