#pragma once

#include "base/result.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hauspost::admin::api {

namespace json = boost::json;

/// Why a request has no result.
struct failure {
    failure() = default;
    std::string code;  // for programs: "no_such_account"
    std::string text;  // what is wrong and what to do, as one or more whole sentences
    /// What the text is about, for who says it in other words or another language: some of "subject"
    /// and "other" (names), "number", "password_faults" (name_of), "min_characters",
    /// "max_characters".
    json::object facts;
};

[[nodiscard]] inline failure failed(std::string code, std::string text) {
    failure made;
    made.code = std::move(code);
    made.text = std::move(text);
    return made;
}

/// An argument that is missing, or of a wrong kind.
[[nodiscard]] inline failure wrong_argument(const std::string& name) {
    auto made = failed("bad_argument", "\"" + name + "\" is missing or of a wrong kind.");
    made.facts["subject"] = name;
    return made;
}

/// What each command gives: an object as `--json` prints it. Where something was done that the
/// administrator may not expect, it has a text "warning".
using answer = boost::system::result<json::object, failure>;

/// Reads a request or an answer: one JSON object, nested at most eight deep.
[[nodiscard]] answer parse_object(std::string_view text);

/// The same, and no object of it has a name twice: of two values nobody can tell which one is meant,
/// and what stands in front may have read the other.
/// RFC  8259 4
[[nodiscard]] answer parse_request(std::string_view text);

}  // namespace hauspost::admin::api
