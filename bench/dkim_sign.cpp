// DKIM signing alone, on one thread: octets of body that go through the relaxed form and its hash,
// and signatures of a message whose body is hashed already.

#include "bench/support/figures.hpp"
#include "protocols/dkim/sign.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace hauspost;

constexpr std::string_view header =
    "From: Ann <ann@example.test>\r\nTo: Bob <bob@elsewhere.test>\r\nSubject: figures\r\n"
    "Date: Mon, 23 Nov 2026 10:26:50 +0100\r\nMessage-ID: <1@example.test>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";

/// Lines of 76 octets: of base64, of words, of words with two spaces and blank ends, of nothing.
std::string body_of(std::string_view word, std::string_view end, std::size_t octets) {
    std::string body;
    while (body.size() < octets) {
        const auto line = body.size();
        while (!word.empty() && body.size() - line + word.size() <= 76)
            body += word;
        body += end;
    }
    return body;
}

double megabytes_a_second(const std::string& body, std::size_t rounds) {
    constexpr std::size_t piece = 64 * 1024;  // as the store gives them
    const auto begun = bench::steady::now();
    for (std::size_t i = 0; i < rounds; ++i) {
        dkim::message_digest digest;
        digest.feed(header);
        for (std::size_t at = 0; at < body.size(); at += piece)
            digest.feed(std::string_view(body).substr(at, piece));
        digest.finish();
    }
    const auto took = bench::seconds(bench::steady::now() - begun);
    return static_cast<double>(body.size() * rounds) / took / 1e6;
}

double signatures_a_second(dkim::key_type type, std::size_t count) {
    const auto key = dkim::private_key::generate(type);
    dkim::message_digest digest;
    digest.feed(header);
    digest.feed("Hello\r\n");
    digest.finish();
    dkim::signer who;
    who.domain = "example.test";
    who.selector = "mail2026";
    who.key = &key;
    const std::vector<dkim::signer> signers{who};
    const auto begun = bench::steady::now();
    for (std::size_t i = 0; i < count; ++i)
        if (!dkim::sign(digest, signers, {})) throw std::runtime_error("not signed");
    return static_cast<double>(count) / bench::seconds(bench::steady::now() - begun);
}

}  // namespace

int main(int argc, char** argv) {
    const bench::arguments given(argc, argv,
                                 {{"megabytes", "50"}, {"rounds", "10"}, {"signatures", "2000"}});
    const auto octets = given.number("megabytes") * 1'000'000;
    const auto rounds = given.number("rounds");
    bench::report()
        .add("base64_mb_per_s", megabytes_a_second(body_of("QUJD", "\r\n", octets), rounds))
        .add("words_mb_per_s", megabytes_a_second(body_of("hello ", "x\r\n", octets), rounds))
        .add("blanks_mb_per_s", megabytes_a_second(body_of("hello  ", "\r\n", octets), rounds))
        .add("empty_lines_mb_per_s", megabytes_a_second(body_of("", "\r\n", octets), rounds))
        .add("rsa2048_per_s", signatures_a_second(dkim::key_type::rsa, given.number("signatures")))
        .add("ed25519_per_s",
             signatures_a_second(dkim::key_type::ed25519, given.number("signatures")))
        .print();
}
