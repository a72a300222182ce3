// Keys of the server's own: found by name, never overwritten by who has not seen them.
#include "storage/secret_store.hpp"
#include "store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

error_code put_secret(store_fixture& at,
                      const std::string& name,
                      const std::string& octets,
                      std::uint64_t seen = 0) {
    return at.get(at->secrets.put(name, secret(octets), seen));
}

std::vector<std::string> names_of(store_fixture& at, const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& one : at.get(at->secrets.list(prefix)))
        names.push_back(one.name);
    return names;
}

}  // namespace

TEST_CASE("store secrets: what was put is there after the store was opened anew, octet by octet") {
    store_fixture at;
    const std::string octets("\0key\xff", 5);
    CHECK_FALSE(at.get(at->secrets.find("srs/1")).has_value());
    REQUIRE_FALSE(put_secret(at, "srs/1", octets));
    at.reopen();
    const auto found = at.get(at->secrets.find("srs/1"));
    REQUIRE(found.has_value());
    CHECK(found->name == "srs/1");
    CHECK(found->octets.reveal() == octets);
    CHECK(found->created_at == at.time.seconds);
    CHECK(found->version != 0);
    CHECK_FALSE(at.get(at->secrets.find("srs")).has_value());
    CHECK(at.findings().empty());
}

TEST_CASE("store secrets: nobody overwrites one that he has not seen") {
    store_fixture at;
    REQUIRE_FALSE(put_secret(at, "a", "one"));
    CHECK(put_secret(at, "a", "two") == errc::changed_meanwhile);
    CHECK(put_secret(at, "b", "two", 7) == errc::changed_meanwhile);
    const auto first = at.get(at->secrets.find("a")).value();
    CHECK(first.octets.reveal() == "one");
    at.time.seconds += 60;
    REQUIRE_FALSE(put_secret(at, "a", "two", first.version));
    const auto next = at.get(at->secrets.find("a")).value();
    CHECK(next.octets.reveal() == "two");
    CHECK(next.version != first.version);
    CHECK(next.created_at == first.created_at);
    CHECK(put_secret(at, "a", "three", first.version) == errc::changed_meanwhile);
    CHECK(names_of(at, "") == std::vector<std::string>{"a"});
}

TEST_CASE("store secrets: a list holds those whose names begin so, in order") {
    store_fixture at;
    for (const auto* name : {"dkim/b/2", "dkim/a.test/1", "dkim/a/2", "dkim/a/1", "srs/1"})
        REQUIRE_FALSE(put_secret(at, name, name));
    CHECK(names_of(at, "dkim/a/") == std::vector<std::string>{"dkim/a/1", "dkim/a/2"});
    CHECK(names_of(at, "").size() == 5);
    CHECK(names_of(at, "x").empty());
    REQUIRE_FALSE(at.get(at->secrets.remove("dkim/a/1")));
    REQUIRE_FALSE(at.get(at->secrets.remove("dkim/a/1")));
    CHECK(names_of(at, "dkim/a/") == std::vector<std::string>{"dkim/a/2"});
}

TEST_CASE("store secrets: names and octets are bounded, and what cannot be there is not found") {
    store_fixture at;
    const std::string longest(secret_store::max_name_octets, 'n');
    const std::string large(secret_store::max_secret_octets, 'x');
    REQUIRE_FALSE(put_secret(at, longest, large));
    CHECK(at.get(at->secrets.find(longest)).value().octets.reveal() == large);
    CHECK(put_secret(at, longest + 'n', "x") == errc::invalid_name);
    CHECK(put_secret(at, "", "x") == errc::invalid_name);
    CHECK(put_secret(at, "large", large + 'x') == errc::invalid_name);
    CHECK_FALSE(at.get(at->secrets.find("")).has_value());
    CHECK_FALSE(at.get(at->secrets.find(longest + longest)).has_value());
    CHECK(names_of(at, longest + longest).empty());
    CHECK_FALSE(at.get(at->secrets.remove(longest + longest)));
}
