// Message data: decoded whole and in pieces alike; what the encoder writes comes back as one
// message, whatever the octets were.

#include "protocols/wire/dot_codec.hpp"
#include "protocols/wire/line_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace hauspost::wire;

struct decoded {
    std::string message;
    std::size_t consumed = 0;
    bool is_end = false;
    bool refused = false;
    bool operator==(const decoded&) const = default;
};

decoded decode(std::string octets, std::size_t piece) {
    dot_decoder decoder;
    decoded result;
    while (!result.is_end && result.consumed < octets.size()) {
        const auto count = std::min(piece, octets.size() - result.consumed);
        const std::span<char> part(octets.data() + result.consumed, count);
        const auto step = decoder.decode(part);
        result.message.append(part.data(), step.produced);
        result.consumed += step.consumed;
        result.is_end = step.is_end;
    }
    result.refused = decoder.has_bare_newline();
    if (result.refused) result.message.clear();
    return result;
}

std::string lines(std::string_view octets, std::size_t piece) {
    line_reader reader(32);
    std::string all;
    for (std::size_t at = 0; at < octets.size(); at += piece) {
        reader.feed(octets.substr(at, piece));
        std::string_view line;
        for (auto status = reader.next(line); status != line_status::need_more;
             status = reader.next(line)) {
            all += std::to_string(static_cast<int>(status));
            if (status == line_status::complete) all += line;
        }
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size < 1) return 0;
    const std::size_t piece = 1 + octets[0] % 16;
    const std::string text(reinterpret_cast<const char*>(octets) + 1, size - 1);
    if (decode(text, SIZE_MAX) != decode(text, piece)) std::abort();
    if (lines(text, text.size() + 1) != lines(text, piece)) std::abort();
    newline_guard guard;
    guard.check(text);

    std::string out;
    dot_encoder encoder;
    encoder.encode(text, out);
    encoder.finish(out);
    const auto back = decode(out, SIZE_MAX);
    if (!back.is_end || back.refused || back.consumed != out.size()) std::abort();
    std::string mended, again;
    newline_mender by_whole, by_piece;
    by_whole.mend(text, mended);
    for (std::size_t at = 0; at < text.size(); at += piece)
        by_piece.mend(std::string_view(text).substr(at, piece), again);
    newline_guard of_mended;
    of_mended.check(mended);
    if (mended != again || of_mended.has_bare_newline()) std::abort();
    if (!guard.has_bare_newline()) {
        if (mended != text) std::abort();
        std::string wanted = text;
        if (!wanted.empty() && !wanted.ends_with("\r\n")) wanted += "\r\n";
        if (back.message != wanted) std::abort();
    }
    return 0;
}
