// A peer's octets through the inflating side of a compressed connection: no crash, and the same
// text and end however they are cut and read; and what we deflate can be inflated again.
#include "protocols/net/deflate_stream.hpp"
#include "tests/support/deflate_text.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace hauspost;

namespace {

constexpr std::size_t enough = 1 << 20;

struct outcome {
    std::string text;
};

awaitable<void> read_all(net::stream& from, outcome& all, std::size_t step) {
    std::string buffer(step, '\0');
    while (all.text.size() < enough) {
        const auto got = co_await from.read_some(buffer, std::chrono::seconds(1));
        if (!got) co_return;
        if (*got == 0 || *got > step) std::abort();
        all.text.append(buffer, 0, *got);
    }
    all.text.resize(enough);
}

outcome inflated(std::string_view octets, std::size_t cut, std::size_t step) {
    test::memory_stream inner{std::string(octets)};
    inner.split_every(cut);
    net::deflate_stream peer(inner);
    peer.start("");
    outcome all;
    test::run(read_all(peer, all, step));
    return all;
}

awaitable<void> write_all(net::stream& to, std::string_view text) {
    const auto failed = co_await to.write(text, std::chrono::seconds(1));
    if (failed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::string_view octets(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto whole = inflated(octets, SIZE_MAX, 16 * 1024);
    const auto pieces = inflated(octets, data[0] + 1u, data[1] * 16u + 1u);
    // A fault may come before the last octets of a window have been asked for, never text that
    // differs.
    if (!whole.text.starts_with(pieces.text) && !pieces.text.starts_with(whole.text)) std::abort();
    test::memory_stream inner;
    net::deflate_stream peer(inner);
    peer.start("");
    test::run(write_all(peer, octets));
    test::deflate_peer client;
    if (client.inflate(inner.output()) != octets) std::abort();
    return 0;
}
