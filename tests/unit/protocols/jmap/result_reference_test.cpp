#include "protocols/jmap/result_reference.hpp"

#include "protocols/jmap/json_pointer.hpp"
#include "protocols/jmap/limits.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost::jmap;

namespace {

struct references {
    std::vector<invocation> earlier;
    std::size_t budget = request_limits::max_referenced;

    void answered(const std::string& name, const std::string& arguments, const std::string& id) {
        earlier.push_back({name, json::parse(arguments).as_object(), id});
    }

    /// The arguments as they are then, or the error's type.
    std::string resolve(const std::string& arguments) {
        auto object = json::parse(arguments).as_object();
        const auto wrong = resolve_references(object, earlier, budget);
        return wrong ? wrong->type : json::serialize(object);
    }

    std::string at(const std::string& path) {
        return resolve(R"({"#x":{"resultOf":"q","name":"Foo/query","path":")" + path + "\"}}");
    }
};

}  // namespace

TEST_CASE_FIXTURE(references,
                  "jmap references 8620 3.7: an argument is what an earlier call said") {
    answered("Foo/query", R"({"ids":["a","b"],"n":{"m":1}})", "q");
    CHECK(at("/ids") == R"({"x":["a","b"]})");
    CHECK(at("/ids/1") == R"({"x":"b"})");
    CHECK(at("/n/m") == R"({"x":1})");
    CHECK(resolve(R"({"y":2})") == R"({"y":2})");
}

TEST_CASE_FIXTURE(references,
                  "jmap references 8620 3.7: * goes through a list and makes one of all") {
    answered("Foo/query", R"({"list":[{"id":"a","in":["x","y"]},{"id":"b","in":["z"]}]})", "q");
    CHECK(at("/list/*/id") == R"({"x":["a","b"]})");
    CHECK(at("/list/*/in") == R"({"x":["x","y","z"]})");
    CHECK(at("/list/*/in/*") == R"({"x":["x","y","z"]})");
    CHECK(at("/list/*/nothing") == "invalidResultReference");
    CHECK(at("/list/*/id/*") == "invalidResultReference");
}

TEST_CASE_FIXTURE(references,
                  "jmap references 8620 3.7: tokens are unescaped, * of an object is a name") {
    answered("Foo/query", R"({"a/b":1,"c~d":2,"*":3,"":4})", "q");
    CHECK(at("/a~1b") == R"({"x":1})");
    CHECK(at("/c~0d") == R"({"x":2})");
    CHECK(at("/*") == R"({"x":3})");
    CHECK(at("/") == R"({"x":4})");
    CHECK(at("/c~2d") == "invalidResultReference");
    CHECK(at("/c~") == "invalidResultReference");
}

TEST_CASE_FIXTURE(references,
                  "jmap references 8620 3.7: what leads nowhere is invalidResultReference") {
    answered("Foo/query", R"({"ids":["a"]})", "q");
    CHECK(at("ids") == "invalidResultReference");
    CHECK(at("/idz") == "invalidResultReference");
    CHECK(at("/ids/1") == "invalidResultReference");
    CHECK(at("/ids/00") == "invalidResultReference");
    CHECK(at("/ids/-") == "invalidResultReference");
    CHECK(at("/ids/99999999999999999999") == "invalidResultReference");
    CHECK(resolve(R"({"#x":{"resultOf":"z","name":"Foo/query","path":"/ids"}})") ==
          "invalidResultReference");
    CHECK(resolve(R"({"#x":{"resultOf":"q","name":"Foo/get","path":"/ids"}})") ==
          "invalidResultReference");
    for (const auto* wrong : {"1", "{}", R"({"resultOf":"q","name":"Foo/query"})"})
        CHECK(resolve(R"({"#x":)" + std::string(wrong) + "}") == "invalidResultReference");
}

TEST_CASE_FIXTURE(references,
                  "jmap references 8620 3.7: a name with and without # is invalidArguments") {
    answered("Foo/query", R"({"ids":["a"]})", "q");
    CHECK(resolve(R"({"x":1,"#x":{"resultOf":"q","name":"Foo/query","path":"/ids"}})") ==
          "invalidArguments");
}

TEST_CASE_FIXTURE(references,
                  "jmap references 8620 3.7: of equal call ids the first answer counts") {
    answered("Foo/query", R"({"n":1})", "q");
    answered("Foo/query", R"({"n":2})", "q");
    CHECK(at("/n") == R"({"x":1})");
}

TEST_CASE_FIXTURE(references, "jmap references: answers that double with each call end (G08)") {
    answered("Foo/query", R"({"a":")" + std::string(1000, 'x') + "\"}", "q");
    std::string last;
    for (int n = 0; n < 32 && last.empty(); ++n) {
        auto object = json::parse(R"({"#a":{"resultOf":"q","name":"Foo/query","path":""},
                                     "#b":{"resultOf":"q","name":"Foo/query","path":""}})")
                          .as_object();
        if (const auto wrong = resolve_references(object, earlier, budget)) last = wrong->type;
        earlier.assign(1, {"Foo/query", std::move(object), "q"});
    }
    CHECK(last == "requestTooLarge");
}

TEST_CASE("jmap pointers 6901: what is one, and what an index is") {
    CHECK(is_pointer(""));
    CHECK(is_pointer("/"));
    CHECK(is_pointer("/a~0~1"));
    CHECK_FALSE(is_pointer("a"));
    CHECK_FALSE(is_pointer("/~"));
    CHECK_FALSE(is_pointer("/~2"));
    CHECK(index_of("0") == 0u);
    CHECK(index_of("10") == 10u);
    CHECK_FALSE(index_of(""));
    CHECK_FALSE(index_of("01"));
    CHECK_FALSE(index_of("+1"));
    CHECK_FALSE(index_of("1000000000"));
}
