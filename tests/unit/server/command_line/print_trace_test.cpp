#include "server/command_line/print_trace.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>

namespace {

std::string shown(const char* json) {
    return hauspost::command_line::trace_text(boost::json::parse(json).as_object());
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("print trace: a list has a line for each message, and says when it goes on") {
    const auto text = shown(
        R"({"messages":[
            {"id":"0000000000011","at":1,"from":"","recipients":["a@xn--mller-kva.example"],
             "state":"in mailbox","steps":[{"at":1,"step":"received","text":"Written"}]},
            {"at":1,"recipients":[],"state":"deleted","steps":[{"at":1,"text":"Deleted by ann"}]}],
            "more":"7-8","only_counted":9})");
    CHECK(has(text, "0000000000011  <>    a@m\xC3\xBCller.example  in mailbox\n"));
    CHECK(has(text, "deleted: Deleted by ann\n"));
    CHECK(has(text, "There are older ones: --after 7-8\n"));
    CHECK(has(text, "9 refusals of that time were only counted"));
    CHECK(shown(R"({"messages":[]})") == "Nothing is recorded of this.\n");
}

TEST_CASE("print trace: one message is told step by step, and what strangers wrote is no control") {
    const auto text = shown(
        R"({"life":true,"messages":[{"id":"0000000000011","at":1,"from":"x@b.example",
            "recipients":["a@a.example"],"subject":"a\u001b[2Jb","state":"waiting","left_out":3,
            "steps":[{"at":1,"text":"Attempt\n1","due_at":1700000000}]}]})");
    CHECK(has(text, "from:     x@b.example\n"));
    CHECK(has(text, " (next attempt 2023-11-1"));
    CHECK(has(text, "3 steps in the middle are left out"));
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "Attempt\n1"));
}
