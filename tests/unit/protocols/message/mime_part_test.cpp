#include "protocols/message/mime_part.hpp"

#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

/// "depth.number type" of each part, in one line.
std::string outline(std::string_view octets) {
    std::string out;
    for (const auto& node : parse_mime_tree(octets)) {
        if (!out.empty()) out += ", ";
        out += std::to_string(node.span.depth) + '.' + std::to_string(node.span.number) + ' ' +
               node.span.type_name;
    }
    return out;
}

std::string body(std::string_view octets, std::size_t index) {
    const auto tree = parse_mime_tree(octets);
    REQUIRE(index < tree.size());
    const auto& span = tree[index].span;
    return std::string(octets.substr(span.body, span.end - span.body));
}

std::vector<part> parts_of(std::string_view octets) {
    std::vector<part> parts;
    for (auto& node : parse_mime_tree(octets))
        parts.push_back(node.span);
    return parts;
}

std::string multipart(const std::string& boundary, const std::string& rest) {
    return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n" + rest;
}

}  // namespace

TEST_SUITE("message MIME parts") {
    TEST_CASE("the message of RFC 2049 appendix A has its nine parts") {
        const auto message = read_message("rfc2049_appendix_a.eml");
        CHECK(outline(message) ==
              "0.1 multipart/mixed, 1.1 text/plain, 1.2 text/plain, 1.3 multipart/parallel, "
              "2.1 audio/basic, 2.2 image/jpeg, 1.4 text/enriched, 1.5 message/rfc822, "
              "2.1 text/plain");
        CHECK(body(message, 2) ==
              "This could have been part of the previous part, but\r\n"
              "illustrates explicit versus implicit typing of body\r\nparts.\r\n");
        CHECK(body(message, 5) == "  ... base64-encoded image data goes here ...\r\n");
        CHECK(body(message, 8) == "  ... Additional text in ISO-8859-1 goes here ...\r\n");
        const auto tree = parse_mime_tree(message);
        CHECK(tree[2].span.charset == "us-ascii");
        CHECK(tree[2].span.lines == 3);
        CHECK(tree[4].span.encoding == "base64");
        CHECK(tree[7].span.type == part::kind::message);
        CHECK(tree[7].span.body == tree[8].span.header);
        CHECK(tree[8].span.encoding == "quoted-printable");
    }

    TEST_CASE("the example of RFC 2046 5.1.1 has an implicit and an explicit part") {
        const auto message = multipart("simple boundary",
                                       "This is the preamble.\r\n"
                                       "--simple boundary\r\n"
                                       "\r\n"
                                       "This is implicitly typed plain US-ASCII text.\r\n"
                                       "It does NOT end with a linebreak.\r\n"
                                       "--simple boundary\r\n"
                                       "Content-type: text/plain; charset=us-ascii\r\n"
                                       "\r\n"
                                       "This is explicitly typed plain US-ASCII text.\r\n"
                                       "It DOES end with a linebreak.\r\n"
                                       "\r\n"
                                       "--simple boundary--\r\n"
                                       "This is the epilogue.  It is also to be ignored.\r\n");
        CHECK(body(message, 1) ==
              "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.");
        CHECK(body(message, 2) ==
              "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n");
        CHECK(parse_mime_tree(message)[1].span.lines == 1);
        CHECK(parse_mime_tree(message)[2].span.lines == 2);
        CHECK(parse_mime_tree(message)[0].span.end == message.size());
    }

    TEST_CASE("a part of a digest is a message when it does not say otherwise") {
        CHECK(outline("Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\n"
                      "\r\ny\r\n--b\r\nContent-Type: text/html\r\n\r\nz\r\n--b--\r\n") ==
              "0.1 multipart/digest, 1.1 message/rfc822, 2.1 text/plain, 1.2 text/html");
    }

    TEST_CASE("a message without header, without body or without anything is one text") {
        CHECK(outline("") == "0.1 text/plain");
        CHECK(outline("\r\nbody") == "0.1 text/plain");
        CHECK(outline("Content-Type: image/png") == "0.1 image/png");
        CHECK(body("\r\nbody", 0) == "body");
    }

    TEST_CASE("bare LF line ends are understood") {
        CHECK(outline("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n") ==
              "0.1 multipart/mixed, 1.1 text/plain");
    }

    TEST_CASE("a part that ends within its header has no body") {
        CHECK(outline(multipart("b", "--b\r\nContent-Type: text/html\r\n--b\r\n")) ==
              "0.1 multipart/mixed, 1.1 text/html, 1.2 text/plain");
        CHECK(body(multipart("b", "--b\r\nContent-Type: text/html\r\n--b--\r\n"), 1) == "");
        CHECK(outline(multipart("b", "--b\r\nContent-Type: message/rfc822\r\n\r\n--b--\r\n")) ==
              "0.1 multipart/mixed, 1.1 message/rfc822, 2.1 text/plain");
    }

    TEST_CASE("an outer boundary ends inner multiparts that were never closed") {
        const auto message =
            multipart("out",
                      "--out\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\na\r\n"
                      "--out\r\n\r\nb\r\n--out--\r\n");
        CHECK(outline(message) ==
              "0.1 multipart/mixed, 1.1 multipart/mixed, 2.1 text/plain, "
              "1.2 text/plain");
        CHECK(body(message, 2) == "a");
        CHECK(body(message, 3) == "b");
    }

    TEST_CASE("white space after a delimiter is padding, other text makes it none") {
        CHECK(body(multipart("b", "--b \t\r\n\r\nx\r\n--bc\r\n--b- \r\n--b-- \r\n"), 1) ==
              "x\r\n--bc\r\n--b- ");
    }

    TEST_CASE("D01: a boundary that is the beginning of another takes nothing from it") {
        const auto message =
            multipart("a",
                      "--a\r\nContent-Type: multipart/mixed; boundary=ab\r\n\r\n--ab\r\n\r\nx\r\n"
                      "--ab--\r\n--a\r\n\r\ny\r\n--a--\r\n");
        CHECK(outline(message) ==
              "0.1 multipart/mixed, 1.1 multipart/mixed, 2.1 text/plain, "
              "1.2 text/plain");
    }

    TEST_CASE("D01: an empty, missing, unused or too long boundary leaves one text") {
        CHECK(outline("Content-Type: multipart/mixed\r\n\r\n--\r\n\r\nx") == "0.1 text/plain");
        CHECK(outline(multipart("", "--\r\n\r\nx\r\n----\r\n")) == "0.1 text/plain");
        CHECK(outline(multipart("b", "x\r\n")) == "0.1 text/plain");
        CHECK(outline(multipart("b", "--b--\r\n")) == "0.1 text/plain");
        CHECK(outline("Content-Type: multipart/mixed; boundary=b\r\n--b\r\n\r\nx") ==
              "0.1 text/plain");
        const std::string at_limit(mime_limits::max_boundary_octets, 'b');
        CHECK(parse_mime_tree(multipart(at_limit, "--" + at_limit + "\r\n\r\nx")).size() == 2);
        const auto longer = at_limit + 'b';
        CHECK(parse_mime_tree(multipart(longer, "--" + longer + "\r\n\r\nx")).size() == 1);
    }

    TEST_CASE("D01: a boundary of 199 or 200 octets is closed by its delimiter") {
        const std::size_t most = mime_limits::max_boundary_octets;
        for (const auto octets : {most - 1, most}) {
            const std::string boundary(octets, 'b');
            const auto message = multipart(
                boundary, "--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--\r\nbehind");
            CHECK(body(message, 1) == "x");
        }
    }

    TEST_CASE("D01: 1000 parts are opened, one more is not") {
        const auto parts = [](std::size_t count) {
            return parse_mime_tree(
                multipart("b", repeated("--b\r\n\r\nx\r\n", count) + "--b--\r\n"));
        };
        CHECK(parts(999).size() == 1000);
        CHECK(parts(1000).size() == 1000);
        CHECK(parts(1'000'000).size() == 1000);
        CHECK(parts(1000)[999].span.end > parts(999)[999].span.end);
    }

    TEST_CASE("D01: 64 levels are opened, what is deeper is opaque") {
        const auto nested = [](int levels) {
            std::string text;
            for (int i = 0; i < levels; ++i) {
                const auto name = "b" + std::to_string(i);
                text += multipart(name, "--" + name + "\r\n");
            }
            return text + "\r\nx\r\n";
        };
        CHECK(parse_mime_tree(nested(64)).size() == 65);
        CHECK(parse_mime_tree(nested(64)).back().span.type_name == "text/plain");
        CHECK(parse_mime_tree(nested(65)).size() == 65);
        CHECK(parse_mime_tree(nested(65)).back().span.type_name == "application/octet-stream");
        CHECK(parse_mime_tree(nested(100'000)).size() == 65);
    }

    TEST_CASE("D01: ten thousand messages in each other stop at the limit") {
        const auto tree = parse_mime_tree(repeated("Content-Type: message/rfc822\r\n\r\n", 10'000));
        CHECK(tree.size() == 65);
        CHECK(tree.back().span.type_name == "application/octet-stream");
    }

    TEST_CASE("a message that is wrapped in base64 is opaque") {
        CHECK(
            outline("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: BASE64\r\n\r\nx") ==
            "0.1 application/octet-stream");
    }

    TEST_CASE("D06: almost-boundaries, dashes and one endless line are linear") {
        const std::string text = multipart("bound", "--bound\r\n\r\n");
        CHECK(parse_mime_tree(text + repeated("--boun\r\n", 1'000'000)).size() == 2);
        CHECK(parse_mime_tree(text + std::string(10'000'000, '-')).size() == 2);
        CHECK(parse_mime_tree(text + repeated("--\r\n", 1'000'000)).size() == 2);
        CHECK(parse_mime_tree(text + "--" + std::string(5'000'000, ' ')).size() == 2);
    }

    TEST_CASE("D12: NUL octets count like others") {
        using namespace std::string_literals;
        const auto message = "A\0: x\r\nContent-Type: text/html\r\n\r\na\0b\r\n"s;
        CHECK(body(message, 0) == "a\0b\r\n"s);
        CHECK(outline(message) == "0.1 text/html");
    }

    TEST_CASE("section numbers find their parts as RFC 9051 6.4.5.1 counts") {
        const auto message = read_message("rfc2049_appendix_a.eml");
        const auto parts = parts_of(message);
        const auto found = [&](std::vector<std::uint32_t> path) -> int {
            const auto* where = find_part(parts, path);
            return where == nullptr ? -1 : static_cast<int>(where - parts.data());
        };
        CHECK(found({}) == 0);
        CHECK(found({1}) == 1);
        CHECK(found({3}) == 3);
        CHECK(found({3, 2}) == 5);
        CHECK(found({5}) == 7);
        CHECK(found({5, 1}) == 8);  // the text of the message inside
        CHECK(found({5, 1, 1}) == -1);
        CHECK(found({5, 2}) == -1);
        CHECK(found({6}) == -1);
        CHECK(found({1, 1}) == -1);
        CHECK(found({0}) == -1);
        CHECK(inner_message(parts, parts[7]) == &parts[8]);
        CHECK(inner_message(parts, parts[1]) == nullptr);
    }

    TEST_CASE("a message without multipart has itself as part 1") {
        const auto parts = parts_of("Content-Type: text/html\r\n\r\nx");
        const std::uint32_t one[] = {1}, two[] = {2};
        CHECK(find_part(parts, one) == &parts[0]);
        CHECK(find_part(parts, two) == nullptr);
        const std::uint32_t deeper[] = {1, 1};
        CHECK(find_part(parts, deeper) == nullptr);
    }

    TEST_CASE("parts of a multipart inside a carried message count below its number") {
        const auto parts = parts_of(
            "Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n");
        REQUIRE(parts.size() == 4);
        const std::uint32_t whole[] = {1}, second[] = {1, 2};
        CHECK(find_part(parts, whole) == &parts[0]);
        CHECK(find_part(parts, second) == &parts[3]);
    }
}
