#pragma once

#include "admin/api/answer.hpp"
#include "admin/caller.hpp"
#include "admin/owner.hpp"
#include "admin/ports.hpp"
#include "admin/web/page_news.hpp"
#include "base/awaitable.hpp"

#include <functional>
#include <optional>
#include <string>

namespace hauspost::admin::web {

/// What the owner's page works with. All outlives the page.
struct office {
    /// For what a browser does before it is signed in (admin/owner.hpp).
    ports& at;
    /// api::run, with a line in the log. Thread: any.
    std::function<awaitable<api::answer>(
        api::json::object request, caller who, std::optional<opened_session>* opened)>
        run;
    page_news& news;
    std::string hostname;
    std::string version;
};

}  // namespace hauspost::admin::web
