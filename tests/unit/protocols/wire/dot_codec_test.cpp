#include "protocols/wire/dot_codec.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost::wire;

namespace {

struct decoded {
    std::string message;  // "" when refused
    std::string rest;     // what came after the end
    bool is_end = false;
    bool refused = false;
    bool operator==(const decoded&) const = default;
};

decoded decode(const std::vector<std::string>& pieces) {
    dot_decoder decoder;
    decoded result;
    for (auto piece : pieces) {
        if (result.is_end) {
            result.rest += piece;
            continue;
        }
        const auto step = decoder.decode(piece);
        result.message.append(piece, 0, step.produced);
        result.is_end = step.is_end;
        result.rest = piece.substr(step.consumed);
    }
    result.refused = decoder.has_bare_newline();
    if (result.refused) result.message.clear();
    return result;
}

/// Whole, octet by octet, and cut at every place; all must agree.
decoded decode_everywhere(const std::string& octets) {
    CAPTURE(octets);
    const auto whole = decode({octets});
    for (std::size_t cut = 0; cut <= octets.size(); ++cut)
        CHECK(decode({octets.substr(0, cut), octets.substr(cut)}) == whole);
    std::vector<std::string> single;
    for (const char c : octets)
        single.emplace_back(1, c);
    CHECK(decode(single) == whole);
    return whole;
}

using namespace std::string_literals;
const std::array<std::pair<const char*, std::string>, 8> separators{{{"CRLF", "\r\n"},
                                                                     {"LF", "\n"},
                                                                     {"CR", "\r"},
                                                                     {"CRCRLF", "\r\r\n"},
                                                                     {"LFCR", "\n\r"},
                                                                     {"NUL", "\0"s},
                                                                     {"VT", "\v"},
                                                                     {"CRNULLF", "\r\0\n"s}}};

}  // namespace

TEST_CASE("dot decoder: stuffed dots go and the end is found, however the octets are cut") {
    CHECK(decode_everywhere(".\r\n") == decoded{"", "", true, false});
    CHECK(decode_everywhere("a\r\n.\r\n") == decoded{"a\r\n", "", true, false});
    CHECK(decode_everywhere("..\r\n...\r\n.x\r\n.\r\nQUIT\r\n") ==
          decoded{".\r\n..\r\nx\r\n", "QUIT\r\n", true, false});
    CHECK(decode_everywhere("a.\r\nb .\r\n").is_end == false);
    CHECK(decode_everywhere("\r\n\r\n.\r\n") == decoded{"\r\n\r\n", "", true, false});
    CHECK(decode_everywhere("no end yet\r\n.").is_end == false);
    CHECK(decode_everywhere("no end yet\r\n.\r").is_end == false);
}

TEST_CASE("dot decoder: A01 only CRLF.CRLF ends the data, in all 64 combinations") {
    for (const auto& [x_name, x] : separators) {
        for (const auto& [y_name, y] : separators) {
            CAPTURE(x_name);
            CAPTURE(y_name);
            const std::string smuggled = "MAIL FROM:<evil@b.example>\r\nDATA\r\nx";
            const auto got = decode_everywhere("text" + x + "." + y + smuggled + "\r\n.\r\n");
            CHECK(got.is_end);
            if (x == "\r\n" && y == "\r\n") {
                CHECK(got.rest == smuggled + "\r\n.\r\n");
                CHECK_FALSE(got.refused);
            } else {
                CHECK(got.rest.empty());
                const auto harmless = [](const std::string& s) {
                    return s == "\r\n" || s == "\v" || s == "\0"s;
                };
                CHECK(got.refused == !(harmless(x) && harmless(y)));
            }
        }
    }
}

TEST_CASE("dot decoder: A01 a bare newline anywhere is reported and the true end is still found") {
    for (const auto* octets : {"a\nb\r\n.\r\n", "a\rb\r\n.\r\n", "a\r\r\n\r\n.\r\n", "\n\r\n.\r\n",
                               ".\rx\r\n.\r\n", ".\n\r\n.\r\n", "\r\r\r\r\n\r\n.\r\n",
                               "\r\n.\r\r\n.\r\n\r\n.\r\n", "a\rb\rc\rd\r\n.\r\n"}) {
        const auto got = decode_everywhere(octets);
        CHECK(got.is_end);
        CHECK(got.refused);
        CHECK(got.rest.empty());
    }
}

TEST_CASE("newline guard: A03 bare newlines are found in pieces of any size") {
    const auto found = [](const std::string& octets) {
        newline_guard whole;
        whole.check(octets);
        for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
            newline_guard guard;
            guard.check(std::string_view(octets).substr(0, cut));
            guard.check(std::string_view(octets).substr(cut));
            CHECK(guard.has_bare_newline() == whole.has_bare_newline());
        }
        return whole.has_bare_newline();
    };
    for (const auto* good : {"", "a", "a\r\n", "\r\n\r\nb", ".\r\n"})
        CHECK_FALSE(found(good));
    for (const auto* bad : {"\n", "\r", "a\nb", "a\rb", "\r\r\n", "\n\r", "a\r\nb\n", "a\r\nb\r"})
        CHECK(found(bad));
}

TEST_CASE("dot encoder: A02 what goes out has only CRLF line ends and stuffed dots") {
    const auto encode = [](const std::string& octets) {
        std::string whole;
        dot_encoder encoder;
        encoder.encode(octets, whole);
        encoder.finish(whole);
        for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
            std::string parts;
            dot_encoder again;
            again.encode(std::string_view(octets).substr(0, cut), parts);
            again.encode(std::string_view(octets).substr(cut), parts);
            again.finish(parts);
            CHECK(parts == whole);
        }
        return whole;
    };
    CHECK(encode("") == ".\r\n");
    CHECK(encode("a") == "a\r\n.\r\n");
    CHECK(encode(".\r\n..\r\n") == "..\r\n...\r\n.\r\n");
    CHECK(encode("a\n.\nb") == "a\r\n..\r\nb\r\n.\r\n");
    CHECK(encode("a\r.\rb") == "a\r\n..\r\nb\r\n.\r\n");
    CHECK(encode("a\r\r\n.") == "a\r\n\r\n..\r\n.\r\n");
}

TEST_CASE("dot codec: A02 what the encoder writes the decoder reads back") {
    for (const auto& [x_name, x] : separators) {
        for (const auto& [y_name, y] : separators) {
            std::string out;
            dot_encoder encoder;
            encoder.encode("a" + x + "." + y + "MAIL", out);
            encoder.finish(out);
            const auto got = decode({out});
            CHECK(got.is_end);
            CHECK(got.rest.empty());
            CHECK_FALSE(got.refused);
        }
    }
}

TEST_CASE("newline mender: A02 every line end becomes CRLF, wherever it is cut, and nothing else") {
    const auto mend = [](const std::string& octets) {
        std::string whole;
        newline_mender mender;
        mender.mend(octets, whole);
        for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
            std::string parts;
            newline_mender again;
            again.mend(std::string_view(octets).substr(0, cut), parts);
            again.mend(std::string_view(octets).substr(cut), parts);
            CHECK(parts == whole);
        }
        newline_guard guard;
        guard.check(whole);
        CHECK_FALSE(guard.has_bare_newline());
        return whole;
    };
    CHECK(mend("") == "");
    CHECK(mend("a") == "a");
    CHECK(mend(".\r\n..\r\n") == ".\r\n..\r\n");
    CHECK(mend("a\n.\nb") == "a\r\n.\r\nb");
    CHECK(mend("a\r.\rb\r") == "a\r\n.\r\nb\r\n");
    CHECK(mend("a\r\r\n\n.") == "a\r\n\r\n\r\n.");
}
