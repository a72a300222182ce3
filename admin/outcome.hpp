#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <utility>

namespace hauspost::admin {

namespace json = boost::json;

/// Why something that the operator or owner asked for is not done: what is wrong and what to do, as
/// one or more whole sentences.
struct refusal {
    refusal() = default;
    refusal(const refusal&) = default;
    refusal(refusal&&) = default;
    refusal& operator=(const refusal&) = default;
    refusal& operator=(refusal&&) = default;
    std::string text;
};

/// Not a constructor: outcome<std::string> could then not tell a text from a refusal.
[[nodiscard]] inline refusal refuse(std::string words) {
    refusal made;
    made.text = std::move(words);
    return made;
}

template <class T>
using outcome = boost::system::result<T, refusal>;

/// What each operation gives: an object as `--json` prints it. Where something was done that the
/// operator may not expect, it has a text "warning".
using answer = outcome<json::object>;

/// The store's refusal in words. subject: the name that it is about.
[[nodiscard]] refusal explain(error_code code, const std::string& subject);

}  // namespace hauspost::admin
