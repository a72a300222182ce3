#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// How long the messages of a mix are.
struct mix_shape {
    double median_octets = 8.0 * 1024;
    double mean_octets = 60.0 * 1024;  // log-normal between the two
    std::size_t max_octets = 6 * 1024 * 1024;
    std::uint32_t seed = 23;  // 512 messages: median 8.4 KB, mean 60 KB, longest 5.3 MB
};

/// Messages as people send them: plain, quoted-printable, base64 with attachment,
/// multipart/alternative. The same seed gives the same octets. CRLF line ends, no line begins with
/// a dot, no Message-ID (first_lines() brings one for each sending).
std::vector<std::string> make_mix(std::size_t messages, const mix_shape& shape);

/// At most 5 KB, mean about 3.7 KB: for mailboxes of 100,000.
mix_shape lite();

/// The header lines that make each sending of a message unique.
std::string first_lines(std::uint64_t number);

}  // namespace bench
