#include "protocols/client_setup/autodiscover_request.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::client_setup;

namespace {

const std::string schema = "http://schemas.microsoft.com/exchange/autodiscover/";

std::string request(const std::string& inner) {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Autodiscover xmlns=\"" + schema +
           "outlook/requestschema/2006\">\r\n<Request>\r\n" + inner +
           "\r\n</Request>\r\n</Autodiscover>";
}

std::string address(const std::string& text) {
    return "<EMailAddress>" + text + "</EMailAddress>";
}

std::string wanted(const std::string& kind) {
    return "<AcceptableResponseSchema>" + schema + kind + "</AcceptableResponseSchema>";
}

}  // namespace

TEST_CASE("autodiscover request: Outlook's") {
    const auto read = parse_autodiscover_request(
        request(address("anna@a.example") + wanted("outlook/responseschema/2006a")));
    REQUIRE(read);
    CHECK(read->address == "anna@a.example");
    CHECK(read->wants_outlook);
}

TEST_CASE("autodiscover request: a telephone's asks for something else") {
    const auto read = parse_autodiscover_request(
        request(address("anna@a.example") + wanted("mobilesync/responseschema/2006")));
    REQUIRE(read);
    CHECK_FALSE(read->wants_outlook);
}

TEST_CASE("autodiscover request: prefixes, white space, comments, CDATA and references") {
    const auto read = parse_autodiscover_request(
        "\xef\xbb\xbf<x:Autodiscover xmlns:x='y'><!-- EMailAddress "
        "--><x:Request><x:EMailAddress>\n "
        "anna&#64;<![CDATA[a.ex]]>ample&amp;\n</x:EMailAddress></x:Request></x:Autodiscover>\n");
    REQUIRE(read);
    CHECK(read->address == "anna@a.example&");
    CHECK(read->wants_outlook);
}

TEST_CASE("autodiscover request: the address counts at its place alone") {
    const auto other = address("x@a.example");
    for (const auto& text :
         {"<Autodiscover>" + other + "</Autodiscover>", other,
          "<Other><Request>" + other + "</Request></Other>",
          "<Autodiscover><Other>" + other + "</Other></Autodiscover>",
          request("<User>" + other + "</User>"), request("<emailaddress>a@b</emailaddress>"),
          request("<LegacyDN>/o=x</LegacyDN>"), request(address("")), request(address(" \n "))})
        CHECK_MESSAGE(!parse_autodiscover_request(text), text);
    const auto within =
        parse_autodiscover_request(request(address("a@b<EMailAddress>c@d</EMailAddress>")));
    REQUIRE(within);
    CHECK(within->address == "a@b");
}

TEST_CASE("autodiscover request: two addresses are none") {
    CHECK_FALSE(parse_autodiscover_request(request(address("a@b") + address("c@d"))));
}

TEST_CASE("autodiscover request: what is not well-formed is none, wherever it is cut") {
    const auto whole = request(address("anna@a.example"));
    REQUIRE(parse_autodiscover_request(whole));
    for (std::size_t octets = 0; octets < whole.size(); ++octets)
        CHECK_FALSE(parse_autodiscover_request(whole.substr(0, octets)));
    for (const auto& text : {whole + "x", whole + whole, std::string(3, '\0'), request("&auml;"),
                             request("<x></y>"), request("<x y=1/>"), request("\x01")})
        CHECK_FALSE(parse_autodiscover_request(text));
}

TEST_CASE("autodiscover request: a DOCTYPE is refused, with entities and without (G12)") {
    const auto rest = request(address("a@b"));
    const auto body = rest.substr(rest.find('\n') + 1);
    REQUIRE(parse_autodiscover_request(body));
    CHECK_FALSE(parse_autodiscover_request("<!DOCTYPE Autodiscover>" + body));
    CHECK_FALSE(
        parse_autodiscover_request("<!DOCTYPE Autodiscover SYSTEM \"file:///etc/passwd\">" + body));
    CHECK_FALSE(parse_autodiscover_request(
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + request(address("&x;"))));
    CHECK_FALSE(parse_autodiscover_request(
        "<!DOCTYPE a [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
        "<Autodiscover><Request>" +
        address("&b;&b;&b;") + "</Request></Autodiscover>"));
}

TEST_CASE("autodiscover request: UTF-8 and UTF-16 are read, whatever it says of itself") {
    const auto read = parse_autodiscover_request(request(address("j\xc3\xbcrg@a.example")));
    REQUIRE(read);
    CHECK(read->address == "j\xc3\xbcrg@a.example");
    CHECK_FALSE(parse_autodiscover_request(request(address("j\xfcrg@a.example"))));
    CHECK_FALSE(parse_autodiscover_request(
        "<?xml version='1.0' encoding='iso-8859-1'?><Autodiscover><Request>" +
        address("j\xfcrg@a.example") + "</Request></Autodiscover>"));
    std::string wide = "\xff\xfe";
    for (const char c : request(address("a@b")))
        (wide += c) += '\0';
    const auto marked = parse_autodiscover_request(wide);
    REQUIRE(marked);
    CHECK(marked->address == "a@b");
}

TEST_CASE("autodiscover request: octets, levels, elements and texts have their limits (G12)") {
    const auto padded = [](std::size_t octets) {
        auto text = request(address("a@b"));
        text.append(octets - text.size(), '\n');
        return text;
    };
    CHECK(parse_autodiscover_request(padded(max_autodiscover_request_octets)));
    CHECK_FALSE(parse_autodiscover_request(padded(max_autodiscover_request_octets + 1)));

    const auto nested = [](int levels) {
        std::string inner = address("a@b");
        for (int i = 0; i < levels; ++i)
            inner += "<x>";
        for (int i = 0; i < levels; ++i)
            inner += "</x>";
        return request(inner);
    };
    CHECK(parse_autodiscover_request(nested(6)));  // and two around them
    CHECK_FALSE(parse_autodiscover_request(nested(7)));

    const auto many = [](int elements) {
        std::string inner = address("a@b");
        for (int i = 0; i < elements; ++i)
            inner += "<x/>";
        return request(inner);
    };
    CHECK(parse_autodiscover_request(many(97)));  // and three
    CHECK_FALSE(parse_autodiscover_request(many(98)));

    CHECK(parse_autodiscover_request(request(address(std::string(1280, 'x')))));
    CHECK_FALSE(parse_autodiscover_request(request(address(std::string(1281, 'x')))));
    CHECK_FALSE(
        parse_autodiscover_request(request(address("a@b") + wanted(std::string(1280, 'x')))));
}
