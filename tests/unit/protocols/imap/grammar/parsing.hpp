#pragma once

#include "protocols/imap/grammar/command_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <variant>

namespace hauspost::imap::testing {

/// The command of that type that the text (without its tag) means; fails the test otherwise.
template <class Command>
Command parse_as(std::string_view text) {
    const auto whole = "A1 " + std::string(text);
    auto parsed = parse_command(whole);
    INFO("command: ", whole);
    if (const auto* why = std::get_if<refusal>(&parsed)) FAIL(why->text);
    auto& tagged = std::get<tagged_command>(parsed);
    CHECK(tagged.tag == "A1");
    REQUIRE(std::holds_alternative<Command>(tagged.command));
    return std::get<Command>(std::move(tagged.command));
}

/// Why the text is refused: "BAD text" or "NO [CODE] text"; "" when it is a command.
inline std::string refused(std::string_view text) {
    const auto parsed = parse_command("A1 " + std::string(text));
    const auto* why = std::get_if<refusal>(&parsed);
    if (why == nullptr) return "";
    CHECK(why->tag == "A1");
    std::string line = why->status == status::no ? "NO " : "BAD ";
    if (!why->code.empty()) line += "[" + why->code + "] ";
    return line + why->text;
}

inline std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

}  // namespace hauspost::imap::testing
