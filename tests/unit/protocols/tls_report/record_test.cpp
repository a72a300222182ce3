#include "protocols/tls_report/record.hpp"

#include <doctest/doctest.h>

using hauspost::tls_report::find_receivers;
using texts = std::vector<std::string>;

TEST_CASE("tls-rpt: mailboxes of the one record that is there") {
    const auto found = find_receivers({"v=spf1 -all",
                                       "v=TLSRPTv1; x=y; rua=mailto:a@b.example , "
                                       "https://c.example/tls,MAILTO:d%2Ce@f.example?subject=x;"});
    CHECK(found.mailboxes == texts{"a@b.example", "d,e@f.example"});
    REQUIRE(found.places.size() == 1);
    CHECK(found.places[0].host == "c.example");
    CHECK(found.places[0].port == 443);
    CHECK(found.places[0].target == "/tls");
    CHECK(found.others == 0);
}

TEST_CASE("tls-rpt: https places, as a server is asked for them") {
    const auto place = [](const std::string& uri) {
        const auto found = find_receivers({"v=TLSRPTv1;rua=" + uri}).places;
        return found.empty()
                   ? std::string("none")
                   : found[0].host + '|' + std::to_string(found[0].port) + '|' + found[0].target;
    };
    CHECK(place("https://T.Example.COM") == "t.example.com|443|/");
    CHECK(place("HTTPS://t.example:8443/a/b%20c?d=e&f#g") == "t.example|8443|/a/b%20c?d=e&f");
    CHECK(place("https://t.example?x") == "t.example|443|/?x");
    CHECK(place("https://m\u00fcller.example/") == "xn--mller-kva.example|443|/");
    for (const auto* uri :
         {"https://", "https:///x", "https://u:p@t.example/", "https://u@t.example/",
          "https://192.0.2.1/", "https://192.0.2.0x1/", "https://[2001:db8::1]/",
          "https://localhost/", "https://t.example:0/", "https://t.example:65536/",
          "https://t.example:/", "https://t.example:44x/", "https://t.example/a b",
          "https://t.example/a\r\nX:y", "https://t.example/\"", "http://t.example/"})
        CHECK(place(uri) == "none");
    CHECK(place("https://t.example/" + std::string(1023, 'a')) != "none");
    CHECK(place("https://t.example/" + std::string(1024, 'a')) == "none");
    CHECK(find_receivers({"v=TLSRPTv1;rua=http://t.example/"}).others == 1);
}

TEST_CASE("tls-rpt: nobody wants reports where it is said wrongly") {
    for (const texts& all :
         {texts{}, texts{"v=TLSRPTv1"}, texts{"v=TLSRPTv1;"},
          texts{"v=TLSRPTv2;rua=mailto:a@b.example"},
          texts{"v=TLSRPTv1;rua=mailto:a@b.example", "v=TLSRPTv1;rua=mailto:c@d"},
          texts{"v=TLSRPTv1;rua="}, texts{"v=TLSRPTv1;rua=mailto:nobody"},
          texts{"v=TLSRPTv1;rua=mailto:a%0d%0ab@c.example"}, texts{"v=TLSRPTv1;rua=mailto:a%4"},
          texts{"v=TLSRPTv1;rua=mailto:a%zz@b"}})
        CHECK(find_receivers(all).mailboxes.empty());
}

TEST_CASE("tls-rpt: a record leads to four places at most") {
    std::string record = "v=TLSRPTv1;rua=mailto:a@b.example";
    for (int n = 0; n < 50; ++n)
        record += ",mailto:a@b.example";
    CHECK(find_receivers({record}).mailboxes.size() == 4);
}
