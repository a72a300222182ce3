#include "protocols/jmap/session/basic_login.hpp"
#include "protocols/jmap/session/request_gate.hpp"
#include "tests/session/jmap/fixture.hpp"

using namespace hauspost;
using test::jmap_fixture;

TEST_CASE("jmap 8620 2: an account has so many requests at a time, others theirs") {
    jmap::request_gate gate(2);
    const account_id ann(1), bob(2);
    const auto may = [&](account_id account) {
        return static_cast<bool>(jmap::request_gate::place(gate, account));
    };
    const jmap::request_gate::place first(gate, ann);
    CHECK(static_cast<bool>(first));
    {
        const jmap::request_gate::place second(gate, ann);
        CHECK(static_cast<bool>(second));
        CHECK_FALSE(may(ann));
        CHECK(may(bob));
    }
    CHECK(may(ann));
}

TEST_CASE("jmap 7617 2: a name and a password, which may hold colons and letters of all kinds") {
    const auto read = [](const std::string& plain, const std::string& scheme = "Basic ") {
        const auto got = jmap::parse_basic(scheme + base64::encode(plain));
        return got ? got->user + "|" + std::string(got->password.reveal()) : "none";
    };
    CHECK(read("ann@a.example:pw") == "ann@a.example|pw");
    CHECK(read("ann@a.example:p:w ") == "ann@a.example|p:w ");
    CHECK(read("ann@a.example:gr\xc3\xbc\xc3\x9f") == "ann@a.example|gr\xc3\xbc\xc3\x9f");
    CHECK(read("ann@a.example:", "basic ") == "ann@a.example|");
    CHECK(read(":pw") == "none");
    CHECK(read("ann") == "none");
    CHECK(read(std::string("ann:p\0w", 7)) == "none");
    CHECK(read("ann:p\r\nw") == "none");
    CHECK(read("ann:pw", "Basicx ") == "none");
    CHECK_FALSE(jmap::parse_basic("Basic YW5uOnB3 YW5uOnB3"));
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap: pictures of accounts are forgotten when there are too many (H03)") {
    parts().fill(10);
    storage::view::account_index index(parts().mail(), parts().workers, 15);
    const auto look = [&](account_id viewer) {
        auto boxes = parts().wait(parts().mail().list(parts().ann)).value();
        const auto picture =
            parts().wait(index.look(viewer, parts().ann, std::move(boxes))).value();
        CHECK(picture->emails() == 10);
        return picture;
    };
    const auto first = look(parts().ann);
    CHECK(index.messages() == 10);
    CHECK(look(parts().ann) == first);  // nothing has changed: the same one
    look(parts().bob);
    CHECK(index.messages() == 10);
    CHECK(look(parts().ann) != first);
    storage::view::account_index small(parts().mail(), parts().workers, 5);
    auto boxes = parts().wait(parts().mail().list(parts().ann)).value();
    CHECK(parts().wait(small.look(parts().ann, parts().ann, std::move(boxes))).value()->emails() ==
          10);
    CHECK(small.messages() == 0);
}
