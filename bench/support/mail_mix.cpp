#include "bench/support/mail_mix.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace bench {

namespace {

constexpr const char* words[] = {
    "the",      "offer",  "for",     "Monday",  "please", "find",     "attached",  "invoice",
    "meeting",  "kind",   "regards", "project", "number", "delivery", "we",        "will",
    "customer", "answer", "until",   "next",    "week",   "your",     "question",  "contract",
    "and",      "about",  "it",      "as",      "agreed", "today",    "warehouse", "order"};

using engine = std::mt19937_64;

// Not std::uniform_int_distribution: its values are not the same everywhere.
std::size_t pick(engine& random, std::size_t below) {
    return static_cast<std::size_t>(random() % below);
}

std::string text_lines(engine& random, std::size_t octets) {
    std::string out;
    std::size_t column = 0;
    while (out.size() < octets) {
        const std::string word = words[pick(random, std::size(words))];
        out += word;
        column += word.size() + 1;
        out += column > 66 ? "\r\n" : " ";
        if (column > 66) column = 0;
    }
    return out + "\r\n";
}

std::string quoted_printable_lines(engine& random, std::size_t octets) {
    auto out = text_lines(random, octets);
    for (auto at = out.find(" the "); at != std::string::npos; at = out.find(" the ", at + 8))
        out.replace(at, 5, " gr=C3=BC=C3=9Fe ");
    return out;
}

std::string base64_lines(engine& random, std::size_t octets) {
    constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve(octets + 128);
    while (out.size() < octets) {
        for (int column = 0; column < 76; ++column)
            out += alphabet[pick(random, 64)];
        out += "\r\n";
    }
    return out;
}

std::string header(engine& random) {
    const auto number = std::to_string(pick(random, 100'000));
    return "Received: from mx" + number + ".elsewhere.test (mx" + number +
           ".elsewhere.test [192.0.2.7])\r\n\tby relay.elsewhere.test with ESMTPS id " + number +
           "\r\n\tfor <user@example.test>; Mon, 3 Jun 2024 10:00:00 +0200\r\n"
           "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=elsewhere.test; s=s1;\r\n"
           "\th=from:to:subject:date; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n\tb=" +
           base64_lines(random, 76) + "\t" + base64_lines(random, 76) + "From: \"Person " + number +
           "\" <person" + number + "@elsewhere.test>\r\nTo: User <user@example.test>, other" +
           number + "@elsewhere.test\r\nSubject: " + words[pick(random, std::size(words))] + " " +
           number +
           " =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nDate: Mon, 3 Jun 2024 10:00:00 +0200\r\n"
           "MIME-Version: 1.0\r\n";
}

std::string part(const std::string& type, const std::string& encoding, const std::string& body) {
    return "Content-Type: " + type + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" +
           body;
}

std::string multipart(const std::string& subtype, const std::vector<std::string>& parts) {
    std::string out = "Content-Type: multipart/" + subtype + "; boundary=\"=_b_" + subtype +
                      "\"\r\n\r\nThis is a multi-part message in MIME format.\r\n";
    for (const auto& one : parts)
        out += "--=_b_" + subtype + "\r\n" + one;
    return out + "--=_b_" + subtype + "--\r\n";
}

std::string body(engine& random, std::size_t octets) {
    // Long mail is long because of what is attached to it.
    const auto kind = octets > 40'000 ? 3 : pick(random, 10);
    const auto text = std::min<std::size_t>(octets, 1'500);
    const auto rest = octets - text;
    if (kind < 2) return part("text/plain; charset=us-ascii", "7bit", text_lines(random, octets));
    if (kind < 3)
        return part("text/plain; charset=utf-8", "quoted-printable",
                    quoted_printable_lines(random, octets));
    if (kind < 5)
        return multipart(
            "mixed",
            {part("text/plain; charset=utf-8", "8bit", text_lines(random, text)),
             part("application/pdf; name=\"offer.pdf\"", "base64", base64_lines(random, rest))});
    return multipart("alternative",
                     {part("text/plain; charset=utf-8", "quoted-printable",
                           quoted_printable_lines(random, octets / 3)),
                      part("text/html; charset=utf-8", "quoted-printable",
                           "<html><body>" + quoted_printable_lines(random, octets - octets / 3) +
                               "</body></html>\r\n")});
}

// Box and Muller: the same value on every machine, unlike std::normal_distribution.
double normal(engine& random) {
    const auto unit = [&random] {
        return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0;
    };
    constexpr double two_pi = 6.283185307179586;
    const auto radius = std::sqrt(-2.0 * std::log(unit()));
    return radius * std::cos(two_pi * unit());
}

}  // namespace

std::vector<std::string> make_mix(std::size_t messages, const mix_shape& shape) {
    engine random(shape.seed);
    const auto sigma = std::sqrt(2.0 * std::log(shape.mean_octets / shape.median_octets));
    std::vector<std::string> mix;
    mix.reserve(messages);
    for (std::size_t n = 0; n < messages; ++n) {
        const auto wanted = shape.median_octets * std::exp(sigma * normal(random));
        const auto octets =
            std::clamp<double>(wanted, 1'200, static_cast<double>(shape.max_octets));
        auto head = header(random);
        const auto left =
            static_cast<std::size_t>(octets) -
            std::min<std::size_t>(static_cast<std::size_t>(octets) - 100, head.size() + 400);
        mix.push_back(std::move(head) + body(random, left));
    }
    return mix;
}

mix_shape lite() {
    return {.median_octets = 3'600, .mean_octets = 3'750, .max_octets = 5'000, .seed = 7};
}

std::string first_lines(std::uint64_t number) {
    const auto id = [](std::uint64_t n) {
        return "<bench." + std::to_string(n) + "@elsewhere.test>";
    };
    // Threads of eight: each message answers the one before it.
    const auto begin = number - number % 8;
    std::string lines = "Message-ID: " + id(number) + "\r\n";
    if (number != begin) lines += "References:";
    for (auto n = begin; n < number; ++n)
        lines += "\r\n " + id(n);
    if (number != begin) lines += "\r\n";
    return lines;
}

}  // namespace bench
