#include "protocols/tls_report/record.hpp"

#include <doctest/doctest.h>

using hauspost::tls_report::find_receivers;
using texts = std::vector<std::string>;

TEST_CASE("tls-rpt: mailboxes of the one record that is there") {
    const auto found = find_receivers({"v=spf1 -all",
                                       "v=TLSRPTv1; x=y; rua=mailto:a@b.example , "
                                       "https://c.example/tls,MAILTO:d%2Ce@f.example?subject=x;"});
    CHECK(found.mailboxes == texts{"a@b.example", "d,e@f.example"});
    CHECK(found.others == 1);
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
