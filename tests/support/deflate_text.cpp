#include "tests/support/deflate_text.hpp"

#include <zlib.h>

#include <array>
#include <stdexcept>

namespace hauspost::test {

struct deflate_peer::state {
    z_stream in{}, out{};
};

deflate_peer::deflate_peer() : state_(new state) {
    if (inflateInit2(&state_->in, -15) != Z_OK ||
        deflateInit2(&state_->out, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
}

deflate_peer::~deflate_peer() {
    inflateEnd(&state_->in);
    deflateEnd(&state_->out);
    delete state_;
}

std::string deflate_peer::deflate(std::string_view text) {
    auto& stream = state_->out;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    std::string all;
    std::array<char, 4096> part;
    do {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = part.size();
        ::deflate(&stream, Z_SYNC_FLUSH);
        all.append(part.data(), part.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    return all;
}

std::string deflate_peer::inflate(std::string_view octets) {
    auto& stream = state_->in;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
    stream.avail_in = static_cast<uInt>(octets.size());
    std::string all;
    std::array<char, 4096> part;
    do {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = part.size();
        const int done = ::inflate(&stream, Z_SYNC_FLUSH);
        if (done != Z_OK && done != Z_BUF_ERROR) throw std::runtime_error("no deflate");
        all.append(part.data(), part.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    return all;
}

}  // namespace hauspost::test
