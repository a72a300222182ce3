#pragma once

#include "admin/api/answer.hpp"

#include <functional>

namespace hauspost::command_line {

using ask_function = std::function<admin::api::answer(const admin::api::json::object& request)>;

/// The whole list of which the first page was answered: asks for page after page and joins them.
/// An answer without a next page, or a refusal, stays as it is.
///
/// Refuses as the page that was refused: a part of a list is never given for all of it.
/// Throws  what `ask` throws; std::runtime_error when a page holds no list
[[nodiscard]] admin::api::answer with_all_pages(admin::api::answer first,
                                                const ask_function& ask,
                                                admin::api::json::object request);

}  // namespace hauspost::command_line
