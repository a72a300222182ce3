// A line: must have an outcome, and the octets of a message must go out as LIST counts them.

#include "protocols/message/text_growth.hpp"
#include "protocols/pop3/command_parser.hpp"
#include "protocols/pop3/message_encoder.hpp"
#include "protocols/pop3/session/command_table.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;

std::string encode(std::string_view octets, std::size_t cut, std::uint64_t lines) {
    pop3::message_encoder encoder(lines);
    std::string out;
    encoder.encode(octets.substr(0, cut), out);
    encoder.encode(octets.substr(cut), out);
    encoder.finish(out);
    return out;
}

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(octets), size);
    const auto parsed = pop3::parse_command(input);
    must(!pop3::rule_of(parsed).name.empty());
    if (size == 0) return 0;

    const auto cut = octets[0] % size;
    const auto whole = encode(input, size, pop3::message_encoder::all_lines);
    must(whole == encode(input, cut, pop3::message_encoder::all_lines));
    must(whole.find('\0') == std::string::npos);
    std::size_t stuffed = 0;
    std::size_t at = 0;
    for (; at < whole.size() - 3; at = whole.find("\r\n", at) + 2) {
        must(whole.substr(at, 3) != ".\r\n");
        stuffed += whole[at] == '.';
    }
    must(at == whole.size() - 3 && whole.ends_with(".\r\n"));
    must(whole.size() - 3 - stuffed == size + message::text_growth(input));

    auto top = encode(input, cut, octets[0] % 8);
    must(top.ends_with(".\r\n"));
    top.resize(top.size() - 3);
    must(whole.starts_with(top));
    return 0;
}
