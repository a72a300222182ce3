#include "protocols/mta_sts/record.hpp"

#include <doctest/doctest.h>

using hauspost::mta_sts::find_id;

TEST_CASE("mta-sts: the id of the one record that is there") {
    CHECK(find_id({"v=STSv1; id=20160831085700Z;"}) == "20160831085700Z");
    CHECK(find_id({"v=spf1 -all", "v=STSv1;id=1"}) == "1");
    CHECK(find_id({"v=STSv1; other=x y; id=a ; id=b"}) == "a");
    CHECK(find_id({"v=STSv1; id=" + std::string(32, 'x')}) == std::string(32, 'x'));
}

TEST_CASE("mta-sts: a domain that says it wrongly has no policy") {
    CHECK_FALSE(find_id({}));
    CHECK_FALSE(find_id({"v=STSv1; id=1;", "v=STSv1; id=2;"}));
    CHECK_FALSE(find_id({"v=STSv1"}));
    CHECK_FALSE(find_id({"v=STSv1;"}));
    CHECK_FALSE(find_id({"v=STSv2; id=1"}));
    CHECK_FALSE(find_id({" v=STSv1; id=1"}));
    CHECK_FALSE(find_id({"v=STSv1; id="}));
    CHECK_FALSE(find_id({"v=STSv1; id=a-b"}));
    CHECK_FALSE(find_id({"v=STSv1; id=" + std::string(33, 'x')}));
}
